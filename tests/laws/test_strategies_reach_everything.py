"""Every kind and every way to combine is not only generated: in some example it applies, and does what it is for."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from promoengine.errors import CartRefused
from promoengine.kinds.registry import KEYED, TAGGED, kinds
from promoengine.quote import Quote
from promoengine.testing import Situation, situations

Json = dict[str, Any]
MOST_SERIES = 80
SCOPES = ("unit", "line", "seller", "cart")


FEATURES = {
    *(f"reason: {reason}" for reason in ("currency", "code", "schedule", "customer", "context", "contents")),
    *(f"reason: {reason}" for reason in ("items", "trigger", "limits", "barred", "no_effect", "applied")),
    *(f"code: {status}" for status in ("applied", "refused", "not_needed", "unknown")),
    *(f"barred in a group of scope {scope}" for scope in SCOPES),
    *(f"threshold base {base}" for base in ("list", "entry", "running", "after")),
    *(f"discount base {base}" for base in ("list", "entry", "running")),
    *(f"rewarded unit {pick} over all sets" for pick in ("cheapest", "dearest")),
    *(f"grant: {what}" for what in ("points", "coupon", "entry", "cash_back")),
    *(f"gift: {note or 'given'}" for note in ("", "short", "replacement", "not_chosen")),
    *(f"per {per}" for per in ("seller", "sku", "line")),
    *(f"tax at {at}" for at in ("unit", "line", "total")),
    *(f"odd units: {way}" for way in ("first", "last", "in_turn")),
    *(f"refused: {code}" for code in ("trigger_not_reached", "limit_used_up", "promotion_barred", "below_floor")),
    "refused: limit_exceeded",
    "refused: gift_out_of_stock",
    "barred by exclusive",
    "barred by stop",
    "two promotions on one line of a stacking stage",
    "shipping lowered",
    "shipping lowered in a stage that covers both",
    "graduated",
    "tiers",
    "every, several times",
    "a set of spend",
    "own items",
    "several benefits at work",
    "a benefit in a later stage",
    "a floor cuts",
    "a budget cuts",
    "a shared limit binds",
    "a price step",
    "a unit limit cuts",
    "line_regular",
    "priced in another currency",
    "several codes of one promotion",
    "points redeemed",
    "unused",
    *(f"discount in {currency}" for currency in ("CNY", "JPY", "KWD")),
}


def test_every_kind_and_every_way_to_combine_is_at_work():
    wanted = FEATURES | {f"{family}: {name}" for family in (*TAGGED, *KEYED) for name in kinds(family)}
    found: Counter[str] = Counter()
    for series in range(MOST_SERIES):
        if wanted.issubset(found):
            break
        look(found, series)
    assert set() == wanted - set(found)


def look(found: Counter[str], series: int) -> None:
    """Count what is at work in one series of examples."""

    @seed(series)
    @settings(max_examples=250, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(situations(min_promotions=3, max_promotions=6))
    def count(situation: Situation) -> None:
        try:
            quote = situation.engine.price(situation.cart, at=situation.at, outcomes="all")
        except CartRefused as refused:
            found.update({f"refused: {each.code}" for each in refused.diagnostics})
            return
        found.update(set(features_of(situation, quote)))
        for promotion in situation.campaign["promotions"]:
            if promotion["id"] in quote.promotions:
                found.update(set(kinds_of(promotion, quote)))

    count()


# -- which kinds a promotion is made of ---------------------------------------------------------


def kinds_of(promotion: Json, quote: Quote) -> Iterator[str]:
    yield f"trigger: {promotion.get('trigger', {}).get('kind', 'none')}"
    yield from selectors_of(promotion.get("items", {}))
    for part in promotion.get("trigger", {}).get("parts", ()):
        yield from selectors_of(part.get("items", {}))
    yield from conditions_of(promotion.get("when", {}))
    yield from (f"limit: {name}" for name in promotion.get("limits", {}) if name not in ("beyond", "on_empty"))
    acted = {member.benefit for member in quote.promotions[promotion["id"]].members}
    if "benefit" in promotion:
        for position, benefit in enumerate(listed(promotion["benefit"])):
            if position in acted:
                yield f"benefit: {benefit['kind']}"
                yield from selectors_of(benefit.get("items", {}))
                yield from (f"rewarded: {name}" for name in benefit.get("rewarded", {}) if name != "over")


def selectors_of(selector: Json) -> Iterator[str]:
    for key, value in selector.items():
        yield f"selector: {key}"
        for inner in listed(value) if key in ("not", "any", "all") else ():
            yield from selectors_of(inner)


def conditions_of(condition: Json) -> Iterator[str]:
    for key, value in condition.items():
        yield f"condition: {key}"
        for inner in listed(value) if key in ("not", "any", "all") else ():
            yield from conditions_of(inner)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


# -- what was at work in a quote ----------------------------------------------------------------


def features_of(situation: Situation, quote: Quote) -> Iterator[str]:
    yield from (f"reason: {outcome.reason}" for outcome in quote.outcomes.values())
    yield from (f"code: {code.status}" for code in quote.codes.values())
    yield from (f"grant: {grant.what}" for grant in quote.grants)
    yield from (f"gift: {gift.note or 'given'}" for gift in quote.gifts)
    campaign = situation.campaign
    if quote.discount_total_minor:
        yield f"discount in {quote.currency}"
        if quote.currency != campaign["currency"]:
            yield "priced in another currency"
    if quote.tax_total_minor:
        yield f"tax at {campaign['tax']['at']}"
    if any(line.floor_cut for line in quote.lines.values()):
        yield "a floor cuts"
    yield from stage_features(situation, quote)
    promotions = {each["id"]: each for each in campaign["promotions"]}
    for name in quote.promotions:
        yield from applied_features(promotions[name], campaign, quote)
    for outcome in quote.outcomes.values():
        for name in outcome.barred_by:
            yield from barring_features(promotions[outcome.promotion], promotions[name], campaign)


def stage_features(situation: Situation, quote: Quote) -> Iterator[str]:
    source = situation.engine.campaign.plans[quote.currency]
    stages = {stage.name: stage for stage in source.stages}
    for shipment in quote.shipping.values():
        for each in shipment.adjustments:
            yield "shipping lowered"
            if stages[each.stage].goods:
                yield "shipping lowered in a stage that covers both"
    for line in quote.lines.values():
        acted = Counter(each.stage for each in {(a.stage, a.promotion): a for a in line.adjustments}.values())
        if any(stages[name].stacks and count > 1 for name, count in acted.items()):
            yield "two promotions on one line of a stacking stage"


def applied_features(promotion: Json, campaign: Json, quote: Quote) -> Iterator[str]:
    applied = quote.promotions[promotion["id"]]
    trigger, limits = promotion.get("trigger", {}), promotion.get("limits", {})
    benefits = listed(promotion.get("benefit", [])) or listed(promotion["tiers"][0]["benefit"])
    yield f"per {trigger.get('per')}"
    yield "graduated" if promotion.get("graduated") else "tiers" if "tiers" in promotion else "no ladder"
    yield from named_if("every, several times", "every" in trigger and applied.times > 1)
    yield from named_if("a set of spend", "spend" in trigger)
    yield from named_if("several benefits at work", len({member.benefit for member in applied.members}) > 1)
    yield from named_if("several codes of one promotion", len(applied.codes) > 1)
    yield from named_if("points redeemed", applied.points_redeemed)
    yield from named_if("unused", applied.unused_minor)
    yield from named_if("line_regular", limits.get("beyond") == "line_regular")
    if applied.amount_minor:
        yield from money_features(promotion, campaign, benefits, trigger)
        yield from limit_features(promotion, quote)


def money_features(promotion: Json, campaign: Json, benefits: list[Json], trigger: Json) -> Iterator[str]:
    stages = {stage["name"]: stage for stage in campaign.get("stages", ())}
    stage = stages.get(promotion["stage"], {})
    if trigger.get("kind") in ("spend", "quantity"):
        base = promotion.get("threshold_base", stage.get("threshold_base", "entry"))
        yield f"threshold base {'after' if isinstance(base, dict) else base}"
    for benefit in benefits:
        if benefit["kind"] == "percent_off":
            base = promotion.get("discount_base", stage.get("discount_base", "running"))
            yield f"discount base {benefit.get('discount_base', base)}"
            steps = (benefit.get("rounding", {}), campaign.get("rounding", {}))
            yield from named_if("a price step", any("step" in each for each in steps))
        allocation = benefit.get("allocation", campaign.get("allocation", {}))
        yield f"odd units: {allocation.get('odd_units')}"
        yield from named_if("own items", "items" in benefit)
        yield from named_if("a benefit in a later stage", "stage" in benefit)
        rewarded = benefit.get("rewarded", {})
        if rewarded.get("over") == "all_sets":
            yield f"rewarded unit {next(iter(rewarded))} over all sets"


def limit_features(promotion: Json, quote: Quote) -> Iterator[str]:
    limits, amount = promotion.get("limits", {}), quote.promotions[promotion["id"]].amount_minor
    claims = [claim for claim in quote.claims if claim.promotion == promotion["id"]]
    budgets = [claim.amount for claim in claims if claim.of == "budget"]
    yield from named_if("a budget cuts", limits.get("on_empty") == "cut" and amount in budgets)
    yield from named_if("a unit limit cuts", any(claim.of in ("stock", "per_customer") for claim in claims))
    yield from named_if("a shared limit binds", any(claim.shared for claim in claims))


def barring_features(barred: Json, barring: Json, campaign: Json) -> Iterator[str]:
    yield from named_if("barred by exclusive", "exclusive" in barring or "exclusive" in barred)
    yield from named_if("barred by stop", "stop" in barring)
    for group in campaign.get("groups", ()):
        if group["name"] in barred.get("groups", ()) and group["name"] in barring.get("groups", ()):
            yield f"barred in a group of scope {group['scope']}"


def named_if(name: str, holds: object) -> Iterator[str]:
    if holds:
        yield name
