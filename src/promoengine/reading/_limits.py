"""How much is read at once."""

from __future__ import annotations

from promoengine.records import dataclass

DEPTH_LIMIT = 50
DIGITS_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Size:
    """The most bytes of a text, and the most values: keys, values, and (in YAML) ends of lists and mappings."""

    text_bytes: int
    values: int


LARGEST = Size(text_bytes=256 * 2**20, values=10_000_000)
