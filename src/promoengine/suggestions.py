"""Hints for words that are not known: the nearest known one, and what else there is."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise

LISTED = 12
"""How many known words a hint spells out; a longer list is no longer read."""
COMPARED = 100
"""How many known words are compared with an unknown one, letter by letter."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint for an unknown `word`, as "did you mean 'quantity'? known: amount, percent, quantity".

    The question is left out where nothing known is near, and the hint is empty where nothing is
    known. Letter case does not count as a difference. `known` is listed in alphabetical order, so
    that the same mistake gives the same hint; past twelve words the rest is counted, not listed.
    """
    words = sorted(set(known))
    near = _nearest(word, words)
    question = f"did you mean {near!r}? " if near is not None else ""
    return f"{question}known: {_listed(words)}" if words else ""


def _nearest(word: str, words: list[str]) -> str | None:
    folded = {each.casefold(): each for each in reversed(words)}
    near = get_close_matches(word.casefold(), _most_alike(word.casefold(), folded), n=1)
    return folded[near[0]] if near else None


def _most_alike(word: str, words: Iterable[str]) -> list[str]:
    """The words that share the most pairs of letters with this one: comparing takes so long that few can be."""
    pairs = _pairs(word)
    return nlargest(COMPARED, words, key=lambda each: len(pairs & _pairs(each)))


@lru_cache(maxsize=100_000)
def _pairs(word: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(word))


def _listed(words: list[str]) -> str:
    more = len(words) - LISTED
    return ", ".join(words[:LISTED]) + (f" and {more} more" if more > 0 else "")
