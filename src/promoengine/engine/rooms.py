"""Rooms that units share: what floors leave a line and all goods, and what a budget leaves. Served in order."""

from __future__ import annotations

from promoengine.engine.basket import Line
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.state import State


class Rooms:
    """What is left of each shared room while units are served. Figures may be in fractions of a minor unit: `scale`
    is how many of them make one.
    """

    __slots__ = ("_budget", "_goods", "_lines", "_scale", "_state")

    def __init__(self, state: State, budget_minor: int, scale: int = 1) -> None:
        goods_left = None if state.floors is None else state.floors.goods_left(state.runs)
        self._state = state
        self._scale = scale
        self._budget = budget_minor * scale
        self._goods = UNBOUNDED * scale if goods_left is None else goods_left * scale
        self._lines: dict[int, int] = {}

    def serve(self, line: Line, count: int, figure: int, *, must_fit: bool = False) -> list[tuple[int, int]]:
        """`(units, figure)` for so many units that ask the same: full ones, one in part (unless it must fit), the rest
        nothing.
        """
        line_room = self._line_room(line)
        room = min(self._budget, line_room, self._goods if line.goods else UNBOUNDED * self._scale)
        parts = cut(count, figure, room, must_fit)
        served = sum([units * each for units, each in parts])
        self._budget -= served
        self._lines[line.rank] = line_room - served
        if line.goods:
            self._goods -= served
        return parts

    def _line_room(self, line: Line) -> int:
        known = self._lines.get(line.rank)
        if known is not None:
            return known
        left = None if self._state.floors is None else self._state.floors.line_left(line, self._state.runs)
        return (UNBOUNDED if left is None else left) * self._scale


def cut(count: int, figure: int, room: int, must_fit: bool) -> list[tuple[int, int]]:
    """`count` units that ask the same, as far as the room goes."""
    if count * figure <= room:
        return [(count, figure)]
    full = room // figure
    in_part = 0 if must_fit else room - full * figure
    parts = [(full, figure), (1, in_part), (count - full - 1, 0)]
    return [(units, each) for units, each in parts if units]
