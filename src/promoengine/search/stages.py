"""One stage of a choice: its units divided, the stage run, and what it comes to found legal or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from promoengine.engine.choice import Choice, Turn, turn_of
from promoengine.engine.fired import Fired
from promoengine.engine.run import Turns, run_stage
from promoengine.engine.state import State
from promoengine.errors import CartRefused
from promoengine.search.division import Division, divide, divisible
from promoengine.search.entered import Apart, Entered
from promoengine.search.influence import may_matter, need_not_be_asked
from promoengine.search.legality import barrers_of, is_shut_out, is_shut_out_on_rung, kept_by_others
from promoengine.search.members import Kept, Member, UnitKey
from promoengine.search.onlookers import looks_on
from promoengine.search.sharing import keepings
from promoengine.search.standing import Order, Standing, order_of, standing_of

MOVES_PER_NODE = 128
"""So many moves of a division (a state, and whom its unit may go to) cost about what a turn of a stage costs."""


class NodesUsedUp(Exception):
    """The search has done as much as it may."""


class Nodes:
    """How much has been searched, and how much may be."""

    __slots__ = ("_finishes", "most", "used")

    def __init__(self, most: int) -> None:
        self.most = most
        self.used = 0
        self._finishes = False

    @property
    def left(self) -> int:
        return max(0, self.most - self.used)

    def use(self, number: int = 1) -> None:
        """Count so many. Raises `NodesUsedUp` where none are left."""
        if self.used >= self.most and not self._finishes:
            raise NodesUsedUp
        self.used += number

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Where a pass that was begun is finished, though nothing is left."""
        self._finishes = True
        try:
            yield
        finally:
            self._finishes = False


@dataclass(slots=True)
class Closed:
    """A stage that has been run: the state at its end, what was kept, and who is yet to be barred by a later stage.

    `would_act` are the members left out that would have acted. Where it is `cut_off` the units are divided by the best
    way found, and another may be better.
    """

    state: State
    kept: Kept
    pending: list[Member]
    would_act: set[Turn]
    cut_off: bool = False


_Last = tuple[State, Choice, frozenset[Member], State | None]
"""From which state a stage was run, by which choice, whom it did not ask, and the state at its end."""


@dataclass(slots=True)
class Decided:
    """What is decided of a stage before it is run: from which state, who is left out and what is kept, who is asked to
    act, and who need not be asked, being barred for sure.
    """

    state: State
    stage: int
    out: set[Member]
    kept: Kept = field(default_factory=dict)
    asked: list[Member] = field(default_factory=list)
    silent: frozenset[Member] = frozenset()

    def settle(self, apart: Apart) -> None:
        """Add what was found of a family by itself."""
        self.out |= apart.out
        self.kept.update(apart.kept)
        self.asked += apart.acting
        self.silent |= apart.silent


class Stages:
    """Closes the stages of one cart, whatever is left out of them."""

    def __init__(self, turns: Turns, members: list[Member], nodes: Nodes) -> None:
        self._turns = turns
        self._members = members
        self._nodes = nodes
        self._cut_off = False
        self._last: list[_Last | None] = [None] * len(turns)
        self._of_stage: list[list[Member]] = [[] for _ in turns]
        self._involved: list[list[Member]] = [[] for _ in turns]
        for member in members:
            self._of_stage[member.stage].append(member)
            if member.is_open or member.related:
                self._involved[member.stage].append(member)
        self._entered: list[Entered | None] = [None] * len(turns)

    def enter(self, state: State, stage: int) -> Entered:
        """A stage as it begins. The last of each stage is remembered: it is looked at more than once."""
        entered = self._entered[stage]
        if entered is None or entered.state is not state:
            entered = self._entered[stage] = Entered(state, stage, self._involved[stage])
        return entered

    def close(self, decided: Decided, sharing: list[Member]) -> Closed | None:
        """A stage run as decided. Among `sharing` the units are divided for the lowest payable at the stage's end.
        None where some member that was asked to act, or of `sharing`, does not, or where the choice is not legal.
        """
        kept, asked = dict(decided.kept), decided.asked
        self._cut_off = False
        for members in components(sharing):
            if len(members) > 1:
                found = self._divide(decided, members, kept)
                if found is None:
                    return None
                kept.update(found)
                asked = [*asked, *members]
        if not self._cut_off:
            return self._closed(decided, kept, asked)
        with self._nodes.finishing():
            return self._closed(decided, kept, asked)

    def _closed(self, decided: Decided, kept: Kept, asked: list[Member]) -> Closed | None:
        after = self._run(decided, kept, asked)
        if after is None:
            return None
        would_act = {turn_of(after.bound, index, instance) for index, instance, _ in after.left_out}
        pending = self._pending(decided, after, kept, would_act)
        return None if pending is None else Closed(after, kept, pending, would_act, self._cut_off)

    def _run(self, decided: Decided, kept: Kept, asked: Iterable[Member]) -> State | None:
        """The state at the stage's end; None where one of `asked` has not acted, or what was kept was not taken."""
        after = self._after(decided, kept)
        return after if after is not None and _have_acted(after, kept, asked) else None

    def _after(self, decided: Decided, kept: Kept) -> State | None:
        """The state at the stage's end, None where it refuses the cart. The last of each stage is remembered: what
        decides a stage for itself is often run again on the way down.
        """
        stage = decided.stage
        choice = Choice(frozenset([member.turn for member in decided.out if member.stage == stage]), kept)
        last = self._last[stage]
        if last is None or last[0] is not decided.state or last[1:3] != (choice, decided.silent):
            last = decided.state, choice, decided.silent, self._pass(decided.state, stage, choice, decided.silent)
            self._last[stage] = last
        return last[3]

    def _pass(self, state: State, stage: int, choice: Choice, silent: frozenset[Member]) -> State | None:
        """A stage run without the turns of the silent; None where it refuses the cart."""
        turns = self._turns[stage]
        if silent:
            left = [member for member in self._of_stage[stage] if member not in silent]
            turns = [(index, member.instance) for member in left for index in member.effects]
            choice = Choice(choice.left_out.intersection([member.turn for member in left]), choice.kept)
        self._nodes.use(1 + len(turns))
        after = state.copy()
        try:
            run_stage(after, stage, turns, choice)
        except CartRefused:
            return None
        return after

    @property
    def nodes_left(self) -> int:
        """How many nodes may still be used."""
        return self._nodes.left

    def use(self, nodes: int) -> None:
        """Count nodes that were used elsewhere."""
        self._nodes.used += nodes

    # -- dividing -------------------------------------------------------------------------------

    def _divide(self, decided: Decided, members: list[Member], kept: Kept) -> Kept | None:
        """How the members divide their units. Only those that matter to them, or they to those, take their turns."""
        entered = self.enter(decided.state, decided.stage)
        circle = self._circle(entered, members, decided.out)
        kept = {member.turn: kept[member.turn] for member in circle if member.turn in kept}
        out = decided.out.intersection(circle)
        key = tuple(members), tuple(circle), frozenset(out), repr(sorted(kept.items()))
        if key in entered.divided:
            return entered.divided[key]
        silent = frozenset(self._of_stage[decided.stage]).difference(circle)
        inner = Decided(decided.state, decided.stage, out, kept, silent=silent)
        if self.stands_alone(entered, members, decided.out) and divisible(entered.begun, members):
            found = self._counted(entered, inner, members)
        else:
            found = self._tried(entered, inner, members)
        if not self._cut_off:
            entered.divided[key] = found
        return found

    def _circle(self, entered: Entered, members: list[Member], out: set[Member]) -> list[Member]:
        """The members of a stage that may make a difference to these, or these to them, in the total order."""
        left = [member for member in self._of_stage[entered.stage] if member not in members]
        left = [
            member
            for member in left
            if not need_not_be_asked(member) or (member not in out and entered.could_act(member))
        ]
        circle = [*members]
        floors = entered.begun.floors
        if floors is not None and floors.goods_minor:
            circle += left
        for one in circle:  # which grows
            met = [other for other in left if other not in circle and _may_meet(entered, one, other)]
            circle += met
        return sorted(circle, key=lambda member: member.order)

    def _counted(self, entered: Entered, decided: Decided, members: list[Member]) -> Kept | None:
        """By counting; by trying, where not all of them act so."""
        division = self.count(entered.begun, members, all_act=True)
        if division.given is None:
            if division.cut_off:
                raise NodesUsedUp
            return None
        found = kept_of_given(members, division.given)
        if division.cut_off:
            self._cut_off = True
            return found
        if self._tries(decided, members, found) is not None:
            return found
        return self._tried(entered, decided, members)

    def _tries(self, decided: Decided, members: list[Member], found: Kept) -> State | None:
        """The stage's end under a division; None where some member does not act."""
        kept = {**decided.kept, **found}
        choice = Choice(frozenset([member.turn for member in decided.out]), kept)
        after = self._pass(decided.state, decided.stage, choice, decided.silent)
        return after if after is not None and _have_acted(after, kept, members) else None

    def count(self, begun: State, members: list[Member], *, all_act: bool) -> Division:
        """Who is given what, by counting."""
        division = divide(begun, members, all_act=all_act, max_nodes=self._nodes.left * MOVES_PER_NODE)
        if division.nodes:
            self._nodes.use(1 + division.nodes // MOVES_PER_NODE)
        return division

    def stands_alone(self, entered: Entered, members: list[Member], out: set[Member]) -> bool:
        """Whether nobody else in the stage wants any of their units, or looks at what becomes of them."""
        lines = 0
        for member in members:
            lines |= member.touched
        others = [other for other in self._of_stage[entered.stage] if other not in out and other not in members]
        return not any(
            [
                ((other.claims and other.touched & lines) or looks_on(other, members, lines))
                and entered.could_act(other)
                for other in others
            ]
        )

    def _tried(self, entered: Entered, decided: Decided, members: list[Member]) -> Kept | None:
        """By running the stage with every division."""
        best: tuple[Standing, Order, Kept] | None = None
        for found in keepings(entered.begun, members):
            try:
                after = self._tries(decided, members, found)
            except NodesUsedUp:
                self._cut_off = True
                break
            if after is None:
                continue
            standing = standing_of(after, self._members)
            if best is not None and standing > best[0]:
                continue
            order = order_of(after, self._members)
            if best is None or (standing, order) < best[:2]:
                best = standing, order, found
        if best is None and self._cut_off:
            raise NodesUsedUp
        return None if best is None else best[2]

    # -- legality -------------------------------------------------------------------------------

    def _pending(self, decided: Decided, after: State, kept: Kept, would_act: set[Turn]) -> list[Member] | None:
        """Those left out that only a later stage can bar; None where someone is left out whom nothing can bar."""
        stage, out = decided.stage, decided.out
        pending: list[Member] = []
        for member in self._of_stage[stage]:
            if member not in out or member.optional or member.turn not in would_act:
                continue
            if self._is_barred(decided, after, member, kept):
                continue
            if not any([rival.stage > stage and rival not in out for rival in member.rivals]):
                return None
            pending.append(member)
        return pending

    def _is_barred(self, decided: Decided, after: State, member: Member, kept: Kept) -> bool:
        barrers = barrers_of(after, self._members, member)
        if is_shut_out(after, member, barrers):
            return True
        theirs, any_left = kept_by_others(after, member, barrers)
        if theirs and not any_left:
            return True
        theirs, _ = kept_by_others(after, member, [each for each in barrers if each.order > member.order])
        stage, others = decided.stage, decided.out - {member}
        left_out = frozenset([each.turn for each in others if each.stage == stage])
        again = self._pass(decided.state, stage, Choice(left_out, {**kept, member.turn: theirs}), decided.silent)
        if again is None or member.turn not in {turn for turn, _ in again.acts}:
            return again is not None
        fired = again.held.get((member.rule.index, member.instance.key, member.instance.use))
        return isinstance(fired, Fired) and is_shut_out_on_rung(after, member, barrers, fired.tier)


def _may_meet(entered: Entered, one: Member, other: Member) -> bool:
    first, second = (one, other) if one.order < other.order else (other, one)
    return may_matter(entered.begun.basket, first, second)


def _have_acted(after: State, kept: Kept, asked: Iterable[Member]) -> bool:
    """Whether those asked have acted, and what was kept was taken."""
    acted = {turn for turn, _ in after.acts}
    return all([member.turn in acted for member in asked]) and _is_taken(after, kept)


def kept_of_given(members: list[Member], given: list[dict[UnitKey, int]]) -> Kept:
    """What is kept from each member: what those after it are given."""
    kept: Kept = {}
    later: dict[UnitKey, int] = {}
    for member, own in zip(reversed(members), reversed(given), strict=True):
        if later:
            kept[member.turn] = dict(later)
        for key, count in own.items():
            later[key] = later.get(key, 0) + count
    return kept


def _is_taken(after: State, kept: Kept) -> bool:
    """Whether what was kept from each member was claimed by later ones of its number."""
    rules = after.bound.plan.promotions
    order = {turn: position for position, (turn, _) in enumerate(after.acts)}
    for turn, units in kept.items():
        taken: dict[UnitKey, int] = {}
        for other, claimed in after.acts[order.get(turn, 0) :]:
            if other != turn and rules[other[0]].priority == rules[turn[0]].priority:
                for _, rank, origin, count in claimed:
                    taken[rank, origin] = taken.get((rank, origin), 0) + count
        if any([taken.get(key, 0) < count for key, count in units.items()]):
            return False
    return True


def components(members: list[Member]) -> list[list[Member]]:
    """The members parted so that no two parts contest a unit; each part in the total order."""
    return _parted(members, contests=True)


def families(members: list[Member]) -> list[list[Member]]:
    """The members parted so that no two parts are in each other's way."""
    return _parted(members, contests=False)


def _parted(members: list[Member], *, contests: bool) -> list[list[Member]]:
    found: list[list[Member]] = []
    left = {member.turn: member for member in members}
    for member in members:
        if member.turn not in left:
            continue
        part, reach = [], [member]
        del left[member.turn]
        while reach:
            each = reach.pop()
            part.append(each)
            for other in each.contests if contests else each.related:
                if other.turn in left:
                    reach.append(left.pop(other.turn))
        found.append(sorted(part, key=lambda one: one.order))
    return found
