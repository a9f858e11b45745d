"""What became of every unit: at which prices the units of each line end, and which effect took how much off which.

Most lines of most carts were only ever noted (`State.notes`): nobody asked for the runs of their units. Of those,
prices are all that a quote tells, so the notes are carried out on `(count, price)` alone. The runs that some effect did
ask for know the rest, and `State.adjusted` holds what was taken off them.
"""

from __future__ import annotations

from promoengine.allocation import allocate_units
from promoengine.engine.state import Share, Split, State

Units = list[tuple[int, int]]
"""`(count, price)`: so many units of a line that end at this price, in order."""

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
            parts = (
                _parts_of_split(note, rank, units) if isinstance(note, Split) else _parts_of_share(note, rank, units)
            )
            units = []
            for count, price, discount in parts:
                units.append((count, price - discount))
                if discount:
                    pieces.append((note.effect, -price, price - discount, -price, count))
    return units


def _parts_of_share(share: Share, rank: int, units: Units) -> list[tuple[int, int, int]]:
    """`(count, price, discount)` of what a share of the line comes to; `State._divide` does it on runs."""
    taken = share.taken[rank]
    if len(units) > 1:
        shared = allocate_units(taken, [(count, price, price) for count, price in units])
        return [
            (count, price, discount)
            for (_, price), pieces in zip(units, shared, strict=True)
            for count, discount in pieces
        ]
    ((count, price),) = units
    discount, odd = divmod(taken, count)
    return [(odd, price, discount + 1), (count - odd, price, discount)] if odd else [(count, price, discount)]


def _parts_of_split(split: Split, rank: int, units: Units) -> list[tuple[int, int, int]]:
    """The same of units that were alike and are parted; `State._carry_out` does it on runs."""
    ((count, price),) = units
    changed, _ = split.taken[rank]
    parts = [(changed[discount], price, discount) for discount in sorted(changed, reverse=True)]
    rest = count - sum(changed.values())
    return [*parts, (rest, price, 0)] if rest else parts
