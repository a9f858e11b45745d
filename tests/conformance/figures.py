"""Figures: ours by name, and how each source names them.

A figure has a path, as `line_payable.A`. `figures_of` lists those of a quote. A **dialect** maps what a source states,
by the pattern of its path (`lines.*.payable`), to one of ours; so no case repeats a source's figures, and none can bend
them. What a dialect does not map, a case maps itself under `figures:`, or it does not pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from promoengine import Campaign, Quote
from promoengine.currencies import EXPONENTS
from promoengine.quote import QuoteLine, QuoteShipment

from .cases import Path_, Run, Vector

COUNTS = frozenset(
    {
        "gifts",
        "points",
        "line_points",
        "points_used",
        "times",
        "uses",
        "line_quantity",
        "segment_quantity",
        "claimed",
        "free_units",
        "places_missing",
    }
)
"""The figures that are no money: never in minor units."""
SETS = frozenset({"applied", "not_applied", "line_applied"})
"""The figures that are lists of ids in no order."""
WORDS = frozenset({"refused", "error"})
"""The figures that are words: a source has words of its own for them."""


# -- ours ---------------------------------------------------------------------------------------


def figures_of(run: Run, quote: Quote | list[str]) -> dict[Path_, Any]:
    """Every figure of a quote, or the code of the refusal, by path."""
    if isinstance(quote, list):
        return dict(flat({"error": quote[0]}))
    named = (_sums(quote), _by_line(quote), _by_unit(quote), _by_promotion(quote), _in_order(run, quote))
    derived = (_deposit(run, quote), _sets(run, quote))
    return dict(flat({name: value for each in (*named, *derived) for name, value in each.items()}))


def _sums(quote: Quote) -> dict[str, Any]:
    money = quote.format
    goods = quote.lines.values()
    return {
        "total": quote.total,
        "list": money(sum(line.list_minor for line in goods)),
        "discount": money(sum(line.discount_minor for line in goods)),
        "goods": money(quote.goods_total_minor),
        "shipping": money(quote.shipping_total_minor),
        "shipping_discount": money(sum(each.discount_minor for each in quote.shipping.values())),
        "free_shipping": bool(quote.shipping) and not quote.shipping_total_minor,
        "tax": money(quote.tax_total_minor),
        "before_tax": money(quote.goods_total_minor + quote.shipping_total_minor),
        "points_used": sum(each.points_redeemed for each in quote.promotions.values()),
        "gifts": {gift.sku: gift.quantity for gift in quote.gifts},
        "has_gift": bool(quote.gifts),
        "free_units": sum(each.quantity for line in goods for each in line.segments if not each.unit_payable_minor),
    }


def _by_line(quote: Quote) -> dict[str, Any]:
    """Of each line and shipment, by its id."""
    money = quote.format
    found: dict[str, dict[str, Any]] = {}
    priced: list[QuoteLine | QuoteShipment] = [*quote.lines.values(), *quote.shipping.values()]
    for each in priced:
        parts: dict[str, int] = {}
        for adjustment in each.adjustments:
            parts[adjustment.promotion] = parts.get(adjustment.promotion, 0) + adjustment.amount_minor
        shown = {
            "list": money(each.list_minor),
            "discount": money(each.discount_minor),
            "payable": money(each.payable_minor),
            "parts": {promotion: money(amount) for promotion, amount in parts.items()},
            "applied": sorted(parts),
            **({"quantity": each.quantity} if isinstance(each, QuoteLine) else {}),
            **({"tax": money(each.tax.tax_minor), "gross": money(each.tax.gross_minor)} if each.tax else {}),
        }
        for name, value in shown.items():
            found.setdefault(f"line_{name}", {})[each.id] = value
    return found


def _by_unit(quote: Quote) -> dict[str, Any]:
    """Of the segments of each line, highest payable first; and of each line whose units are all alike."""
    money = quote.format
    lines = quote.lines.values()
    alike = [line for line in lines if len(line.segments) == 1]
    return {
        "segment_quantity": {
            line.id: {str(place): each.quantity for place, each in enumerate(line.segments)} for line in lines
        },
        "segment_discount": {
            line.id: {
                str(place): money(line.unit_list_minor - each.unit_payable_minor)
                for place, each in enumerate(line.segments)
            }
            for line in lines
        },
        "unit_payable": {line.id: money(line.segments[0].unit_payable_minor) for line in alike},
        "unit_discount": {line.id: money(line.unit_list_minor - line.segments[0].unit_payable_minor) for line in alike},
        "unit_gross": {
            line.id: money(line.tax.gross_minor // line.quantity)
            for line in alike
            if line.tax is not None and line.tax.gross_minor % line.quantity == 0
        },
    }


def _in_order(run: Run, quote: Quote) -> dict[str, Any]:
    """What each applied promotion gave and left, in the order in which they act; the goods after each stage."""
    money = quote.format
    stages = [each.name for each in Campaign.from_dict(run.campaign).document.stages]
    rules = {each["id"]: each for each in run.campaign.get("promotions", ())}
    order = sorted(
        quote.promotions, key=lambda id_: (stages.index(rules[id_]["stage"]), rules[id_].get("priority", 0), id_)
    )
    amounts = [quote.promotions[id_].amount_minor for id_ in order]
    by_stage = [
        sum(a.amount_minor for line in quote.lines.values() for a in line.adjustments if a.stage == stage)
        for stage in stages
    ]
    list_minor = sum(line.list_minor for line in quote.lines.values())
    return {
        "applied": sorted(order),
        "applied_in_order": order,
        "applied_at" if order else "refused_at": [run.at],
        "not_applied": sorted(each.promotion for each in quote.outcomes.values() if not each.applied),
        "steps": [money(amount) for amount in amounts],
        "left_after_steps": [
            money(quote.list_total_minor - sum(amounts[: count + 1])) for count in range(len(amounts))
        ],
        "goods_after": {stage: money(list_minor - sum(by_stage[: count + 1])) for count, stage in enumerate(stages)},
    }


def _by_promotion(quote: Quote) -> dict[str, Any]:
    money = quote.format
    applied = quote.promotions.values()
    funding: dict[str, int] = {}
    labels: dict[str, dict[str, int]] = {}
    for each in applied:
        for bearer, share in each.funding_minor.items():
            funding[bearer] = funding.get(bearer, 0) + share
        for label, value in each.labels.items():
            amounts = labels.setdefault(label, {})
            amounts[value] = amounts.get(value, 0) + each.amount_minor
    bases = dict.fromkeys(quote.promotions, 0)
    priced: list[QuoteLine | QuoteShipment] = [*quote.lines.values(), *quote.shipping.values()]
    for adjustment in (adjustment for each in priced for adjustment in each.adjustments):
        bases[adjustment.promotion] += adjustment.quantity * adjustment.unit_base_minor
    line_points: dict[str, int] = {}
    for line, part in (
        (line, part) for each in quote.grants if each.what == "points" for line, part in each.lines.items()
    ):
        line_points[line] = line_points.get(line, 0) + part.quantity
    refused = [each for each in quote.outcomes.values() if not each.applied]
    return {
        "promotions": {each.id: money(each.amount_minor) for each in applied},
        "times": {each.id: each.times for each in applied},
        "base": {each.id: money(bases[each.id]) for each in applied},
        "claimed": {each.id: sum(sum(member.units.values()) for member in each.members) for each in applied},
        "unused": {each.id: money(each.unused_minor) for each in applied},
        "funding": {bearer: money(share) for bearer, share in funding.items()},
        "labels": {label: {value: money(sum_) for value, sum_ in of.items()} for label, of in labels.items()},
        "points": {each.promotion: each.quantity for each in quote.grants if each.what == "points"},
        "line_points": line_points,
        "uses": sum(claim.amount for claim in quote.claims if claim.of == "uses"),
        "refused": {each.promotion: each.reason for each in refused},
        "barred_by": {each.promotion: each.barred_by for each in refused},
        "gap": {
            each.promotion: money(each.shortfall.gap) if each.shortfall.money else each.shortfall.gap
            for each in refused
            if each.shortfall is not None
        },
        "places_missing": {
            each.promotion: each.shortfall.gap for each in refused if each.shortfall and not each.shortfall.money
        },
    }


def _deposit(run: Run, quote: Quote) -> dict[str, Any]:
    """What was paid before as the deposit of an applied promotion, and the balance that is left."""
    paid_minor = 0
    for promotion in run.campaign.get("promotions", ()):
        benefit = promotion.get("benefit")
        if promotion["id"] in quote.promotions and isinstance(benefit, dict) and benefit["kind"] == "deposit":
            units = [a for line in quote.lines.values() for a in line.adjustments if a.promotion == promotion["id"]]
            each_minor = int(Decimal(benefit["paid"]).scaleb(quote.exponent))
            paid_minor += each_minor * sum(a.quantity for a in units)
    if not paid_minor:
        return {}
    return {"deposit": quote.format(paid_minor), "balance": quote.format(quote.total_minor - paid_minor)}


def _sets(run: Run, quote: Quote) -> dict[str, Any]:
    """The units of each set of a promotion, by their lines, in the order in which they are grouped: what it claims with
    one set more, less what it claims without that.
    """
    found: dict[str, list[list[str]]] = {}
    for place, promotion in enumerate(run.campaign.get("promotions", ())):
        trigger = promotion.get("trigger", {})
        if trigger.get("kind") != "set" or promotion["id"] not in quote.promotions:
            continue
        lines = sorted(quote.lines.values(), key=lambda line: line.unit_list_minor)
        order = [line.id for line in (lines if trigger.get("grouping") == "cheapest_first" else lines[::-1])]
        claims = [_claims_of(run, place, times) for times in range(1, quote.promotions[promotion["id"]].times + 1)]
        found[promotion["id"]] = [
            [line for line in order for _ in range(after.get(line, 0) - before.get(line, 0))]
            for before, after in pairwise([{}, *claims])
        ]
    return {"sets": found}


def _claims_of(run: Run, place: int, times: int) -> dict[str, int]:
    """The units that a promotion claims by line, where it forms at most so many sets."""
    promotions = [*run.campaign["promotions"]]
    bounded = {**promotions[place], "trigger": {**promotions[place]["trigger"], "max_times": times}}
    promotions[place] = bounded
    quote = replace(run, campaign={**run.campaign, "promotions": promotions}).quote()
    assert isinstance(quote, Quote)
    return {line: units for member in quote.promotions[bounded["id"]].members for line, units in member.units.items()}


# -- theirs -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one source names its figures: patterns of paths to ours, or to what the library has yet to learn.

    `words` are its reasons in ours: a word may be followed by a colon and the gap. `about` names what describes a
    vector and is no figure of an answer.
    """

    figures: Mapping[str, str]
    topics: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    about: frozenset[str] = frozenset()
    in_minor_units: bool = False


DIALECTS = {
    "china": Dialect(
        figures={
            "total": "total",
            "subtotal": "list",
            "discount": "discount",
            "shipping": "shipping",
            "free_shipping": "free_shipping",
            "lines.*.qty": "line_quantity.*",
            "lines.*.gross": "line_list.*",
            "lines.*.discount": "line_discount.*",
            "lines.*.payable": "line_payable.*",
            "lines.*.parts": "line_parts.*",
            "lines.*.parts.*": "line_parts.*.*",
            "unused.*": "unused.*",
            "gifts": "gifts",
            "gifts.*.qty": "gifts.*",
            "points_used": "points_used",
            "funding.*": "funding.*",
            "deposit": "deposit",
            "balance": "balance",
            "rejected.*": "refused.*",
            "error": "error",
        },
        topics={
            "lint": "lint",
            "nudge.*": "nudges",
            "refund": "refunds",
            "refunds": "refunds",
            "remaining_total": "refunds",
            "clawback": "refunds",
        },
        words={
            "lower_benefit_same_level": "barred",
            "same_level_exclusive": "barred",
            "overridden_by_official_price": "barred",
            "tie_break": "barred",
            "threshold_not_met": "trigger",
            "area_excluded": "context",
            "audience": "customer",
            "quota_exhausted": "limits",
            "gift_stock_exhausted": "no_effect",
            "no_benefit": "no_effect",
            "purchase_limit_exceeded": "limit_exceeded",
            "payable_would_be_zero": "below_floor",
            "group_failed": "trigger_not_reached",
        },
    ),
    "commercial": Dialect(
        figures={
            "total": "total",
            "total_discount": "discount",
            "line_discounts.*": "line_discount.*",
            "line_nets.*": "line_payable.*",
            "subtotal": "goods",
            "shipping": "shipping",
            "step_discounts": "steps",
            "running_totals": "left_after_steps",
            "applied": "applied",
            "applied.*": "times.*",
            "not_applied": "not_applied",
            "applied_by_line.*": "line_applied.*",
            "free_units": "free_units",
            "gift": "has_gift",
        },
        topics={"allowed_prior": "lint", "compliant": "lint"},
        about=frozenset({"model", "strategy", "value", "tax_rate", "tax_mode"}),
    ),
    "field_reports": Dialect(
        figures={
            "discount_total": "discount",
            "merchandise_total": "goods",
            "merchandise": "goods",
            "shipping": "line_list.parcel",
            "shipping_methods.*": "line_list.*",
            "shipping_discount_total": "shipping_discount",
            "shipping_total": "shipping",
            "free_shipping": "free_shipping",
            "tax_total": "tax",
            "grand_total": "total",
            "line_discounts.*": "line_discount.*",
            "by_promotion.*": "promotions.*",
            "gifts": "gifts",
            "gifts.*": "gifts.*",
            "rejected.*": "refused.*",
            "applied": "applied",
            "applied_order": "applied_in_order",
        },
        topics={
            "refund.*": "refunds",
            "B_still": "refunds",
            "near_miss.*": "nudges",
            "concurrent_commits": "ledger",
            "successes": "ledger",
            "failure_reason": "ledger",
        },
        words={
            "no_benefit": "no_effect",
            "gift_unavailable": "no_effect",
            "get_items_missing": "trigger",
            "currency_mismatch": "currency",
            "usage_limit_reached": "limits",
            "exclusive_group_lost": "barred",
            "conflicts_with": "barred",
            "error": "time_without_zone",
        },
        # What a reader is told: rates and names of rules, what never comes out, how often it is asked again.
        about=frozenset(
            {
                "tax_rate",
                "prices_include_tax",
                "never",
                "invariant",
                "metamorphic",
                "terminates",
                "entered",
                "idempotent_runs",
                "allocation_rule",
                "tie_break",
                "mode",
            }
        ),
        in_minor_units=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """One figure of a vector: where it stands, which of ours it is (several: their sum), and what it is.

    Without one of ours it is what the topic will bring; without a topic, nobody has said what it is.
    """

    place: Path_
    ours: tuple[Path_, ...]
    value: Any
    topic: str = ""


def stated(source: str, vector: Vector, runs: tuple[Run, ...]) -> list[tuple[Run | None, Stated]]:
    """Every figure of the vector, with the run that must show it. With several runs each figure goes to each that
    `meets` it; None where no run does.
    """
    dialect = DIALECTS[source]
    named = {path for run in runs for path in (*run.meets, *run.figures) if path}
    found: list[tuple[Run | None, Stated]] = []
    for place, value in flat(vector.expected):
        if place[0] in dialect.about:
            continue
        part = _longest(named, place)
        takers = [run for run in runs if part in run.meets or part in run.figures]
        for run in takers or (None,):
            inner = place if run is None or part in run.figures else place[len(part) :]
            for each in _readings(dialect, vector, {} if run is None else run.figures, inner, value):
                found.append((run, each))
    return found


def _longest(named: set[Path_], place: Path_) -> Path_:
    """The part of the vector that a run names and that holds this place; the root where none does."""
    return max((path for path in named if place[: len(path)] == path), key=len, default=())


def _readings(
    dialect: Dialect, vector: Vector, own: Mapping[Path_, tuple[Path_, ...]], place: Path_, value: Any
) -> Iterator[Stated]:
    if place in own:
        value = dialect.words.get(value, value) if own[place][0][0] in WORDS else value
        yield Stated(place, own[place], _money(dialect, vector, own[place][0], value))
        return
    for pattern, topic in dialect.topics.items():
        if _matched(pattern, place) is not None:
            yield Stated(place, (), value, topic)
            return
    for pattern, name in dialect.figures.items():
        stars = _matched(pattern, place)
        if stars is None:
            continue
        ours = _filled(name, stars)
        if ours[0] in SETS:
            yield Stated(place, (ours,), sorted(str(each) for each in value))
            return
        if ours[0] not in WORDS:
            yield Stated(place, (ours,), _money(dialect, vector, ours, value))
            return
        word, _, gap = str(value).partition(":")
        yield Stated(place, (ours,), dialect.words.get(word, word))
        if gap and word == "threshold_not_met":
            yield Stated(place, (("gap", *ours[1:]),), gap)
        return
    yield Stated(place, (), value)


def _money(dialect: Dialect, vector: Vector, ours: Path_, value: Any) -> Any:
    if not dialect.in_minor_units or ours[0] in COUNTS or type(value) is not int:
        return value
    return Decimal(value).scaleb(-(EXPONENTS.get(vector.currency, 0)))


def _matched(pattern: str, place: Path_) -> tuple[str, ...] | None:
    """What the stars of a pattern stand for."""
    parts = pattern.split(".")
    if len(parts) != len(place) or any(p not in ("*", q) for p, q in zip(parts, place, strict=True)):
        return None
    return tuple(q for p, q in zip(parts, place, strict=True) if p == "*")


def _filled(name: str, stars: tuple[str, ...]) -> Path_:
    left = list(stars)
    return tuple(left.pop(0) if part == "*" else part for part in name.split("."))


# -- both ---------------------------------------------------------------------------------------


def flat(value: Any, place: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every leaf with its path. Lists of mappings go by their sku, or by their place; an empty mapping or list, and
    any other list, is a leaf.
    """
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        value = {
            each.get("sku", str(place_)): {k: v for k, v in each.items() if k not in NAMING}
            for place_, each in enumerate(value)
        }
    if not isinstance(value, dict) or (not value and place):
        yield place, value
        return
    for key, each in value.items():
        yield from flat(each, (*place, str(key)))


NAMING = frozenset({"sku", "shop"})


def comparable(value: Any) -> Any:
    """A figure as a number, whatever text it stands in; words as they are; nothing at all as None."""
    if value in ({}, [], None):
        return None
    if isinstance(value, list):
        return [comparable(each) for each in value]
    if isinstance(value, bool):
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value)


def differences(figures: Mapping[Path_, Any], stated_: list[Stated]) -> list[str]:
    """Where a quote's figures are not what a source states."""
    found = []
    for each in stated_:
        value = _value(figures, each.ours)
        if value != comparable(each.value):
            names = " + ".join(".".join(path) for path in each.ours)
            found.append(f"{'.'.join(each.place)} is {each.value}, and {names} came to {value}")
    return found


def _value(figures: Mapping[Path_, Any], ours: tuple[Path_, ...]) -> Any:
    """A figure, or the sum of several; of a whole mapping, its paths where it holds anything."""
    values = [comparable(figures.get(path)) for path in ours]
    if len(values) > 1:
        return None if None in values else sum(values, Decimal())
    within = [".".join(path) for path in figures if path[: len(ours[0])] == ours[0] and path != ours[0]]
    return ", ".join(within) or values[0]
