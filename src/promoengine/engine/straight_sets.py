"""Sets of a straight promotion: any N units, with a figure off the picked units of each set, or a price for it.

**Which units are rewarded.** Sets are formed in unit order, so the j-th set of n holds the units (j - 1) * n up to
j * n of that order, and whether a unit is rewarded is settled by its place modulo n: "the cheapest of three" are the
places 2, 5, 8. How many of the first x units are rewarded is then a formula (`rewarded_before`), and a run of 6,000
pieces costs as much as a run of one: the formula at its end less the formula at its beginning.

**Where that is not all.** A set that saves nothing is dissolved, which moves all later ones. As long as each rewarded
unit is lowered, no set is; where one is not, the turn is left to the general way. With a price for the set, sets only
get cheaper, so the first that saves nothing is the end.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.allocation import allocate_lines, share_by_left
from promoengine.engine.basket import Line, Run
from promoengine.engine.notes import Split
from promoengine.engine.splits import Touched, split_runs
from promoengine.engine.state import Row, State
from promoengine.engine.straight import Straight

Touch = tuple[dict[int, int], int]
_UNTOUCHED: tuple[None, int] = (None, 0)


def rewarded_before(place: int, size: int, sets: int, pick: plan.Pick | None) -> int:
    """How many of the first `place` units of the order are rewarded, where so many sets of a size are formed."""
    place = min(place, sets * size)
    if pick is None:
        return place
    full, rest = divmod(place, size)
    if pick.kind == "nth":
        return full + (rest >= pick.number) if pick.number <= size else 0
    number = min(pick.number, size)
    if pick.kind == "cheapest":
        return full * number + max(0, rest - (size - number))
    return full * number + min(rest, number)


class StraightSets:
    """The sets of one turn: how many, what they come to, and whose units they are. Nothing is changed before
    `carry_out`.
    """

    __slots__ = ("_base", "_index", "_rows", "_state", "amount_minor", "found", "number", "touched", "unused_minor")

    def __init__(self, state: State, index: int, straight: Straight, rows: list[Row]) -> None:
        """`rows` are the units that the promotion is given, in unit order. `found` is false where the general way has
        to tell.
        """
        self._state, self._index, self._rows = state, index, rows
        self._base = straight.bases[0]
        self.touched: dict[int, Touch] = {}
        """By the position of a row: how many of its units go down by how much, and how many are claimed in all."""
        self.amount_minor = self.unused_minor = 0
        self.number = min(sum([row[4] for row in rows]) // straight.quantity, straight.most_sets)
        if not self.number:
            self.found = False
        elif straight.set_price_minor is None:
            self.found = self._off_units(straight)
        else:
            self._off_sets(straight.quantity, straight.set_price_minor)
            self.found = self.number > 0

    # -- a figure off picked units ----------------------------------------------------------------

    def _off_units(self, straight: Straight) -> bool:
        size, sets, pick = straight.quantity, self.number, straight.pick
        discount_of, face, running = straight.discounts[0], straight.faces[0], self._base == "running"
        left, place, before, amount = sets * size, 0, 0, 0
        for position, (minus_price, rank, _, run, count) in enumerate(self._rows):
            claimed = count if count < left else left
            left -= claimed
            place += claimed
            after = rewarded_before(place, size, sets, pick)
            rewarded = after - before
            if rewarded:
                price = base = -minus_price
                if not running:
                    base = self._state.base_of_row(rank, run, self._base)
                discount = discount_of(price, base, 1)
                if not discount:
                    return False
                self.touched[position] = {discount: rewarded}, claimed
                amount += discount * rewarded
                if face:
                    self.unused_minor += (face - discount) * rewarded
            else:
                self.touched[position] = {}, claimed
            if not left:
                break
            before = after
        self.amount_minor = amount
        return amount > 0

    # -- a price for the set ----------------------------------------------------------------------

    def _off_sets(self, size: int, price_minor: int) -> None:
        """Set after set, alike ones at once, as long as they cost more than the price."""
        rows, touched = self._rows, self.touched
        lefts = [row[4] for row in rows]
        wanted, self.number = self.number, 0
        first = 0
        while self.number < wanted:
            while not lefts[first]:
                first += 1
            takes = _next_set(lefts, first, size)
            off = sum([-rows[position][0] * count for position, count in takes]) - price_minor
            if off <= 0:
                break
            times = min(lefts[first] // size, wanted - self.number) if len(takes) == 1 else 1
            for position, count in takes:
                lefts[position] -= count * times
                changed, claimed = touched.get(position, _UNTOUCHED)
                touched[position] = changed or {}, claimed + count * times
            for position, count, discount in _shared(rows, takes, off):
                changed = touched[position][0]
                changed[discount] = changed.get(discount, 0) + count * times
            self.amount_minor += off * times
            self.number += times

    # -- what becomes of the units ----------------------------------------------------------------

    def claimed(self) -> list[tuple[Line, Run, int]]:
        """All units of the sets, in unit order, as runs."""
        state = self._state
        found = []
        for position, (_, claimed) in self.touched.items():
            _, rank, place, run, _ = self._rows[position]
            found.append((state.lines[rank], run or state.runs_of(rank)[place], claimed))
        return found

    def carry_out(self, promotion: int) -> None:
        """Change prices, and claim the units of the sets."""
        state, index = self._state, self._index
        stage, claims = state.clock.stage, not state.stage.stacks
        whole: dict[int, Touch] = {}
        parts: list[Touched] = []
        for position, touch in self.touched.items():
            minus_price, rank, _, run, _ = self._rows[position]
            for discount, count in touch[0].items():
                state.payable[rank] -= discount * count
            if run is None:
                whole[rank] = touch
                if claims:
                    state.claimed_lines |= 1 << rank
                continue
            line = state.lines[rank]
            base = state.base_of(line, run, self._base)
            for discount, count in touch[0].items():
                state.adjusted.append((index, line, count, base, -minus_price, -minus_price - discount))
            parts.append(Touched(line, run, *touch))
        if whole:
            state.notes.append(Split(stage, index, promotion, whole, claims, self._base))
        split_runs(state, promotion, stage, True, parts)


def _next_set(lefts: list[int], first: int, size: int) -> list[tuple[int, int]]:
    """`(position, count)` of the units of the next set."""
    takes = []
    for position in range(first, len(lefts)):
        count = min(lefts[position], size)
        if count:
            takes.append((position, count))
            size -= count
            if not size:
                break
    return takes


def _shared(rows: list[Row], takes: list[tuple[int, int]], off: int) -> list[tuple[int, int, int]]:
    """`(position, count, discount)`: what a set costs less, shared over its lines by price, then within each."""
    lines: dict[int, list[tuple[int, int]]] = {}
    for take in takes:
        lines.setdefault(rows[take[0]][1], []).append(take)
    ranks = sorted(lines)
    costs = [sum([-rows[position][0] * count for position, count in lines[rank]]) for rank in ranks]
    found = []
    for rank, share in zip(ranks, allocate_lines(off, costs, costs), strict=True):
        takes = lines[rank]
        units = [(count, -rows[position][0]) for position, count in takes]
        found += [
            (takes[place][0], count, discount) for place, count, discount in share_by_left(share, units) if discount
        ]
    return found
