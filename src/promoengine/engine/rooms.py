"""Rooms that figures share: what floors leave a line and all goods, and what a budget leaves. Figures are served one
after the other, each as far as its rooms go.
"""

from __future__ import annotations

from promoengine.engine.basket import Line
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.state import State


class Rooms:
    """What is left of each shared room while figures are served. Figures may be in fractions of a minor unit: `scale`
    is how many of them make one.
    """

    __slots__ = ("_budget", "_goods", "_lines", "_scale", "state", "unbounded")

    def __init__(self, state: State, budget_minor: int = UNBOUNDED, scale: int = 1) -> None:
        floors = state.floors
        goods_left = None if floors is None else floors.goods_left(state.payable)
        self.state = state
        self._scale = scale
        self._budget = budget_minor * scale
        self._goods = UNBOUNDED * scale if goods_left is None else goods_left * scale
        self._lines: dict[int, int] = {}
        self.unbounded = budget_minor >= UNBOUNDED and goods_left is None and (floors is None or not floors.lines)

    @property
    def budget(self) -> int:
        """What is left of the budget."""
        return self._budget

    @property
    def goods(self) -> int:
        """What all goods may still lose together."""
        return min(self._goods, self._budget)

    def line(self, line: Line) -> int:
        """What a line may still lose because of its own floor."""
        known = self._lines.get(line.rank)
        if known is not None:
            return known
        left = None if self.state.floors is None else self.state.floors.line_left(line, self.state.payable)
        return (UNBOUNDED if left is None else left) * self._scale

    def of(self, line: Line) -> int:
        """What units of a line may still lose, whatever they have left themselves."""
        return min(self.line(line), self.goods if line.goods else self._budget)

    def take(self, line: Line, figure: int) -> None:
        """Use up what units of a line were given."""
        self._lines[line.rank] = self.line(line) - figure
        self._budget -= figure
        if line.goods:
            self._goods -= figure

    def serve(self, line: Line, count: int, figure: int, *, must_fit: bool = False) -> list[tuple[int, int]]:
        """`(units, figure)` for so many units that ask the same: full ones, one in part (unless it must fit), the rest
        nothing.
        """
        parts = cut(count, figure, self.of(line), must_fit)
        self.take(line, sum([units * each for units, each in parts]))
        return parts


def cut(count: int, figure: int, room: int, must_fit: bool) -> list[tuple[int, int]]:
    """`count` units that ask the same, as far as the room goes."""
    if count * figure <= room:
        return [(count, figure)]
    full = room // figure
    in_part = 0 if must_fit else room - full * figure
    parts = [(full, figure), (1, in_part), (count - full - 1, 0)]
    return [(units, each) for units, each in parts if units]
