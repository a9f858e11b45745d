"""Bytes to characters, with what no text may hold."""

from __future__ import annotations

import re
from bisect import bisect_right

from promoengine.reading._limits import Size
from promoengine.reading._positions import Position
from promoengine.reading._problems import Fault, Problems, refuse

# What YAML calls printable, for both languages: a text that one of them can hold, so can the other.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
ALLOWED = re.compile("[\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*+")


def content_of(text: str | bytes, file: str | None, size: Size) -> str:
    """The characters of a text, without the byte order mark that some editors put in front."""
    if len(text) > size.text_bytes:
        message = f"the text has more than {size.text_bytes:,} bytes"
        refuse(file, Fault("text_too_large", message))
    content = text if isinstance(text, str) else _decoded(text, file)
    return content[1:] if content.startswith("\ufeff") else content


def _decoded(text: bytes, file: str | None) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        before = text[: error.start].decode("utf-8")
        message = f"the byte 0x{text[error.start]:02X} is not UTF-8"
        fault = Fault("not_utf8", message)
        refuse(file, fault, Lines(before).position(len(before)))


def check_characters(content: str, problems: Problems) -> None:
    """Reports every character that cannot be meant, and stops there, as the parsers would."""
    if ALLOWED.fullmatch(content):
        return
    lines = Lines(content)
    for match in FORBIDDEN.finditer(content):
        problems.add(forbidden_character(match), (), lines.position(match.start()))
    problems.raise_if_any()


def forbidden_character(match: re.Match[str]) -> Fault:
    message = f"the character U+{ord(match.group()):04X} is not allowed"
    return Fault("character_not_allowed", message)


class Lines:
    """Offsets in a text as lines and columns."""

    def __init__(self, content: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", content))]

    def position(self, offset: int) -> Position:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
