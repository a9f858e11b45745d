"""JSON to plain data: by the standard library, and once more with care where something is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, Never, cast

from promoengine.errors import Path
from promoengine.reading import _limits as limits
from promoengine.reading._characters import ALLOWED, FORBIDDEN, Lines, check_characters, content_of, forbidden_character
from promoengine.reading._positions import Document, Positions
from promoengine.reading._problems import (
    TOO_DEEP,
    TOO_MANY_VALUES,
    Fault,
    Problems,
    clipped,
    document_of,
    duplicate_fault,
    syntax_fault,
    too_long_fault,
)

_JSON_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)

# Escapes that may stand for a forbidden character; half a surrogate pair looks like one of a whole pair.
_RISKY_ESCAPE = re.compile(r"\\(?:[bf]|u(?:00[01]|007[fF]|00[89]|[dD][89a-fA-F]|[fF]{3}[eEfF]))")

_NOT_BONES = bytes(set(range(256)) - set(b'[]{}"'))


def read_json(text: str | bytes, *, file: str | None = None) -> Document:
    """The data of one JSON text, `file` being the name to show in its diagnostics.

    Raises DocumentError.
    """
    content = content_of(text, file)
    raw = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    try:
        data = _JSON.decode(content) if _looks_sound(content, raw) else _decode_with_care(content, file)
    except (_Doubt, json.JSONDecodeError):
        data = _decode_with_care(content, file)
    return document_of(data, file, _JsonPositions(content))


class _Doubt(Exception):
    """Something in a JSON text is wrong. What, and where, takes a second and slower look."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise _Doubt
    return mapping


def _integer(token: str) -> int:
    if len(token) > limits.DIGITS_LIMIT:
        raise _Doubt
    return int(token)


def _decimal(token: str) -> Decimal:
    if len(token) > limits.DIGITS_LIMIT or "e" in token or "E" in token:
        raise _Doubt
    return Decimal(token)


def _constant(token: str) -> Never:
    raise _Doubt


_JSON = json.JSONDecoder(object_pairs_hook=_unique, parse_int=_integer, parse_float=_decimal, parse_constant=_constant)
_JSON_GRAMMAR = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def _looks_sound(content: str, raw: bytes) -> bool:
    """Whether the decoder may be let at a text, by a few quick looks; a False may be a false alarm.

    Control characters are not looked for: JSON does not allow them either, and the decoder says so.
    """
    # What these bytes start, in UTF-8, may be forbidden.
    risky = b"\x7f" in raw or b"\xc2" in raw or b"\xed" in raw or b"\xef\xbf" in raw
    if risky and not ALLOWED.fullmatch(content):
        return False
    if "\\" in content and _RISKY_ESCAPE.search(content):
        return False
    few = len(content) < limits.VALUES_LIMIT or sum(map(content.count, ",:[{")) < limits.VALUES_LIMIT
    return few and _is_shallow(raw)


def _is_shallow(text: bytes) -> bool:
    """Peels the brackets off a text, layer by layer, until none is left; a round takes two layers at most.

    Done by `bytes` in a fraction of the decoder's time. Up to the first syntax error this sees the same
    strings as the decoder does, and there the decoder stops.
    """
    if b"\\" in text:
        text = text.replace(rb"\\", b"").replace(rb"\"", b"")
    bones = text.translate(None, _NOT_BONES).replace(b'""', b"")
    if b'"' in bones:
        bones = re.sub(b'"[^"]*+"', b"", bones)
    for _ in range(limits.DEPTH_LIMIT // 2):
        if not bones:
            break
        bones = bones.replace(b"{}", b"").replace(b"[]", b"")
    return not bones


def _decode_with_care(content: str, file: str | None) -> object:
    """Raises DocumentError with all that is wrong; the data where, after all, nothing is."""
    if not content.strip(" \t\r\n"):
        return None
    problems, lines = Problems(file), Lines(content)
    check_characters(content, problems)
    end, path, fault = _json_end(content)
    for mark in _json_marks(content):
        if mark.offset >= end:
            break
        for each in _json_faults(mark, lines):
            problems.add(each, mark.path, lines.position(mark.offset))
    if fault:
        problems.stop(fault, path, lines.position(end))
    problems.raise_if_any()
    return _JSON.decode(content)


def _json_end(content: str) -> tuple[int, Path, Fault | None]:
    """Where reading a JSON text ends, and why if that is not the end of the text."""
    for count, mark in enumerate(_json_marks(content)):
        if len(mark.path) >= limits.DEPTH_LIMIT and mark.token in "{[":
            return mark.offset, mark.path, TOO_DEEP
        if count >= limits.VALUES_LIMIT:
            return mark.offset, mark.path, TOO_MANY_VALUES
    try:
        _JSON_GRAMMAR.decode(content)
    except json.JSONDecodeError as error:
        return error.pos, (), syntax_fault(error.msg)
    return len(content), (), None


class _JsonMark(NamedTuple):
    """A key, a scalar or an opening bracket; `same` is where its mapping has the same key before."""

    path: Path
    token: str
    offset: int
    key: bool = False
    same: int | None = None


def _json_marks(content: str) -> Iterator[_JsonMark]:
    """The marks of a text that is JSON; up to the first syntax error, of one that is not."""
    steps: list[str | int | None] = []  # None where a key comes next
    seen: list[dict[str, int]] = []
    for match in _JSON_TOKEN.finditer(content):
        token, offset = match.group(), match.start()
        if token == "," and steps:
            step = steps[-1]
            steps[-1] = step + 1 if isinstance(step, int) else None
        elif token in "}]" and steps:
            steps.pop()
            seen.pop()
        elif token not in ",:}]":
            if steps and steps[-1] is None:
                steps[-1] = key = _json_text(token)
                yield _JsonMark(cast("Path", tuple(steps)), token, offset, True, seen[-1].get(key))
                seen[-1].setdefault(key, offset)
            else:
                yield _JsonMark(cast("Path", tuple(steps)), token, offset)
                if token in "{[":
                    steps.append(None if token == "{" else 0)
                    seen.append({})


def _json_text(token: str) -> str:
    try:
        return str(_JSON_GRAMMAR.decode(token))
    except json.JSONDecodeError:
        return token  # lies past a syntax error, or is one


def _json_faults(mark: _JsonMark, lines: Lines) -> Iterator[Fault]:
    token = mark.token
    if mark.same is not None:
        yield duplicate_fault(_json_text(token), lines.position(mark.same)[0])
    if token[0] == '"':
        if match := FORBIDDEN.search(_json_text(token)):
            yield forbidden_character(match)
    elif token in ("NaN", "Infinity", "-Infinity"):
        yield Fault("number_not_finite", f"{token} is not a finite number")
    elif token[0] in "-0123456789" and len(token) > limits.DIGITS_LIMIT:
        yield too_long_fault(token)
    elif token[0] in "-0123456789" and "e" in token.lower():
        yield Fault("exponent_number", f"{clipped(token)} has an exponent")


class _JsonPositions:
    """The positions of a JSON text, found when someone first asks: most carts have no mistakes."""

    __slots__ = ("_found", "_text")

    def __init__(self, content: str) -> None:
        self._text = content
        self._found: Positions | None = None

    def __call__(self) -> Positions:
        if self._found is None:
            self._found = _json_positions(self._text)
        return self._found


def _json_positions(content: str) -> Positions:
    positions, lines = Positions(), Lines(content)
    open_nodes: list[int] = []
    for match in _JSON_TOKEN.finditer(content):
        token = match.group()
        if token in "]}":
            positions.close(open_nodes.pop())
        elif token not in ",:":
            node = positions.add(*lines.position(match.start()))
            if token in "{[":
                open_nodes.append(node)
    return positions
