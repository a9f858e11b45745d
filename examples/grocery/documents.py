"""How the carts and the campaign are written: plain data in, the documents of promoengine out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

Json = dict[str, Any]

STORE_ZONE = "America/New_York"
DISCOUNTS = ["retail_disc", "coupon_disc", "coupon_match_disc"]


# -- the campaign -------------------------------------------------------------------------------


def coupon_campaign(promotions: list[Json]) -> Json:
    """The campaign of all coupons. Its one stage keeps the default: a unit belongs to one promotion."""
    return {
        "campaign": "complete-journey-2017",
        "currency": "USD",
        "timezone": STORE_ZONE,
        "stages": ["coupon"],
        "promotions": promotions,
    }


def promotion(upc: int, campaign: int, face_cents: int, skus: list[str], first: date, last: date) -> Json:
    """One coupon in one campaign. Here alone a promotion is written."""
    return {
        "id": f"coupon-{code(upc, campaign)}",
        "stage": "coupon",
        "schedule": {"from": f"{first:%Y-%m-%d}", "through": f"{last:%Y-%m-%d}"},
        "when": {"segment": [segment(campaign)]},
        "codes": [code(upc, campaign)],
        "items": {"sku": skus},
        "benefit": {"kind": "amount_off", "amount": money(face_cents), "per": "once"},
        "funding": {"manufacturer": 100},
    }


def reduced(document: Json, sample: list[Json]) -> Json:
    """The campaign with those promotions only whose codes are entered in the sample."""
    entered = {code for row in sample for code in row["cart"]["codes"]}
    kept = [promotion for promotion in document["promotions"] if entered.intersection(promotion["codes"])]
    return {**document, "promotions": kept}


def code(upc: int, campaign: int) -> str:
    """What is entered for a coupon."""
    return f"{upc}-{campaign}"


def upc_of(code: str) -> int:
    """The coupon that a code was written for."""
    return int(code.partition("-")[0])


def segment(campaign: int) -> str:
    """The segment of the households that a campaign was sent to."""
    return f"campaign-{campaign}"


# -- the carts ----------------------------------------------------------------------------------


def basket(rows: list[Any], customer: Json, lines: list[Json], redeemed: list[Json]) -> Json:
    """One line of the carts' file."""
    codes = [record["code"] for record in redeemed if record["entered"]]
    identity = {"id": str(rows[0].basket_id), "currency": "USD", "customer": customer}
    return {
        "at": rows[0].at.isoformat(),
        "cart": {**identity, "codes": codes, "lines": lines},
        "recorded": {"discounts": recorded_discounts(rows), "redemptions": redeemed},
    }


def customer_of(household: int, segments: dict[int, list[str]]) -> Json:
    """The household, with the campaigns that were sent to it."""
    return {"id": str(household), "segments": segments.get(household, [])}


def lines_of(row: Any, facts: Json) -> Iterator[Json]:
    """The cart lines of a row: none, one, or two whose unit prices are a cent apart."""
    sku = str(row.product_id)
    if row.units == 0:
        return
    price, odd_cents = divmod(row.shelf, row.units)
    if not odd_cents:
        yield line(sku, sku, row.units, price, facts)
    else:
        yield line(f"{sku}.a", sku, odd_cents, price + 1, facts)
        yield line(f"{sku}.b", sku, row.units - odd_cents, price, facts)


def line(line_id: str, sku: str, quantity: int, price_cents: int, facts: Json) -> Json:
    """One cart line."""
    return {"id": line_id, "sku": sku, "quantity": quantity, "unit_price": money(price_cents), **facts}


def recorded_discounts(rows: list[Any]) -> dict[str, dict[str, str]]:
    """The discounts on record by sku, of rows without a line too. A discount of zero is left out."""
    recorded = {}
    for row in rows:
        amounts = {name: money(getattr(row, name)) for name in DISCOUNTS if getattr(row, name)}
        if amounts:
            recorded[str(row.product_id)] = amounts
    return recorded


# -- text ---------------------------------------------------------------------------------------


def campaign_text(document: Json) -> str:
    """The campaign with one promotion a line, so that a difference can be read."""
    head = compact({**document, "promotions": []}).removesuffix("]}")
    promotions = ",\n".join(compact(promotion) for promotion in document["promotions"])
    return f"{head}\n{promotions}\n]}}\n"


def compact(value: Json) -> str:
    """JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def money(cents: int) -> str:
    """Cents as amount text."""
    return f"{cents // 100}.{cents % 100:02d}"


def cents(amount: str) -> int:
    """The cents of an amount text, as `money` writes it."""
    return int(amount.replace(".", ""))
