"""Notes: what effects did to the units of whole lines, to be carried out when somebody asks for these units.

A note knows how it falls on units that are given as `(count, price)`. So what a line's runs become (`State.runs_of`)
and what a quote says of its units (`unfold`) are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from promoengine import plan
from promoengine.allocation import share_by_left

Units = list[tuple[int, int]]
"""`(count, price)`: so many units of a line at this price, in order."""

Pieces = list[tuple[int, int, int]]
"""`(place, count, discount)`: of the units at a place in a list of them, so many go down by so much; places ascend."""


@dataclass(slots=True)
class Share:
    """What an effect took off whole lines: by rank, in minor units. `claims`: whether it claims these units; `spreads`:
    whether they are the items of a spread.
    """

    stage: int
    effect: int
    promotion: int
    taken: dict[int, int]
    claims: bool
    spreads: bool

    @property
    def base(self) -> plan.UnitBase:
        """What its figure was taken of: what the lines cost."""
        return "running"

    def pieces(self, rank: int, units: Units) -> Pieces:
        """How it falls on the units of a line: by their prices, odd minor units to the largest remainders."""
        return share_by_left(self.taken[rank], units)

    def spares(self, rank: int, units: Units) -> bool:
        """Whether it does not hold the last piece: no, it holds the whole line."""
        return False


@dataclass(slots=True)
class Split:
    """What an effect did to some units of lines that were all alike: by rank, how many go down by how much (each
    discount above 0), and how many it claims in all. `base` is what its figure was taken of.
    """

    stage: int
    effect: int
    promotion: int
    taken: dict[int, tuple[dict[int, int], int]]
    claims: bool
    base: plan.UnitBase

    @property
    def spreads(self) -> bool:
        """Whether these units are the items of a spread: never."""
        return False

    def pieces(self, rank: int, units: Units) -> Pieces:
        """How it falls on the units of a line: the greatest discount first; those only claimed; the rest."""
        ((count, _),) = units
        changed, claimed = self.taken[rank]
        found = [(0, changed[discount], discount) for discount in sorted(changed, reverse=True)]
        found += [(0, claimed - sum(changed.values()), 0), (0, count - claimed, 0)]
        return [each for each in found if each[1]]

    def spares(self, rank: int, units: Units) -> bool:
        """Whether it does not hold the last piece, which is then the rest that it has not claimed."""
        return self.taken[rank][1] < units[0][0]


Note = Share | Split
