"""Carts as they stand in files: one in a file, or one in each line, streamed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Never

from promoengine.errors import Diagnostic, Place
from promoengine.intake import CART_SIZE
from promoengine.reading import Document, DocumentError, read_file, read_json

STANDARD_INPUT = "-"
LINES_ENDING = ".jsonl"

Progress = Callable[[int], None]
"""Told how many bytes were read."""


@dataclass(frozen=True, slots=True)
class CartText:
    """One cart, unread: the file and, where the file has one in each line, the line. `read` raises
    `DiagnosticsError`.
    """

    file: str
    line: int | None
    read: Callable[[], Document]

    def placed(self, diagnostic: Diagnostic) -> Diagnostic:
        """A diagnostic of this text, with its line in the file."""
        place = diagnostic.place
        if self.line is None:
            return diagnostic
        return diagnostic.at(Place(place.path, self.file, self.line, place.column or 1))


def holds_lines(name: str, as_lines: bool) -> bool:
    """Whether each line of the file is a cart."""
    return as_lines or name.lower().endswith(LINES_ENDING)


def carts_in(name: str, as_lines: bool, progress: Progress) -> Iterator[CartText]:
    """The carts of a file, or of standard input, in their order."""
    shown = "<stdin>" if name == STANDARD_INPUT else name
    if not holds_lines(name, as_lines):
        yield CartText(shown, None, _read_input if name == STANDARD_INPUT else partial(read_file, name, size=CART_SIZE))
        return
    try:
        with _opened(name) as stream:
            yield from _lines(stream, shown, progress)
    except OSError as error:
        yield CartText(shown, None, partial(_refuse, _unreadable(shown, error)))


def carts_between(name: str, start: int, end: int) -> Iterator[CartText]:
    """The carts of a file of lines that begin from one byte up to another; lines are counted from there.

    Raises `OSError` where the file cannot be read.
    """
    with open(name, "rb") as stream:
        if start:
            stream.seek(start - 1)  # what is left of the line before, or its end alone
            _skip_line(stream, unheeded)
        yield from _lines(stream, name, unheeded, end)


def unheeded(read_bytes: int) -> None:
    """Progress that nobody looks at."""


def size_of(name: str) -> int | None:
    """How many bytes a file has; None where that cannot be known beforehand."""
    try:
        return os.path.getsize(name) if os.path.isfile(name) else None
    except OSError:
        return None


def _opened(name: str) -> AbstractContextManager[BinaryIO]:
    return nullcontext(_standard_input()) if name == STANDARD_INPUT else open(name, "rb")


def _standard_input() -> BinaryIO:
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer


def _read_input() -> Document:
    try:
        raw = _standard_input().read(CART_SIZE.text_bytes + 1)
    except OSError as error:
        return _refuse(_unreadable("<stdin>", error))
    return (
        _refuse(_too_long("<stdin>", 1))
        if len(raw) > CART_SIZE.text_bytes
        else read_json(raw, file="<stdin>", size=CART_SIZE)
    )


def _lines(stream: BinaryIO, file: str, progress: Progress, end: int | None = None) -> Iterator[CartText]:
    number = 0
    while (end is None or stream.tell() < end) and (raw := stream.readline(CART_SIZE.text_bytes)):
        number += 1
        progress(len(raw))
        if len(raw) == CART_SIZE.text_bytes and not raw.endswith(b"\n"):
            _skip_line(stream, progress)
            yield CartText(file, number, partial(_refuse, _too_long(file, number)))
        elif raw.strip():
            yield CartText(file, number, partial(read_json, raw.rstrip(b"\r\n"), file=file, size=CART_SIZE))


def _skip_line(stream: BinaryIO, progress: Progress) -> None:
    while (raw := stream.readline(CART_SIZE.text_bytes)) and not raw.endswith(b"\n"):
        progress(len(raw))


def _refuse(diagnostic: Diagnostic) -> Never:
    raise DocumentError([diagnostic])


def _unreadable(file: str, error: OSError) -> Diagnostic:
    if isinstance(error, FileNotFoundError):
        return Diagnostic("file_not_found", "there is no such file", Place(file=file))
    return Diagnostic("file_unreadable", f"the file cannot be read: {error.strerror or error}", Place(file=file))


def _too_long(file: str, number: int) -> Diagnostic:
    message = f"the text of a cart has more than {CART_SIZE.text_bytes:,} bytes"
    return Diagnostic("text_too_large", message, Place((), file, number, 1), "with --lines, each line is a cart")
