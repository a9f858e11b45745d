"""One promotion: who and when, which units, what fires it, what it gives, how it combines, how much of it."""

from __future__ import annotations

from promoengine.testing.strategies_benefits import FREE, Given, benefits, graduated_rung
from promoengine.testing.strategies_conditions import codes, condition, schedule
from promoengine.testing.strategies_draft import Draft, Json
from promoengine.testing.strategies_heads import threshold_base
from promoengine.testing.strategies_items import selector
from promoengine.testing.strategies_pools import BEARERS
from promoengine.testing.strategies_triggers import Fires, trigger

PRIORITIES = (1, 2, -1, 10)
GIVES_NO_MONEY = frozenset({"gift", "points", "award"})


def promotion(draft: Draft, name: str) -> Json:
    """A promotion that is valid in the draft's campaign."""
    stage = draft.one(range(len(draft.stages)))
    document: Json = {"id": name, "stage": draft.stages[stage].name}
    draft.may(document, "priority", 3, lambda: draft.one(PRIORITIES))
    methods = draft.covers(stage) == "both" and stage == len(draft.stages) - 1
    draft.may(document, "items", 2, lambda: selector(draft, stage, methods=methods))
    _add_eligibility(draft, document)
    fires = trigger(draft, stage)
    draft.add(document, "trigger", fires.document)
    _add_rewards(draft, document, stage, fires)
    draft.may(document, "threshold_base", 5, lambda: threshold_base(draft, [s.name for s in draft.stages[:stage]]))
    draft.may(document, "discount_base", 6, lambda: draft.one(("entry", "list", "running")))
    _add_combination(draft, document)
    draft.may(document, "limits", 4, lambda: limits(draft, document))
    draft.may(document, "refuse_for", 10, lambda: _reasons_to_refuse(draft, document))
    draft.may(document, "funding", 6, lambda: _funding(draft))
    draft.may(document, "labels", 10, lambda: {"issuer": "marketing"})
    return document


def _add_eligibility(draft: Draft, document: Json) -> None:
    draft.may(document, "when", 5, lambda: condition(draft))
    draft.may(document, "schedule", 7, lambda: schedule(draft))
    draft.may(document, "codes", 5, lambda: codes(draft))
    draft.may(document, "apply", 6, lambda: draft.one(("always", "if_better")))


def _add_rewards(draft: Draft, document: Json, stage: int, fires: Fires) -> None:
    if not fires.rungs:
        found = benefits(draft, stage, fires)
        document["benefit"] = found[0] if len(found) == 1 else found
        return
    graduates = fires.kind == "quantity" or (fires.kind == "spend" and draft.by_lines)
    if graduates and draft.covers(stage) == "goods" and draft.chance(2):
        _add_graduated(draft, document, stage, fires)
        return
    tiers = []
    for rung in fires.rungs:
        found = benefits(draft, stage, fires)
        tiers.append({"at": rung, "benefit": found[0] if len(found) == 1 else found})
    document["tiers"] = tiers


def _add_graduated(draft: Draft, document: Json, stage: int, fires: Fires) -> None:
    shapes = ("percent_off",) if fires.kind == "spend" else ("percent_off", "price", "amount_off")
    given = Given(draft, stage, fires)
    document["graduated"] = True
    document["tiers"] = [{"at": rung, "benefit": graduated_rung(given, draft.one(shapes))} for rung in fires.rungs]


def _add_combination(draft: Draft, document: Json) -> None:
    names = [group.name for group in draft.head.groups]
    draft.add(document, "groups", draft.some(names) if names and not draft.chance(3) else None)
    draft.may(document, "exclusive", 10, lambda: draft.one(("stage", "cart")))
    draft.may(document, "stop", 12, lambda: draft.one(("stage", "cart")))


def limits(draft: Draft, document: Json) -> Json | None:
    """Limits of every kind that fit what the promotion gives."""
    counted = _rewards_units(document)
    counts = ("stock", "per_customer") if counted == 1 else ()
    shared = [limit.name for limit in draft.head.shared_limits if counted < 2 or limit.stock is None]
    kinds = draft.some((*counts, "uses", "uses_per_customer", "budget", *(("shared", "shared") if shared else ())), 2)
    found: Json = {kind: _limit(draft, kind, shared) for kind in kinds}
    if not {"stock", "per_customer", "shared"}.isdisjoint(kinds):
        is_set = document.get("trigger", {}).get("kind") == "set"
        regular = draft.by_lines and not is_set and draft.chance(2)
        beyond = "refuse" if draft.chance(4) else "line_regular" if regular else "others"
        draft.may(found, "beyond", 2, lambda: beyond)
    if not {"budget", "shared"}.isdisjoint(kinds):
        draft.may(found, "on_empty", 2, lambda: "cut")
    return found


def _reasons_to_refuse(draft: Draft, document: Json) -> list[str]:
    """Reasons for which the promotion may refuse the cart."""
    reasons = ["barred"]
    if document.get("trigger", {}).get("kind", "none") != "none":
        reasons.append("trigger")
    if "limits" in document or "codes" in document:
        reasons.append("limits")
    if draft.head.floors and any(each["kind"] not in GIVES_NO_MONEY for each in _benefits(document)):
        reasons += ["floor"] * 3
    return draft.some(reasons)


def _benefits(document: Json) -> list[Json]:
    """Every benefit, of every rung."""
    found = [each["benefit"] for each in document.get("tiers", [document])]
    return [each for one in found for each in (one if isinstance(one, list) else [one])]


def _limit(draft: Draft, kind: str, shared: list[str]) -> object:
    if kind == "budget":
        return draft.money()
    return draft.some(shared) if kind == "shared" else draft.count(1, 4)


def _rewards_units(document: Json) -> int:
    """How many benefits, of a rung or altogether, lower prices of their own, so that there are units to count."""
    found = [each["benefit"] for each in document.get("tiers", [document])]
    lists = [one if isinstance(one, list) else [one] for one in found]
    return max(sum(each["kind"] not in FREE - {"deposit"} for each in listed) for listed in lists)


def _funding(draft: Draft) -> Json:
    shares: Json = {bearer: draft.one(("50", "33.3", "12.5")) for bearer in draft.some(BEARERS)}
    draft.may(shares, "rest", 2, lambda: draft.one(("shop", "seller")))
    return shares
