"""What is wrong with a text: faults, the places that they are given, the error that holds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Never

from promoengine.errors import MOST_DIAGNOSTICS, Diagnostic, DiagnosticsError, Path, Place
from promoengine.reading import _limits as limits
from promoengine.reading._positions import Document, Position, Positions

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


class DocumentError(DiagnosticsError):
    """A text cannot be read as data. `diagnostics` says why, with the codes of `promoengine.reading`."""


class Fault(NamedTuple):
    """A diagnostic that is yet without a place."""

    code: str
    message: str
    hint: str = ""


TOO_DEEP = Fault("nested_too_deeply", f"more than {limits.DEPTH_LIMIT} lists and mappings inside one another")
TOO_MANY_VALUES = Fault("too_many_values", "more values than are read at once")


def refuse(file: str | None, fault: Fault, position: Position | None = None) -> Never:
    line, column = position or (None, None)
    raise DocumentError([Diagnostic(fault.code, fault.message, Place((), file, line, column), fault.hint)])


class Problems:
    """Collects what is wrong with one text, in the order of the text."""

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._found: list[Diagnostic] = []

    def add(self, fault: Fault, path: Path, position: Position) -> None:
        place = Place(path, self._file, *position)
        self._found.append(Diagnostic(fault.code, fault.message, place, fault.hint))
        if len(self._found) > MOST_DIAGNOSTICS:
            raise DocumentError(self._found)

    def stop(self, fault: Fault, path: Path, position: Position) -> Never:
        """Adds a problem that there is no reading past."""
        place = Place(path, self._file, *position)
        raise DocumentError([*self._found, Diagnostic(fault.code, fault.message, place, fault.hint)])

    def raise_if_any(self) -> None:
        if self._found:
            raise DocumentError(self._found)


def duplicate_fault(key: str, line: int) -> Fault:
    message = f"the key {clipped(key)} is given twice, the first time on line {line}"
    return Fault("duplicate_key", message)


def clipped(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def too_long_fault(number: str) -> Fault:
    message = f"{clipped(number)} is a number of more than {limits.DIGITS_LIMIT} characters"
    return Fault("number_too_long", message)


def syntax_fault(message: str) -> Fault:
    return Fault("syntax", message, next(hint for words, hint in _SYNTAX_HINTS if words in message))


def document_of(
    data: object, file: str | None, positions: Callable[[], Positions], again: Callable[[], Document]
) -> Document:
    if data is None:
        refuse(file, Fault("empty_document", "the document holds nothing"))
    return Document(data, file, positions, again)
