"""Four ways to write a coupon, judged by the same baskets.

"One coupon per item; several coupons in a basket" is what a grocer prints. How that is written depends on how many
items a coupon is for, which the package does not say. A manufacturer's UPC does (`upc.py`), but no promotion here is
made from a UPC, and the lists of products are too short for it: where a coupon asks for two items, the cart often
holds one that is listed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime

from documents import Json, upc_of
from upc import value
from verdicts import Verdict, verdicts_of

from promoengine import Campaign, Engine

Design = Callable[[Json], Json]


def as_written(document: Json) -> Json:
    """Once over all goods of the coupon; two coupons that share goods of the cart exclude each other."""
    return document


def stacked(document: Json) -> Json:
    """Once over all goods of the coupon; two coupons may come off one unit."""
    return {**document, "stages": [{"name": "coupon", "stacking": "all"}]}


def on_one_unit(document: Json) -> Json:
    """Off the dearest unit that no coupon has come off yet."""
    return _each(
        document, lambda promotion: {"benefit": {**promotion["benefit"], "per": "unit", "max_units": {"per_cart": 1}}}
    )


def on_a_set(document: Json) -> Json:
    """Off as many units as the UPC asks for, none of which another coupon has come off."""
    return _each(
        document, lambda promotion: {"trigger": _asked(promotion), "benefit": {**promotion["benefit"], "per": "set"}}
    )


def _asked(promotion: Json) -> Json:
    said = value(upc_of(promotion["codes"][0]))
    return {"kind": "set", "quantity": said.items if said else 1, "max_times": 1}


def _each(document: Json, change: Callable[[Json], Json]) -> Json:
    return {**document, "promotions": [{**each, **change(each)} for each in document["promotions"]]}


DESIGNS: dict[str, Design] = {
    "once over the goods (as written)": as_written,
    "once over the goods, stacking: all": stacked,
    "off one unit": on_one_unit,
    "off as many units as the UPC asks for": on_a_set,
}


def compared(document: Json, rows: Iterable[bytes]) -> dict[str, Json]:
    """The score of each design over the baskets in which a code is entered."""
    baskets = [json.loads(row) for row in rows]
    return {name: _score(Engine(Campaign.from_dict(design(document))), baskets) for name, design in DESIGNS.items()}


def _score(engine: Engine, baskets: list[Json]) -> Json:
    verdicts: list[Verdict] = []
    for row in baskets:
        verdicts += verdicts_of(row, engine.price(row["cart"], at=datetime.fromisoformat(row["at"])))
    tied = [verdict for verdict in verdicts if verdict.recorded is not None]
    return {
        "applied": sum(each.status == "applied" for each in verdicts),
        "barred": sum(each.status == "barred" for each in verdicts),
        "too few listed units": sum(each.status == "trigger" for each in verdicts),
        "tied, too few listed units": sum(each.status == "trigger" for each in tied),
        "tied, reproduced": sum(each.reproduced for each in tied),
        "tied, all on the recorded row": sum(each.on_row == each.recorded for each in tied),
    }
