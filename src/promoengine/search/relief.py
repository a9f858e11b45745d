"""The bound: how cheap the cart can become at best from where a pass stands.

**What it must be.** Never above what any legal continuation comes to; so a branch whose bound is above the best price
found needs no visit, and the difference of both is a true gap. It need not be reachable.

**How it is made.** Every run of units starts with what it costs now. Stage after stage each member that is not left
out takes the most that it may take, with exclusions and floors forgotten:

- A percentage, a unit price, an amount per unit lowers each run of units that it touches. In a stage that does not
  stack no unit is had by two promotions, so there a run falls to the lowest that one promotion makes; the benefits and
  the codes of one promotion follow each other.
- What is one amount over several units (an amount once or per line, a set's price, points) is a *debt*: somewhere on
  its lines so much comes off, and nobody needs to know where. At the end the debts come off the sum.
- A percentage lowers a debt that an earlier stage left on its lines as it lowers the lines themselves: 10 % off after
  50 off takes 45 less than before, not 50. Written out: if every real line costs at least y - d, then after p % at
  least (1 - p) y - (1 - p) d, less what rounding may add.
- A trigger that cannot be reached even at the prices of now, which only fall, fires nothing.

Prices are measured at most as they are now, so every amount that multiplies (every 300, minus 50) is bounded too.
All figures are ints, rounded towards the shopper.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Basket, Run
from promoengine.engine.state import State
from promoengine.records import dataclass
from promoengine.search.members import Member
from promoengine.search.most import Most


@dataclass(slots=True)
class _Debt:
    """So much comes off somewhere on these lines."""

    mask: int
    amount_minor: int


@dataclass(slots=True)
class _Units:
    """The units of one run, and what they cost at least together, but for the debts.

    `slope` is how that falls with what they cost before the stage: a fraction; 1 unless a percentage made it; None
    where nobody touched them.
    """

    rank: int
    run: Run
    least: int
    slope: tuple[int, int] | None = None

    def fall(self, least: int, slope: tuple[int, int]) -> None:
        """Let the units fall further."""
        before = self.slope or (1, 1)
        self.least = max(0, least)
        self.slope = before[0] * slope[0], before[1] * slope[1]

    def meet(self, other: _Units) -> None:
        """Of two ways in which the units may fall, the lower price and the flatter slope: neither way is below that."""
        self.least = min(self.least, other.least)
        if other.slope is not None:
            self.slope = other.slope if self.slope is None else flatter(self.slope, other.slope)


class Bound:
    """Bounds of one cart: `least` answers for any state of its pass and any members left out."""

    def __init__(self, basket: Basket, members: list[Member]) -> None:
        self._basket = basket
        self._by_stage: dict[int, list[Member]] = {}
        self._seen: dict[int, _Seen] = {}
        for member in members:
            if not all([isinstance(action, (plan.Gift, plan.Grant)) for action in member.actions]):
                self._by_stage.setdefault(member.stage, []).append(member)

    def least(self, state: State, stage: int, out: frozenset[Member] | set[Member]) -> int:
        """The least that the cart can come to, in minor units, when `state` stands before `stage`."""
        seen = self._seen.get(stage)
        if seen is None or seen.most.state is not state:
            seen = self._seen[stage] = _Seen(Most(state, self._basket))
        falling = seen.falling
        debts: list[_Debt] = []
        known: dict[tuple[Member, ...], _Alone] | None = seen.alone
        for later in sorted(self._by_stage):
            if later >= stage:
                members = [member for member in self._by_stage[later] if member not in out]
                stacks = state.bound.plan.stages[later].stacks
                falling = _pass_stage(seen.most, falling, debts, members, known, stacks=stacks)
                known = None
        return max(0, sum([units.least for units in falling]) - sum([_within(debt, falling) for debt in debts]))


@dataclass(slots=True)
class _Alone:
    """What one promotion makes of the units: those that it lets fall, by place; and its debts."""

    fallen: list[tuple[int, _Units]]
    debts: list[_Debt]


class _Seen:
    """What is the same in every bound from one state: what the units cost, and what each promotion of the first stage
    makes of them.
    """

    __slots__ = ("alone", "falling", "most")

    def __init__(self, most: Most) -> None:
        runs = enumerate(most.state.runs)
        self.most = most
        self.falling = [_Units(rank, run, run.price * run.count) for rank, of_line in runs for run in of_line]
        self.alone: dict[tuple[Member, ...], _Alone] = {}


def _pass_stage(
    most: Most,
    falling: list[_Units],
    debts: list[_Debt],
    members: list[Member],
    known: dict[tuple[Member, ...], _Alone] | None,
    *,
    stacks: bool,
) -> list[_Units]:
    """The units after a stage. Its debts are added; those of earlier stages shrink with their lines. `known` is what
    promotions were found to make of just these units.
    """
    lowest: list[_Units] = []
    new: list[_Debt] = []
    for group in _groups(members, stacks=stacks):
        if stacks or not group[0].claims:
            lowest = lowest or _anew(falling)
            _take_all(most, lowest, new, group)
            continue
        alone = None if known is None else known.get(tuple(group))
        if alone is None:
            alone = _alone(most, falling, group)
            if known is not None:
                known[tuple(group)] = alone
        if alone.fallen:
            lowest = lowest or _anew(falling)
            for place, fallen in alone.fallen:
                lowest[place].meet(fallen)
        new += [_Debt(debt.mask, debt.amount_minor) for debt in alone.debts]
    if lowest:  # else nobody let any unit fall
        for debt in debts:
            _shrink(debt, lowest)
    debts += new
    return lowest or falling


def _anew(falling: list[_Units]) -> list[_Units]:
    """The same units as a stage begins."""
    return [_Units(each.rank, each.run, each.least) for each in falling]


def _alone(most: Most, falling: list[_Units], group: list[Member]) -> _Alone:
    debts: list[_Debt] = []
    lets_fall = any([amount is None for member in group for *_, amount in most.actions(member)])
    units = _anew(falling) if lets_fall else []
    _take_all(most, units, debts, group)
    return _Alone([(place, each) for place, each in enumerate(units) if each.slope is not None], debts)


def _groups(members: list[Member], *, stacks: bool) -> list[list[Member]]:
    """Members that may follow each other on one unit: those of one promotion, and where a stage stacks all. The free
    ones come last, on top of whatever the others made.
    """
    if stacks:
        return [members]
    found: dict[int, list[Member]] = {}
    for member in members:
        if member.claims:
            found.setdefault(member.rule.index, []).append(member)
    free = [member for member in members if not member.claims]
    return [*found.values(), free] if free else [*found.values()]


def _take_all(most: Most, falling: list[_Units], debts: list[_Debt], members: list[Member]) -> None:
    """Let the members, one after the other, take the most that each can: of each run, or as debts."""
    for member in members:
        before = [each.least for each in falling]
        slopes = [each.slope for each in falling]
        found = _take(most, falling, member)
        limit = most.limit(member)
        taken = sum(before) - sum([each.least for each in falling]) + sum([debt.amount_minor for debt in found])
        if limit is not None and limit < taken:
            mask = 0
            for each, least, slope in zip(falling, before, slopes, strict=True):
                mask |= (each.least < least) << each.rank
                each.least, each.slope = least, slope
            for debt in found:
                mask |= debt.mask
            found = [_Debt(mask, limit)]
        debts += found


def _take(most: Most, falling: list[_Units], member: Member) -> list[_Debt]:
    """Let one member take the most that it can, its limits forgotten. Of the rungs of a ladder one acts alone."""
    debts: list[_Debt] = []
    start: list[_Units] = []
    for action, mask, times, amount in most.actions(member):
        if amount is not None:
            debts.append(_Debt(mask, amount))
            continue
        start = start or [_Units(each.rank, each.run, each.least, each.slope) for each in falling]
        for each, known in zip(start, falling, strict=True):
            if mask >> each.rank & 1:
                alone = _Units(each.rank, each.run, each.least, each.slope)
                alone.fall(*most.least_of(action, each.run, each.rank, each.least, times))
                known.meet(alone)
    if len(debts) > 1 and len(member.effects) > 1:
        return [max(debts, key=lambda debt: debt.amount_minor)] if _same_lines(debts) else debts
    return debts


def _same_lines(debts: list[_Debt]) -> bool:
    return len({debt.mask for debt in debts}) == 1


def _shrink(debt: _Debt, lowest: list[_Units]) -> None:
    """A debt shrinks where every line of it is lowered by a percentage."""
    slope: tuple[int, int] | None = None
    for each in lowest:
        if debt.mask >> each.rank & 1:
            slope = flatter(slope or each.slope or (1, 1), each.slope or (1, 1))
    if slope is not None:
        debt.amount_minor = -(-debt.amount_minor * slope[0] // slope[1])


def _within(debt: _Debt, falling: list[_Units]) -> int:
    """What of a debt its lines can bear."""
    return min(debt.amount_minor, sum([each.least for each in falling if debt.mask >> each.rank & 1]))


def flatter(first: tuple[int, int], second: tuple[int, int]) -> tuple[int, int]:
    """The fraction by which less comes off a debt: the greater of two."""
    return first if first[0] * second[1] >= second[0] * first[1] else second
