"""The state of one pass: what every line costs, the runs of its units, what has been applied, what is left of limits.

A pass owns its state, so any number of passes over one basket, in any number of threads, are independent.

**Lines and their units.** Most of what a campaign does concerns whole lines: a threshold asks what they cost, an amount
is shared over them. So `payable` holds what each line costs, and what an effect does to its units is only noted: a
`Share` of the whole line, or a `Split` of a line of units that were alike. The runs of its units are brought up to date
when somebody asks for them (`runs_of`): what was noted is carried out in the order in which it came, and the stages
that have passed leave their marks. Who asks at once and who asks at the very end get the same runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from promoengine import plan
from promoengine.engine.basket import Basket, Line, Portion, Run
from promoengine.engine.binding import Selection
from promoengine.engine.bound import BoundPlan
from promoengine.engine.choice import Turn
from promoengine.engine.clock import Clock
from promoengine.engine.fired import Fired
from promoengine.engine.floors import FloorBook
from promoengine.engine.gather import Instance
from promoengine.engine.limits import LimitBook
from promoengine.engine.notes import Note, Split
from promoengine.quote import Gift, Grant, Outcome, Reason

PROGRESS = {reason: position for position, reason in enumerate(get_args(Reason))}
"""How far a promotion gets that has such an outcome."""

Adjusted = tuple[int, Line, int, int, int, int]
"""`(effect, line, count, unit base, unit before, unit after)`."""


Act = tuple[Turn, tuple[tuple[int, int, int, int], ...]]
"""`(member, its claimed units)`; the units as `(-price, line rank, origin, count)`, a tuple for each run."""


Claimed = tuple[int, str, list[Line], list[int] | None]
"""One application of a promotion: the position of the benefit, the key of the instance, and how many units of which
lines it claims (None: all of them).
"""


@dataclass(slots=True)
class Applied:
    """What one promotion has given so far in this pass. Its tuples are replaced, never changed."""

    promotion: int
    amount_minor: int = 0
    times: int = 0
    unused_minor: int = 0
    instances: tuple[tuple[str, int], ...] = ()
    members: tuple[Claimed, ...] = ()
    gifts: tuple[Gift, ...] = ()
    grants: tuple[Grant, ...] = ()
    points_redeemed: int = 0
    units_used: int = 0

    def copy(self) -> Applied:
        """The same, to be added to elsewhere."""
        return Applied(
            self.promotion,
            self.amount_minor,
            self.times,
            self.unused_minor,
            self.instances,
            self.members,
            self.gifts,
            self.grants,
            self.points_redeemed,
            self.units_used,
        )


Row = tuple[int, int, int, Run | None, int]
"""`count` units of a line that are alike: (-price, line rank, position in the line, their run, count); without a run
where the line is of nothing else. Sortable into unit order.
"""


_OF_STATE = (
    "_as_of",
    "_carried_out",
    "_mixed_lines",
    "_runs",
    "_sorted_out",
    "acts",
    "adjusted",
    "applied",
    "basket",
    "bound",
    "claimed_lines",
    "clock",
    "closing",
    "compares",
    "cut",
    "cut_short",
    "entries",
    "exclusive_cart",
    "explains",
    "floors",
    "gift_stock",
    "held",
    "left_out",
    "limits",
    "lines",
    "measured",
    "moment",
    "not_members",
    "notes",
    "outcomes",
    "payable",
    "points_left",
    "someone_excludes",
    "spread_lines",
    "stage",
    "stage_applied",
    "stopped_cart",
    "stopped_stage",
    "used",
)


class State:
    """Everything that changes during one pass."""

    __slots__ = _OF_STATE

    def __init__(
        self, bound: BoundPlan, basket: Basket, clock: Clock, *, explains: bool = True, compares: bool = True
    ) -> None:
        self.bound = bound
        self.basket = basket
        self.clock = clock.copy()
        self.lines = basket.lines
        self.payable = list(basket.totals_minor)
        """What each line costs now, by rank, in minor units."""
        self.entries: dict[int, list[int]] = {}
        """The same as each stage began."""
        self.closing: dict[int, list[int]] = {}
        """The same as each remembered stage ended."""
        self.measured: dict[int, tuple[int, ...]] = {}
        """What the triggers of straight promotions measured, instance by instance."""
        self.moment = 0
        """Twice the stage that has begun, and one more where it has ended."""
        self.notes: list[Note] = []
        """What effects did to the units of whole lines, in order."""
        self._mixed_lines = 0
        """The lines, as bits, some units of which have been set apart, as far as the notes have been sorted out."""
        self._sorted_out = 0
        self._runs: list[list[Run] | None] = [None] * len(basket.lines)
        self._carried_out = [0] * len(basket.lines)
        """How many of the notes the runs of each line have come to know."""
        self._as_of = [-1] * len(basket.lines)
        """The moment that the runs of each line are of."""
        self.stage: plan.Stage = bound.plan.stages[0]
        self.applied: dict[int, Applied] = {}
        self.stage_applied: set[int] = set()
        self.claimed_lines = 0
        """The lines, as bits by rank, some unit of which has been claimed in this stage."""
        self.spread_lines = 0
        """Those some unit of which is an item of a spread that has acted in this stage."""
        self.stopped_stage = -1
        self.stopped_cart = -1
        self.adjusted: list[Adjusted] = []
        self.outcomes: dict[int, Outcome] = {}
        self.limits = LimitBook(bound.shared_limits, basket)
        self.floors = FloorBook(bound, basket, self.clock) if bound.floors else None
        self.gift_stock = dict(basket.gift_stock)
        self.points_left = min(basket.points_to_redeem, basket.points_balance)
        self.cut: set[int] = set()
        self.cut_short: set[int] = set()
        self.exclusive_cart: set[int] = set()
        self.someone_excludes = False
        """Whether a promotion has acted that is exclusive, or stops others, in this stage or the cart."""
        self.used: set[int] = set()
        self.held: dict[tuple[int, str, int], Fired | Outcome] = {}
        """What each instance's trigger fired, or the refusal that settled it, for the benefits that follow."""
        self.explains = explains
        """Whether the pass says why members do not act; a pass that is only compared need not."""
        self.compares = compares
        """Whether the pass is to be compared with others by who claimed which units (`acts`)."""
        self.acts: list[Act] = []
        """Who has acted, in order, and which units each has claimed: so that choices can be compared."""
        self.left_out: list[tuple[int, Instance, str]] = []
        """`(effect, instance, refusal)` of the turns that would have acted in this stage and were left out by the
        choice; `refusal` is that for which they would refuse the cart.
        """
        self.not_members: list[tuple[Outcome, int]] = []
        """Their outcomes as their stage ends, and the promotions, of all stages."""

    def copy(self, *, explains: bool | None = None) -> State:
        """A state that can go another way from here."""
        other = State(self.bound, self.basket, self.clock)
        for name in _OF_STATE:
            setattr(other, name, getattr(self, name))
        other.explains = self.explains if explains is None else explains
        other.clock = self.clock.copy()
        other.payable = list(self.payable)
        other.entries = dict(self.entries)
        other.closing = dict(self.closing)
        other.measured = dict(self.measured)
        other.notes = list(self.notes)
        other._runs = [None if runs is None else [run.part(run.count) for run in runs] for runs in self._runs]
        other._carried_out = list(self._carried_out)
        other._as_of = list(self._as_of)
        other.applied = {index: each.copy() for index, each in self.applied.items()}
        other.stage_applied = set(self.stage_applied)
        other.acts = list(self.acts)
        other.adjusted = list(self.adjusted)
        other.outcomes = dict(self.outcomes)
        other.limits = self.limits.copy()
        other.gift_stock = dict(self.gift_stock)
        other.cut = set(self.cut)
        other.cut_short = set(self.cut_short)
        other.exclusive_cart = set(self.exclusive_cart)
        other.used = set(self.used)
        other.held = dict(self.held)
        other.left_out = list(self.left_out)
        other.not_members = list(self.not_members)
        return other

    def entering(self, index: int) -> State:
        """A state that goes another way from here, as it begins a stage."""
        other = self.copy()
        other.begin_stage(index)
        return other

    def begin_stage(self, index: int) -> None:
        """Every unit's price becomes its entry price; claims of the stage before are gone."""
        self.moment = 2 * index
        self.entries[index] = list(self.payable)
        self.clock.stage = index
        self.stage = self.bound.plan.stages[index]
        self.stage_applied = set()
        self.claimed_lines = self.spread_lines = 0
        self.stopped_stage = -1
        self.someone_excludes = bool(self.exclusive_cart) or self.stopped_cart >= 0
        self.left_out = []

    def end_stage(self, index: int) -> None:
        """Remember closing prices where a later base refers to them."""
        self.moment = 2 * index + 1
        if index in self.bound.mark_of_stage:
            self.closing[index] = list(self.payable)

    # -- members ------------------------------------------------------------------------------------

    def applied_of(self, rule: plan.Promotion) -> Applied:
        """What the promotion has given, which acts now; with that it bars whom it excludes."""
        applied = self.applied.get(rule.index)
        if applied is None:
            applied = self.applied[rule.index] = Applied(rule.index)
        self.stage_applied.add(rule.index)
        if rule.exclusive or rule.stop:
            self.someone_excludes = True
        if rule.exclusive == "cart":
            self.exclusive_cart.add(rule.index)
        if rule.stop == "cart" and self.stopped_cart < 0:
            self.stopped_cart = rule.index
        if rule.stop == "stage" and self.stopped_stage < 0:
            self.stopped_stage = rule.index
        return applied

    def note_act(self, turn: Turn, claimed: list[tuple[Line, Run, int]]) -> None:
        """Note who acts, and which units of which runs it claims, before their prices change."""
        units = tuple([(-run.price, line.rank, run.origin, count) for line, run, count in claimed])
        self.acts.append((turn, units))

    def hand_out(self, applied: Applied, gifts: list[Gift]) -> None:
        """Give gifts, as far as their stock is stated from that."""
        applied.gifts = (*applied.gifts, *gifts)
        for gift in gifts:
            if gift.sku in self.gift_stock:
                self.gift_stock[gift.sku] -= gift.quantity

    def record(self, outcome: Outcome, promotion: int) -> None:
        """Keep the outcome of the member that got furthest, the earliest of those."""
        known = self.outcomes.get(promotion)
        if known is None or PROGRESS[outcome.reason] > PROGRESS[known.reason]:
            self.outcomes[promotion] = outcome

    # -- lines and their units --------------------------------------------------------------------

    @property
    def runs(self) -> list[list[Run]]:
        """The runs of every line, by rank."""
        return [self.runs_of(rank) for rank in range(len(self.lines))]

    def runs_of(self, rank: int) -> list[Run]:
        """The runs of a line as they stand now. What is changed in the list is changed in the state."""
        runs = self._runs[rank]
        if runs is None:
            line = self.lines[rank]
            runs = self._runs[rank] = [Run(line.quantity, line.list_minor)]
            self._as_of[rank] = 0
        if self._carried_out[rank] != len(self.notes):
            for note in self.notes[self._carried_out[rank] :]:
                if rank in note.taken:
                    if self._as_of[rank] != 2 * note.stage:
                        self._bring_to(2 * note.stage, rank, runs)
                    self._carry_out(note, rank, runs)
            self._carried_out[rank] = len(self.notes)
        if self._as_of[rank] != self.moment:
            self._bring_to(self.moment, rank, runs)
        return runs

    def only_noted(self) -> list[bool]:
        """Of each line, by rank, whether nobody has asked for its runs, so that the notes tell all about its prices."""
        found = [runs is None for runs in self._runs]
        for note in self.notes:
            if isinstance(note, Split) and note.base != "running":
                for rank in note.taken:
                    found[rank] = False
        return found

    def mixed_lines(self) -> int:
        """The lines, as bits by rank, some units of which have been set apart from the others."""
        for note in self.notes[self._sorted_out :]:
            if isinstance(note, Split):
                for rank in note.taken:
                    self._mixed_lines |= 1 << rank
            elif note.spreads:  # others take as much off each unit
                lines = self.lines
                for rank, taken in note.taken.items():
                    if taken % lines[rank].quantity:
                        self._mixed_lines |= 1 << rank
        self._sorted_out = len(self.notes)
        return self._mixed_lines

    def mix(self, rank: int) -> None:
        """Note that some units of a line have been set apart."""
        self._mixed_lines |= 1 << rank

    def _bring_to(self, moment: int, rank: int, runs: list[Run]) -> None:
        """Let stages pass over the runs of a line: remembered ones leave their marks, and the last one begins."""
        since = self._as_of[rank]
        for stage in self.bound.mark_of_stage:
            if since <= 2 * stage < moment:
                for run in runs:
                    run.marks += (run.price,)
        if since // 2 != moment // 2:
            for origin, run in enumerate(runs):
                run.origin = origin
                run.entry = run.price
                run.claim = run.spread = -1
        self._as_of[rank] = moment

    def _carry_out(self, note: Note, rank: int, runs: list[Run]) -> None:
        """Carry out on its runs what was noted of a line."""
        found: list[Run] = []
        line = self.lines[rank]
        units = [(run.count, run.price) for run in runs]
        for place, count, discount in note.pieces(rank, units):
            run = runs[place]
            part = run if count == units[place][0] else run.part(count)
            found.append(part)
            if discount:
                before, base = part.price, self.base_of(line, part, note.base)
                self.adjusted.append((note.effect, line, count, base, before, before - discount))
                self.lower(part, discount, note.promotion, note.stage)
        runs[:] = found
        for part in found[:-1] if note.spares(rank, units) else found:
            self._hold(note, part)

    def _hold(self, note: Note, run: Run) -> None:
        if note.spreads:
            run.spread = note.promotion
        if note.claims:
            run.claim = note.promotion
        if self.bound.scoped_groups and note.promotion not in run.held:
            run.held = (*run.held, note.promotion)

    def lower(self, run: Run, discount: int, promotion: int, stage: int) -> None:
        """Take a discount off each unit of a run."""
        run.price -= discount
        if self.bound.asks_for_rewards:
            run.rewards = (*run.rewards, (promotion, stage))

    def rows(self, lines: list[Line]) -> list[Row]:
        """All units of the lines that nobody has claimed in this stage (where it stacks, all), in unit order."""
        stacks = self.stage.stacks
        alike = ~self.mixed_lines() if stacks else ~(self.mixed_lines() | self.claimed_lines)
        found: list[Row] = []
        for line in lines:
            rank = line.rank
            if alike >> rank & 1:
                found.append((-self.payable[rank] // line.quantity, rank, 0, None, line.quantity))
            else:
                for position, run in enumerate(self.runs_of(rank)):
                    if stacks or run.claim == -1:
                        found.append((-run.price, rank, position, run, run.count))
        found.sort()
        return found

    def totals(self, base: plan.Base, stage: int) -> list[int]:
        """What each line came to on a base, seen from a stage that has begun; by rank, in minor units."""
        if base == "entry":
            return self.entries[stage]
        if base == "running":
            return self.payable
        return self.basket.totals_minor if isinstance(base, str) else self.closing[base.stage]

    def portions(self, lines: list[Line], selection: Selection | None) -> list[Portion]:
        """All units of the lines that the selection selects, in unit order."""
        test = selection.test if selection is not None and selection.by_unit else None
        found: list[Portion] = []
        for line in lines:
            for position, run in enumerate(self.runs_of(line.rank)):
                if test is None or test(line, run, self.clock):
                    found.append((-run.price, line.rank, position, line, run, run.count))
        found.sort()
        return found

    def base_of(self, line: Line, run: Run, base: plan.Base) -> int:
        """What one unit of the run counts as on a base."""
        if base == "running":
            return run.price
        if base == "entry":
            return run.entry
        if base == "list":
            return line.list_minor
        assert isinstance(base, plan.AfterStage)
        return run.marks[self.bound.mark_of_stage[base.stage]]

    def base_of_row(self, rank: int, run: Run | None, base: plan.Base) -> int:
        """The same of a unit of a row."""
        return self.base_of(self.lines[rank], run or self.runs_of(rank)[0], base)

    def reach_of(self, line: Line, run: Run) -> int:
        """How far one unit may still fall by itself: within the floors of its line and of all goods, too."""
        left = self.left_of(line, run)
        if self.floors is None or not line.goods:
            return left
        rooms = (self.floors.line_left(line, self.payable), self.floors.goods_left(self.payable))
        return min([left, *[room for room in rooms if room is not None]])

    def left_of(self, line: Line, run: Run) -> int:
        """How far one unit may still fall: its price above its own floor."""
        return run.price if self.floors is None else max(0, run.price - self.floors.unit[line.rank])
