"""What became of every unit: at which prices the units of each line end, and which effect took how much off which.

Most lines of most carts were only ever noted (`State.notes`): nobody asked for the runs of their units. Of those,
prices are all that a quote tells, so the notes are carried out on `(count, price)` alone. The runs that some effect did
ask for know the rest, and `State.adjusted` holds what was taken off them.
"""

from __future__ import annotations

from promoengine.engine.notes import Units
from promoengine.engine.state import State

Piece = tuple[int, int, int, int, int]
"""`(effect, -before, after, -base, count)`: so many units that an effect took from one price to another. They sort into
the order of a quote: by effect, the dearest first, the greatest discount first.
"""


class Unfolded:
    """The units and the pieces of every line, by rank."""

    __slots__ = ("pieces", "units")

    def __init__(self, state: State) -> None:
        self.units: list[Units] = []
        self.pieces: list[list[Piece]] = []
        for rank, only_noted in enumerate(state.only_noted()):
            pieces: list[Piece] = []
            if only_noted:
                self.units.append(_carry_out(state, rank, pieces))
            else:
                self.units.append([(run.count, run.price) for run in state.runs_of(rank)])
            self.pieces.append(pieces)
        for effect, line, count, base, before, after in state.adjusted:
            self.pieces[line.rank].append((effect, -before, after, -base, count))
        for pieces in self.pieces:
            if len(pieces) > 1:
                pieces.sort()


def _carry_out(state: State, rank: int, pieces: list[Piece]) -> Units:
    """Carry out what was noted of a line; the pieces are added to `pieces`."""
    line = state.lines[rank]
    units = [(line.quantity, line.list_minor)]
    for note in state.notes:
        if rank in note.taken:
            parts: Units = []
            for (_, price), found in zip(units, note.pieces(rank, units), strict=True):
                for count, discount in found:
                    parts.append((count, price - discount))
                    if discount:
                        pieces.append((note.effect, -price, price - discount, -price, count))
            units = parts
    return units
