"""What a plain YAML scalar means, and which ones mean different things to different readers."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from promoengine.reading import _limits as limits
from promoengine.reading._problems import Fault, clipped, too_long_fault

_WORDS: dict[str, object] = {"": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")

# Every scalar but these starts is text, which is most of them, and is decided by one look.
SUSPECT_STARTS = frozenset(["", *"0123456789+-.~=<yYnNoOtTfFiI"])

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


def plain_value(text: str) -> object:
    """What a plain scalar with a suspect start means; a `Fault` where that cannot be said."""
    return _short_plain(text) if len(text) <= limits.DIGITS_LIMIT else _any_plain(text)


@lru_cache(maxsize=4096)
def _short_plain(text: str) -> object:
    return _any_plain(text)


def _any_plain(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    number = int if _INTEGER.fullmatch(text) else Decimal if _DECIMAL.fullmatch(text) else None
    if number is not None:
        return number(text) if len(text) <= limits.DIGITS_LIMIT else too_long_fault(text)
    match = _TRAP.fullmatch(text)
    return _ambiguous(text, *_TRAPS[(match.lastindex or 1) - 1][1:]) if match else text


def _ambiguous(text: str, reason: str, advice: str) -> Fault:
    hint = f'{advice + ", or " if advice else ""}put text in quotes: "{clipped(text)[1:-1]}"'
    return Fault("ambiguous_scalar", f"{clipped(text)} {reason} of YAML", hint)
