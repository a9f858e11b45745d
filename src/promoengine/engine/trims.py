"""Cutting unit-wise figures to the rooms that units share, in unit order."""

from __future__ import annotations

from promoengine.engine.figures import Piece, total_of
from promoengine.engine.rooms import Rooms
from promoengine.engine.state import State


def trimmed(state: State, pieces: list[Piece], budget_minor: int) -> list[Piece]:
    """The pieces as far as floors and the budget let them; what does not fit stays as pieces without a discount."""
    if state.floors is None and total_of(pieces) <= budget_minor:
        return pieces
    rooms = Rooms(state, budget_minor)
    found: list[Piece] = []
    for line, run, count, discount, base in sorted(pieces, key=lambda piece: (-piece[1].price, piece[0].rank)):
        found += [(line, run, part, each, base) for part, each in rooms.serve(line, count, discount)]
    return found
