"""Law 1, by addition alone, and apart from the quote's own `verify`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from promoengine.quote import Quote, QuoteLine, QuoteShipment


def sum_faults(quote: Quote) -> Iterator[str]:
    """What does not add up, as sentences."""
    yield from _not_whole(quote, "quote")
    priced: list[QuoteLine | QuoteShipment] = [*quote.lines.values(), *quote.shipping.values()]
    for each in priced:
        yield from _part_faults(each)
    adjusted = sum(a.quantity * (a.unit_before_minor - a.unit_after_minor) for each in priced for a in each.adjustments)
    promoted = sum(each.amount_minor for each in quote.promotions.values())
    taken = sum(each.list_minor - each.payable_minor for each in priced)
    if not adjusted == promoted == taken == quote.discount_total_minor:
        yield (
            f"adjustments take {adjusted}, promotions {promoted}, list less payable is {taken}, "
            f"the discount {quote.discount_total_minor}"
        )
    if sum(each.list_minor for each in priced) != quote.list_total_minor:
        yield "the list total is not the sum of its lines"
    for grant in quote.grants:
        earned = grant.lines.values()
        parts = (sum(each.quantity for each in earned), sum(each.value_minor for each in earned))
        if earned and parts != (grant.quantity, grant.value_minor):
            yield f"lines earned {parts} of {grant}"
    yield from _tax_faults(quote, priced)


def _part_faults(part: QuoteLine | QuoteShipment) -> Iterator[str]:
    """One line or shipment: each unit costs between nothing and list."""
    if not 0 <= part.payable_minor <= part.list_minor:
        yield f"{part.id}: payable {part.payable_minor} of list {part.list_minor}"
    if isinstance(part, QuoteLine):
        if part.list_minor != part.quantity * part.unit_list_minor:
            yield f"line {part.id}: list is not {part.quantity} times {part.unit_list_minor}"
        prices = [segment.unit_payable_minor for segment in part.segments]
        if prices != sorted(set(prices), reverse=True) or any(not 0 <= p <= part.unit_list_minor for p in prices):
            yield f"line {part.id}: segments at {prices} of list {part.unit_list_minor}"
        if sum(segment.quantity for segment in part.segments) != part.quantity:
            yield f"line {part.id}: segments of {part.segments}"


def _tax_faults(quote: Quote, priced: list[QuoteLine | QuoteShipment]) -> Iterator[str]:
    taxes = [each.tax for each in priced if each.tax is not None]
    if sum(tax.tax_minor for tax in taxes) != quote.tax_total_minor:
        yield "the tax total is not the sum of its lines"
    for each in priced:
        if each.tax is not None:
            paid = each.tax.gross_minor if quote.tax_included else each.tax.net_minor
            if each.tax.net_minor + each.tax.tax_minor != each.tax.gross_minor or paid != each.payable_minor:
                yield f"{each.id}: {each.tax} of payable {each.payable_minor}"
    payable = sum(each.payable_minor for each in priced)
    added = 0 if quote.tax_included else quote.tax_total_minor
    if quote.total_minor != payable + added or quote.total_minor < 0:
        yield f"the total {quote.total_minor} is not payable {payable} and added tax {added}"


def _not_whole(value: object, place: str) -> Iterator[str]:
    """Every amount that is no int. A bool is none either."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            content = getattr(value, each.name)
            yield from (
                _not_amounts(content, f"{place}.{each.name}")
                if each.name.endswith("_minor")
                else _not_whole(content, f"{place}.{each.name}")
            )
    elif isinstance(value, (list, dict)):
        for name, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _not_whole(each, f"{place}[{name}]")


def _not_amounts(value: object, place: str) -> Iterator[str]:
    amounts = value.values() if isinstance(value, dict) else [value]
    for amount in amounts:
        if amount is not None and type(amount) is not int:
            yield f"{place} is {amount!r}, which is no whole number of minor units"
