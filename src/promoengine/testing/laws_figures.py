"""Figures of plain benefits, worked out again from the quote: what was taken of what, and what the campaign says.

Only benefits whose figure shows in the quote are asked: no tiers, no floors, no cut budgets, no price steps.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import floor

from promoengine import plan
from promoengine.quote import Adjustment, AppliedPromotion, Quote
from promoengine.testing.laws_limits import adjustments_of


def figure_faults(source: plan.Plan, quote: Quote) -> Iterator[str]:
    """Every figure that is not what the campaign says."""
    if source.floors:
        return
    for rule in source.promotions:
        if rule.id in quote.promotions and rule.limits.on_empty != "cut" and not _has_tiers(source, rule):
            for index in rule.effects:
                yield from _effect_faults(source.effects[index], rule, quote)


def _has_tiers(source: plan.Plan, rule: plan.Promotion) -> bool:
    return any(source.effects[index].tier >= 0 for index in rule.effects)


def _effect_faults(effect: plan.Effect, rule: plan.Promotion, quote: Quote) -> Iterator[str]:
    mine = [each for each in adjustments_of(quote) if (each.promotion, each.benefit) == (rule.id, effect.position)]
    repeated = isinstance(rule.trigger, plan.Threshold) and rule.trigger.every is not None
    for each in mine:
        discount = each.unit_before_minor - each.unit_after_minor
        expected = None if repeated else unit_figure(effect.action, each)
        if expected is not None and discount != expected:
            yield f"{rule.id} takes {discount} off {each}, which should be {expected}"
    action, applied = effect.action, quote.promotions[rule.id]
    if isinstance(action, plan.Amount) and action.each == "once" and len(rule.effects) == 1:
        times = applied.times if repeated else len(applied.members)
        yield from _once_faults(action.amount_minor * times, applied, mine)
    if isinstance(action, plan.Percent) and len(rule.effects) == 1:
        yield from _percent_once_faults(action, applied, mine, quote)
    if isinstance(action, plan.Redeem) and len(applied.members) == len(rule.effects) == 1:
        worth = floor(Fraction(*action.worth) * applied.points_redeemed)
        if worth != applied.amount_minor:
            yield f"{rule.id} redeems {applied.points_redeemed} points for {applied.amount_minor} instead of {worth}"


def unit_figure(action: plan.Action, adjustment: Adjustment) -> int | None:
    """What a unit-wise action takes off one unit; None where the figure is not a unit's own."""
    before = adjustment.unit_before_minor
    if isinstance(action, plan.UnitPrice):
        return before - action.price_minor
    if isinstance(action, plan.Amount) and action.each == "unit":
        return min(action.amount_minor, before)
    if isinstance(action, plan.Percent) and not action.spread and action.rounding == _plain(action.rounding):
        exact = min(Fraction(*action.rate) * adjustment.unit_base_minor, Fraction(before))
        return rounded(exact, action.rounding.mode)
    return None


def _percent_once_faults(
    action: plan.Percent, applied: AppliedPromotion, mine: list[Adjustment], quote: Quote
) -> Iterator[str]:
    """A percentage of all units together, where the quote shows each of them: those whose share is 0 it does not."""
    plain = action.spread and action.rounding == plan.Rounding("total", action.rounding.mode)
    if not plain or len(applied.members) != 1 or applied.members[0].units != _lowered_units(applied.id, quote):
        return
    rate = Fraction(*action.rate)
    figures = [min(rate * each.unit_base_minor, Fraction(each.unit_before_minor)) * each.quantity for each in mine]
    expected = rounded(sum(figures, Fraction(0)), action.rounding.mode)
    if action.max_discount_minor is not None:
        expected = min(expected, action.max_discount_minor)
    if applied.amount_minor != expected:
        yield f"{applied.id} gives {applied.amount_minor}, which should be {expected}"


def _lowered_units(promotion: str, quote: Quote) -> dict[str, int]:
    """The units that a promotion lowered, by line, as a member states what it claims."""
    counts = {
        id: [each.quantity for each in line.adjustments if each.promotion == promotion]
        for id, line in quote.lines.items()
    }
    for id, shipment in quote.shipping.items():
        counts[f"shipping {id}"] = [each.quantity for each in shipment.adjustments if each.promotion == promotion]
    return {name: sum(quantities) for name, quantities in counts.items() if quantities}


def _plain(rounding: plan.Rounding) -> plan.Rounding:
    """The same mode, at the unit and without a price step."""
    return plan.Rounding("unit", rounding.mode)


def rounded(exact: Fraction, mode: str) -> int:
    """A magnitude, rounded to a whole number."""
    whole = floor(exact)
    rest = exact - whole
    if rest == Fraction(1, 2):
        return whole + {"half_up": 1, "half_down": 0, "half_even": whole % 2, "up": 1, "down": 0}[mode]
    if mode in ("up", "down"):
        return whole + (mode == "up" and rest > 0)
    return whole + (rest > Fraction(1, 2))


def _once_faults(face: int, applied: AppliedPromotion, mine: list[Adjustment]) -> Iterator[str]:
    """The face value is either taken off or reported as unused; and unused only where nothing is left to take."""
    if applied.amount_minor + applied.unused_minor != face:
        yield f"{applied.id} gives {applied.amount_minor} and leaves {applied.unused_minor} of {face}"
    if applied.unused_minor and len(applied.members) == 1 and any(each.unit_after_minor for each in mine):
        yield f"{applied.id} leaves {applied.unused_minor} unused, and units still have a price"
