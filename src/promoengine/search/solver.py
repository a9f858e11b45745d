"""The search: the best legal choice, proved, or the best found with a true bound on the gap.

**The problem** (semantics 5). Members of one stage and number that want the same units, belong to one group or exclude
each other cannot all act; members that need not act may do harm. Which of them act, and who is given which unit, is
chosen so that the whole cart costs the least, all later stages included.

**Two worked cases.** A coupon of a shop takes 20 off 310 and so pulls the cart below the platform's 300 minus 50:
290 with it, 260 without it. The best choice leaves the coupon alone, and only the last stage can tell. And 20, 20,
15, 5 under two pair deals of one number: the first alone would take both pairs (-12.50, 47.50); 46.00 comes of giving
each one pair, and only a division of the units can tell.

**The method.** Most of a cart conflicts with nothing and is not searched: it acts at its turn, as in the plain pass.
For the rest, stage after stage:

1. *What stands apart is solved apart.* A component of members whose lines nothing later reads is decided by itself:
   `whole` where they have all of their units or none, `division` where units are shared out one by one.
2. *The others are branched upon*, in the total order, in before out. When all of a stage are decided its units are
   divided for the lowest payable at its end (by `division`, or by trying where units cannot be counted), and the
   stage is run, by the very code that prices: there is no second model of a promotion to be wrong.
3. *Who is kept out is not asked.* A member that is sure to act once it is in keeps out all that it excludes, so these
   are neither branched upon nor counted in the bound.
4. *A branch is cut* where `relief` says that it cannot come below the best found, or cannot come before it in a tie.

The first incumbents are the in-order pass and the pass that decides each stage for itself; mostly one of them is
the best, and the search is the proof. One in which units are shared otherwise than for the lowest payable at their
stage's end is no choice that is compared: it is kept for the case that nothing is proved.

**Why the bound is valid** is said in `relief`: it lets each member that is not left out take the most it can, with all
that restrains it forgotten, from prices that are exact as the stage begins.

**Bounded, deterministic.** What is counted is nodes (bounds asked, turns of stages run, states of divisions), never
time. Where the count is used up, every branch not visited has its bound taken into the gap.

**Not done.** No linear program: general solvers took 47 ms and more where counting takes two. No memory of states
across branches: prices rarely come out alike. No reordering of branches: the total order finds ties in the right order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from promoengine.engine.basket import Basket
from promoengine.engine.bound import BoundPlan
from promoengine.engine.choice import IN_ORDER, Choice
from promoengine.engine.clock import Clock
from promoengine.engine.gather import Candidate
from promoengine.engine.run import Turns, conclude, run, turns_of
from promoengine.engine.state import State
from promoengine.errors import CartRefused
from promoengine.plan import UNLIMITED
from promoengine.search.apart import best_apart
from promoengine.search.entered import Apart, Entered
from promoengine.search.legality import barrers_of, is_shut_out, stands_or_falls
from promoengine.search.members import Kept, Member, members_of
from promoengine.search.relief import Bound
from promoengine.search.settled import each_is_worth_having, nobody_competes
from promoengine.search.stages import Closed, Decided, Nodes, NodesUsedUp, Stages, families
from promoengine.search.standing import Standing, gives, gives_value, may_give_more, order_of, standing_of


@dataclass(frozen=True, slots=True)
class Solution:
    """The choice, and how far it is proved. `gap_minor` bounds by how much any legal choice could be cheaper.

    `competing` are the promotions about which legal choices may differ. `found` is false where no legal choice has
    every member that was asked for. `members` are those among whom was chosen; none where nothing was to be chosen.
    """

    choice: Choice
    status: Literal["proven", "limit"]
    nodes: int
    gap_minor: int
    competing: frozenset[int] = frozenset()
    found: bool = True
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A legal choice: how it stands among others, and the end of its pass."""

    standing: Standing
    state: State
    choice: Choice

    @property
    def payable(self) -> int:
        return self.standing[0]


@dataclass(slots=True)
class _Path:
    """What has been decided on the way down: who is out, what is kept, and who is yet to be barred."""

    out: set[Member] = field(default_factory=set)
    kept: Kept = field(default_factory=dict)
    pending: list[Member] = field(default_factory=list)

    def after(self, closed: Closed) -> _Path:
        """The way on from the end of a stage."""
        return _Path(set(self.out), {**self.kept, **closed.kept}, [*self.pending, *closed.pending])


def solve(
    bound: BoundPlan, basket: Basket, clock: Clock, candidates: dict[int, Candidate], max_nodes: int
) -> tuple[Solution, State]:
    """The best legal choice, and the pass that it makes, which need not say why others do not act. The plain in-order
    pass is legal, and so the first to beat.

    Raises `CartRefused` where the in-order pass does.
    """
    if nobody_competes(candidates):
        state = run(bound, basket, clock, candidates, compares=False)
        if each_is_worth_having(bound, state, candidates):
            return Solution(IN_ORDER, "proven", 0, 0), state
    search = _Search(bound, basket, clock, turns_of(bound, candidates), max_nodes)
    if not search.open_stages:
        return Solution(IN_ORDER, "proven", 0, 0), run(bound, basket, clock, candidates)
    entries: dict[int, State] = {}
    in_order = run(bound, basket, clock, candidates, noted=search.open_stages, entries=entries, explains=False)
    search.offer_in_order(in_order)
    solution = search.run(entries)
    return solution, search.best_state


def solve_with(
    bound: BoundPlan,
    basket: Basket,
    clock: Clock,
    candidates: dict[int, Candidate],
    asked: frozenset[int],
    max_nodes: int,
) -> Solution:
    """The best legal choice that has the promotions of `asked`, and of those that need not act no others."""
    search = _Search(bound, basket, clock, turns_of(bound, candidates), max_nodes, asked)
    return search.run({0: State(bound, basket, clock, explains=False)})


class _Search:
    """One search of one cart."""

    def __init__(
        self,
        bound: BoundPlan,
        basket: Basket,
        clock: Clock,
        turns: Turns,
        max_nodes: int,
        asked: frozenset[int] | None = None,
    ) -> None:
        self._bound, self._basket, self._clock, self._turns = bound, basket, clock, turns
        self._members = members_of(bound, basket, clock, turns)
        self._open: list[list[Member]] = [[] for _ in turns]
        for member in self._members:
            if member.is_open:
                self._open[member.stage].append(member)
        self._asked = asked
        self._sure: set[Member] = set()
        self._relief = Bound(basket, self._members)
        self._givers = [member for member in self._members if gives(member)]
        self._nodes = Nodes(max_nodes)
        self._stages = Stages(turns, self._members, self._nodes)
        self._least_open: int | None = None
        self._best: _Found | None = None
        self._best_undivided: _Found | None = None
        self._best_acted: set[Member] = set()

    @property
    def best_state(self) -> State:
        """The end of the best pass found, when there is one."""
        found = self._best_found()
        assert found is not None
        return found.state

    @property
    def open_stages(self) -> list[int]:
        """The stages in which a choice could differ from the in-order pass."""
        return [stage for stage, members in enumerate(self._open) if members]

    def run(self, entries: dict[int, State]) -> Solution:
        """Search, and say how far the answer is proved. `entries` are the states in which the in-order pass enters
        the open stages.
        """
        path = _Path(out=self._not_asked())
        stage = min(entries)
        least = self._relief.least(entries[stage], stage, path.out)
        try:
            self._nodes.use()
            if self._asked is None:
                settled = self._settle(entries)
                if settled is None:
                    return self._solution()
                if settled != stage:
                    stage = settled
                    least = self._relief.least(entries[stage], stage, path.out)
                self._offer_each_stage_by_itself(entries[stage], stage)
        except NodesUsedUp:
            pass
        self._descend(entries[stage], stage, path, least)
        return self._solution()

    def _settle(self, entries: dict[int, State]) -> int | None:
        """Pass over the stages in which every open member is sure to act, so that the in-order pass is right up to
        there: the first stage that is not so; None where there is none.
        """
        for stage, entry in entries.items():
            for member in self._stages.enter(entry, stage).active:
                if not member.is_open:
                    continue
                self._nodes.use()
                if member.contests or self._best is None:
                    return stage
                if self._relief.least(entry, stage, {member}) <= self._best.payable:
                    return stage
                self._sure.add(member)
        return None

    def _solution(self) -> Solution:
        status: Literal["proven", "limit"] = "proven" if self._least_open is None else "limit"
        competing = frozenset([member.rule.index for members in self._open for member in members])
        found, members = self._best_found(), tuple(self._members)
        if found is None:
            return Solution(IN_ORDER, status, self._nodes.used, 0, competing, False, members)
        gap = 0 if self._least_open is None else max(0, found.payable - self._least_open)
        return Solution(found.choice, status, self._nodes.used, gap, competing, members=members)

    def _best_found(self) -> _Found | None:
        """The best choice. One whose units may not be divided as they should be is no answer where there is a proof."""
        if self._best is not None and self._least_open is None:
            return self._best
        return min(filter(None, [self._best, self._best_undivided]), key=lambda each: each.standing, default=None)

    def _not_asked(self) -> set[Member]:
        if self._asked is None:
            return set()
        return {member for member in self._members if member.optional and member.rule.index not in self._asked}

    # -- incumbents -----------------------------------------------------------------------------

    def offer(self, state: State, path: _Path, *, divided: bool = True) -> None:
        """A finished pass: the best so far if it is legal and better. `divided`: whether its units are divided for the
        lowest payable at the end of each stage; only choices so divided are compared.
        """
        for member in path.pending:
            if not is_shut_out(state, member, barrers_of(state, self._members, member)):
                return
        if self._asked is not None and not self._asked <= state.applied.keys():
            return
        try:
            conclude(state)
        except CartRefused:
            return
        left_out = frozenset([member.turn for member in path.out])
        kept = {turn: units for turn, units in path.kept.items() if turn not in left_out}
        found = _Found(standing_of(state, self._members), state, Choice(left_out, kept))
        if not divided:
            if self._best_undivided is None or found.standing < self._best_undivided.standing:
                self._best_undivided = found
        elif self._best is None or self._is_better(found, self._best):
            acted = {turn for turn, _ in state.acts}
            self._best_acted = {member for member in self._members if member.turn in acted}
            self._best = found

    def _is_better(self, found: _Found, best: _Found) -> bool:
        if found.standing != best.standing:
            return found.standing < best.standing
        return order_of(found.state, self._members) < order_of(best.state, self._members)

    def offer_in_order(self, state: State) -> None:
        """The plain in-order pass, whose units are divided as they should be where nobody shares any."""
        acted = {turn for turn, _ in state.acts}
        sharing = [member for member in self._members if member.turn in acted and member.contests]
        self.offer(state, _Path(), divided=not any([other in sharing for one in sharing for other in one.contests]))

    def _offer_each_stage_by_itself(self, state: State, first: int) -> None:
        """The pass that decides each stage for itself, as well as is known at once. It is finished in any case."""
        if not any([member.contests or member.rivals for members in self._open for member in members]):
            return
        self._finish(state, first, _Path(), divided=True)

    def _finish(self, state: State, first: int, path: _Path, *, divided: bool) -> None:
        """Offer the pass that goes on so that each stage from the first one on is decided for itself. `divided`:
        whether units were, up to there, as they should be.
        """
        with self._nodes.finishing():
            for stage in range(first, len(self._turns)):
                closed = self._decide_by_itself(state, stage, path.out)
                if closed is None:
                    return
                divided = divided and not closed.cut_off
                state, path = closed.state, path.after(closed)
            self.offer(state, path, divided=divided)

    def _decide_by_itself(self, state: State, stage: int, out: set[Member]) -> Closed | None:
        """A stage decided for itself; cut off where its units may not be divided as they should be."""
        decided = Decided(state, stage, out)
        divided = True
        if self._open[stage]:
            entered = self._stages.enter(state, stage)
            for family in _open_families(entered.active):
                found = self._apart_if_at_once(entered, family, out)
                if found is not None:
                    decided.settle(found)
                if found is None or found.cut_off:
                    divided = divided and not any([member.contests for member in family])
        closed = self._stages.close(decided, [])
        if closed is None:
            divided = divided and not any([member.contests for member in self._open[stage]])
            closed = self._stages.close(Decided(state, stage, decided.out, decided.kept), [])
        if closed is not None:
            closed.cut_off = not divided
        return closed

    def _apart_if_at_once(self, entered: Entered, family: list[Member], out: set[Member]) -> Apart | None:
        try:
            return self._apart(entered, family, out)
        except NodesUsedUp:
            return None

    # -- the way down ---------------------------------------------------------------------------

    def _descend(self, state: State, stage: int, path: _Path, least: int) -> None:
        """Every choice for the stages from this one on; none of them costs less than `least`."""
        if stage == len(self._turns):
            self.offer(state, path)
            return
        try:
            level = self._level(state, stage, path.out, least)
        except NodesUsedUp:
            self._leave_open(least)
            return
        if level is not None:
            self._branch(level, 0, path, frozenset(), least)

    def _level(self, state: State, stage: int, out: set[Member], least: int) -> _Level | None:
        """What is to be decided in a stage; what stands apart is decided here, and added to `out`. None where that is
        not known for sure.
        """
        level = _Level(Decided(state, stage, out), [], {})
        if not self._open[stage]:
            return level
        entered = self._stages.enter(state, stage)
        for family in _open_families([member for member in entered.active if member not in out]):
            found = None
            if self._stands_apart(entered, family, out):
                found = self._apart(entered, family, out)
            if found is None:
                level.members += family
                continue
            if found.cut_off:
                without = self._relief.least(state, stage, out.union(family))
                self._leave_open(max(least, without - found.most_minor))
                return None
            level.decided.settle(found)
        level.members.sort(key=lambda member: member.order)
        if any([member.rule.stop and member.stage <= stage for member in self._members]):
            return level
        for member in level.members:
            if stands_or_falls(entered, member, entered.active):
                later = [other for other in member.related if other.order > member.order]
                level.shuts[member] = frozenset([other for other in later if other in level.members])
        return level

    def _branch(self, level: _Level, position: int, path: _Path, shut: frozenset[Member], least: int) -> None:
        """Every choice among the members of a stage from `position` on, in before out; those of `shut` are kept out by
        one that is in.
        """
        if position == len(level.members):
            self._close(level, path, shut, least)
            return
        member = level.members[position]
        if member in shut:
            self._branch(level, position + 1, path, shut, least)
            return
        shuts = level.shuts_of(member, path.out | shut)
        self._try(level, position, path, shut | shuts, least, asks=not shuts <= shut)
        if self._may_be_out(member, path.out | shut):
            path.out.add(member)
            self._try(level, position, path, shut, least, asks=True)
            path.out.remove(member)

    def _try(
        self, level: _Level, position: int, path: _Path, shut: frozenset[Member], least: int, *, asks: bool
    ) -> None:
        """Go on behind a member that is decided, unless that is hopeless; where it `asks`, by a new bound."""
        if asks:
            try:
                self._nodes.use()
            except NodesUsedUp:
                self._leave_open(least)
                return
            least = max(least, self._relief.least(level.decided.state, level.decided.stage, path.out | shut))
            if self._is_hopeless(least, path.out | shut):
                return
        self._branch(level, position + 1, path, shut, least)

    def _close(self, level: _Level, path: _Path, shut: frozenset[Member], least: int) -> None:
        """All of a stage is decided: run it, and go on where that may lead to something better."""
        if any([_must_act(member, path.out | shut) for member in level.members if member in path.out]):
            return
        members = [member for member in level.members if member not in path.out | shut]
        try:
            closed = self._stages.close(level.decided, members)
            if closed is None or self._repeats(level, path, closed):
                return
            if closed.cut_off:
                self._leave_open(least)
                self._finish(closed.state, level.decided.stage + 1, path.after(closed), divided=False)
                return
            self._nodes.use()
            least = max(least, self._relief.least(closed.state, level.decided.stage + 1, path.out))
        except NodesUsedUp:
            self._leave_open(least)
            return
        if not self._is_hopeless(least, path.out):
            self._descend(closed.state, level.decided.stage + 1, path.after(closed), least)

    def _repeats(self, level: _Level, path: _Path, closed: Closed) -> bool:
        """Whether someone was left out who would not have acted anyway: then that choice has been visited."""
        would_act = closed.would_act
        return any(
            [member in path.out and not member.contests and member.turn not in would_act for member in level.members]
        )

    def _leave_open(self, least: int) -> None:
        self._least_open = least if self._least_open is None else min(self._least_open, least)

    # -- what may be decided --------------------------------------------------------------------

    def _apart(self, entered: Entered, family: list[Member], out: set[Member]) -> Apart | None:
        """What `best_apart` finds, asked once."""
        key = tuple([member.order for member in family]), frozenset([one for one in out if one.stage == entered.stage])
        if key not in entered.apart:
            entered.apart[key] = best_apart(self._stages, entered, family, out)
        return entered.apart[key]

    def _may_be_out(self, member: Member, out: set[Member]) -> bool:
        if not member.is_open or member in self._sure or self._is_last_asked(member, out):
            return False
        return member.optional or any([rival not in out for rival in member.rivals])

    def _is_last_asked(self, member: Member, out: set[Member]) -> bool:
        """Whether a promotion that was asked for has no other member to act for it."""
        if self._asked is None or member.rule.index not in self._asked:
            return False
        mates = [each for each in self._members if each.rule is member.rule and each is not member]
        return not any([mate not in out for mate in mates])

    def _is_hopeless(self, least: int, out: set[Member]) -> bool:
        """Whether no choice that costs at least so much, and has these out, can come before the best found."""
        if self._best is None:
            return False
        payable, _, _, optional = self._best.standing
        if least != payable:
            return least > payable
        state = self._best.state
        if any([member not in self._best_acted or may_give_more(state, member) for member in self._givers]):
            return False
        if any([member in out and self._is_missed(member) for member in self._givers]):
            return True
        if any([member in out for member in self._givers]):
            return False
        fewest = sum([member.optional and member in self._sure for member in self._members])
        return optional <= fewest and self._comes_later(out)

    def _is_missed(self, giver: Member) -> bool:
        """Whether less is given without a giver: something of value, or anything by its promotion."""
        mates = [each for each in self._givers if each.rule is giver.rule and each is not giver]
        return gives_value(giver) or not mates

    def _comes_later(self, out: set[Member]) -> bool:
        """Whether, at the first member in which they differ, the best found has what these choices lack."""
        for member in self._members:
            if member in out:
                if member in self._best_acted:
                    return True
            elif member not in self._best_acted or member.contests:
                return False
        return False

    def _stands_apart(self, entered: Entered, family: list[Member], out: set[Member]) -> bool:
        """Whether nothing outside the family reads its lines, shares its limits or is in its way."""
        begun = entered.begun
        floor_of_cart = begun.floors is not None and begun.floors.goods_minor
        if self._asked is not None or floor_of_cart or begun.stopped_cart >= 0:
            return False
        lines = 0
        for member in family:
            rule = member.rule
            if not member.claims or rule.limits.shared or rule.stop or rule.exclusive == "cart":
                return False
            if any([other not in family and self._matters(entered, other, out) for other in member.related]):
                return False
            if rule.limits is not UNLIMITED and self._has_mates(entered, member, out):
                return False
            lines |= member.touched | member.read
        others = [other for other in self._members if other.stage >= family[0].stage and other not in family]
        return not any([(each.touched | each.read) & lines and self._matters(entered, each, out) for each in others])

    def _has_mates(self, entered: Entered, member: Member, out: set[Member]) -> bool:
        """Whether another member of its promotion, with which it shares its limits, may yet act."""
        mates = [each for each in self._members if each.rule is member.rule and each is not member]
        return any([each.stage >= member.stage and self._matters(entered, each, out) for each in mates])

    def _matters(self, entered: Entered, member: Member, out: set[Member]) -> bool:
        """Whether a member may yet act, or, of an earlier stage, has acted."""
        if member.stage < entered.stage:
            return member.rule.index in entered.state.applied
        if member in out:
            return False
        return member.stage > entered.stage or entered.could_act(member)


def _open_families(active: list[Member]) -> list[list[Member]]:
    """The families in which there is something to choose."""
    return [family for family in families(active) if any([member.is_open for member in family])]


def _must_act(member: Member, out: set[Member]) -> bool:
    """Whether a member may not be left out, since all that could bar it are left out or kept out."""
    return not member.optional and not any([rival not in out for rival in member.rivals])


@dataclass(slots=True)
class _Level:
    """A stage on the way down: what is decided already, and who is to be decided. Who is left out on the way is left
    out in `decided` too. `shuts` are, for a member that is sure to act unless one before it excludes it, those that it
    then keeps out.
    """

    decided: Decided
    members: list[Member]
    shuts: dict[Member, frozenset[Member]]

    def shuts_of(self, member: Member, gone: set[Member] | frozenset[Member]) -> frozenset[Member]:
        """Those whom a member that is in keeps out; nobody where one before it that is not `gone` may exclude it."""
        before = [other for other in member.related if other.order < member.order and other in self.members]
        return frozenset() if any([other not in gone for other in before]) else self.shuts.get(member, frozenset())
