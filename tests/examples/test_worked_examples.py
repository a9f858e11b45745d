"""The examples' carts cost what was worked out by hand, and the reasons are those that the page gives."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, Engine, Quote
from promoengine.reading import read_file

EXAMPLES = Path(__file__).parents[2] / "examples"
WORKED = sorted((EXAMPLES / "double-11" / "expected").glob("*.yaml")) + sorted(
    (EXAMPLES / "boutique" / "expected").glob("*.yaml")
)
ENGINES: dict[Path, Engine] = {}


def engine_of(example: Path) -> Engine:
    if example not in ENGINES:
        ENGINES[example] = Engine(Campaign.load(example / "campaign.yaml"))
    return ENGINES[example]


def priced(expected: Path) -> tuple[dict[str, Any], Quote]:
    worked: Any = read_file(expected).data
    example = expected.parents[1]
    cart = (example / "carts" / f"{expected.stem}.json").read_bytes()
    at = datetime.fromisoformat(worked["at"])
    return worked, engine_of(example).price(cart, at=at)


@pytest.mark.parametrize("expected", WORKED, ids=lambda path: f"{path.parents[1].name}/{path.stem}")
def test_a_cart_costs_what_was_worked_out_by_hand(expected: Path) -> None:
    worked, quote = priced(expected)
    money = quote.format
    actual = {
        "at": worked["at"],
        "total": quote.total,
        "lines": {line.id: money(line.payable_minor) for line in quote.lines.values()},
        "segments": {
            line.id: [{"count": each.quantity, "price": money(each.unit_payable_minor)} for each in line.segments]
            for line in quote.lines.values()
            if len(line.segments) > 1
        },
        "shipping": {each.id: money(each.payable_minor) for each in quote.shipping.values()},
        "gifts": {gift.sku: gift.quantity for gift in quote.gifts},
        "promotions": {each.id: money(each.amount_minor) for each in quote.promotions.values()},
        "refused": refusals(quote),
        "after_order": {
            grant.promotion: money(grant.value_minor) if grant.what == "cash_back" else grant.quantity
            for grant in quote.grants
        },
        "tax": {
            each.id: money(each.tax.tax_minor)
            for each in (*quote.lines.values(), *quote.shipping.values())
            if each.tax is not None
        },
    }
    assert {name: value for name, value in _as_text(worked).items() if value} == _as_text(
        {name: value for name, value in actual.items() if value and name in {*worked, "refused", "segments"}}
    )


def refusals(quote: Quote) -> dict[str, str]:
    """Every promotion and code that was refused, with its reason; codes that nobody knows read `code`."""
    refused = {each.promotion: str(each.reason) for each in quote.outcomes.values() if not each.applied}
    for code in quote.codes.values():
        if code.status in ("unknown", "not_needed"):
            refused[code.code] = "code" if code.status == "unknown" else "not_needed"
    return refused


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_as_text(each) for each in value]
    return str(value)
