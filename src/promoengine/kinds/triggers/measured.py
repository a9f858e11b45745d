"""What the triggers that measure have in common: one threshold, a repeated one, or the rungs of a ladder."""

from typing import Annotated

from pydantic import Field

from promoengine import plan
from promoengine.fields import Amount, Count, Flag, Name
from promoengine.kinds.base import Figure, TriggerKind, figure_minor
from promoengine.kinds.lowering import Lowering


class MeasuredTrigger(TriggerKind):
    """`at_least` T, or `every` T up to `max_times`; with `tiers`, the rungs say it instead."""

    at_least: Amount | None = None
    every: Amount | None = None
    max_times: Count | None = None

    def threshold(
        self,
        lowering: Lowering,
        measure: plan.Measure,
        money: bool,
        rungs: tuple[Figure, ...],
        graduated: bool,
    ) -> plan.Trigger:
        """The plan's threshold over `measure`; what does not fit together is reported."""
        self._check_choice(lowering, bool(rungs))
        lowered = tuple(figure_minor(lowering, rung, money, "tiers", index, "at") for index, rung in enumerate(rungs))
        for index in range(1, len(lowered)):
            if lowered[index] <= lowered[index - 1]:
                lowering.report("ladder_not_ascending", "each rung lies above the one before", "tiers", index, "at")
        return plan.Threshold(
            measure,
            self.per,
            None if self.at_least is None else figure_minor(lowering, self.at_least, money, "trigger", "at_least"),
            None if self.every is None else figure_minor(lowering, self.every, money, "trigger", "every"),
            self.max_times,
            lowered,
            graduated,
        )

    def _check_choice(self, lowering: Lowering, has_rungs: bool) -> None:
        stated = (self.at_least is not None) + (self.every is not None) + has_rungs
        if stated != 1:
            lowering.report(
                "one_threshold",
                "a trigger states exactly one of at_least and every, or the promotion has tiers",
                "trigger",
            )
        if self.max_times is not None and self.every is None:
            lowering.report("max_times_without_every", "max_times bounds every", "trigger", "max_times")


class UnitsTrigger(MeasuredTrigger):
    """A measure read off units: at the threshold base, with a named fact added where one is stated."""

    plus_fact: Name | None = None
    with_shipping: Annotated[Flag | None, Field(default=None)] = None

    def measure(self, lowering: Lowering, what: plan.What, fact_kind: str) -> plan.Measure:
        fact = None
        if self.plus_fact is not None:
            fact = lowering.fact(self.plus_fact, (fact_kind,), "trigger", "plus_fact")  # type: ignore[arg-type]
        if self.with_shipping and not lowering.covers_shipping:
            lowering.report(
                "shipping_not_covered",
                f"stage {lowering.stage_name!r} does not cover shipping",
                "trigger",
                "with_shipping",
            )
        both = lowering.covers_goods and lowering.covers_shipping
        with_shipping = both if self.with_shipping is None else self.with_shipping
        return plan.Measure(what, plan.EVERY, lowering.threshold_base, with_shipping, fact)
