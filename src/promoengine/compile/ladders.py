"""Graduated ladders: each rung covers what lies above it, up to the next."""

from __future__ import annotations

from promoengine import plan
from promoengine.kinds.base import LoweredBenefit
from promoengine.kinds.lowering import Lowering


def graduated_action(lowering: Lowering, rungs: list[LoweredBenefit]) -> plan.Action | None:
    """The one action of a graduated ladder; None, with a diagnostic, where it cannot be graduated."""
    if not rungs:
        lowering.report("graduated_without_tiers", "graduated speaks of tiers, and there are none", "graduated")
        return None
    trigger = lowering.trigger
    if not isinstance(trigger, plan.Threshold) or trigger.measure.what not in ("spend", "quantity"):
        lowering.report("graduated_measure", "graduated tiers measure spend or quantity", "graduated")
        return None
    if any(rung.reward != plan.Reward() for rung in rungs):
        lowering.report("graduated_all_units", "a graduated ladder rewards all units that it measures", "tiers")
    if trigger.measure.what == "spend":
        return _graduated_spend(lowering, trigger, rungs)
    return _graduated_quantity(lowering, trigger, rungs)


def _graduated_spend(lowering: Lowering, trigger: plan.Threshold, rungs: list[LoweredBenefit]) -> plan.Action | None:
    bands = []
    first = rungs[0].action
    for index, (rung, at) in enumerate(zip(rungs, trigger.rungs, strict=True)):
        if not isinstance(rung.action, plan.Percent) or rung.action.max_discount_minor is not None:
            lowering.report(
                "graduated_spend_percent",
                "a graduated spend ladder gives percentages without max_discount",
                "tiers",
                index,
                "benefit",
            )
            return None
        bands.append((at, rung.action.rate))
    assert isinstance(first, plan.Percent)
    rounding = plan.Rounding("total", first.rounding.mode, first.rounding.step_minor)
    return plan.GraduatedPercent(tuple(bands), rounding, lowering.allocation)


def _graduated_quantity(lowering: Lowering, trigger: plan.Threshold, rungs: list[LoweredBenefit]) -> plan.Action | None:
    bands = []
    for index, (rung, at) in enumerate(zip(rungs, trigger.rungs, strict=True)):
        action = rung.action
        unit_wise = isinstance(action, plan.UnitPrice) or (isinstance(action, plan.Amount) and action.each == "unit")
        if isinstance(action, plan.Percent) and action.max_discount_minor is None:
            unit_wise = True
            rounding = plan.Rounding("unit", action.rounding.mode, action.rounding.step_minor)
            action = plan.Percent(action.rate, action.base, False, rounding)
        if not unit_wise or not isinstance(action, (plan.Percent, plan.Amount, plan.UnitPrice)):
            lowering.report(
                "graduated_unit_wise",
                "a graduated quantity ladder gives percentages, prices or amounts per unit",
                "tiers",
                index,
                "benefit",
            )
            return None
        bands.append((at, action))
    return plan.Graduated(tuple(bands))
