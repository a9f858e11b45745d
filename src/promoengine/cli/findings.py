"""Diagnostics for people and for machines. Nothing here needs more than the base install."""

from __future__ import annotations

from typing import Any

from promoengine.errors import Diagnostic, Place, path_text


def parts_of(diagnostic: Diagnostic) -> tuple[str, str, str, str]:
    """`file:line:column: `, `severity[code]`, the message, and the hint in brackets."""
    place = where(diagnostic.place)
    hint = f" ({printable(diagnostic.hint)})" if diagnostic.hint else ""
    return (
        f"{printable(place)}: " if place else "",
        f"{diagnostic.severity}[{diagnostic.code}]",
        printable(diagnostic.message),
        hint,
    )


def line_of(diagnostic: Diagnostic) -> str:
    """`file:line:column: severity[code]: message (hint)`."""
    where, what, message, hint = parts_of(diagnostic)
    return f"{where}{what}: {message}{hint}"


def where(place: Place) -> str:
    """The position as editors and compilers write it; the path where there is no position."""
    if place.line is not None:
        return f"{place.file or '<text>'}:{place.line}:{place.column}"
    path = path_text(place.path) if place.path else ""
    return ": ".join(part for part in (place.file, path) if part)


def data_of(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as plain data, for JSON."""
    place = diagnostic.place
    return {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "path": list(place.path),
    }


def printable(text: str) -> str:
    """The text with every character that a terminal might obey, or not show, written out."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
