"""The edges of a compiled campaign: the names, figures and moments at which its answers change.

They are read off the plan, whose few operations every kind lowers to, so kinds of third parties are covered too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from promoengine import plan

DAY_US = 86_400_000_000


@dataclass(slots=True)
class Edges:
    """What carts and moments are drawn from. `prices` and `spends` are minor units, `moments` microseconds."""

    units: dict[str, set[str]] = field(default_factory=dict)
    """What units are selected by, by field: sku, category, attribute:NAME ..."""
    context: dict[str, set[str]] = field(default_factory=dict)
    """What the cart is asked for, by field: segment, channel ..."""
    facts: dict[str, set[int]] = field(default_factory=dict)
    prices: set[int] = field(default_factory=set)
    spends: set[int] = field(default_factory=set)
    counts: set[int] = field(default_factory=set)
    orders: set[int] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    pools: set[str] = field(default_factory=set)
    gifts: set[str] = field(default_factory=set)
    points: set[int] = field(default_factory=set)
    days: set[int] = field(default_factory=set)
    moments: set[int] = field(default_factory=set)
    week_seconds: set[int] = field(default_factory=set)
    _pools: dict[str, list[Any]] = field(default_factory=dict)

    def pool(self, name: str, make: Callable[[], list[Any]]) -> list[Any]:
        """A list to draw from, made once: a campaign may name a hundred thousand skus."""
        if name not in self._pools:
            self._pools[name] = make()
        return self._pools[name]


def edges_of(source: plan.Plan) -> Edges:
    """The edges of one plan."""
    found = Edges(facts={name: set() for name, _ in source.facts})
    for part in parts_of((source.promotions, source.effects, source.floors)):
        _add(found, part)
    return found


def parts_of(value: object) -> Iterator[object]:
    """Every dataclass within a plan's value, outermost first."""
    if isinstance(value, (tuple, frozenset)):
        for each in value:
            yield from parts_of(each)
    elif is_dataclass(value) and not isinstance(value, type):
        yield value
        for each in fields(value):
            yield from parts_of(getattr(value, each.name))


def _add(found: Edges, part: object) -> None:
    if isinstance(part, plan.Holds):
        found.units.setdefault(part.field, set()).update(part.values)
    elif isinstance(part, plan.ContextHolds):
        found.context.setdefault(part.field, set()).update(part.values)
    elif isinstance(part, plan.Codes):
        found.codes |= part.listed
        found.pools |= part.pools
    elif isinstance(part, plan.GiftItem):
        found.gifts.add(part.sku)
    else:
        _add_figures(found, part)
        _add_times(found, part)


def _add_figures(found: Edges, part: object) -> None:
    if isinstance(part, plan.Threshold):
        _add_measured(found, part.measure, (part.at_least, part.every, *part.rungs))
    elif isinstance(part, plan.MeasureWithin):
        _add_measured(found, part.measure, _numbers(part.bounds))
    elif isinstance(part, plan.FactWithin):
        found.facts.setdefault(part.fact, set()).update(_numbers(part.bounds))
    elif isinstance(part, plan.OrdersWithin):
        found.orders.update(_numbers(part.bounds))
    elif isinstance(part, plan.SetTrigger):
        if part.parts:
            found.counts.add(sum(each.quantity for each in part.parts))
        else:
            found.spends.add(part.spend_minor)
    elif isinstance(part, plan.PriceWithin):
        found.prices.update(each for each in (part.least_minor, part.most_minor) if each is not None)
    elif isinstance(part, (plan.UnitPrice, plan.SetPrice)):
        found.prices.add(part.price_minor)
    elif isinstance(part, plan.TotalPrice):
        found.spends.add(part.price_minor)
    elif isinstance(part, plan.Amount):
        found.prices.add(part.amount_minor)
    elif isinstance(part, plan.Redeem):
        found.points.update((part.step, part.worth[1]))


def _add_measured(found: Edges, measure: plan.Measure, figures: tuple[int | None, ...]) -> None:
    stated = [figure for figure in figures if figure is not None]
    if measure.plus_fact is not None:
        found.facts.setdefault(measure.plus_fact, set()).update(stated)
    if measure.what == "spend":
        found.spends.update(stated)
    elif measure.what != "fact":
        found.counts.update(stated)


def _numbers(bounds: plan.Bounds) -> tuple[int, ...]:
    return tuple(each for each in (bounds.least, bounds.above, bounds.most) if each is not None)


def _add_times(found: Edges, part: object) -> None:
    if isinstance(part, plan.Window):
        found.moments.update(each for each in (part.start_us, part.end_us) if each is not None)
    elif isinstance(part, plan.WeeklyHours):
        found.week_seconds.update(second for span in part.spans for second in span)
    elif isinstance(part, plan.LaunchedWithin):
        found.days.add(part.days)
