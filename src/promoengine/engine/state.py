"""The state of one pass: the runs of every line, what has been applied, and what is left of limits.

A pass owns its state, so any number of passes over one basket, in any number of threads, are independent.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

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
from promoengine.quote import Gift, Grant, Member, Outcome

Adjusted = tuple[int, Line, int, int, int, int]
"""`(effect, line, count, unit base, unit before, unit after)`."""


Act = tuple[Turn, tuple[tuple[int, int, int, int], ...]]
"""`(member, its claimed units)`; the units as `(-price, line rank, origin, count)`, a tuple for each run."""


@dataclass(slots=True)
class Applied:
    """What one promotion has given so far in this pass."""

    promotion: int
    amount_minor: int = 0
    times: int = 0
    unused_minor: int = 0
    members: list[Member] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    points_redeemed: int = 0
    units_used: int = 0
    instances: set[tuple[str, int]] = field(default_factory=set)

    def copy(self) -> Applied:
        """The same, to be added to elsewhere."""
        return replace(
            self,
            members=list(self.members),
            gifts=list(self.gifts),
            grants=list(self.grants),
            instances=set(self.instances),
        )


class State:
    """Everything that changes during one pass."""

    __slots__ = (
        "acts",
        "adjusted",
        "applied",
        "basket",
        "bound",
        "clock",
        "cut",
        "cut_short",
        "exclusive_cart",
        "explains",
        "floors",
        "gift_stock",
        "held",
        "left_out",
        "limits",
        "not_members",
        "outcomes",
        "points_left",
        "runs",
        "stage",
        "stage_applied",
        "stopped_cart",
        "stopped_stage",
        "used",
    )

    def __init__(self, bound: BoundPlan, basket: Basket, clock: Clock, *, explains: bool = True) -> None:
        self.bound = bound
        self.basket = basket
        self.clock = clock.copy()
        self.runs: list[list[Run]] = [
            [Run(line.quantity, line.list_minor, line.list_minor, (), -1, -1, (), (), 0)]
            for line in (*basket.goods, *basket.shipping)
        ]
        self.stage: plan.Stage = bound.plan.stages[0]
        self.applied: dict[int, Applied] = {}
        self.stage_applied: set[int] = set()
        self.stopped_stage = -1
        self.stopped_cart = -1
        self.adjusted: list[Adjusted] = []
        self.outcomes: dict[int, Outcome] = {}
        self.limits = LimitBook(bound.plan, basket)
        self.floors = FloorBook(bound, basket, self.clock) if bound.floors else None
        self.gift_stock = dict(basket.gift_stock)
        self.points_left = min(basket.points_to_redeem, basket.points_balance)
        self.cut: set[int] = set()
        self.cut_short: set[int] = set()
        self.exclusive_cart: set[int] = set()
        self.used: set[int] = set()
        self.held: dict[tuple[int, str, int], Fired | Outcome] = {}
        """What each instance's trigger fired, or the refusal that settled it, for the benefits that follow."""
        self.explains = explains
        """Whether the pass says why members do not act; a pass that is only compared need not."""
        self.acts: list[Act] = []
        """Who has acted, in order, and which units each has claimed: so that choices can be compared."""
        self.left_out: list[tuple[int, Instance]] = []
        """`(effect, instance)` of the turns that would have acted in this stage and were left out by the choice."""
        self.not_members: list[tuple[Outcome, int]] = []
        """Their outcomes as their stage ends, and the promotions, of all stages."""

    def copy(self, *, explains: bool | None = None) -> State:
        """A state that can go another way from here."""
        other = object.__new__(State)
        for name in State.__slots__:
            setattr(other, name, getattr(self, name))
        other.explains = self.explains if explains is None else explains
        other.clock = self.clock.copy()
        other.runs = [[run.copy() for run in runs] for runs in self.runs]
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

    def begin_stage(self, index: int) -> None:
        """Every unit's price becomes its entry price; claims of the stage before are gone."""
        self.clock.stage = index
        self.stage = self.bound.plan.stages[index]
        self.stage_applied = set()
        self.stopped_stage = -1
        self.left_out = []
        for runs in self.runs:
            for origin, run in enumerate(runs):
                run.origin = origin
                run.entry = run.price
                run.claim = -1
                run.spread = -1

    def end_stage(self, index: int) -> None:
        """Remember closing prices where a later base refers to them."""
        if index in self.bound.mark_of_stage:
            for runs in self.runs:
                for run in runs:
                    run.marks = (*run.marks, run.price)

    def portions(self, lines: list[Line], selection: Selection | None) -> list[Portion]:
        """All units of the lines that the selection selects, in unit order."""
        test = selection.test if selection is not None and selection.by_unit else None
        found: list[Portion] = []
        for line in lines:
            for position, run in enumerate(self.runs[line.rank]):
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

    def reach_of(self, line: Line, run: Run) -> int:
        """How far one unit may still fall by itself: within the floors of its line and of all goods, too."""
        left = self.left_of(line, run)
        if self.floors is None or not line.goods:
            return left
        rooms = (self.floors.line_left(line, self.runs), self.floors.goods_left(self.runs))
        return min([left, *[room for room in rooms if room is not None]])

    def left_of(self, line: Line, run: Run) -> int:
        """How far one unit may still fall: its price above its own floor."""
        return run.price if self.floors is None else max(0, run.price - self.floors.unit[line.rank])
