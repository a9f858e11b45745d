"""The figures that the conversion is judged by. Each run counts them anew."""

from __future__ import annotations

from typing import Any

import pandas as pd
from redemptions import FIRST_MANUFACTURER_UPC, face_values, tied_amounts, usual
from source import Source

Json = dict[str, Any]

VALUE_CODES = {
    "07": 150, "09": 200, "13": 100, "20": 20, "24": 50, "25": 25, "28": 55, "31": 60, "32": 75, "33": 100,
    "34": 125, "35": 35, "36": 150, "40": 40, "41": 50, "42": 100, "50": 50, "51": 200, "55": 55, "57": 25,
    "60": 60, "74": 500, "75": 75, "76": 100, "77": 125, "78": 150, "82": 200, "87": 300, "98": 65,
}  # fmt: skip
"""What the last two of a manufacturer coupon's eleven digits are worth, in cents: the codes that occur here.

Only a check. 01 (one free) and 14 (buy one, get one) state no amount."""


def counted(source: Source, redemptions: pd.DataFrame, document: Json) -> Json:
    """All figures."""
    return {
        "premises": premises(source),
        "rows": what_became_of_rows(source.rows),
        "coupons": what_became_of_coupons(source.coupons, document),
        "redemptions": {"all": len(redemptions), **how_often(redemptions["tie"])},
        "face values": trust_in_faces(redemptions),
    }


def premises(source: Source) -> Json:
    """What speaks for the time zone and for the shelf amount."""
    rows = source.rows
    utc_day = rows["transaction_timestamp"].dt.normalize()
    several = rows[(rows["coupon_disc"] > 0) & (rows["quantity"] > 1) & ~rows["gasoline"]]
    with_coupon = (several["shelf"] + several["coupon_disc"]) % several["units"]
    return {
        "redemptions on a day with a basket, local": on_a_shopping_day(source.redemptions, rows, rows["day"]),
        "redemptions on a day with a basket, UTC": on_a_shopping_day(source.redemptions, rows, utc_day),
        "couponed rows of several units": len(several),
        "these divide": int((several["odd_cents"] == 0).sum()),
        "these divide with the coupon added": int((with_coupon == 0).sum()),
        "rows with a coupon discount": int((rows["coupon_disc"] > 0).sum()),
        "coupon discounts in cents": int(rows["coupon_disc"].sum()),
    }


def on_a_shopping_day(redemptions: pd.DataFrame, rows: pd.DataFrame, day: pd.Series[Any]) -> int:
    """How many redemptions fall on a day on which the household has a basket."""
    shopped = pd.MultiIndex.from_arrays([rows["household_id"], day])
    return int(pd.MultiIndex.from_frame(redemptions[["household_id", "redemption_date"]]).isin(shopped).sum())


def what_became_of_rows(rows: pd.DataFrame) -> Json:
    """The sorts of rows; the first six are the parts of the whole."""
    unsold = rows["units"] == 0
    single = (rows["quantity"] == 0) & ~unsold
    ordinary = ~unsold & ~single & ~rows["gasoline"]
    sorts = {
        "divide: one line": ordinary & (rows["odd_cents"] == 0),
        "do not divide: two lines": ordinary & (rows["odd_cents"] > 0),
        "gasoline: one unit": rows["gasoline"],
        "quantity 0 with an amount: one unit": single,
        "quantity 0 with a coupon alone: no line": unsold & (rows["coupon_disc"] > 0),
        "quantity 0 and no amount: no line": unsold & (rows["coupon_disc"] == 0),
        "of these, gasoline in thousandths": rows["gasoline"] & (rows["quantity"] > 1000),
        "of these, lines at price 0": ~unsold & (rows["shelf"] == 0),
    }
    baskets = {"baskets": rows["basket_id"].nunique(), "carts": rows.loc[~unsold, "basket_id"].nunique()}
    return {"all": len(rows), **{name: int(which.sum()) for name, which in sorts.items()}, **baskets}


def what_became_of_coupons(coupons: pd.DataFrame, document: Json) -> Json:
    """How many of the coupons and of their pairs with campaigns became promotions."""
    distinct = coupons.drop_duplicates()
    promotions = document["promotions"]
    return {
        "product rows": len(coupons),
        "product rows without repeats": len(distinct),
        "coupons": distinct["coupon_upc"].nunique(),
        "coupons of manufacturers": int((distinct["coupon_upc"].unique() >= FIRST_MANUFACTURER_UPC).sum()),
        "pairs of coupon and campaign": len(distinct.drop_duplicates(["coupon_upc", "campaign_id"])),
        "pairs with a face value: promotions": len(promotions),
        "products in promotions": sum(len(promotion["items"]["sku"]) for promotion in promotions),
    }


def how_often(words: pd.Series[Any]) -> Json:
    """Each word with its number of times, the most frequent first."""
    return {str(word): int(times) for word, times in words.value_counts().items()}


def trust_in_faces(redemptions: pd.DataFrame) -> Json:
    """How far the face values agree with what they were taken from, with each other, and with the UPCs."""
    amounts, faces = tied_amounts(redemptions), face_values(redemptions)
    coded = {upc: VALUE_CODES[f"{upc}"[-2:]] for upc in faces if f"{upc}"[-2:] in VALUE_CODES}
    return {
        "coupons": len(faces),
        "coupons with a single amount": sum(len(set(cents)) == 1 for cents in amounts.values()),
        "ties": sum(map(len, amounts.values())),
        "ties that show the face value": sum(cents.count(faces[upc]) for upc, cents in amounts.items()),
        "ties of coupons tied more than once": sum(len(cents) for cents in amounts.values() if len(cents) > 1),
        "of these, foretold by the coupon's other ties": sum(map(foretold, amounts.values())),
        "coupons whose UPC states an amount": len(coded),
        "of these, it is the face value": sum(cents == faces[upc] for upc, cents in coded.items()),
    }


def foretold(amounts: list[int]) -> int:
    """How many of a coupon's amounts are the face value that its other amounts give."""
    if len(amounts) == 1:
        return 0
    return sum(usual(amounts[:place] + amounts[place + 1 :]) == amounts[place] for place in range(len(amounts)))
