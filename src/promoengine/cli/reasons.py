"""Why a promotion, or a code, did not apply: one plain sentence, with its numbers."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from promoengine.document import PromotionDocument
from promoengine.quote import CodeOutcome, Outcome, Quote, Shortfall

LONGEST = 120
_UNITS = {
    "quantity": " units",
    "distinct_skus": " different skus",
    "distinct_lines": " different lines",
    "sets": " units of a set",
}
_LIMITS = {
    "units": "no more units are left of its limit",
    "uses": "it has no uses left",
    "code": "the code has no uses left",
    "budget": "its budget does not allow it",
}
_WHO = {"customer": "the customer does not meet", "context": "the order does not meet"}


def why_not(outcome: Outcome, quote: Quote, promotion: PromotionDocument | None) -> str:
    """Why the promotion of an outcome did not apply. `promotion`, as written, says what it asks for."""
    sentence = _sentence(outcome, quote, promotion)
    if outcome.would_save_minor is None:
        return sentence
    return f"{sentence}; it would have saved {quote.format(outcome.would_save_minor)}"


def _sentence(outcome: Outcome, quote: Quote, promotion: PromotionDocument | None) -> str:
    reason = outcome.reason
    if reason in ("customer", "context", "contents"):
        return f"{_WHO.get(reason, 'the cart does not meet')} {_condition(outcome.detail, promotion)}"
    if reason == "trigger" and outcome.shortfall is not None:
        return _short(outcome.shortfall, quote, promotion)
    if reason == "limits":
        return _LIMITS.get(outcome.detail, f"{outcome.detail or 'a limit'} is used up")
    if reason == "barred":
        return f"barred by {', '.join(outcome.barred_by)}"
    return {
        "currency": f"it states no amount in {quote.currency}",
        "code": "its code was not entered",
        "schedule": f"it is closed at this moment{_schedule(promotion)}",
        "items": "the cart holds none of its items",
        "trigger": "its trigger is not reached",
        "not_chosen": "the cart costs less without it",
        "no_effect": "it would change nothing",
    }.get(reason, reason)


def _short(shortfall: Shortfall, quote: Quote, promotion: PromotionDocument | None) -> str:
    measured, needed, gap = (_figure(shortfall, each, quote) for each in ("measured", "needed", "gap"))
    if shortfall.measure == "sets" and not shortfall.gap:
        return f"{needed} units are there, but not all parts of a set"
    fact = getattr(promotion.trigger, "fact", "fact") if promotion is not None else "fact"
    name = {"spend": "spend ", "fact": f"{fact} "}.get(shortfall.measure, "")
    return f"{name}{measured} of {needed}{_UNITS.get(shortfall.measure, '')}, {gap} short"


def _figure(shortfall: Shortfall, name: str, quote: Quote) -> str:
    figure = getattr(shortfall, name)
    return quote.format(figure) if shortfall.money else str(figure)


def code_fate(code: CodeOutcome, quote: Quote, promotion: PromotionDocument | None) -> str:
    """What became of an entered code."""
    if code.status == "unknown":
        return "no promotion has this code"
    if code.status == "applied":
        return f"applied, {code.promotion}"
    if code.status == "not_needed":
        return f"not needed, {code.promotion} applies already"
    outcome = quote.outcomes.get(code.promotion)
    sentence = why_not(outcome, quote, promotion) if outcome is not None else code.reason
    return f"refused, {code.promotion}: {sentence}"


def _condition(detail: str, promotion: PromotionDocument | None) -> str:
    """The condition that failed, as it is written."""
    key = detail.partition(" ")[0]
    written = {} if promotion is None or promotion.when is None else _plain(promotion.when)
    return f"{key}: {_as_written(written[key])}" if key in written else detail


def _schedule(promotion: PromotionDocument | None) -> str:
    if promotion is None or promotion.schedule is None:
        return ""
    periods = [_bare(_as_written(_plain(period))) for period in promotion.schedule]
    return f" ({_clipped(' or '.join(periods))})"


def _plain(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = model.model_dump(by_alias=True, exclude_unset=True)
    return found


def _as_written(value: object) -> str:
    """Plain data as one writes it in YAML, on one line."""
    if isinstance(value, dict):
        return _clipped("{" + ", ".join(f"{key}: {_as_written(each)}" for key, each in value.items()) + "}")
    if isinstance(value, (list, tuple)):
        texts = [_as_written(each) for each in value]
        return texts[0] if len(texts) == 1 else _clipped("[" + ", ".join(texts) + "]")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (datetime, time)) and not value.second:
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def _bare(text: str) -> str:
    return text.removeprefix("{").removesuffix("}")


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
