"""Section 6: outcomes, gifts, grants, claims and codes agree with what was applied."""

from __future__ import annotations

from collections.abc import Iterator

from promoengine.quote import Gift, Grant, Outcome, Quote
from promoengine.testing.laws_limits import adjustments_of


def outcome_faults(quote: Quote) -> Iterator[str]:
    """What outcomes say that the rest of the quote does not."""
    applied = {name for name, outcome in quote.outcomes.items() if outcome.applied}
    if applied != set(quote.promotions):
        yield f"outcomes say that {sorted(applied)} applied, and promotions are {sorted(quote.promotions)}"
    for outcome in quote.outcomes.values():
        yield from _reason_faults(outcome, applied)
    yield from _effect_faults(quote)
    yield from _code_faults(quote)
    for claim in quote.claims:
        if claim.amount <= 0 or claim.promotion not in quote.promotions:
            yield f"{claim} claims nothing, or for nobody"


def _reason_faults(outcome: Outcome, applied: set[str]) -> Iterator[str]:
    if (outcome.reason == "barred") != bool(outcome.barred_by) or not applied.issuperset(outcome.barred_by):
        yield f"{outcome.promotion} is {outcome.reason}, barred by {outcome.barred_by}"
    if outcome.promotion in outcome.barred_by:
        yield f"{outcome.promotion} is barred by itself"
    short = outcome.shortfall
    if short is not None and (short.gap != short.needed - short.measured or outcome.reason != "trigger"):
        yield f"{outcome.promotion} is {outcome.reason} by {short}"
    if short is not None and short.gap <= 0 and short.measure != "sets":
        yield f"{outcome.promotion} falls short by {short.gap}"


def _effect_faults(quote: Quote) -> Iterator[str]:
    """Whoever applied gave something, and whoever gave something applied."""
    presents: list[Gift | Grant] = [*quote.gifts, *quote.grants]
    given = {each.promotion for each in presents}
    given |= {each.promotion for each in adjustments_of(quote)}
    if given != set(quote.promotions):
        yield f"{sorted(given)} gave something, and promotions are {sorted(quote.promotions)}"
    for each in presents:
        if each.quantity <= 0 or each.value_minor < 0:
            yield f"{each} is nothing"
    for promotion in quote.promotions.values():
        if promotion.unused_minor < 0 or promotion.times <= 0 or not promotion.members:
            yield f"{promotion.id} applied {promotion.times} times and left {promotion.unused_minor} unused"
        if any(amount < 0 for amount in promotion.funding_minor.values()):
            yield f"{promotion.id} is borne by {promotion.funding_minor}"


def _code_faults(quote: Quote) -> Iterator[str]:
    used = {code for promotion in quote.promotions.values() for code in promotion.codes}
    said = {code.code for code in quote.codes.values() if code.status == "applied"}
    if used != said:
        yield f"codes {sorted(used)} were used, and outcomes say {sorted(said)}"
    for code in quote.codes.values():
        known = quote.outcomes.get(code.promotion)
        if code.status == "unknown":
            wrong = bool(code.promotion)
        elif code.status == "refused":
            wrong = known is None or known.applied or known.reason != code.reason
        else:
            wrong = known is None or not known.applied
        if wrong:
            yield f"{code}, where its promotion's outcome is {known}"
