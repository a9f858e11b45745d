"""Finish: the state of a pass becomes a quote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from promoengine import plan
from promoengine.engine.basket import Basket, Line, Parcel
from promoengine.engine.bound import BoundPlan
from promoengine.engine.claims import claims_of, codes_used
from promoengine.engine.clock import Clock, launch_end, next_edge
from promoengine.engine.gather import Gathered
from promoengine.engine.outcomes import code_outcomes, promotion_outcomes
from promoengine.engine.state import Applied, State
from promoengine.engine.tax import Taxable, taxed
from promoengine.instants import moment_of
from promoengine.quote import (
    Adjustment,
    AppliedPromotion,
    Member,
    OptionPrice,
    Quote,
    QuoteLine,
    QuoteShipment,
    Segment,
    Selection,
)


@dataclass(slots=True)
class Finished:
    """What finishing needs: the pass, what was gathered, the prices of options not selected, how it was chosen."""

    bound: BoundPlan
    basket: Basket
    clock: Clock
    gathered: Gathered
    state: State
    options: dict[tuple[str, int], int]
    selection: Selection


def finish(given: Finished) -> Quote:
    """The quote of a finished pass."""
    state, source, basket = given.state, given.bound.plan, given.basket
    adjustments = _adjustments(state)
    lines = {line.id: _quote_line(state, line, adjustments.get(line.rank, [])) for line in basket.goods}
    shipping = {
        parcel.id: _quote_shipment(given, parcel, line, adjustments.get(line.rank, []))
        for parcel, line in zip(basket.parcels, basket.shipping, strict=True)
    }
    tax = _apply_tax(given, lines, shipping)
    goods_minor = sum([line.payable_minor for line in lines.values()])
    shipping_minor = sum([shipment.payable_minor for shipment in shipping.values()])
    list_minor = sum([line.list_minor for line in lines.values()])
    list_minor += sum([shipment.list_minor for shipment in shipping.values()])
    included = source.tax is None or source.tax.included
    promotions = _promotions(given)
    return Quote(
        campaign=source.campaign,
        content_hash=source.content_hash,
        currency=source.currency,
        exponent=source.exponent,
        at=moment_of(given.clock.us),
        lines=lines,
        shipping=shipping,
        gifts=[gift for applied in _in_order(state) for gift in applied.gifts],
        grants=[grant for applied in _in_order(state) for grant in applied.grants],
        promotions=promotions,
        outcomes=promotion_outcomes(given.gathered, state),
        codes=code_outcomes(given.bound, basket, given.gathered, state),
        claims=claims_of(given.bound, basket, given.gathered, state),
        list_total_minor=list_minor,
        discount_total_minor=list_minor - goods_minor - shipping_minor,
        goods_total_minor=goods_minor,
        shipping_total_minor=shipping_minor,
        tax_total_minor=tax,
        tax_included=included,
        total_minor=goods_minor + shipping_minor + (0 if included else tax),
        valid_until=valid_until(given.bound, basket, given.clock, given.gathered),
        selection=given.selection,
    )


def _in_order(state: State) -> list[Applied]:
    """What promotions gave, by promotion index."""
    return [state.applied[index] for index in sorted(state.applied)]


def _adjustments(state: State) -> dict[int, list[Adjustment]]:
    """The adjustments of each line, by rank, in the order of the pass; equal ones of one effect as one."""
    effects, promotions, stages = (
        state.bound.plan.effects,
        state.bound.plan.promotions,
        state.bound.plan.stages,
    )
    counts: dict[tuple[int, int, int, int, int], int] = {}
    for index, line, count, base, before, after in state.adjusted:
        key = (line.rank, index, base, before, after)
        counts[key] = counts.get(key, 0) + count
    found: dict[int, list[Adjustment]] = {}
    for (rank, index, base, before, after), count in sorted(counts.items(), key=_adjustment_order):
        effect = effects[index]
        found.setdefault(rank, []).append(
            Adjustment(
                promotions[effect.promotion].id,
                stages[effect.stage].name,
                effect.position,
                count,
                base,
                before,
                after,
            )
        )
    return found


def _adjustment_order(item: tuple[tuple[int, int, int, int, int], int]) -> tuple[int, int, int, int, int]:
    rank, index, base, before, after = item[0]
    return rank, index, -before, after, -base


def _quote_line(state: State, line: Line, adjustments: list[Adjustment]) -> QuoteLine:
    segments: dict[int, int] = {}
    for run in state.runs_of(line.rank):
        segments[run.price] = segments.get(run.price, 0) + run.count
    total = line.list_minor * line.quantity
    payable = state.payable[line.rank]
    return QuoteLine(
        line.id,
        line.sku or "",
        line.quantity,
        line.list_minor,
        total,
        total - payable,
        payable,
        [Segment(segments[price], price) for price in sorted(segments, reverse=True)],
        adjustments,
        line.rank in state.cut,
        list_price_minor=line.list_price_minor,
    )


def _quote_shipment(given: Finished, parcel: Parcel, line: Line, adjustments: list[Adjustment]) -> QuoteShipment:
    payable = given.state.payable[line.rank]
    options = [
        OptionPrice(
            option.method,
            option.amount_minor,
            payable if index == parcel.selected else given.options[parcel.id, index],
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
    )


def _apply_tax(given: Finished, lines: dict[str, QuoteLine], shipping: dict[str, QuoteShipment]) -> int:
    """Put tax on every line and shipment that carries a rate; the sum of it."""
    rule = given.bound.plan.tax
    if rule is None:
        return 0
    targets: list[QuoteLine | QuoteShipment] = []
    parts: list[Taxable] = []
    for line in (*given.basket.goods, *given.basket.shipping):
        if line.tax_rate is not None:
            targets.append(lines[line.id] if line.goods else shipping[line.id])
            parts.append(Taxable(line.tax_rate, [(run.count, run.price) for run in given.state.runs_of(line.rank)]))
    for target, found in zip(targets, taxed(rule, parts), strict=True):
        target.tax = found
    return sum([target.tax.tax_minor for target in targets if target.tax is not None])


def _promotions(given: Finished) -> dict[str, AppliedPromotion]:
    state = given.state
    amounts: dict[int, dict[int, int]] = {}
    for index, line, count, _, before, after in state.adjusted:
        of_lines = amounts.setdefault(state.bound.plan.effects[index].promotion, {})
        of_lines[line.rank] = of_lines.get(line.rank, 0) + count * (before - after)
    found = {}
    for applied in _in_order(state):
        rule = state.bound.plan.promotions[applied.promotion]
        candidate = given.gathered.candidates[rule.index]
        found[rule.id] = AppliedPromotion(
            rule.id,
            applied.amount_minor,
            applied.times,
            applied.unused_minor,
            funding_of(rule.funding, list(amounts.get(rule.index, {}).values())),
            [_member(*each) for each in applied.members],
            dict(rule.labels),
            [code.text for code in codes_used(candidate, applied)],
            applied.points_redeemed,
        )
    return dict(sorted(found.items()))


def _member(benefit: int, key: str, claimed: list[tuple[Line, int]]) -> Member:
    units: dict[str, int] = {}
    for line, count in claimed:
        units[line.name] = units.get(line.name, 0) + count
    return Member(benefit, key, units)


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
