"""§3 Measure, trigger, ladder and sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from promoengine.cart import Line
from promoengine.document import CampaignDocument, PromotionDocument

from .choosing import Selecting
from .eligibility import fact_value
from .money import percent
from .units import Asked, Unit, in_unit_order

FormedSet = list[list[Unit]]
"""The units of a set, part by part."""


@dataclass
class Shortfall:
    """§6: what was measured, what was needed, and the gap on its own base."""

    measure: str
    measured: int
    needed: int
    money: bool


@dataclass
class Fired:
    """What a trigger came to: how many times, which rung, which sets."""

    met: bool
    times: int = 1
    rung: int | None = None
    sets: list[FormedSet] = field(default_factory=list)
    shortfall: Shortfall | None = None
    picks: list[list[Unit]] | None = None
    beyond: bool = False


class Measuring:
    """Measures of units, at the threshold base."""

    def __init__(self, document: CampaignDocument, asked: Asked, selecting: Selecting) -> None:
        self.document = document
        self.asked = asked
        self.selecting = selecting

    def base(self, promotion: PromotionDocument, stage: int) -> Any:
        """§4: a stage states it, a promotion may override."""
        return promotion.threshold_base or self.document.stages[stage].threshold_base

    def price(self, unit: Unit, base: Any, stage: int) -> int:
        """§4: `list`, `entry` (as the stage began), `running`, or `after: <stage>`."""
        if base == "list":
            return unit.list
        if base == "entry":
            return unit.began[stage]
        if base == "running":
            return unit.price
        names = [each.name for each in self.document.stages]
        return unit.ended[names.index(base.after)]

    def counts_shipping(self, trigger: Any, stage: int) -> bool:
        """§3: with or without shipping; a stage that covers both measures both unless it says."""
        stated = getattr(trigger, "with_shipping", None)
        return covers(self.document, stage) == (True, True) if stated is None else stated

    def measure(self, promotion: PromotionDocument, units: Iterable[Unit], stage: int) -> int | None:
        """§3: spend, quantity, distinct, or a fact; None where it asks for a fact that the cart does not state."""
        trigger = promotion.trigger
        fact = trigger.fact if trigger.kind == "fact" else getattr(trigger, "plus_fact", None)
        if fact is not None and fact not in self.asked.cart.facts:
            return None
        added = 0 if fact is None else fact_value(self.asked, fact)
        if trigger.kind == "fact":
            return added
        counted = [unit for unit in units if unit.is_goods or self.counts_shipping(trigger, stage)]
        if trigger.kind == "spend":
            base = self.base(promotion, stage)
            return added + sum(self.price(unit, base, stage) for unit in counted)
        if trigger.kind == "quantity":
            return added + len(counted)
        if trigger.of == "skus":
            return len({unit.source.sku for unit in counted if isinstance(unit.source, Line)})
        return len({unit.line for unit in counted if unit.is_goods})

    def is_money(self, trigger: Any) -> bool:
        return trigger.kind == "spend" or (trigger.kind == "fact" and self.asked.facts[trigger.fact] == "money")

    def figure(self, trigger: Any, figure: Any) -> int:
        return self.asked.money.minor(figure) if self.is_money(trigger) else int(figure)

    def fire(self, promotion: PromotionDocument, units: Iterable[Unit], stage: int) -> Fired:
        """§3: a measure ≥ T, `every: T` with `max_times`, or the highest rung reached."""
        trigger = promotion.trigger
        if trigger is None or trigger.kind == "none":
            return Fired(True)
        measured = self.measure(promotion, units, stage)
        rungs = self.rungs(promotion)
        if rungs:
            reached = [index for index, rung in enumerate(rungs) if measured is not None and measured >= rung]
            return self.verdict(trigger, measured, rungs[0], bool(reached), 1, reached[-1] if reached else None)
        if trigger.every is not None:
            every = self.figure(trigger, trigger.every)
            times = (measured or 0) // every
            most = times if trigger.max_times is None else min(times, trigger.max_times)
            return self.verdict(trigger, measured, every, times > 0, most, None)
        needed = self.figure(trigger, trigger.at_least)
        return self.verdict(trigger, measured, needed, measured is not None and measured >= needed, 1, None)

    def rungs(self, promotion: PromotionDocument) -> list[int]:
        return [self.figure(promotion.trigger, tier.at) for tier in promotion.tiers or ()]

    def verdict(
        self, trigger: Any, measured: int | None, needed: int, met: bool, times: int, rung: int | None
    ) -> Fired:
        if met:
            return Fired(True, times, rung)
        name = f"distinct_{trigger.of}" if trigger.kind == "distinct" else trigger.kind
        return Fired(False, shortfall=Shortfall(name, measured or 0, needed, self.is_money(trigger)))

    def graduated_figure(
        self, promotion: PromotionDocument, units: Iterable[Unit], stage: int, percents: Sequence[Any]
    ) -> Fraction:
        """§3: for spend, the money above T, up to the next rung."""
        end = self.measure(promotion, units, stage) or 0
        counted = [unit for unit in units if unit.is_goods or self.counts_shipping(promotion.trigger, stage)]
        start = end - sum(self.price(unit, self.base(promotion, stage), stage) for unit in counted)
        edges = [*self.rungs(promotion), end]
        return sum(
            (
                percent(each) * max(0, min(high, end) - max(low, start))
                for (low, high), each in zip(pairwise(edges), percents, strict=True)
            ),
            Fraction(0),
        )

    def graduated_rung(self, promotion: PromotionDocument, number: int) -> int | None:
        """§3: for quantity, the rung at N covers the N-th unit on, up to the next rung."""
        reached = [index for index, rung in enumerate(self.rungs(promotion)) if rung <= number]
        return reached[-1] if reached else None


def covers(document: CampaignDocument, stage: int) -> tuple[bool, bool]:
    """§4: a stage covers goods (default), shipping (the stage named shipping) or both (payment)."""
    rule = document.stages[stage]
    named = {"shipping": "shipping", "payment": "both"}.get(rule.name, "goods")
    covered = rule.covers or named
    return covered != "shipping", covered != "goods"


# -- sets -----------------------------------------------------------------------------------------


def parts_of(trigger: Any) -> list[tuple[Any, int]]:
    """§3: any N of the items, or parts such as 2 of X and 1 of Y."""
    if trigger.parts is None:
        return [(None, trigger.quantity)]
    return [(part.items, part.quantity) for part in trigger.parts]


def parts_select(trigger: Any) -> bool:
    """Whether a set has parts that all ask for something."""
    parts = getattr(trigger, "parts", None)
    return parts is not None and all(part.items is not None for part in parts)


def is_item(selecting: Selecting, promotion: PromotionDocument, unit: Unit, stage: int, **maybe: Any) -> bool:
    """§6: whether a unit is of a promotion's items; behind a set of parts, those that fit a part."""
    trigger: Any = promotion.trigger
    parts = [part.items for part in getattr(trigger, "parts", None) or ()]
    if not selecting.has_figures(promotion.items):
        return True
    return selecting.holds(promotion.items, unit, stage, **maybe) and (
        not all(selecting.has_figures(each) for each in parts)
        or not parts
        or any(selecting.holds(each, unit, stage, **maybe) for each in parts)
    )


class Forming:
    """How the sets of one member are formed: what its parts select, and what a unit is worth at its threshold base."""

    def __init__(self, trigger: Any, selects: Callable[[Any, Unit], bool], worth: Callable[[Unit], int], spend: int):
        """`spend` is what a set must be worth, where it is a set of `spend`."""
        self.trigger = trigger
        self.selects = selects
        self.worth = worth
        self.spend = spend

    def ordered(self, pool: Iterable[Unit]) -> list[Unit]:
        """§3: in unit order; `cheapest_first` turns it round."""
        order = in_unit_order(pool)
        return order[::-1] if self.trigger.grouping == "cheapest_first" else order

    def one(self, pool: Iterable[Unit]) -> FormedSet | None:
        """The next set, if one fits."""
        if self.trigger.spend is not None:
            return self.one_worth(self.ordered(pool))
        return self.one_of_parts(self.ordered(pool))

    def one_worth(self, rest: list[Unit]) -> FormedSet | None:
        """§3: units in the order of the sets until they are worth T."""
        found: list[Unit] = []
        for unit in rest:
            found.append(unit)
            if sum(self.worth(each) for each in found) >= self.spend:
                return [found]
        return None

    def one_of_parts(self, rest: list[Unit]) -> FormedSet | None:
        """§3: part by part, each takes the first units in unit order that leave this set's later parts fillable."""
        parts = parts_of(self.trigger)
        places = [(index, items) for index, (items, quantity) in enumerate(parts) for _ in range(quantity)]
        if not fillable(places, rest, self.selects):
            return None
        found: FormedSet = [[] for _ in parts]
        for number, (index, items) in enumerate(places):
            unit = next(
                unit
                for unit in rest
                if self.selects(items, unit)
                and fillable(places[number + 1 :], [each for each in rest if each is not unit], self.selects)
            )
            found[index].append(unit)
            rest.remove(unit)
        return found

    def all(self, pool: Iterable[Unit], most: int | None) -> list[FormedSet]:
        """§3: sets are formed one by one while one fits."""
        rest, found = list(pool), []
        while most is None or len(found) < most:
            one = self.one(rest)
            if one is None:
                break
            found.append(one)
            taken = {unit for part in one for unit in part}
            rest = [unit for unit in rest if unit not in taken]
        return found

    def shortfall(self, pool: Sequence[Unit]) -> Shortfall:
        """§6: the places of one set, and how many of them can be filled at once; of a set of `spend`, what the units
        are worth and T.
        """
        if self.trigger.spend is not None:
            return Shortfall("spend", sum(self.worth(unit) for unit in pool), self.spend, True)
        places = [part for part, quantity in parts_of(self.trigger) for _ in range(quantity)]
        return Shortfall("sets", most_filled(places, pool, self.selects), len(places), False)


def fillable(places: Sequence[tuple[int, Any]], pool: Sequence[Unit], selects: Callable[[Any, Unit], bool]) -> bool:
    """Whether every place can have a unit of its own."""
    return len(places) <= len(pool) and most_filled([items for _, items in places], pool, selects) == len(places)


def most_filled(places: Sequence[Any], pool: Sequence[Unit], selects: Callable[[Any, Unit], bool]) -> int:
    """How many places can have a unit of their own at once: each in turn, moving earlier ones where need be."""
    holder: dict[Unit, int] = {}

    def place(number: int, tried: set[Unit]) -> bool:
        for unit in pool:
            if unit in tried or not selects(places[number], unit):
                continue
            tried.add(unit)
            if unit not in holder or place(holder[unit], tried):
                holder[unit] = number
                return True
        return False

    return sum(place(number, set()) for number in range(len(places)))
