"""§3 Caps and floors: how far prices may fall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor as round_down

from promoengine.cart import Line
from promoengine.document import CampaignDocument, FloorRule

from .choosing import Selecting
from .money import Money, percent
from .units import Unit


@dataclass
class Joint:
    """What goods of one line, or of the cart, may still lose together."""

    per: str
    units: set[Unit]
    left: int


class Floors:
    """The floors of a campaign, read at one stage."""

    def __init__(self, document: CampaignDocument, money: Money, selecting: Selecting) -> None:
        self.rules = document.floors
        self.money = money
        self.selecting = selecting

    def left(self, unit: Unit, stage: int) -> int:
        """§3: what a unit may still lose. Floors are for goods; shipping may cost nothing."""
        lefts = [unit.price]
        for rule in self.rules if unit.is_goods else ():
            if rule.per == "unit" and self.selecting.holds(rule.items, unit, stage):
                lefts.append(self.above(rule, unit))
        return max(0, min(lefts))

    def above(self, rule: FloorRule, unit: Unit) -> int:
        """How far the unit's price lies above one floor, in whole minor units."""
        if rule.amount is not None:
            return unit.price - self.money.minor(rule.amount)
        if rule.rate is not None:
            return round_down(unit.price - percent(rule.rate) * unit.list)
        assert isinstance(unit.source, Line)
        stated = getattr(unit.source, rule.field)
        return unit.price if stated is None else unit.price - self.money.of_cart(stated)

    def joints(self, units: Sequence[Unit], stage: int) -> list[Joint]:
        """The floors per line and per cart of goods."""
        found = []
        for rule in self.rules:
            if rule.per == "unit":
                continue
            members = [unit for unit in units if unit.is_goods and self.selecting.holds(rule.items, unit, stage)]
            for name in {unit.line for unit in members} if rule.per == "line" else {""}:
                of_one = {unit for unit in members if rule.per == "cart" or unit.line == name}
                left = sum(unit.price for unit in of_one) - self.money.minor(rule.amount)
                found.append(Joint(rule.per, of_one, max(0, left)))
        return found
