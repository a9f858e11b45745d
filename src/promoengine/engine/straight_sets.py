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
from promoengine.allocation import allocate_lines, allocate_units
from promoengine.engine.basket import Line, Portion, Run
from promoengine.engine.splits import Touched, split_runs
from promoengine.engine.state import State
from promoengine.engine.straight import Straight


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

    __slots__ = ("_base", "_index", "_state", "amount_minor", "found", "number", "touched", "unused_minor")

    def __init__(self, state: State, index: int, straight: Straight, portions: list[Portion]) -> None:
        """`portions` are the units that the promotion is given, in unit order. `found` is false where the general way
        has to tell.
        """
        self._state, self._index = state, index
        self._base = straight.bases[0]
        self.touched: list[Touched] = []
        self.amount_minor = self.unused_minor = 0
        units = sum([portion[5] for portion in portions])
        self.number = min(units // straight.quantity, straight.most_sets)
        if not self.number:
            self.found = False
        elif straight.set_price_minor is None:
            self.found = self._off_units(straight, portions)
        else:
            self._off_sets(straight.quantity, straight.set_price_minor, portions)
            self.found = self.number > 0

    # -- a figure off picked units ----------------------------------------------------------------

    def _off_units(self, straight: Straight, portions: list[Portion]) -> bool:
        size, sets, pick = straight.quantity, self.number, straight.pick
        discount_of, face, running = straight.discounts[0], straight.faces[0], self._base == "running"
        left, place, before = sets * size, 0, 0
        for _, _, _, line, run, count in portions:
            claimed = count if count < left else left
            left -= claimed
            place += claimed
            after = rewarded_before(place, size, sets, pick)
            rewarded = after - before
            before = after
            changed = {}
            if rewarded:
                base = run.price if running else self._state.base_of(line, run, self._base)
                discount = discount_of(run.price, base, 1)
                if not discount:
                    return False
                changed[discount] = rewarded
                self.amount_minor += discount * rewarded
                if face:
                    self.unused_minor += (face - discount) * rewarded
            self.touched.append(Touched(line, run, changed, claimed))
            if not left:
                break
        return before > 0

    # -- a price for the set ----------------------------------------------------------------------

    def _off_sets(self, size: int, price_minor: int, portions: list[Portion]) -> None:
        """Set after set, alike ones at once, as long as they cost more than the price."""
        lefts = [portion[5] for portion in portions]
        touched: dict[int, Touched] = {}
        wanted, self.number = self.number, 0
        first = 0
        while self.number < wanted:
            while not lefts[first]:
                first += 1
            takes = _next_set(lefts, first, size)
            off = sum([-portions[position][0] * count for position, count in takes]) - price_minor
            if off <= 0:
                break
            times = min([lefts[position] // count for position, count in takes] + [wanted - self.number])
            if len(takes) > 1:
                times = 1
            for position, count in takes:
                lefts[position] -= count * times
                _of(touched, portions, position).claimed += count * times
            for position, count, discount in _shared(portions, takes, off):
                changed = touched[position].changed
                changed[discount] = changed.get(discount, 0) + count * times
            self.amount_minor += off * times
            self.number += times
        self.touched = [touched[position] for position in sorted(touched)]

    # -- what becomes of the units ----------------------------------------------------------------

    def claimed(self) -> list[tuple[Line, Run, int]]:
        """All units of the sets, in unit order."""
        return [(each.line, each.run, each.claimed) for each in self.touched]

    def carry_out(self, promotion: int) -> None:
        """Change prices, and claim the units of the sets."""
        state, index = self._state, self._index
        for each in self.touched:
            price = each.run.price
            for discount, count in each.changed.items():
                base = price if self._base == "running" else state.base_of(each.line, each.run, self._base)
                state.adjusted.append((index, each.line, count, base, price, price - discount))
                state.payable[each.line.rank] -= discount * count
        split_runs(state, promotion, state.bound.plan.effects[index].stage, True, self.touched)


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


def _of(touched: dict[int, Touched], portions: list[Portion], position: int) -> Touched:
    found = touched.get(position)
    if found is None:
        found = touched[position] = Touched(portions[position][3], portions[position][4], {}, 0)
    return found


def _shared(portions: list[Portion], takes: list[tuple[int, int]], off: int) -> list[tuple[int, int, int]]:
    """`(position, count, discount)`: what a set costs less, shared over its lines by price, then within each."""
    lines: dict[int, list[tuple[int, int]]] = {}
    for take in takes:
        lines.setdefault(portions[take[0]][1], []).append(take)
    ranks = sorted(lines)
    costs = [sum([-portions[position][0] * count for position, count in lines[rank]]) for rank in ranks]
    found = []
    for rank, share in zip(ranks, allocate_lines(off, costs, costs), strict=True):
        takes = lines[rank]
        if len(takes) == 1:
            position, count = takes[0]
            discount, odd = divmod(share, count)
            found += [(position, odd, discount + 1), (position, count - odd, discount)]
            continue
        prices = [-portions[position][0] for position, _ in takes]
        units = [(count, price, price) for (_, count), price in zip(takes, prices, strict=True)]
        for (position, _), pieces in zip(takes, allocate_units(share, units), strict=True):
            found += [(position, count, discount) for count, discount in pieces]
    return [each for each in found if each[1] and each[2]]
