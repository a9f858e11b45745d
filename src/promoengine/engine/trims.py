"""Cutting unit-wise figures to rooms that units share: a line, all goods, a budget. Units are served in order."""

from __future__ import annotations

from promoengine.engine.figures import Piece
from promoengine.engine.limits import UNBOUNDED
from promoengine.engine.state import State


def trimmed(state: State, pieces: list[Piece], budget_minor: int) -> list[Piece]:
    """The pieces as far as they fit; what does not fit stays as pieces without a discount."""
    goods_left = None if state.floors is None else state.floors.goods_left(state.runs)
    lines_left: dict[int, int] = {}
    if state.floors is not None:
        for piece in pieces:
            left = state.floors.line_left(piece[0], state.runs)
            lines_left[piece[0].rank] = UNBOUNDED if left is None else left
    total = sum([count * discount for _, _, count, discount, _ in pieces])
    if goods_left is None and not lines_left and total <= budget_minor:
        return pieces
    return _served(state, pieces, budget_minor, UNBOUNDED if goods_left is None else goods_left, lines_left)


def _served(state: State, pieces: list[Piece], budget: int, goods_left: int, lines_left: dict[int, int]) -> list[Piece]:
    found: list[Piece] = []
    for line, run, count, discount, base in sorted(pieces, key=lambda p: (-p[1].price, p[0].rank)):
        room = min(budget, lines_left.get(line.rank, UNBOUNDED), goods_left if line.goods else UNBOUNDED)
        served = 0
        for part, each in cut(count, discount, room):
            found.append((line, run, part, each, base))
            served += part * each
        budget -= served
        if line.rank in lines_left:
            lines_left[line.rank] -= served
        if line.goods:
            goods_left -= served
    return found


def cut(count: int, discount: int, room: int) -> list[tuple[int, int]]:
    """`count` units with the same discount, as far as the room goes: full ones, one in part, the rest none."""
    if count * discount <= room:
        return [(count, discount)]
    full = room // discount
    parts = [(full, discount), (1, room - full * discount), (count - full - 1, 0)]
    return [(units, each) for units, each in parts if units]
