"""Text to plain data, with places: YAML and JSON in, `Document` out. Knows nothing of campaigns.

Nothing is guessed. Numbers are exact (`int`, or `Decimal` of the very text, never float), and
whatever readers of YAML are known to disagree about is refused with the way to write it instead.
All problems of a text are raised at once, as one `DocumentError`.

===========================  =====================================================================
code                         meaning
===========================  =====================================================================
``alias_not_allowed``        an anchor (``&a``) or an alias (``*a``)
``ambiguous_scalar``         an unquoted scalar that is read in more than one way: ``yes``, ``1:30``,
                             ``012``, ``0x1F``, ``1_000``, ``+5``, ``.5``, ``1e3``, ``.inf``, ``~``
``character_not_allowed``    a control character, half of a surrogate pair, or a non-character
``duplicate_key``            a key that its mapping already has
``empty_document``           a text that holds nothing, or only ``null``
``exponent_number``          a JSON number with an exponent: ``1e3``
``file_not_found``           no such file
``file_unreadable``          a file that is there and cannot be read: a directory, no permission
``key_not_text``             a key that is a number, a truth value, nothing, a list or a mapping
``merge_key_not_allowed``    the merge key ``<<``
``multiple_documents``       more than one document in a text
``nested_too_deeply``        more than 50 lists and mappings inside one another
``not_utf8``                 bytes that are not UTF-8
``number_not_finite``        ``NaN`` or ``Infinity`` in JSON
``number_too_long``          a number of more than 40 characters
``syntax``                   not YAML, or not JSON
``tag_not_allowed``          an explicit tag: ``!!int``, ``!!python/object``, ``!mine``
``text_too_large``           more than 256 MB
``too_many_problems``        1,000 problems were found, and reading stopped
``too_many_values``          more than ten million keys, values, and ends of lists and mappings
``unknown_file_type``        a file that ends neither in ``.json`` nor in ``.yaml`` or ``.yml``
===========================  =====================================================================

YAML is read from the parser's events, not from its node graph. Events are linear in the text: an
alias is one event however much it stands for, and depth is counted before anything recurses. It is
also several times faster. JSON is read by the standard library after a few quick looks, and once
more, slowly, where something about it is wrong or where someone asks for a place.
"""

from __future__ import annotations

import json
import os
import re
import sys
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, Never, cast

import yaml

from promoengine.errors import Diagnostic, DiagnosticsError, Path, Place

DEPTH_LIMIT = 50
DIGITS_LIMIT = 40
PROBLEMS_LIMIT = 1_000
TEXT_LIMIT = 256 * 2**20
VALUES_LIMIT = 10_000_000

Position = tuple[int, int]
"""Line and column, both from 1; columns count characters."""

# The pure loader gives the same events, about ten times slower.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DocumentError(DiagnosticsError):
    """A text cannot be read as data. `diagnostics` says why, with codes from the table above."""


class _Positions:
    """Where the nodes of a document start, in the order of the text; a key is a node of its own.

    `after[node]` is the node that follows `node` and all that it holds. Three arrays and the data itself
    say what a mapping from paths would say, in a tenth of its memory, at little cost to a document
    without mistakes.
    """

    __slots__ = ("_children", "after", "columns", "lines")

    def __init__(self) -> None:
        self.lines, self.columns, self.after = array("I"), array("I"), array("I")
        self._children: dict[int, dict[str | int, tuple[int, int]]] = {}

    def add(self, line: int, column: int) -> int:
        """A new node, which holds nothing as yet."""
        self.lines.append(line)
        self.columns.append(column)
        self.after.append(len(self.lines))
        return len(self.lines) - 1

    def close(self, node: int) -> None:
        """Everything added since `node` is held by it."""
        self.after[node] = len(self.lines)

    def position(self, node: int) -> Position:
        return self.lines[node], self.columns[node]

    def children(self, node: int, data: object) -> dict[str | int, tuple[int, int]]:
        """The nodes of the entries of `data`, which is at `node`: key and value. An item is its own key."""
        if node not in self._children:
            self._children[node] = dict(self._entries(node + 1, data))
        return self._children[node]

    def _entries(self, key: int, data: object) -> Iterator[tuple[str | int, tuple[int, int]]]:
        keyed = isinstance(data, dict)
        steps: Iterable[str | int] = cast("dict[str, object]", data) if keyed else range(len(cast("Any", data)))
        for step in steps:
            value = key + 1 if keyed else key
            yield step, (key, value)
            key = self.after[value]


@dataclass(frozen=True, slots=True)
class Document:
    """What a text holds, as plain data, with the places that diagnostics point to.

    `data` is made of dict, list, str, int, `Decimal`, bool and None. A Document without a text, as
    `Document(data)`, is fine: its places are paths only.
    """

    data: object
    file: str | None = None
    _positions: Callable[[], _Positions] = field(default=_Positions, repr=False, compare=False)

    @property
    def places(self) -> Mapping[Path, Position]:
        """Where each value and each list item starts; the root is `()`. Empty without a text."""
        return {path: self._positions().position(node) for path, _, node in self._nodes()}

    @property
    def key_places(self) -> Mapping[Path, Position]:
        """Where the key of each value in a mapping starts, by the path of that value."""
        return {path: self._positions().position(key) for path, key, node in self._nodes() if key != node}

    def place(self, path: Path) -> Place:
        """The place of the value at `path`, or of what is nearest around it; `path` stays whole."""
        *_, (_, _, node) = self._along(path)
        return self._at(path, node)

    def key_place(self, path: Path) -> Place:
        """The place of the key that leads to `path`; as `place` says where there is no such key."""
        *_, (nearest, key, node) = self._along(path)
        return self._at(path, key if nearest == path else node)

    def _at(self, path: Path, node: int) -> Place:
        positions = self._positions()
        line, column = positions.position(node) if positions.lines else (None, None)
        return Place(path, self.file, line, column)

    def _along(self, path: Path) -> Iterator[tuple[Path, int, int]]:
        """What is on the way to `path`, as far as it goes: path, node of the key, node of the value."""
        data, node = self.data, 0
        yield (), 0, 0
        for end, step in enumerate(path, 1):
            entry = self._entries(node, data).get(step)
            if entry is None:
                break
            data, node = cast("Any", data)[step], entry[1]
            yield path[:end], *entry

    def _nodes(self) -> Iterator[tuple[Path, int, int]]:
        pending: list[tuple[Path, int, int, object]] = [((), 0, 0, self.data)]
        while pending and self._positions().lines:
            path, key, node, data = pending.pop()
            yield path, key, node
            entries = self._entries(node, data).items()
            inside = [((*path, step), *entry, cast("Any", data)[step]) for step, entry in entries]
            pending += reversed(inside)  # the first is popped first: the order of the text

    def _entries(self, node: int, data: object) -> Mapping[str | int, tuple[int, int]]:
        positions = self._positions()
        return positions.children(node, data) if positions.lines and isinstance(data, (dict, list)) else {}


def read_file(path: str | os.PathLike[str]) -> Document:
    """The file's data: JSON where the name ends in `.json`, YAML for `.yaml` and `.yml`.

    Raises DocumentError.
    """
    file = os.fspath(path)
    readers = {".json": read_json, ".yaml": read_yaml, ".yml": read_yaml}
    read = readers.get(os.path.splitext(file)[1].lower())
    if read is None:
        message = "the file's name does not say what it holds"
        _refuse(file, _Fault("unknown_file_type", message, "name it .yaml, .yml or .json"))
    return read(_bytes_of(file), file=file)


def read_yaml(text: str | bytes, *, file: str | None = None) -> Document:
    """The data of one YAML document, `file` being the name to show in its diagnostics.

    Plain scalars are None (`null`, or nothing at all), bool (`true`, `false`), int (`12`), Decimal
    (`12.50`) or else text, dates and times included; quoted and block scalars are text.

    Raises DocumentError.
    """
    content = _content(text, file)
    problems = _Problems(file)
    _check_characters(content, problems)
    positions = _Positions()
    data = _YamlReader(problems, positions).read(content)
    problems.raise_if_any()
    return _document(data, file, lambda: positions)


def read_json(text: str | bytes, *, file: str | None = None) -> Document:
    """The data of one JSON text, `file` being the name to show in its diagnostics.

    Raises DocumentError.
    """
    content = _content(text, file)
    raw = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    try:
        data = _JSON.decode(content) if _looks_sound(content, raw) else _decode_with_care(content, file)
    except (_Doubt, json.JSONDecodeError):
        data = _decode_with_care(content, file)
    return _document(data, file, _JsonPositions(content))


def _document(data: object, file: str | None, positions: Callable[[], _Positions]) -> Document:
    if data is None:
        _refuse(file, _Fault("empty_document", "the document holds nothing"))
    return Document(data, file, positions)


# Problems ------------------------------------------------------------------------------------------


class _Fault(NamedTuple):
    """A diagnostic that is yet without a place."""

    code: str
    message: str
    hint: str = ""


_TOO_DEEP = _Fault("nested_too_deeply", f"more than {DEPTH_LIMIT} lists and mappings inside one another")
_TOO_MANY_VALUES = _Fault("too_many_values", "more values than are read at once", "split the document")


def _refuse(file: str | None, fault: _Fault, position: Position | None = None) -> Never:
    line, column = position or (None, None)
    raise DocumentError([Diagnostic(fault.code, fault.message, Place((), file, line, column), fault.hint)])


class _Problems:
    """Collects what is wrong with one text, in the order of the text."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._found: list[Diagnostic] = []

    def add(self, fault: _Fault, path: Path, position: Position) -> None:
        place = Place(path, self._file, *position)
        self._found.append(Diagnostic(fault.code, fault.message, place, fault.hint))
        if len(self._found) == PROBLEMS_LIMIT:
            # A text can hold millions of the same mistake; nobody reads on, and memory is finite.
            message = f"reading stopped at {PROBLEMS_LIMIT:,} problems"
            self.stop(_Fault("too_many_problems", message), path, position)

    def stop(self, fault: _Fault, path: Path, position: Position) -> Never:
        """Adds a problem that there is no reading past."""
        place = Place(path, self._file, *position)
        raise DocumentError([*self._found, Diagnostic(fault.code, fault.message, place, fault.hint)])

    def raise_if_any(self) -> None:
        if self._found:
            raise DocumentError(self._found)


def _duplicate(key: str, line: int) -> _Fault:
    message = f"the key {_clipped(key)} is given twice, the first time on line {line}"
    return _Fault("duplicate_key", message, "keep one of them")


def _clipped(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


# Bytes and characters ------------------------------------------------------------------------------

# What YAML calls printable, for both languages: a text that one of them can hold, so can the other.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_ALLOWED = re.compile("[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*+")


def _bytes_of(file: str) -> bytes:
    try:
        with open(file, "rb") as stream:
            return stream.read(TEXT_LIMIT + 1)
    except FileNotFoundError:
        _refuse(file, _Fault("file_not_found", "there is no such file"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        _refuse(file, _Fault("file_unreadable", f"the file cannot be read: {reason}"))


def _content(text: str | bytes, file: str | None) -> str:
    """The characters of a text, without the byte order mark that some editors put in front."""
    if len(text) > TEXT_LIMIT:
        message = f"the text has more than {TEXT_LIMIT:,} bytes"
        _refuse(file, _Fault("text_too_large", message, "split the document"))
    content = text if isinstance(text, str) else _decoded(text, file)
    return content[1:] if content.startswith("\ufeff") else content


def _decoded(text: bytes, file: str | None) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        message = f"the byte 0x{text[error.start]:02X} is not UTF-8"
        fault = _Fault("not_utf8", message, "save the file as UTF-8")
        _refuse(file, fault, _Lines(before).position(len(before)))


def _check_characters(content: str, problems: _Problems) -> None:
    """Reports every character that cannot be meant, and stops there, as the parsers would."""
    if _ALLOWED.fullmatch(content):
        return
    lines = _Lines(content)
    for match in _FORBIDDEN.finditer(content):
        problems.add(_forbidden(match), (), lines.position(match.start()))
    problems.raise_if_any()


def _forbidden(match: re.Match[str]) -> _Fault:
    message = f"the character U+{ord(match.group()):04X} is not allowed"
    return _Fault("character_not_allowed", message, "remove it")


class _Lines:
    """Offsets in a text as lines and columns."""

    def __init__(self, content: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", content))]

    def position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


# Plain YAML scalars --------------------------------------------------------------------------------

_WORDS: dict[str, object] = {"": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")

# Every scalar but these starts is text, which is most of them, and is decided by one look.
_SUSPECT_STARTS = frozenset(["", *"0123456789+-.~=<yYnNoOtTfFiI"])

_DIGITS = "[0-9][0-9_]*+"
_FRACTION = r"(?:\.[0-9_]*+)?"

# Whatever YAML 1.1 or YAML 1.2 takes for more than text and `_WORDS`, `_INTEGER` and `_DECIMAL` do not
# hold; the first that fits tells why. Dates with or without a time are the exception: they stay text.
_TRAPS = (
    ("(?i:y|n|yes|no|on|off)", "is a truth value to some readers", "write true or false"),
    ("(?i:true|false)", "is text to some readers", "write true or false in lower case"),
    ("~|(?i:null)", "is text to some readers", "write null"),
    (f"[-+]?{_DIGITS}(?::[0-5]?[0-9])++{_FRACTION}", "is a number to the base 60 to some readers", ""),
    ("[-+]?0(?:[xX][0-9a-fA-F_]++|[oO][0-7_]++|[bB][01_]++)", "is text to some readers", "write it out"),
    (rf"[-+]?(?:{_DIGITS}{_FRACTION}|\.{_DIGITS})[eE][-+]?[0-9]+", "is text to some readers", "write it out"),
    (f"[-+]?0[0-9_]++{_FRACTION}", "is an octal number to some readers", "leave out the leading zero"),
    (rf"\+{_DIGITS}{_FRACTION}", "is text to some readers", "leave out the plus sign"),
    (rf"[-+]?(?:\.{_DIGITS}|{_DIGITS}\.)", "is text to some readers", "write digits around the point"),
    (r"[-+]?\.?(?i:inf|infinity)|\.?(?i:nan)", "is not a finite number to some readers", "write a number"),
    (f"-?{_DIGITS}{_FRACTION}", "is text to some readers", "leave out the underscores"),
    ("=|<<", "has a special meaning to some readers", ""),
)
_TRAP = re.compile("|".join(f"({pattern})" for pattern, _, _ in _TRAPS))


def _plain(text: str) -> object:
    """What a plain scalar with a suspect start means; a `_Fault` where that cannot be said."""
    return _short_plain(text) if len(text) <= DIGITS_LIMIT else _any_plain(text)


@lru_cache(maxsize=4096)
def _short_plain(text: str) -> object:
    return _any_plain(text)


def _any_plain(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    number = int if _INTEGER.fullmatch(text) else Decimal if _DECIMAL.fullmatch(text) else None
    if number is not None:
        return number(text) if len(text) <= DIGITS_LIMIT else _too_long(text)
    match = _TRAP.fullmatch(text)
    return _ambiguous(text, *_TRAPS[(match.lastindex or 1) - 1][1:]) if match else text


def _ambiguous(text: str, reason: str, advice: str) -> _Fault:
    hint = f'{advice + ", or " if advice else ""}put text in quotes: "{_clipped(text)[1:-1]}"'
    return _Fault("ambiguous_scalar", f"{_clipped(text)} {reason} of YAML", hint)


def _too_long(number: str) -> _Fault:
    message = f"{_clipped(number)} is a number of more than {DIGITS_LIMIT} characters"
    return _Fault("number_too_long", message, "write fewer digits, or put text in quotes")


# Syntax --------------------------------------------------------------------------------------------

_SYNTAX_HINTS = (
    ("mapping values are not allowed", "put text that holds a colon and a space in quotes"),
    ("cannot start any token", "put text that starts with a punctuation mark in quotes"),
    ("could not find expected ':'", "write a colon and a space after the key"),
    ("end of stream", "close what is still open: a quote, a bracket or a brace"),
    ("Expecting property name", "put keys in double quotes, and no comma after the last one"),
    ("Expecting value", "look for a comma too many, text without quotes, or a missing value"),
    ("delimiter", "look for a missing comma, colon or quote just before"),
    ("Extra data", "keep one value in a text"),
    ("", "look at the indentation, the commas, the colons and the quotes here and just before"),
)


def _syntax(message: str) -> _Fault:
    return _Fault("syntax", message, next(hint for words, hint in _SYNTAX_HINTS if words in message))


# YAML ----------------------------------------------------------------------------------------------


class _YamlReader:
    """Builds the data of one document from its events, keeping the open containers on its own stack.

    `_lines` holds the line of each key of the open mapping, and is None while a list is open.
    `_key` is the key whose value comes next, and is None where a key comes next.
    """

    __slots__ = ("_container", "_documents", "_key", "_lines", "_parents", "_positions", "_problems")

    def __init__(self, problems: _Problems, positions: _Positions) -> None:
        self._problems = problems
        self._positions = positions
        self._parents: list[tuple[Any, dict[str, int] | None, str | None, int]] = []
        self._container: Any = []  # the root is the only item of this list
        self._lines: dict[str, int] | None = None
        self._key: str | None = None
        self._documents = 0

    def read(self, content: str) -> object:
        """The document's data. Raises DocumentError at once where there is no reading on."""
        handlers: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceStartEvent: self._open,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        try:
            for count, event in enumerate(_events(content)):
                if count > VALUES_LIMIT:
                    self._problems.stop(_TOO_MANY_VALUES, self._path(), _position(event))
                handler = handlers.get(type(event))
                if handler is not None:
                    handler(event)
        except yaml.YAMLError as error:
            self._problems.stop(_yaml_syntax(error, content), self._path(), _error_position(error))
        return self._container[0] if self._container else None

    def _scalar(self, event: Any) -> None:
        value = text = event.value
        self._positions.add(*_position(event))
        if event.tag is not None or event.anchor is not None:
            self._check_properties(event)
        if event.implicit[0]:
            if text[:1] in _SUSPECT_STARTS:
                value = _plain(text)
        elif event.style == '"' and (match := _FORBIDDEN.search(text)):
            self._add(event, _forbidden(match))
        if self._lines is not None and self._key is None:
            self._take_key(event, value, self._lines)
        else:
            self._take(event, value)

    def _take_key(self, event: Any, value: object, lines: dict[str, int]) -> None:
        key = self._key = sys.intern(event.value)  # campaigns repeat the same few keys
        if key == "<<" and event.implicit[0]:
            message = "the merge key << is not allowed"
            self._add(event, _Fault("merge_key_not_allowed", message, "write out what it would merge"))
        elif type(value) is not str:
            hint = f'put it in quotes: "{_clipped(key)[1:-1]}"'
            self._add(event, _Fault("key_not_text", f"the key {_clipped(key)} is not text", hint))
        if key in lines:
            self._add(event, _duplicate(key, lines[key]))
        lines.setdefault(key, event.start_mark.line + 1)

    def _take(self, event: Any, value: object) -> None:
        if isinstance(value, _Fault):
            self._add(event, value)
        self._put(value)

    def _put(self, value: object) -> None:
        if self._lines is None:
            self._container.append(value)
        else:
            self._container[self._key] = value
            self._key = None

    def _open(self, event: Any) -> None:
        if len(self._parents) >= DEPTH_LIMIT:
            self._problems.stop(_TOO_DEEP, self._path(), _position(event))
        if event.tag is not None or event.anchor is not None:
            self._check_properties(event)
        if self._lines is not None and self._key is None:
            message = "a list or a mapping is not a key"
            self._add(event, _Fault("key_not_text", message, "put text with brackets or braces in quotes"))
        node = self._positions.add(*_position(event))
        self._parents.append((self._container, self._lines, self._key, node))
        mapping = type(event) is yaml.MappingStartEvent
        self._container, self._lines, self._key = ({}, {}, None) if mapping else ([], None, None)

    def _close(self, event: Any) -> None:
        value = self._container
        self._container, self._lines, self._key, node = self._parents.pop()
        self._positions.close(node)
        if self._lines is not None and self._key is None:
            self._key = "?"  # stands in for a refused key, so that its value is read as one
        else:
            self._put(value)

    def _alias(self, event: Any) -> None:
        message = f"the alias {_clipped('*' + event.anchor)} is not allowed"
        hint = "write out what it stands for, or put text in quotes"
        self._add(event, _Fault("alias_not_allowed", message, hint))
        if self._lines is not None and self._key is None:
            self._key = f"*{event.anchor}"
        else:
            self._put(None)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            fault = _Fault("multiple_documents", "a second document starts here", "keep one in a text")
            self._problems.stop(fault, (), _position(event))

    def _check_properties(self, event: Any) -> None:
        hint = "leave it out, or put text in quotes"
        if event.anchor is not None:
            message = f"the anchor {_clipped('&' + event.anchor)} is not allowed"
            self._add(event, _Fault("alias_not_allowed", message, hint))
        if event.tag is not None:
            self._add(event, _Fault("tag_not_allowed", f"the tag {_clipped(event.tag)} is not allowed", hint))

    def _add(self, event: Any, fault: _Fault) -> None:
        self._problems.add(fault, self._path(), _position(event))

    def _path(self) -> Path:
        """The path of the value in hand, or of its mapping where the key is still to come."""
        frames = [*(parent[:3] for parent in self._parents), (self._container, self._lines, self._key)][1:]
        steps = (len(container) if lines is None else key for container, lines, key in frames)
        return tuple(step for step in steps if step is not None)


def _events(content: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(content, Loader=_LOADER)
    except (ValueError, OverflowError) as error:
        # The pure loader lets these through from `chr` and `int`, for escapes and version numbers.
        raise yaml.YAMLError(str(error)) from None


def _position(event: Any) -> Position:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _error_position(error: yaml.YAMLError) -> Position:
    mark = getattr(error, "problem_mark", None)
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _yaml_syntax(error: yaml.YAMLError, content: str) -> _Fault:
    context, mark = getattr(error, "context", None), getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    fault = _syntax(f"{context}: {problem}" if context else problem)
    tab = mark is not None and content[mark.index : mark.index + 1] == "\t"
    return fault._replace(hint="indent with spaces, not with tabs") if tab else fault


# JSON ----------------------------------------------------------------------------------------------

_JSON_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},:]|[^\s\[\]{},:"]++', re.DOTALL)

# Escapes that may stand for a forbidden character; half a surrogate pair looks like one of a whole pair.
_RISKY_ESCAPE = re.compile(r"\\(?:[bf]|u(?:00[01]|007[fF]|00[89]|[dD][89a-fA-F]|[fF]{3}[eEfF]))")

_NOT_BONES = bytes(set(range(256)) - set(b'[]{}"'))


class _Doubt(Exception):
    """Something in a JSON text is wrong. What, and where, takes a second and slower look."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise _Doubt
    return mapping


def _integer(token: str) -> int:
    if len(token) > DIGITS_LIMIT:
        raise _Doubt
    return int(token)


def _decimal(token: str) -> Decimal:
    if len(token) > DIGITS_LIMIT or "e" in token or "E" in token:
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
    if risky and not _ALLOWED.fullmatch(content):
        return False
    if "\\" in content and _RISKY_ESCAPE.search(content):
        return False
    few = len(content) < VALUES_LIMIT or sum(map(content.count, ",:[{")) < VALUES_LIMIT
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
    for _ in range(DEPTH_LIMIT // 2):
        if not bones:
            break
        bones = bones.replace(b"{}", b"").replace(b"[]", b"")
    return not bones


def _decode_with_care(content: str, file: str | None) -> object:
    """Raises DocumentError with all that is wrong; the data where, after all, nothing is."""
    if not content.strip(" \t\r\n"):
        return None
    problems, lines = _Problems(file), _Lines(content)
    _check_characters(content, problems)
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


def _json_end(content: str) -> tuple[int, Path, _Fault | None]:
    """Where reading a JSON text ends, and why if that is not the end of the text."""
    for count, mark in enumerate(_json_marks(content)):
        if len(mark.path) >= DEPTH_LIMIT and mark.token in "{[":
            return mark.offset, mark.path, _TOO_DEEP
        if count >= VALUES_LIMIT:
            return mark.offset, mark.path, _TOO_MANY_VALUES
    try:
        _JSON_GRAMMAR.decode(content)
    except json.JSONDecodeError as error:
        return error.pos, (), _syntax(error.msg)
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


def _json_faults(mark: _JsonMark, lines: _Lines) -> Iterator[_Fault]:
    token = mark.token
    if mark.same is not None:
        yield _duplicate(_json_text(token), lines.position(mark.same)[0])
    if token[0] == '"':
        if match := _FORBIDDEN.search(_json_text(token)):
            yield _forbidden(match)
    elif token in ("NaN", "Infinity", "-Infinity"):
        yield _Fault("number_not_finite", f"{token} is not a finite number", "write a number")
    elif token[0] in "-0123456789" and len(token) > DIGITS_LIMIT:
        yield _too_long(token)
    elif token[0] in "-0123456789" and "e" in token.lower():
        yield _Fault("exponent_number", f"{_clipped(token)} has an exponent", "write the number out")


class _JsonPositions:
    """The positions of a JSON text, found when someone first asks: most carts have no mistakes."""

    __slots__ = ("_content", "_found")

    def __init__(self, content: str) -> None:
        self._content = content
        self._found: _Positions | None = None

    def __call__(self) -> _Positions:
        if self._found is None:
            self._found = _json_positions(self._content)
        return self._found


def _json_positions(content: str) -> _Positions:
    positions, lines = _Positions(), _Lines(content)
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
