"""The whole reference: a campaign, a cart and a moment make the fields of a quote (§6), as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from promoengine.cart import Cart
from promoengine.document import CampaignDocument, PromotionDocument

from .choices import IN_ORDER, Choice
from .choosing import selectors_within
from .currency import has_figures
from .eligibility import codes_of, entered_codes
from .flow import REASONS, STATIC, Flow, Member, Outcome, run
from .limits import Refused
from .members import slots
from .money import percent
from .schedules import launch_end, next_edge
from .taxes import taxes
from .triggers import covers, is_item, parts_select
from .units import Unit, selected_methods
from .world import World


def price(document: CampaignDocument, cart: Cart, at: datetime, choice: Choice = IN_ORDER) -> dict[str, Any]:
    """What the cart costs with a choice. Raises `Refused` where a rule forbids the order."""
    methods = selected_methods(cart)
    flow = run(World(document, cart, at, methods), choice)
    world = flow.world
    outcomes = outcomes_of(flow)
    taxed = taxes(document.tax, world.units)
    added = 0 if document.tax is None or document.tax.prices_include_tax else sum(each.tax for each in taxed.values())
    return {
        "total": sum(unit.price for unit in world.units) + added,
        "lines": {line: line_of(document, units) for line, units in by_line(world.units, goods=True).items()},
        "shipping": {
            shipment: shipment_of(flow, cart, at, methods, shipment, units)
            for shipment, units in by_line(world.units, goods=False).items()
        },
        "gifts": sorted(flow.gifts),
        "grants": sorted(flow.grants),
        "promotions": promotions_of(flow),
        "outcomes": {name: plain(outcome) for name, outcome in outcomes.items()},
        "codes": codes(flow, outcomes),
        "claims": claims(flow),
        "valid_until": valid_until(flow),
        "tax": {f"{'line' if not row[0] else 'shipment'} {row[1]}": vars(each) for row, each in taxed.items()},
    }


def by_line(units: Sequence[Unit], *, goods: bool) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.is_goods == goods:
            found.setdefault(unit.line, []).append(unit)
    return found


# -- lines and shipments --------------------------------------------------------------------------


def line_of(document: CampaignDocument, units: list[Unit]) -> dict[str, Any]:
    """§2: segments where units of a line end at different prices, highest payable first."""
    prices = Counter(unit.price for unit in units)
    return {
        "payable": sum(unit.price for unit in units),
        "segments": [(count, price) for price, count in sorted(prices.items(), reverse=True)],
        "adjustments": adjustments(document, units),
    }


def adjustments(document: CampaignDocument, units: list[Unit]) -> list[tuple[Any, ...]]:
    """§6: (promotion, stage, benefit, units, base, before, after)."""
    found = Counter(
        (each.promotion, document.stages[each.stage].name, each.benefit, each.base, each.before, each.after)
        for unit in units
        for each in unit.changes
    )
    return sorted((*key[:3], count, *key[3:]) for key, count in found.items())


def shipment_of(
    flow: Flow, cart: Cart, at: datetime, methods: dict[str, str], shipment: str, units: list[Unit]
) -> dict[str, Any]:
    """§6: each other option is shown as priced in its place with the same members."""
    source = next(each for each in cart.shipments if each.id == shipment)
    options = {}
    for option in source.options:
        if option.method == methods[shipment]:
            options[option.method] = units[0].price
        else:
            options[option.method] = other_option(flow, cart, at, {**methods, shipment: option.method}, shipment)
    return {
        "payable": units[0].price,
        "options": options,
        "adjustments": adjustments(flow.world.document, units),
    }


def other_option(flow: Flow, cart: Cart, at: datetime, methods: dict[str, str], shipment: str) -> int:
    """One more pass in which only the promotions of the quote may act; at list where that order is refused."""
    members = frozenset(member.slot.promotion.id for member in flow.members)
    left_out = {each.name for each in flow.left_out}
    world = World(flow.world.document, cart, at, methods)
    unit = next(unit for unit in world.units if not unit.is_goods and unit.line == shipment)
    try:
        run(world, Choice(lambda name: name not in left_out, flow.world.kept), members)
    except Refused:
        return unit.list
    return unit.price


# -- promotions -----------------------------------------------------------------------------------


def promotions_of(flow: Flow) -> dict[str, Any]:
    """§6: amount, times, `unused`, funding."""
    found = {}
    for promotion in flow.world.document.promotions:
        members = [member for member in flow.members if member.slot.promotion.id == promotion.id]
        if members:
            found[promotion.id] = {
                "amount": sum(member.attempt.cut.total for member in members),
                "times": times(members),
                "unused": sum(member.attempt.cut.unused for member in members),
                "funding": funding(flow, promotion),
                "points_redeemed": sum(member.attempt.cut.points_redeemed for member in members),
                "codes": used_codes(flow, promotion),
                "members": sorted((m.slot.position, m.instance.key, tuple(sorted(m.claimed.items()))) for m in members),
            }
    return found


def times(members: list[Member]) -> int:
    """How often it applied: by each instance, as its first benefit did."""
    firsts: dict[object, int] = {}
    for member in members:
        firsts.setdefault(member.instance, member.attempt.times)
    return sum(firsts.values())


def funding(flow: Flow, promotion: PromotionDocument) -> dict[str, int]:
    """§6: named bearers get the floor of their share per line; `rest` takes the remainder."""
    found: Counter[str] = Counter()
    rows: Counter[object] = Counter()
    for unit in flow.world.units:
        rows[unit.row] += sum(each.before - each.after for each in unit.changes if each.promotion == promotion.id)
    for amount in rows.values():
        shares = {bearer: floor(percent(share) * amount) for bearer, share in promotion.funding.shares.items()}
        found.update(shares)
        found[promotion.funding.rest] += amount - sum(shares.values())
    return {bearer: amount for bearer, amount in sorted(found.items()) if amount}


def used_codes(flow: Flow, promotion: PromotionDocument) -> list[str]:
    """§3: as many codes as applied it, in code-point order, those with uses left first."""
    if promotion.codes is None:
        return []
    applied = {member.instance.application for member in flow.members if member.slot.promotion.id == promotion.id}
    return codes_of(promotion, flow.world.asked)[: len(applied)]


# -- outcomes and codes ---------------------------------------------------------------------------


def outcomes_of(flow: Flow) -> dict[str, Outcome]:
    """§6: each considered promotion has exactly one outcome, that of the member that got furthest."""
    found = {}
    for promotion in flow.world.document.promotions:
        reached = flow.outcomes.get(promotion.id) or [Outcome("items")]
        if is_shown(flow, promotion):
            found[promotion.id] = max(reached, key=lambda outcome: REASONS.index(outcome.reason))
    return found


def is_shown(flow: Flow, promotion: PromotionDocument) -> bool:
    """§6: considered, and not only wanting a code that was not entered."""
    if promotion.codes is not None:
        return bool(codes_of(promotion, flow.world.asked))
    outcomes = flow.outcomes.get(promotion.id, ())
    if any(each.reason in STATIC for each in outcomes):
        return holds_items(flow, promotion)
    return any(each.reason != "items" for each in outcomes)


def holds_items(flow: Flow, promotion: PromotionDocument, maybe: frozenset[str] = frozenset()) -> bool:
    """§6: the cart holds a unit of its items, at its turn, or, refused before its turn, at list. `maybe` names keys of
    selectors that are taken to hold or not to hold, as it may be under another schedule.
    """
    world = flow.world
    refused_before = any(each.reason in STATIC for each in flow.outcomes.get(promotion.id, ()))
    stages = {slot.stage for slot in slots(world.document, promotion)}
    parts = parts_select(promotion.trigger)
    for stage in stages:
        goods, shipping = covers(world.document, stage)
        for unit in world.units:
            covered = unit.is_goods or (goods and shipping) or (not goods and promotion.items is None and not parts)
            seen = unit.as_given() if refused_before else unit
            if covered and is_item(world.selecting, promotion, seen, stage, maybe=maybe):
                return True
    return False


def plain(outcome: Outcome) -> dict[str, Any]:
    shortfall = outcome.shortfall
    return {
        "reason": outcome.reason,
        "shortfall": None
        if shortfall is None or outcome.reason != "trigger"
        else (
            shortfall.measure,
            shortfall.measured,
            shortfall.needed,
            shortfall.needed - shortfall.measured,
            shortfall.money,
        ),
        "barred_by": sorted(outcome.barred_by),
    }


def codes(flow: Flow, outcomes: dict[str, Outcome]) -> dict[str, Any]:
    """§6: applied, refused (with its promotion's reason), `not_needed`, or `unknown`."""
    world = flow.world
    found = {}
    for code in entered_codes(world.asked):
        asking = [each for each in world.document.promotions if code in codes_of(each, world.asked)]
        asking.sort(key=lambda each: (each.priority, each.id))
        using = [each for each in asking if code in used_codes(flow, each)]
        furthest = max(asking, key=lambda each: REASONS.index(outcomes[each.id].reason), default=None)
        if furthest is None:
            found[code] = ("unknown", "", "")
        elif using:
            found[code] = ("applied", using[0].id, "")
        elif outcomes[furthest.id].reason == "applied":
            found[code] = ("not_needed", furthest.id, "")
        else:
            found[code] = ("refused", furthest.id, outcomes[furthest.id].reason)
    return found


# -- claims and the clock -------------------------------------------------------------------------


def claims(flow: Flow) -> list[tuple[str, str, str, int, str]]:
    """§6: what must be reserved: (of, promotion, key, amount, shared)."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    world = flow.world
    customer = world.asked.cart.customer.id or ""
    for promotion in world.document.promotions:
        if not world.has_used(promotion.id):
            continue
        for limit in world.ledger.limits(promotion):
            amount = flow.world.uses_of.get((promotion.id, limit.kind), 0)
            key = customer if limit.kind in ("per_customer", "uses_per_customer") else ""
            found[limit.kind, promotion.id, key, limit.name if limit.shared else ""] += amount
        for code in used_codes(flow, promotion):
            found["code", promotion.id, code, ""] += 1
    for name, sku, quantity, *_ in flow.gifts:
        found["gift_stock", name, sku, ""] += quantity
    for member in flow.members:
        found["points", member.slot.promotion.id, customer, ""] += member.attempt.cut.points_redeemed
    return sorted((of, name, key, amount, shared) for (of, name, key, shared), amount in found.items() if amount)


LATER = frozenset({"price", "rewarded_by", "launched_within"})
"""§6: the keys of selectors that are taken as open."""


def valid_until(flow: Flow) -> datetime | None:
    """§6: the next edge among promotions that would be considered under some schedule and pass currency and code."""
    world = flow.world
    zone = ZoneInfo(world.document.timezone)
    edges = []
    for promotion in world.document.promotions:
        by_code = promotion.codes is not None
        if not (codes_of(promotion, world.asked) if by_code else holds_items(flow, promotion, LATER)):
            continue
        if has_figures(world.document, promotion, world.asked.money):
            edges.append(next_edge(promotion.schedule, world.asked.at, zone))
        edges += launches(world, promotion, zone)
    for rule in world.document.floors:
        edges += launches_read(world, [rule.items], zone)
    later = [edge.astimezone(UTC) for edge in edges if edge is not None and edge > world.asked.at]
    return min(later, default=None)


def launches(world: World, promotion: PromotionDocument, zone: ZoneInfo) -> list[datetime]:
    """§6: launches of the cart's lines are edges of promotions that read them; one without figures reads its items."""
    parts = [part.items for part in getattr(promotion.trigger, "parts", None) or ()]
    if not has_figures(world.document, promotion, world.asked.money):
        if not world.selecting.has_figures(promotion.items):
            return []
        usable = all(world.selecting.has_figures(each) for each in parts)
        return launches_read(world, [promotion.items, *(parts if usable else ())], zone)
    benefits = [slot.benefit for slot in slots(world.document, promotion)]
    selectors = [promotion.items, *parts, *(getattr(benefit, "items", None) for benefit in benefits)]
    return launches_read(world, [*selectors, *condition_items(promotion.when)], zone)


def launches_read(world: World, selectors: list[Any], zone: ZoneInfo) -> list[datetime]:
    """The edges of all launches that selectors read."""
    days = [value.days for each in selectors for key, value in selectors_within(each) if key == "launched_within"]
    launched = [getattr(unit.source, "launched_at", None) for unit in world.units]
    return [edge for each in launched if each for number in days for edge in (each, launch_end(each, number, zone))]


def condition_items(conditions: Any) -> list[Any]:
    """The selectors inside conditions."""
    found = []
    for key, kind in conditions.stated() if conditions is not None else ():
        if key == "cart":
            found.append(kind.root.items)
        for each in kind.root if key in ("all", "any") else [kind.root] if key == "not" else ():
            found += condition_items(each)
    return found
