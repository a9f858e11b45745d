"""What became of every unit: at which prices the units of each line end, and which effect took how much off which.

Most lines of most carts were only ever noted (`State.notes`): nobody asked for the runs of their units. Of those,
prices are all that a quote tells, so the notes are carried out on `(count, price)` alone, note by note. The runs that
some effect did ask for know the rest, and `State.adjusted` holds what was taken off them.
"""

from __future__ import annotations

from promoengine.engine.notes import Note, Share, Units
from promoengine.engine.state import State

Kind = tuple[int, int, int, int]
"""`(effect, -before, after, -base)`: units that an effect took from one price to another. Kinds sort into the order of
a quote: by effect, the dearest first, the greatest discount first.
"""

Pieces = dict[Kind, int]
"""How many units of a line are of each kind."""


class Unfolded:
    """The units and the pieces of every line, by rank; and which effects may have taken something off them."""

    __slots__ = ("effects", "pieces", "units")

    def __init__(self, state: State) -> None:
        asked = [not noted for noted in state.only_noted()]
        self.units: list[Units] = [[(line.quantity, line.list_minor)] for line in state.lines]
        self.pieces: list[Pieces] = [{} for _ in state.lines]
        for note in state.notes:
            if isinstance(note, Share):
                self._share(note, asked)
            else:
                self._carry_out(note, [rank for rank in note.taken if not asked[rank]])
        if True in asked:
            self._read_runs(state, asked)
        self.effects = {note.effect for note in state.notes}.union([each[0] for each in state.adjusted])

    def _share(self, note: Share, asked: list[bool]) -> None:
        """Carry out a share; of units that are alike, the first ones take the odd minor units."""
        effect, units, pieces = note.effect, self.units, self.pieces
        several: list[int] = []
        for rank, taken in note.taken.items():
            of = units[rank]
            if len(of) > 1 or asked[rank]:
                several.append(rank)
            elif taken:
                count, price = of[0]
                share, odd = divmod(taken, count)
                after = price - share
                if not odd:
                    units[rank] = [(count, after)]
                    pieces[rank][effect, -price, after, -price] = count
                    continue
                units[rank] = [(odd, after - 1), (count - odd, after)]
                pieces[rank][effect, -price, after - 1, -price] = odd
                if share:
                    pieces[rank][effect, -price, after, -price] = count - odd
        if several:
            self._carry_out(note, [rank for rank in several if not asked[rank]])

    def _carry_out(self, note: Note, ranks: list[int]) -> None:
        """Carry out a note on lines that were only noted."""
        effect = note.effect
        for rank in ranks:
            units, pieces, last = self.units[rank], self.pieces[rank], -1
            parts: Units = []
            for place, count, discount in note.pieces(rank, units):
                price = units[place][1]
                after = price - discount
                if discount:
                    kind = effect, -price, after, -price
                    pieces[kind] = pieces.get(kind, 0) + count
                if after == last:
                    count += parts.pop()[0]
                last = after
                parts.append((count, after))
            self.units[rank] = parts

    def _read_runs(self, state: State, asked: list[bool]) -> None:
        """Of lines whose runs were asked for: what these know."""
        for rank, was_asked in enumerate(asked):
            if was_asked:
                self.units[rank] = [(run.count, run.price) for run in state.runs_of(rank)]
        for effect, line, count, base, before, after in state.adjusted:
            kind, pieces = (effect, -before, after, -base), self.pieces[line.rank]
            pieces[kind] = pieces.get(kind, 0) + count
