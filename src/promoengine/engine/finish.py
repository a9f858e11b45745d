"""Finish: the state of a pass becomes a quote; its totals at once, its details when they are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from promoengine import plan
from promoengine.engine.basket import Basket, Line, Parcel
from promoengine.engine.bound import BoundPlan
from promoengine.engine.claims import claims_of, codes_used
from promoengine.engine.clock import Clock, launch_end, next_edge
from promoengine.engine.gather import Gathered
from promoengine.engine.notes import Units
from promoengine.engine.outcomes import code_outcomes, promotion_outcomes
from promoengine.engine.state import Applied, State
from promoengine.engine.tax import Taxable, taxed
from promoengine.engine.unfold import Unfolded
from promoengine.errors import Contradiction
from promoengine.instants import moment_of
from promoengine.quote import (
    Adjustment,
    AppliedPromotion,
    Details,
    Member,
    OptionPrice,
    Quote,
    QuoteLine,
    QuoteShipment,
    Segment,
    Selection,
    Taxed,
)


@dataclass(slots=True)
class Finished:
    """What finishing needs: the pass that was chosen, and what was gathered for it."""

    bound: BoundPlan
    basket: Basket
    clock: Clock
    gathered: Gathered
    state: State


def finish(given: Finished, details: Details) -> Quote:
    """The quote of a finished pass: its totals now, and by `details` what it says of each line and promotion.

    Raises `Contradiction` where what promotions took off is not what the lines cost less.
    """
    state, source = given.state, given.bound.plan
    number = len(given.basket.goods)
    goods_minor = sum(state.payable[:number])
    shipping_minor = sum(state.payable[number:])
    list_minor = sum(given.basket.totals_minor)
    taken_minor = sum([applied.amount_minor for applied in state.applied.values()])
    if list_minor - taken_minor != goods_minor + shipping_minor:
        raise Contradiction(
            f"promotions took {taken_minor}, and lines cost {list_minor - goods_minor - shipping_minor} less"
        )
    included = source.tax is None or source.tax.included
    tax_minor = sum([taxed.tax_minor for taxed in _taxes(given).values()])
    return Quote.with_details(
        details,
        campaign=source.campaign,
        content_hash=source.content_hash,
        currency=source.currency,
        exponent=source.exponent,
        at=moment_of(given.clock.us),
        list_total_minor=list_minor,
        discount_total_minor=taken_minor,
        goods_total_minor=goods_minor,
        shipping_total_minor=shipping_minor,
        tax_total_minor=tax_minor,
        tax_included=included,
        total_minor=goods_minor + shipping_minor + (0 if included else tax_minor),
    )


FIGURES = frozenset({"lines", "shipping", "gifts", "grants", "promotions", "claims", "selection"})
TOLD = frozenset({"outcomes", "codes", "valid_until"})


def figures_of(given: Finished, options: dict[tuple[str, int], int], selection: Selection) -> dict[str, Any]:
    """The fields of `FIGURES`: what a quote says of lines, and of promotions that applied. `options`: what those that
    are not selected would cost, by shipment and position; `selection`: how the combination was chosen.
    """
    state, basket, bound, gathered = given.state, given.basket, given.bound, given.gathered
    taxes = _taxes(given)
    unfolded = Unfolded(state)
    adjustments = _adjustments(bound.plan, unfolded)
    return {
        "lines": {
            line.id: _quote_line(state, line, unfolded.units[line.rank], adjustments[line.rank], taxes.get(line.rank))
            for line in basket.goods
        },
        "shipping": {
            parcel.id: _quote_shipment(state, parcel, line, adjustments[line.rank], options, taxes.get(line.rank))
            for parcel, line in zip(basket.parcels, basket.shipping, strict=True)
        },
        "gifts": [gift for applied in _in_order(state) for gift in applied.gifts],
        "grants": [grant for applied in _in_order(state) for grant in applied.grants],
        "promotions": _promotions(given, unfolded),
        "claims": claims_of(bound, basket, gathered, state),
        "selection": selection,
    }


def outcomes_of(given: Finished) -> dict[str, Any]:
    """The fields of `TOLD`: what became of every promotion that was gathered, and until when that holds."""
    state, basket, bound, gathered = given.state, given.basket, given.bound, given.gathered
    return {
        "outcomes": promotion_outcomes(gathered, state),
        "codes": code_outcomes(bound, basket, gathered, state),
        "valid_until": valid_until(bound, basket, given.clock, gathered),
    }


def _in_order(state: State) -> list[Applied]:
    """What promotions gave, by promotion index."""
    return [state.applied[index] for index in sorted(state.applied)]


def _adjustments(source: plan.Plan, unfolded: Unfolded) -> list[list[Adjustment]]:
    """The adjustments of each line, by rank, in the order of the pass; equal ones of one effect as one."""
    heads: dict[int, tuple[str, str, int]] = {}
    for effect in unfolded.effects:
        of = source.effects[effect]
        heads[effect] = source.promotions[of.promotion].id, source.stages[of.stage].name, of.position
    return [
        [
            Adjustment(*heads[effect], count, -base, -before, after)
            for (effect, before, after, base), count in sorted(pieces.items())
        ]
        for pieces in unfolded.pieces
    ]


def _quote_line(state: State, line: Line, units: Units, adjustments: list[Adjustment], tax: Taxed | None) -> QuoteLine:
    payable = state.payable[line.rank]
    return QuoteLine(
        line.id,
        line.sku or "",
        line.quantity,
        line.list_minor,
        line.total_minor,
        line.total_minor - payable,
        payable,
        [Segment(*units[0])] if len(units) == 1 else _segments(units),
        adjustments,
        line.rank in state.cut,
        tax,
        line.list_price_minor,
    )


def _segments(units: Units) -> list[Segment]:
    """The dearest first; those of one price together."""
    counts: dict[int, int] = {}
    for count, price in units:
        counts[price] = counts.get(price, 0) + count
    return [Segment(counts[price], price) for price in sorted(counts, reverse=True)]


def _quote_shipment(
    state: State,
    parcel: Parcel,
    line: Line,
    adjustments: list[Adjustment],
    others: dict[tuple[str, int], int],
    tax: Taxed | None,
) -> QuoteShipment:
    payable = state.payable[line.rank]
    options = [
        OptionPrice(
            option.method,
            option.amount_minor,
            payable if index == parcel.selected else others[parcel.id, index],
        )
        for index, option in enumerate(parcel.options)
    ]
    options.sort(key=lambda option: option.method)
    return QuoteShipment(
        parcel.id,
        parcel.options[parcel.selected].method,
        line.list_minor,
        line.list_minor - payable,
        payable,
        adjustments,
        options,
        tax,
    )


def _taxes(given: Finished) -> dict[int, Taxed]:
    """The tax of every line and shipment that carries a rate, by rank."""
    rule = given.bound.plan.tax
    if rule is None:
        return {}
    lines = [line for line in given.state.lines if line.tax_rate is not None]
    parts = [
        Taxable(line.tax_rate, [(run.count, run.price) for run in given.state.runs_of(line.rank)])
        for line in lines
        if line.tax_rate is not None
    ]
    return {line.rank: tax for line, tax in zip(lines, taxed(rule, parts), strict=True)}


def _promotions(given: Finished, unfolded: Unfolded) -> dict[str, AppliedPromotion]:
    state = given.state
    amounts = _amounts_by_line(state, unfolded)
    found = {}
    for applied in _in_order(state):
        rule = state.bound.plan.promotions[applied.promotion]
        candidate = given.gathered.candidates[rule.index]
        found[rule.id] = AppliedPromotion(
            rule.id,
            applied.amount_minor,
            applied.times,
            applied.unused_minor,
            _funding(rule.funding, applied.amount_minor, amounts.get(rule.index, [])),
            [_member(*each) for each in applied.members],
            dict(rule.labels),
            [code.text for code in codes_used(candidate, applied)] if candidate.codes else [],
            applied.points_redeemed,
        )
    return dict(sorted(found.items()))


def _amounts_by_line(state: State, unfolded: Unfolded) -> dict[int, list[int]]:
    """What each promotion that others bear a part of took off each line, by promotion."""
    source = state.bound.plan
    if not any([source.promotions[index].funding.shares for index in state.applied]):
        return {}
    amounts: dict[int, list[int]] = {}
    for pieces in unfolded.pieces:
        of_line: dict[int, int] = {}
        for (effect, minus_before, after, _), count in pieces.items():
            promotion = source.effects[effect].promotion
            of_line[promotion] = of_line.get(promotion, 0) + count * (-minus_before - after)
        for promotion, amount in of_line.items():
            amounts.setdefault(promotion, []).append(amount)
    return amounts


def _member(benefit: int, key: str, lines: list[Line], counts: list[int] | None) -> Member:
    if counts is None:
        return Member(benefit, key, {line.name: line.quantity for line in lines})
    units: dict[str, int] = {}
    for line, count in zip(lines, counts, strict=True):
        units[line.name] = units.get(line.name, 0) + count
    return Member(benefit, key, units)


def _funding(funding: plan.Funding, amount_minor: int, line_amounts: list[int]) -> dict[str, int]:
    """Who bears how much of an amount; without shares of others, `rest` all of it."""
    if funding.shares:
        return funding_of(funding, line_amounts)
    return {funding.rest: amount_minor} if amount_minor else {}


def funding_of(funding: plan.Funding, line_amounts: list[int]) -> dict[str, int]:
    """Who bears how much: named bearers take the floor of their share of each line, `rest` what remains."""
    bearers = {name: 0 for name, _ in funding.shares if name != funding.rest}
    rest = 0
    for amount in line_amounts:
        left = amount
        for name, (numerator, denominator) in funding.shares:
            if name != funding.rest:
                share = amount * numerator // denominator
                bearers[name] += share
                left -= share
        rest += left
    return dict(sorted({**bearers, funding.rest: rest}.items())) if line_amounts else {}


def valid_until(bound: BoundPlan, basket: Basket, clock: Clock, gathered: Gathered) -> datetime | None:
    """The next instant at which a schedule or a launch could change the quote; None where none is ahead."""
    edges: list[int] = []
    for index in gathered.scheduled:
        rule = bound.plan.promotions[index]
        if rule.schedule is not None:
            edge = next_edge(rule.schedule, clock)
            if edge is not None:
                edges.append(edge)
    for index in (*gathered.scheduled, *gathered.launching):
        for days in bound.plan.promotions[index].launch_days:
            edges.extend(_launch_edges(basket, days, clock))
    for floor, _ in bound.floors:
        for days in floor.launch_days:
            edges.extend(_launch_edges(basket, days, clock))
    return moment_of(min(edges)) if edges else None


def _launch_edges(basket: Basket, days: int, clock: Clock) -> list[int]:
    edges = []
    for line in basket.goods:
        if line.launched_us is not None:
            edges += [line.launched_us, launch_end(line.launched_us, days, clock.zone)]
    return [edge for edge in edges if edge > clock.us]
