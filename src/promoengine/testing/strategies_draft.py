"""A draft: one document on its way, with what its parts must know of the campaign that they stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from hypothesis import strategies as st

from promoengine import plan
from promoengine.compile.frames import lowered_stage
from promoengine.document import CampaignDocument
from promoengine.money import exponent, format_amount
from promoengine.testing.strategies_pools import AMOUNTS

T = TypeVar("T")
Json = dict[str, Any]
"""Plain data, as a JSON or YAML file would hold it."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What draws, in the few ways that documents and carts need."""

    draw: st.DrawFn

    def chance(self, one_in: int) -> bool:
        """True once in so many draws; shrinks to False."""
        return self.draw(_whole_numbers(0, one_in - 1)) == one_in - 1

    def one(self, pool: Sequence[T]) -> T:
        """One of a pool; shrinks to the first."""
        return pool[self.draw(_whole_numbers(0, len(pool) - 1))]

    def some(self, pool: Sequence[T], most: int = 2) -> list[T]:
        """One to `most` different ones of a pool; shrinks to the first alone."""
        rest = list(dict.fromkeys(pool))
        found = [self.one(pool)]
        rest.remove(found[0])
        while rest and len(found) < most and self.chance(2):
            found.append(rest.pop(self.draw(_whole_numbers(0, len(rest) - 1))))
        return found

    def some_of(self, pool: Sequence[T], least: int, most: int) -> list[T]:
        """So many different ones of a pool."""
        rest = list(pool)
        number = self.count(min(least, len(rest)), min(most, len(rest)))
        return [rest.pop(self.draw(_whole_numbers(0, len(rest) - 1))) for _ in range(number)]

    def count(self, least: int, most: int) -> int:
        return self.draw(_whole_numbers(least, most))

    def add(self, document: Json, name: str, value: object) -> None:
        """State a field of a document where there is a value to state."""
        if value is not None:
            document[name] = value

    def may(self, document: Json, name: str, one_in: int, make: Callable[[], object]) -> None:
        """State a field once in so many draws; only then is its value made."""
        if self.chance(one_in):
            self.add(document, name, make())


@dataclass(frozen=True, slots=True)
class Draft(Hand):
    """The drawing hand and the head of the campaign. `ids` are those of all its promotions."""

    head: CampaignDocument
    stages: tuple[plan.Stage, ...]
    ids: tuple[str, ...]
    by_lines: bool = True
    """Whether anything may go by lines: measured, bounded, rounded, floored, grouped, limited or shared over them."""
    everywhere: bool = False
    """Whether amounts must be stated for every currency: what is no promotion may not lack one."""

    # -- money ------------------------------------------------------------------------------

    def money(self, pool: Sequence[int] = AMOUNTS) -> str | dict[str, str]:
        """An amount from a pool of minor units."""
        return self.amount(self.one(pool))

    def amount(self, minor: int, *, everywhere: bool = False) -> str | dict[str, str]:
        """An amount of minor units as text; in a campaign of several currencies also one for each of them."""
        others = self.head.other_currencies
        if others and (everywhere or self.everywhere or not self.chance(4)):
            return {each: amount_text(minor, each) for each in (self.head.currency, *others)}
        return amount_text(minor, self.head.currency)

    # -- the campaign -----------------------------------------------------------------------

    def covers(self, stage: int) -> str:
        """goods, shipping or both."""
        rule = self.stages[stage]
        if rule.goods and rule.shipping:
            return "both"
        return "goods" if rule.goods else "shipping"

    def without_lines(self, pool: Sequence[str]) -> list[str]:
        """A pool, without what goes by lines where nothing may."""
        return [each for each in pool if self.by_lines or not each.endswith(("line", "lines", "line_regular"))]

    def facts_of(self, *kinds: str) -> list[str]:
        """The declared facts of these kinds."""
        return [name for name, kind in self.head.facts.items() if kind in kinds]


def draft_for(draw: st.DrawFn, head: Mapping[str, Any], ids: Sequence[str], *, by_lines: bool = True) -> Draft:
    """The draft of a campaign with this head: a campaign document without its promotions."""
    document = CampaignDocument.model_validate({key: value for key, value in head.items() if key != "promotions"})
    return Draft(draw, document, tuple(lowered_stage(stage) for stage in document.stages), tuple(ids), by_lines)


def amount_text(minor: int, currency: str) -> str:
    """Minor units as the text of an amount."""
    return format_amount(minor, exponent(currency))


@cache
def _whole_numbers(least: int, most: int) -> st.SearchStrategy[int]:
    """Making a strategy costs more than drawing from it."""
    return st.integers(least, most)
