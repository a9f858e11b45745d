"""Outcomes: exactly one for each considered promotion, and for each code entered."""

from __future__ import annotations

from promoengine.engine.basket import Basket, Code
from promoengine.engine.bound import BoundPlan
from promoengine.engine.claims import codes_used
from promoengine.engine.gather import Gathered
from promoengine.engine.state import PROGRESS, State
from promoengine.quote import CodeOutcome, Outcome


def promotion_outcomes(gathered: Gathered, state: State) -> dict[str, Outcome]:
    """The outcome of each considered promotion, by id. Where prices decide which units are of the items, and none
    was at the promotion's turn, it was not considered.
    """
    found = {outcome.promotion: outcome for outcome in gathered.refused.values()}
    for index, candidate in gathered.candidates.items():
        outcome = state.outcomes.get(index)
        if outcome is not None and (outcome.reason != "items" or candidate.codes):
            # Of those that applied, all carts share one.
            found[outcome.promotion] = Outcome(outcome.promotion, "applied") if outcome.applied else outcome
    return {name: found[name] for name in sorted(found)}


def code_outcomes(bound: BoundPlan, basket: Basket, gathered: Gathered, state: State) -> dict[str, CodeOutcome]:
    """What became of each entered code, by its normal form."""
    used: dict[str, str] = {}
    for index, applied in sorted(state.applied.items()):
        for code in codes_used(gathered.candidates[index], applied):
            used.setdefault(code.text, bound.plan.promotions[index].id)
    return {
        code.text: _code_outcome(bound, code, used, gathered, state)
        for code in sorted(basket.codes, key=lambda each: each.text)
    }


def _code_outcome(bound: BoundPlan, code: Code, used: dict[str, str], gathered: Gathered, state: State) -> CodeOutcome:
    if code.text in used:
        return CodeOutcome(code.text, "applied", used[code.text])
    index = bound.plan.index
    promotions = {*index.by_code.get(code.text, ())}
    for pool in code.pools:
        promotions.update(index.by_pool.get(pool, ()))
    if not promotions:
        return CodeOutcome(code.text, "unknown")
    outcomes = [state.outcomes.get(each) or gathered.refused[each] for each in sorted(promotions)]
    furthest = max(outcomes, key=lambda outcome: PROGRESS[outcome.reason])
    if furthest.applied:
        return CodeOutcome(code.text, "not_needed", furthest.promotion)
    return CodeOutcome(code.text, "refused", furthest.promotion, furthest.reason)
