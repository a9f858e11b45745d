"""The upper part of a receipt: lines, shipping and gifts, in the cart's own order, with a sum below each column."""

from __future__ import annotations

from dataclasses import dataclass

from rich import box
from rich.table import Table
from rich.text import Text

from promoengine.cart import Cart
from promoengine.quote import Adjustment, Gift, Quote, QuoteLine, QuoteShipment, Taxed

FIGURES = ("each", "list", "discount", "payable", "tax")
_GIFT_NOTES = {
    "": "",
    "short": ", fewer than promised: the rest is out of stock",
    "replacement": ", instead of {promised}",
    "not_chosen": ", as none was chosen",
}


def items_table(cart: Cart, quote: Quote) -> Table:
    """Everything that is delivered, and what each promotion took off it."""
    rows = _Rows(quote, _empty_table(quote))
    for line in cart.lines:
        if line.gift_of is None:
            rows.line(quote.lines[line.id])
    for shipment in cart.shipments:
        rows.shipment(quote.shipping[shipment.id])
    for gift in quote.gifts:
        rows.gift(gift)
    return rows.table


def _empty_table(quote: Quote) -> Table:
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, show_footer=True, padding=(0, 1))
    table.add_column("qty", justify="right", no_wrap=True)
    table.add_column("item", "in all", overflow="fold", min_width=12)
    sums = {
        "list": quote.list_total_minor,
        "discount": -quote.discount_total_minor,
        "payable": quote.goods_total_minor + quote.shipping_total_minor,
        "tax": quote.tax_total_minor,
    }
    for name in FIGURES:
        if name != "tax" or _is_taxed(quote):
            footer = quote.format(sums[name]) if name in sums else ""
            table.add_column(name, footer, justify="right", no_wrap=True)
    return table


def _is_taxed(quote: Quote) -> bool:
    return any(each.tax is not None for each in priced_parts(quote))


def priced_parts(quote: Quote) -> list[QuoteLine | QuoteShipment]:
    """Everything that has a price: lines, then shipments."""
    return [*quote.lines.values(), *quote.shipping.values()]


@dataclass(slots=True)
class _Rows:
    """Adds rows to the table. A figure that is not stated leaves its cell empty."""

    quote: Quote
    table: Table

    def line(self, line: QuoteLine) -> None:
        name = line.id if line.sku in (line.id, "") else f"{line.id}  {line.sku}"
        self._item(str(line.quantity), name, line.unit_list_minor, line)
        self._adjustments(line.adjustments)
        if len(line.segments) > 1:
            for segment in line.segments:
                self._row("", f"  {segment.quantity} at", each=segment.unit_payable_minor, style="dim")
        if line.floor_cut:
            self._row("", "  a floor cut what was taken off", style="dim")

    def shipment(self, shipment: QuoteShipment) -> None:
        self._item("1", f"shipping {shipment.id}  {shipment.method}", shipment.list_minor, shipment)
        self._adjustments(shipment.adjustments)
        for option in shipment.options:
            if option.method != shipment.method:
                was = (
                    "" if option.payable_minor == option.list_minor else f" instead of {self._text(option.list_minor)}"
                )
                self._row("", f"  or {option.method} for {self._text(option.payable_minor)}{was}", style="dim")

    def gift(self, gift: Gift) -> None:
        note = _GIFT_NOTES[gift.note].format(promised=gift.promised)
        value = f", worth {self._text(gift.value_minor)}" if gift.value_minor else ""
        self._row(str(gift.quantity), f"gift {gift.sku}", payable=0)
        self._row("", f"  {gift.promotion}{value}{note}", style="dim")

    def _item(self, quantity: str, name: str, each_minor: int, priced: QuoteLine | QuoteShipment) -> None:
        tax = _tax_minor(priced.tax)
        self._row(quantity, name, each=each_minor, list=priced.list_minor, payable=priced.payable_minor, tax=tax)

    def _adjustments(self, adjustments: list[Adjustment]) -> None:
        """What each promotion took off, in the order in which they acted."""
        amounts: dict[str, int] = {}
        for each in adjustments:
            amounts[each.promotion] = amounts.get(each.promotion, 0) + each.amount_minor
        for promotion, amount in amounts.items():
            self._row("", f"  {promotion}", discount=-amount, style="green")

    def _row(self, quantity: str, name: str, style: str = "", **figures: int | None) -> None:
        shown = [column.header for column in self.table.columns[2:]]
        cells = [Text(self._text(figures.get(str(each))), style) for each in shown]
        self.table.add_row(Text(quantity), Text(name, style), *cells)

    def _text(self, amount_minor: int | None) -> str:
        return "" if amount_minor is None else self.quote.format(amount_minor)


def _tax_minor(tax: Taxed | None) -> int | None:
    return None if tax is None else tax.tax_minor
