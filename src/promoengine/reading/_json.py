"""JSON to plain data: by the standard library, and once more with care where something is wrong."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Never

from promoengine.errors import Path
from promoengine.reading import _limits as limits
from promoengine.reading._characters import ALLOWED, FORBIDDEN, Lines, check_characters, content_of, forbidden_character
from promoengine.reading._limits import Size
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

_JSON_TEXT = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?'
_JSON_TOKEN = re.compile(rf'{_JSON_TEXT}|[\[\]{{}},:]|[^\s\[\]{{}},:"]++', re.DOTALL)
_JSON_VALUE = re.compile(rf'{_JSON_TEXT}|[\[{{]|[^\s\[\]{{}},:"]++', re.DOTALL)
_JSON_BRACKET = re.compile(rf"{_JSON_TEXT}|[\[\]{{}}]", re.DOTALL)

# Text with an escape, and what looks like a number that is none of ours; most tokens are decided by this look.
_DOUBTFUL = re.compile(r'"[^\\]*+\\|-?[NI]|[-0-9][^"eE]*+[eE]|[-0-9][^"]{40}', re.DOTALL)

# Escapes that may stand for a forbidden character; half a surrogate pair looks like one of a whole pair.
_RISKY_ESCAPE = re.compile(r"\\(?:[bf]|u(?:00[01]|007[fF]|00[89]|[dD][89a-fA-F]|[fF]{3}[eEfF]))")

_NOT_BONES = bytes(set(range(256)) - set(b'[]{}"'))


def read_json(text: str | bytes, *, file: str | None = None, size: Size = limits.LARGEST) -> Document:
    """The data of one JSON text of at most `size`, `file` being the name to show in its diagnostics.

    Raises DocumentError.
    """
    content = content_of(text, file, size)
    raw = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    try:
        sound = _looks_sound(content, raw, size)
        data = _JSON.decode(content) if sound else _decode_with_care(content, file, size)
    except (_Doubt, json.JSONDecodeError):
        data = _decode_with_care(content, file, size)
    return document_of(data, file, _JsonPositions(content), partial(read_json, text, file=file, size=size))


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


def _looks_sound(content: str, raw: bytes, size: Size) -> bool:
    """Whether the decoder may be let at a text, by a few quick looks; a False may be a false alarm.

    Control characters are not looked for: JSON does not allow them either, and the decoder says so.
    """
    # What these bytes start, in UTF-8, may be forbidden.
    risky = b"\x7f" in raw or b"\xc2" in raw or b"\xed" in raw or b"\xef\xbf" in raw
    if risky and not ALLOWED.fullmatch(content):
        return False
    if "\\" in content and _RISKY_ESCAPE.search(content):
        return False
    return _too_many_at(content, size.values) is None and _is_shallow(raw)


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


def _decode_with_care(content: str, file: str | None, size: Size) -> object:
    """Raises DocumentError with all that is wrong; the data where, after all, nothing is."""
    if not content.strip(" \t\r\n"):
        return None
    problems, lines = Problems(file), Lines(content)
    check_characters(content, problems)
    if (end := _too_many_at(content, size.values)) is not None:
        problems.stop(TOO_MANY_VALUES, (), lines.position(end))
    end, fault = _json_end(content)
    walk = _JsonWalk(problems, lines)
    walk.until(content, end)
    if fault:
        problems.stop(fault, () if fault.code == "syntax" else walk.path(), lines.position(end))
    problems.raise_if_any()
    return _JSON.decode(content)


def _json_end(content: str) -> tuple[int, Fault | None]:
    """Where reading a JSON text ends, and why if that is not the end of the text."""
    if (end := _too_deep_at(content)) is not None:
        return end, TOO_DEEP
    try:
        _JSON_GRAMMAR.decode(content)
    except json.JSONDecodeError as error:
        return error.pos, syntax_fault(error.msg)
    return len(content), None


def _too_deep_at(content: str) -> int | None:
    """Where the first list or mapping too deep begins."""
    depth = 0
    for match in _JSON_BRACKET.finditer(content):
        bracket = match.group()
        if bracket in "[{":
            depth += 1
            if depth > limits.DEPTH_LIMIT:
                return match.start()
        elif bracket in "]}":
            depth = max(depth - 1, 0)
    return None


def _too_many_at(content: str, most: int) -> int | None:
    """Where the first key or value too many begins. Each but the first follows one of four characters."""
    if len(content) < most or sum(map(content.count, ",:[{")) < most:
        return None
    match = next(islice(_JSON_VALUE.finditer(content), most, None), None)
    return match and match.start()


class _JsonWalk:
    """Goes once through the tokens of a text that is JSON as far as it goes, and reports what it meets.

    `_steps` is the path of the value in hand, with None where a key comes next; `_seen` has, of each open mapping,
    its keys and where they stand. A path is made where something is wrong, and not for each of a million values.
    """

    __slots__ = ("_lines", "_problems", "_seen", "_steps")

    def __init__(self, problems: Problems, lines: Lines) -> None:
        self._problems, self._lines = problems, lines
        self._steps: list[str | int | None] = []
        self._seen: list[dict[str, int]] = []

    def until(self, content: str, end: int) -> None:
        """Goes through the tokens that begin before `end`."""
        for match in _JSON_TOKEN.finditer(content, 0, end):
            token = match.group()
            if token == ",":
                self._next()
            elif token in "]}":
                self._close()
            elif token != ":":
                if self._steps and self._steps[-1] is None:
                    self._key(token, match.start())
                if token in "[{":
                    self._steps.append(None if token == "{" else 0)
                    self._seen.append({})
                elif _DOUBTFUL.match(token):
                    self._check(token, match.start())

    def path(self) -> Path:
        return tuple(step for step in self._steps if step is not None)

    def _next(self) -> None:
        if self._steps:
            step = self._steps[-1]
            self._steps[-1] = step + 1 if isinstance(step, int) else None

    def _close(self) -> None:
        if self._steps:
            self._steps.pop()
            self._seen.pop()

    def _key(self, token: str, offset: int) -> None:
        self._steps[-1] = key = _json_text(token)
        first = self._seen[-1].setdefault(key, offset)
        if first != offset:
            self._add(duplicate_fault(key, self._lines.position(first)[0]), offset)

    def _check(self, token: str, offset: int) -> None:
        if token[0] == '"':
            if match := FORBIDDEN.search(_json_text(token)):
                self._add(forbidden_character(match), offset)
        elif token in ("NaN", "Infinity", "-Infinity"):
            self._add(Fault("number_not_finite", f"{token} is not a finite number"), offset)
        elif token[0] in "-0123456789" and len(token) > limits.DIGITS_LIMIT:
            self._add(too_long_fault(token), offset)
        elif token[0] in "-0123456789":
            self._add(Fault("exponent_number", f"{clipped(token)} has an exponent"), offset)

    def _add(self, fault: Fault, offset: int) -> None:
        self._problems.add(fault, self.path(), self._lines.position(offset))


def _json_text(token: str) -> str:
    if "\\" not in token:
        return token.strip('"')
    try:
        return str(_JSON_GRAMMAR.decode(token))
    except json.JSONDecodeError:
        return token  # lies past a syntax error, or is one


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
