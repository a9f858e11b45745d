"""What the quote took of each limit, counted from the quote itself; and units that were taken twice."""

from __future__ import annotations

from collections.abc import Iterator

from promoengine import plan
from promoengine.cart import Cart, LimitsLeft
from promoengine.fields import normal_code
from promoengine.money import parse_amount
from promoengine.quote import Adjustment, Quote, QuoteLine, QuoteShipment


def limit_faults(source: plan.Plan, cart: Cart, quote: Quote) -> Iterator[str]:
    """Every limit that gave more than what is left of it."""
    used: dict[str, dict[str, int]] = {}
    for rule in source.promotions:
        if rule.id in quote.promotions:
            taken = used_by(source, rule, quote)
            for name in rule.limits.shared:
                pot = used.setdefault(name, {})
                for what, amount in taken.items():
                    pot[what] = pot.get(what, 0) + amount
            written = {
                what: getattr(rule.limits, what) for what in ("stock", "per_customer", "uses", "uses_per_customer")
            }
            written["budget"] = rule.limits.budget_minor
            yield from _over(rule.id, written, cart.limits_left.get(rule.id), taken, source)
    for shared in source.shared_limits:
        written = {"stock": shared.stock, "uses": shared.uses, "budget": shared.budget_minor}
        yield from _over(shared.name, written, cart.limits_left.get(shared.name), used.get(shared.name, {}), source)
    yield from _stock_faults(cart, quote)


def used_by(source: plan.Plan, rule: plan.Promotion, quote: Quote) -> dict[str, int]:
    """What one promotion used: rewarded units, one order, its amount."""
    units = _units_of(source, rule, quote)
    amount = quote.promotions[rule.id].amount_minor
    return {"stock": units, "per_customer": units, "uses": 1, "uses_per_customer": 1, "budget": amount}


def _units_of(source: plan.Plan, rule: plan.Promotion, quote: Quote) -> int:
    """The least number of units that it can have rewarded: one unit may have got several of its benefits. Behind a
    set, sets are counted, which a quote does not tell apart; redeemed points pay for all units together.
    """
    if isinstance(rule.trigger, plan.SetTrigger):
        return 0
    effects = [source.effects[index] for index in rule.effects]
    together = {effect.position for effect in effects if isinstance(effect.action, plan.Redeem)}
    units = 0
    parts: list[QuoteLine | QuoteShipment] = [*quote.lines.values(), *quote.shipping.values()]
    for part in parts:
        counts: dict[int, int] = {}
        for each in part.adjustments:
            if each.promotion == rule.id and each.benefit not in together:
                counts[each.benefit] = counts.get(each.benefit, 0) + each.quantity
        most = part.quantity if isinstance(part, QuoteLine) else 1
        units += min(most, max(counts.values(), default=0))
    return units


def adjustments_of(quote: Quote) -> Iterator[Adjustment]:
    """Every adjustment of goods and shipping."""
    priced: list[QuoteLine | QuoteShipment] = [*quote.lines.values(), *quote.shipping.values()]
    for each in priced:
        yield from each.adjustments


def _over(
    name: str,
    written: dict[str, int | None],
    left: LimitsLeft | None,
    used: dict[str, int],
    source: plan.Plan,
) -> Iterator[str]:
    for what, limit in written.items():
        if limit is None:
            continue
        rest = None if left is None else getattr(left, what)
        if rest is not None:
            limit = min(limit, parse_amount(rest, source.exponent) if what == "budget" else rest)
        if used.get(what, 0) > limit:
            yield f"{name} used {used[what]} of {what}, and {limit} was left"


def _stock_faults(cart: Cart, quote: Quote) -> Iterator[str]:
    """Gifts beyond their stock, points beyond what was asked for, codes without a use."""
    given: dict[str, int] = {}
    for gift in quote.gifts:
        given[gift.sku] = given.get(gift.sku, 0) + gift.quantity
    for sku, quantity in given.items():
        if quantity > cart.gift_stock.get(sku, quantity):
            yield f"{quantity} of gift {sku} are given, and {cart.gift_stock[sku]} are in stock"
    redeemed = sum(each.points_redeemed for each in quote.promotions.values())
    if redeemed > min(cart.points_balance, cart.points_to_redeem):
        yield f"{redeemed} points are redeemed of {cart.points_balance}, {cart.points_to_redeem} asked for"
    empty = {normal_code(each.code) for each in cart.codes if each.uses_left == 0}
    for applied in quote.promotions.values():
        if empty.intersection(applied.codes):
            yield f"{applied.id} used {applied.codes}, which have no uses left"


# -- units --------------------------------------------------------------------------------------


def unit_faults(source: plan.Plan, quote: Quote) -> Iterator[str]:
    """In each line and each stage that does not stack: more units lowered than there are."""
    stacking = {stage.name for stage in source.stages if stage.stacks}
    rules = {rule.id: rule for rule in source.promotions}
    for line in quote.lines.values():
        counts: dict[tuple[str, str], dict[int, int]] = {}
        for each in line.adjustments:
            of_benefits = counts.setdefault((each.stage, each.promotion), {})
            of_benefits[each.benefit] = of_benefits.get(each.benefit, 0) + each.quantity
        yield from _benefit_faults(line, counts, rules)
        for stage in {stage for stage, _ in counts} - stacking:
            claimed = sum(
                min(line.quantity, max(of_benefits.values()))
                for (each, promotion), of_benefits in counts.items()
                if each == stage and not _has_free_money(source, rules[promotion])
            )
            if claimed > line.quantity:
                yield f"line {line.id}: {claimed} of {line.quantity} units are lowered in stage {stage}"


def _benefit_faults(
    line: QuoteLine, counts: dict[tuple[str, str], dict[int, int]], rules: dict[str, plan.Promotion]
) -> Iterator[str]:
    for (stage, promotion), of_benefits in counts.items():
        codes = rules[promotion].codes
        times = 1 if codes is None else codes.per_cart
        for benefit, units in of_benefits.items():
            if units > line.quantity * times:
                yield (
                    f"line {line.id}: benefit {benefit} of {promotion} lowers {units} of {line.quantity} units "
                    f"in stage {stage}"
                )


def _has_free_money(source: plan.Plan, rule: plan.Promotion) -> bool:
    """Points and deposits claim nothing, so they meet others on the same units."""
    effects = [source.effects[index] for index in rule.effects]
    return any(each.effect_class is plan.Class.FREE for each in effects)
