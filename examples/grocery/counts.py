"""The figures that the conversion is judged by. Each run counts them anew."""

from __future__ import annotations

from typing import Any

import pandas as pd
from redemptions import face_values, listed_rows, tied_amounts, usual
from source import Source
from upc import is_manufacturers, value

Json = dict[str, Any]


def counted(source: Source, redemptions: pd.DataFrame, document: Json) -> Json:
    """All figures."""
    return {
        "premises": premises(source),
        "rows": what_became_of_rows(source.rows),
        "coupons": what_became_of_coupons(source.coupons, document),
        "redemptions": {"all": len(redemptions), **how_often(redemptions["tie"])},
        "where redemptions were entered": where_entered(source, redemptions),
        "amounts of untied redemptions": amounts_elsewhere(source.rows, redemptions),
        "coupons of the shop": what_the_shop_left(source, redemptions),
        "coupon discounts": coupon_discounts(source, redemptions),
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
        "days of two weeks, local": int((rows.groupby(rows["day"])["week"].nunique() > 1).sum()),
        "days of two weeks, UTC": int((rows.groupby(utc_day)["week"].nunique() > 1).sum()),
        "couponed rows of several units": len(several),
        "these divide": int((several["odd_cents"] == 0).sum()),
        "these divide with the coupon added": int((with_coupon == 0).sum()),
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
        "of gasoline, quantity over 1,000": rows["gasoline"] & (rows["quantity"] > 1000),
        "of gasoline, quantity 1": rows["gasoline"] & (rows["quantity"] == 1),
        "of other goods, quantity over 1,000": ~rows["gasoline"] & (rows["quantity"] > 1000),
        "of rows with a line, price 0": ~unsold & (rows["shelf"] == 0),
    }
    baskets = {
        "households": rows["household_id"].nunique(),
        "baskets": rows["basket_id"].nunique(),
        "carts": rows.loc[~unsold, "basket_id"].nunique(),
    }
    cents = {"shelf amount in cents": int(rows.loc[~unsold, "shelf"].sum())}
    return {"all": len(rows), **{name: int(which.sum()) for name, which in sorts.items()}, **baskets, **cents}


def what_became_of_coupons(coupons: pd.DataFrame, document: Json) -> Json:
    """How many of the coupons and of their pairs with campaigns became promotions."""
    distinct = coupons.drop_duplicates()
    promotions = document["promotions"]
    pairs = distinct.groupby(["coupon_upc", "campaign_id"])["product_id"].agg(frozenset)
    lists = pairs.groupby("coupon_upc").agg(["size", "nunique"])
    return {
        "product rows": len(coupons),
        "product rows without repeats": len(distinct),
        "coupons": distinct["coupon_upc"].nunique(),
        "coupons of manufacturers": sum(map(is_manufacturers, lists.index)),
        "coupons in several campaigns": int((lists["size"] > 1).sum()),
        "of these, with one list of products": int(((lists["size"] > 1) & (lists["nunique"] == 1)).sum()),
        "pairs of coupon and campaign": len(pairs),
        "pairs with a face value: promotions": len(promotions),
        "products in promotions": sum(len(promotion["items"]["sku"]) for promotion in promotions),
    }


def how_often(words: pd.Series[Any]) -> Json:
    """Each word with its number of times, the most frequent first."""
    return {str(word): int(times) for word, times in words.value_counts().items()}


def where_entered(source: Source, redemptions: pd.DataFrame) -> Json:
    """Where codes are entered, and of how many days that had to be decided."""
    sold = source.rows[source.rows["units"] > 0]
    baskets = sold.groupby(["household_id", "day"])["basket_id"].nunique().rename("baskets").reset_index()
    of_day = redemptions.merge(baskets, on=["household_id", "day"], how="left")["baskets"]
    entered = redemptions["basket_id"].notna() & ~redemptions["repeated"]
    return {
        "on a day of several baskets": int((of_day > 1).sum()),
        "on a day without goods": int(of_day.isna().sum()),
        "codes entered": int(entered.sum()),
        "baskets with a code": int(redemptions.loc[entered, "basket_id"].nunique()),
    }


def amounts_elsewhere(rows: pd.DataFrame, redemptions: pd.DataFrame) -> Json:
    """Of untied redemptions, how many have the amount that the UPC states on some row of their day."""
    discounts = rows.loc[rows["coupon_disc"] > 0, ["household_id", "day", "coupon_disc"]].drop_duplicates()
    stated = [said.cents if (said := value(upc)) else None for upc in redemptions["coupon_upc"]]
    sought = redemptions.assign(coupon_disc=pd.array(stated, dtype="Int64"))
    found = sought.merge(discounts, on=["household_id", "day", "coupon_disc"])
    untied = ["no listed goods", "listed goods without a coupon discount"]
    return {word: int((found["tie"] == word).sum()) for word in untied}


def what_the_shop_left(source: Source, redemptions: pd.DataFrame) -> Json:
    """Why the shop's own coupons get no face value: their goods mostly show no coupon discount."""
    shops = redemptions[~redemptions["manufacturer"] & ~redemptions["repeated"]]
    most = listed_rows(source, shops).groupby("redemption")["coupon_disc"].max()
    listed = source.coupons.drop_duplicates()
    products = listed[~listed["coupon_upc"].map(is_manufacturers)].groupby(["coupon_upc", "campaign_id"]).size()
    return {
        "most products of one": int(products.max()),
        "redemptions with listed goods": len(most),
        "of these, without a coupon discount": int((most == 0).sum()),
    }


def coupon_discounts(source: Source, redemptions: pd.DataFrame) -> Json:
    """How much of all coupon discounts the recorded redemptions account for."""
    couponed = source.rows[source.rows["coupon_disc"] > 0]
    days = pd.MultiIndex.from_frame(redemptions[["household_id", "day"]])
    on_other_days = ~pd.MultiIndex.from_frame(couponed[["household_id", "day"]]).isin(days)
    tied = redemptions["tied_cents"].dropna()
    return {
        "rows": len(couponed),
        "cents": int(couponed["coupon_disc"].sum()),
        "rows of days without a redemption": int(on_other_days.sum()),
        "tied rows": len(tied),
        "tied cents": int(tied.sum()),
    }


def trust_in_faces(redemptions: pd.DataFrame) -> Json:
    """How far the face values agree with what they were taken from, with each other, and with the UPCs."""
    amounts, faces = tied_amounts(redemptions), face_values(redemptions)
    coded = {upc: said.cents for upc in faces if (said := value(upc)) and said.cents}
    return {
        "coupons": len(faces),
        "coupons with a single amount": sum(len(set(cents)) == 1 for cents in amounts.values()),
        "ties": sum(map(len, amounts.values())),
        "ties that show the face value": sum(cents.count(faces[upc]) for upc, cents in amounts.items()),
        "ties of coupons tied more than once": sum(len(cents) for cents in amounts.values() if len(cents) > 1),
        "of these, foretold by the coupon's other ties": sum(map(foretold, amounts.values())),
        "coupons whose UPC says free goods": sum((said := value(upc)) is not None and not said.cents for upc in faces),
        "coupons whose UPC states an amount": len(coded),
        "of these, it is the face value": sum(cents == faces[upc] for upc, cents in coded.items()),
    }


def foretold(amounts: list[int]) -> int:
    """How many of a coupon's amounts are the face value that its other amounts give."""
    if len(amounts) == 1:
        return 0
    return sum(usual(amounts[:place] + amounts[place + 1 :]) == amounts[place] for place in range(len(amounts)))
