"""Claims: what must be reserved before the order may be placed."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Basket, Code
from promoengine.engine.bound import BoundPlan
from promoengine.engine.gather import Candidate, Gathered
from promoengine.engine.state import Applied, State
from promoengine.quote import Claim


def codes_used(candidate: Candidate, applied: Applied) -> list[Code]:
    """The codes whose instances gave something, in code-point order."""
    if not candidate.codes:
        return []
    uses = sorted({use for _, use in applied.instances})
    return [candidate.codes[use] for use in uses if use < len(candidate.codes)]


def claims_of(bound: BoundPlan, basket: Basket, gathered: Gathered, state: State) -> list[Claim]:
    """Every claim of the promotions that applied, sorted."""
    customer = min(basket.context.get("customer", ()), default="")
    found: list[Claim] = []
    for index in sorted(state.applied):
        rule, applied = bound.plan.promotions[index], state.applied[index]
        if rule.limits is not plan.UNLIMITED:
            found += _limit_claims(rule, applied, customer)
            for name in rule.limits.shared:
                found += _shared_claims(rule, applied, bound.shared_limits[name])
        if rule.codes is not None:
            found += [Claim("code", rule.id, code.text, 1) for code in codes_used(gathered.candidates[index], applied)]
        if applied.gifts:
            found += [Claim("gift_stock", rule.id, sku, number) for sku, number in _gifts(applied).items()]
        if applied.points_redeemed:
            found.append(Claim("points", rule.id, customer, applied.points_redeemed))
    if len(found) > 1:
        found.sort(key=lambda claim: (claim.promotion, claim.of, claim.key, claim.shared))
    return found


def _gifts(applied: Applied) -> dict[str, int]:
    """How many of each sku, over all instances."""
    found: dict[str, int] = {}
    for gift in applied.gifts:
        found[gift.sku] = found.get(gift.sku, 0) + gift.quantity
    return found


def _limit_claims(rule: plan.Promotion, applied: Applied, customer: str) -> list[Claim]:
    limits = rule.limits
    found = []
    if limits.uses is not None:
        found.append(Claim("uses", rule.id, "", 1))
    if limits.uses_per_customer is not None:
        found.append(Claim("uses_per_customer", rule.id, customer, 1))
    if limits.stock is not None and applied.units_used:
        found.append(Claim("stock", rule.id, "", applied.units_used))
    if limits.per_customer is not None and applied.units_used:
        found.append(Claim("per_customer", rule.id, customer, applied.units_used))
    if limits.budget_minor is not None and applied.amount_minor:
        found.append(Claim("budget", rule.id, "", applied.amount_minor))
    return found


def _shared_claims(rule: plan.Promotion, applied: Applied, shared: plan.SharedLimit) -> list[Claim]:
    found = []
    if shared.uses is not None:
        found.append(Claim("uses", rule.id, "", 1, shared.name))
    if shared.stock is not None and applied.units_used:
        found.append(Claim("stock", rule.id, "", applied.units_used, shared.name))
    if shared.budget_minor is not None and applied.amount_minor:
        found.append(Claim("budget", rule.id, "", applied.amount_minor, shared.name))
    return found
