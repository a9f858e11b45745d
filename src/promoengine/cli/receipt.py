"""A quote as a receipt. Its columns add up: each figure stands once, and below each column stands its sum."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from promoengine.campaign import Campaign
from promoengine.cli.desk import Priced, zone_of
from promoengine.cli.moments import moment_text
from promoengine.cli.reasons import code_fate, why_not
from promoengine.cli.receipt_items import items_table, priced_parts
from promoengine.document import PromotionDocument
from promoengine.plan import Plan
from promoengine.quote import AppliedPromotion, Grant, Quote

INDENT = (0, 0, 0, 2)


def receipt(priced: Priced, campaign: Campaign) -> RenderableType:
    """The whole receipt of one cart."""
    quote = priced.quote
    written = {promotion.id: promotion for promotion in campaign.document.promotions}
    order = _in_order(campaign.plans[quote.currency])
    blocks = [
        _head(priced, campaign),
        items_table(priced.cart, quote),
        *_block("applied", _applied(quote, order)),
        *_block("codes", _codes(quote, written)),
        *_block("not applied", _not_applied(quote, order, written)),
        *_block("totals", _totals(quote)),
        _foot(quote, campaign),
    ]
    return Group(*blocks)


def _in_order(plan: Plan) -> list[str]:
    """The promotions in the order in which they act; those that cannot act in this currency come last."""
    acting = [plan.promotions[effect.promotion].id for effect in plan.effects]
    return list(dict.fromkeys([*acting, *(promotion.id for promotion in plan.promotions)]))


def _head(priced: Priced, campaign: Campaign) -> Text:
    quote = priced.quote
    line = "" if priced.text.line is None else f":{priced.text.line}"
    clock = ", the time now" if priced.by_clock else ""
    return Text.assemble(
        (priced.cart.id or f"{priced.text.file}{line}", "bold"),
        f", campaign {quote.campaign}, in {quote.currency}\n",
        f"priced at {moment_text(quote.at, zone_of(campaign))} ({campaign.document.timezone}{clock})\n",
    )


def _foot(quote: Quote, campaign: Campaign) -> Text:
    until = "no schedule changes it" if quote.valid_until is None else moment_text(quote.valid_until, zone_of(campaign))
    return Text(f"\nvalid until: {until}\nselection: {quote.selection.status}")


def _block(title: str, table: Table) -> Iterator[RenderableType]:
    """A titled table; nothing where it has no rows."""
    if table.row_count:
        yield Text(f"\n{title}", "bold")
        yield Padding(table, INDENT)


def _grid(*justify: str) -> Table:
    table = Table.grid(padding=(0, 2))
    for each in justify:
        table.add_column(justify=each, overflow="fold", no_wrap=each == "right")  # type: ignore[arg-type]
    return table


def _applied(quote: Quote, order: list[str]) -> Table:
    """Each applied promotion, what it took off, and what else there is to say of it."""
    table = _grid("left", "right", "left")
    for name in order:
        promotion = quote.promotions.get(name)
        if promotion is not None:
            notes = ", ".join(_notes(promotion, quote))
            table.add_row(Text(name), Text(quote.format(-promotion.amount_minor), "green"), Text(notes, "dim"))
    if table.row_count:
        table.add_row(Text("in all", "bold"), Text(quote.format(-quote.discount_total_minor), "bold"), "")
    return table


def _notes(promotion: AppliedPromotion, quote: Quote) -> Iterator[str]:
    if promotion.times > 1:
        yield f"{promotion.times} times"
    yield from (f"code {code}" for code in promotion.codes)
    if promotion.points_redeemed:
        yield f"{promotion.points_redeemed} points redeemed"
    yield from (f"gives {gift.quantity} {gift.sku}" for gift in quote.gifts if gift.promotion == promotion.id)
    yield from (_granted(grant, quote) for grant in quote.grants if grant.promotion == promotion.id)
    if promotion.unused_minor:
        yield f"{quote.format(promotion.unused_minor)} of it unused"
    bearers = {who: each for who, each in promotion.funding_minor.items() if each}
    if len(promotion.funding_minor) > 1 and bearers:
        yield "borne by " + ", ".join(f"{who} {quote.format(each)}" for who, each in bearers.items())
    yield from (f"{label}: {value}" for label, value in promotion.labels.items())


def _granted(grant: Grant, quote: Quote) -> str:
    value = f", worth {quote.format(grant.value_minor)}" if grant.value_minor else ""
    if grant.what == "points":
        return f"gives {grant.quantity} points{value}"
    return f"gives {grant.quantity} {grant.what.replace('_', '-')} {grant.name}{value}"


def _codes(quote: Quote, written: dict[str, PromotionDocument]) -> Table:
    table = _grid("left", "left")
    for code in quote.codes.values():
        table.add_row(Text(code.code), Text(code_fate(code, quote, written.get(code.promotion))))
    return table


def _not_applied(quote: Quote, order: list[str], written: dict[str, PromotionDocument]) -> Table:
    table = _grid("left")
    for name in order:
        outcome = quote.outcomes.get(name)
        if outcome is not None and not outcome.applied:
            table.add_row(Text.assemble(f"{name}: ", (why_not(outcome, quote, written.get(name)), "dim")))
    return table


def _totals(quote: Quote) -> Table:
    """From list to what is to be paid."""
    table = _grid("left", "right", "left")

    def row(name: str, amount_minor: int, style: str = "", unit: str = "") -> None:
        table.add_row(Text(name, style), Text(quote.format(amount_minor), style), Text(unit, style))

    row("list", quote.list_total_minor)
    row("discount", -quote.discount_total_minor)
    row("goods", quote.goods_total_minor)
    row("shipping", quote.shipping_total_minor)
    for rate, tax_minor in sorted(_taxes(quote).items(), key=lambda item: float(item[0])):
        row(f"{'of which' if quote.tax_included else 'plus'} tax at {rate} %", tax_minor)
    row("to pay", quote.total_minor, "bold", quote.currency)
    return table


def _taxes(quote: Quote) -> dict[str, int]:
    """The tax of each rate."""
    found: dict[str, int] = {}
    for each in priced_parts(quote):
        if each.tax is not None:
            found[each.tax.rate_percent] = found.get(each.tax.rate_percent, 0) + each.tax.tax_minor
    return found
