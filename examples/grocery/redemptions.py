"""Which basket and which row a recorded redemption belongs to, and what its coupon is worth.

A redemption on record names a household, a coupon, a campaign and a day; neither basket nor row nor amount.

**Whose coupon.** 742 coupons have a UPC of number system 5: a manufacturer's. The 239 others are the shop's
own ("off any meat", with up to 14,477 products). Those leave no trace in coupon_disc: of their 607
redemptions on a day with a listed product, 526 show none on any. A coupon_disc there is another coupon's, so
the shop's coupons get no face value.

**Tied.** A redemption is tied to a row when, among all rows of the household on that day, exactly one has
both a listed product and a coupon_disc, and no other manufacturer's coupon of that day could claim it. 13
redemptions repeat the household, coupon and day of another under a second campaign: these are set aside
first, and the lower campaign stands. Of the 1,442 others of manufacturers' coupons, 992 are tied.

**Face value.** The amount most frequent in a coupon's ties; of several the lowest, because two coupons used
at once show as a multiple. 278 coupons show one, and 249 of them (90 %) never show another. It is the
coupon's in every campaign. The value code inside the UPC, of which no use is made here, confirms 268 of the
274 face values that it can speak of.

**Basket.** On a day of several baskets a coupon is entered in one: the first that holds a discounted row
with a listed product; if none does, a listed product; if none does, any coupon; if none does, goods. Four
redemptions fall on a day without goods.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from source import Source
from upc import FIRST_MANUFACTURER_UPC


def judged_redemptions(source: Source) -> pd.DataFrame:
    """The recorded redemptions, each with its basket and with how it is tied to a row, or why it is not."""
    redemptions = numbered(source.redemptions)
    listed = listed_rows(source, redemptions)
    redemptions = redemptions.merge(baskets(source, redemptions, listed), on="redemption", how="left")
    redemptions = redemptions.merge(tied_rows(redemptions, listed), on="redemption", how="left")
    return redemptions.assign(tie=ties(redemptions, listed))


def numbered(redemptions: pd.DataFrame) -> pd.DataFrame:
    """The redemptions with a number, whether of a manufacturer, and whether a lower campaign has the same."""
    ordered = redemptions.rename(columns={"redemption_date": "day"})
    ordered = ordered.sort_values(["day", "household_id", "coupon_upc", "campaign_id"], ignore_index=True)
    return ordered.assign(
        redemption=ordered.index,
        manufacturer=ordered["coupon_upc"] >= FIRST_MANUFACTURER_UPC,
        repeated=ordered.duplicated(["day", "household_id", "coupon_upc"]),
    )


def listed_rows(source: Source, redemptions: pd.DataFrame) -> pd.DataFrame:
    """For each redemption the rows of its household and day that hold a product of its coupon."""
    sold = source.rows[source.rows["units"] > 0]
    same_day = redemptions.merge(sold, on=["household_id", "day"])
    return same_day.merge(source.coupons.drop_duplicates(), on=["coupon_upc", "campaign_id", "product_id"])


def baskets(source: Source, redemptions: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """For each redemption the one basket in which its code is entered."""
    key = ["redemption", "basket_id"]
    candidates = redemptions.merge(goods_by_basket(source.rows), on=["household_id", "day"])
    candidates["listed"] = pairs(candidates[key]).isin(pairs(listed[key]))
    candidates["discounted"] = pairs(candidates[key]).isin(pairs(listed.loc[listed["coupon_disc"] > 0, key]))
    order = ["redemption", "discounted", "listed", "couponed", "at", "basket_id"]
    candidates = candidates.sort_values(order, ascending=[True, False, False, False, True, True])
    return candidates.drop_duplicates("redemption")[key]


def goods_by_basket(rows: pd.DataFrame) -> pd.DataFrame:
    """The baskets that hold a unit, with their moment, and whether any coupon was used."""
    basket = rows.groupby(["household_id", "day", "basket_id"])
    goods = basket.agg(units=("units", "sum"), coupon_disc=("coupon_disc", "sum"), at=("at", "first"))
    goods = goods[goods["units"] > 0].reset_index()
    return goods.assign(couponed=goods["coupon_disc"] > 0).drop(columns=["units", "coupon_disc"])


def pairs(table: pd.DataFrame) -> pd.MultiIndex:
    """The rows of a table of two columns, to be looked up in another."""
    return pd.MultiIndex.from_frame(table)


def tied_rows(redemptions: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """For each tied redemption its row's product and discount."""
    sought = redemptions.loc[redemptions["manufacturer"] & ~redemptions["repeated"], "redemption"]
    discounted = listed[(listed["coupon_disc"] > 0) & listed["redemption"].isin(sought)]
    rows_of_coupon = discounted.groupby("redemption")["product_id"].transform("size")
    coupons_of_row = discounted.groupby(["basket_id", "product_id"])["redemption"].transform("size")
    tied = discounted[(rows_of_coupon == 1) & (coupons_of_row == 1)]
    columns = {"product_id": "tied_product", "coupon_disc": "tied_cents"}
    return tied.rename(columns=columns)[["redemption", *columns.values()]]


def ties(redemptions: pd.DataFrame, listed: pd.DataFrame) -> pd.Series[Any]:
    """How each redemption is tied to a row, or why not. What is said last wins."""
    number = redemptions["redemption"]
    discounted = number.isin(listed.loc[listed["coupon_disc"] > 0, "redemption"])
    words = pd.Series("several rows or coupons", index=redemptions.index)
    words = words.mask(~discounted, "listed goods without a coupon discount")
    words = words.mask(~number.isin(listed["redemption"]), "no listed goods")
    words = words.mask(redemptions["tied_cents"].notna(), "tied")
    words = words.mask(~redemptions["manufacturer"], "coupon of the shop")
    return words.mask(redemptions["repeated"], "repeated under a second campaign")


def face_values(redemptions: pd.DataFrame) -> dict[int, int]:
    """The face value in cents of each coupon that shows one."""
    return {upc: usual(cents) for upc, cents in tied_amounts(redemptions).items()}


def tied_amounts(redemptions: pd.DataFrame) -> dict[int, list[int]]:
    """For each coupon the amounts of the rows that it is tied to, in cents."""
    tied = redemptions[redemptions["tie"] == "tied"]
    return {int(upc): [int(cent) for cent in cents] for upc, cents in tied.groupby("coupon_upc")["tied_cents"]}


def usual(amounts: list[int]) -> int:
    """The most frequent amount; of several the lowest."""
    return min(amounts, key=lambda amount: (-amounts.count(amount), amount))
