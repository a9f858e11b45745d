"""What a kind may ask while it lowers itself: the currency, the stages, and where to complain.

A `Lowering` is one place in the document (`path`) seen in one currency. It collects diagnostics instead of
raising, so that one run reports everything. `NoFigure` is the one thing that stops a promotion: it states no
amount in this currency, and therefore does not apply in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from promoengine import plan
from promoengine.errors import MOST_DIAGNOSTICS, Diagnostic, Path, Place
from promoengine.money import AmountError, parse_amount
from promoengine.suggestions import did_you_mean

FactKind = Literal["number", "money", "flag"]


class NoFigure(Exception):
    """An amount is not stated in the currency that is being compiled."""


class Enough(Exception):
    """More is wrong with the document than is reported."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the whole campaign says, that a kind may need. Stage names map to their positions."""

    home_currency: str
    currency: str
    exponent: int
    stages: tuple[plan.Stage, ...]
    stage_index: dict[str, int]
    facts: dict[str, FactKind]
    group_names: frozenset[str]
    promotion_ids: frozenset[str]
    shared_names: frozenset[str]
    shared_stocks: frozenset[str]
    rounding_mode: plan.RoundingMode
    step_minor: int
    has_floors: bool
    allocations: dict[int | None, plan.Allocation] = field(default_factory=dict)
    """How each stage shares amounts; None: a stage that says nothing of it."""
    diagnostics: list[Diagnostic] = field(default_factory=list)


@dataclass(slots=True)
class Lowering:
    """One place of the document, in one currency, in one stage.

    `path` is for diagnostics alone: what is worded the same in two promotions is lowered once.
    """

    frame: Frame
    path: Path
    stage: int = 0
    discount_base: plan.UnitBase = "running"
    threshold_base: plan.Base = "entry"
    allocation: plan.Allocation = plan.Allocation()
    trigger: plan.Trigger = plan.Unconditional()

    def at(self, *steps: str | int) -> Lowering:
        """The same, one or more steps further into the document."""
        # Written out: `dataclasses.replace` takes several times as long, and this is called for every part.
        return Lowering(
            self.frame,
            self.path + steps,
            self.stage,
            self.discount_base,
            self.threshold_base,
            self.allocation,
            self.trigger,
        )

    def report(self, code: str, message: str, *steps: str | int, hint: str = "") -> None:
        """Add a diagnostic at this place, or some steps further in. Raises `Enough` where there are too many."""
        self.frame.diagnostics.append(Diagnostic(code, message, Place((*self.path, *steps)), hint))
        if len(self.frame.diagnostics) > MOST_DIAGNOSTICS:
            raise Enough

    @property
    def stage_name(self) -> str:
        return self.frame.stages[self.stage].name

    @property
    def covers_goods(self) -> bool:
        return self.frame.stages[self.stage].goods

    @property
    def covers_shipping(self) -> bool:
        return self.frame.stages[self.stage].shipping

    def needs_goods(self, kind: str) -> None:
        """Report a benefit that works on goods, in a stage of shipping alone."""
        if not self.covers_goods:
            self.report(
                "needs_goods", f"{kind} works on goods; stage {self.stage_name!r} covers shipping alone", "kind"
            )

    def minor(self, amount: Decimal | dict[str, Decimal], *steps: str | int) -> int:
        """An amount of the document in minor units of this currency. Raises `NoFigure`."""
        figure = amount.get(self.frame.currency) if isinstance(amount, dict) else amount
        if figure is None or (self.frame.currency != self.frame.home_currency and not isinstance(amount, dict)):
            raise NoFigure
        try:
            return parse_amount(figure, self.frame.exponent)
        except AmountError as error:
            self.report(error.code, str(error), *steps, hint=f"amounts are in {self.frame.currency}")
            return 1

    def fact(self, name: str, wanted: tuple[FactKind, ...], *steps: str | int) -> str:
        """The name of a declared fact; an undeclared one, or one of another kind, is reported."""
        declared = self.frame.facts.get(name)
        if declared is None:
            hint = did_you_mean(name, self.frame.facts) or "declare it under facts"
            self.report("unknown_fact", f"fact {name!r} is not declared", *steps, hint=hint)
        elif declared not in wanted:
            self.report("wrong_fact", f"fact {name!r} is a {declared}; this needs a {' or '.join(wanted)}", *steps)
        return name

    def stage_called(self, name: str, *steps: str | int) -> int:
        """The position of a stage; an unknown name is reported and read as the first."""
        index = self.frame.stage_index.get(name)
        if index is None:
            hint = did_you_mean(name, self.frame.stage_index)
            self.report("unknown_stage", f"no stage is called {name!r}", *steps, hint=hint)
        return index or 0
