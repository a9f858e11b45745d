"""Floors: how far effects may take prices of goods down. No floor raises a price.

A floor per unit bounds what each unit has left. Floors of a whole line, or of all goods, are rooms that several
units share: a unit-wise effect fills them in unit order, an amount is shared within them.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Basket, Line
from promoengine.engine.bound import BoundPlan
from promoengine.engine.clock import Clock


class FloorBook:
    """The floors of one basket. `unit` is by line rank; `lines` holds floors of whole lines by rank. What lines cost
    now (`payable`) comes with each question, by rank, goods first.
    """

    __slots__ = ("goods", "goods_minor", "lines", "unit")

    def __init__(self, bound: BoundPlan, basket: Basket, clock: Clock) -> None:
        self.goods = basket.goods
        self.goods_minor = 0
        self.unit = [0] * (len(basket.goods) + len(basket.shipping))
        self.lines: dict[int, int] = {}
        for floor, selection in bound.floors:
            if floor.scope == "cart":
                self.goods_minor = max(self.goods_minor, floor.minor)
                continue
            test = selection.test
            for line in basket.goods:
                if test is None or test(line, None, clock):
                    self._add(line, floor)

    def _add(self, line: Line, floor: plan.Floor) -> None:
        if floor.scope == "line":
            self.lines[line.rank] = max(floor.minor, self.lines.get(line.rank, 0))
            return
        minor = floor.minor
        if floor.rate is not None:
            minor = -(-line.list_minor * floor.rate[0] // floor.rate[1])
        elif floor.field is not None:
            minor = line.thresholds.get(floor.field, 0)
        self.unit[line.rank] = max(self.unit[line.rank], minor)

    def line_left(self, line: Line, payable: list[int]) -> int | None:
        """What the line may still lose because of its line floor; None without one."""
        floor = self.lines.get(line.rank)
        return None if floor is None else max(0, payable[line.rank] - floor)

    def goods_left(self, payable: list[int]) -> int | None:
        """What all goods together may still lose; None without a floor of the cart."""
        if not self.goods_minor:
            return None
        return max(0, sum(payable[: len(self.goods)]) - self.goods_minor)
