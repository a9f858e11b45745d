"""Every built-in kind, named once: importing these modules registers them."""

from importlib import import_module

MODULES = {
    "triggers": (
        "distinct",
        "fact",
        "none",
        "quantity",
        "set",
        "spend",
    ),
    "benefits": (
        "add_on",
        "amount_off",
        "award",
        "deposit",
        "gift",
        "percent_off",
        "points",
        "price",
        "redeem_points",
        "set_price",
        "total_price",
    ),
    "conditions": (
        "all",
        "any",
        "cart",
        "channel",
        "customer",
        "fact",
        "not",
        "orders",
        "payment_method",
        "region",
        "segment",
        "seller",
        "shipping_method",
    ),
    "selectors": (
        "all",
        "any",
        "attribute",
        "brand",
        "category",
        "launched_within",
        "not",
        "on_sale",
        "price",
        "rewarded_by",
        "seller",
        "shipping_method",
        "sku",
        "tag",
    ),
    "rewarded": (
        "cheapest",
        "dearest",
        "nth",
        "part",
    ),
    "limits": (
        "budget",
        "per_customer",
        "shared",
        "stock",
        "uses",
        "uses_per_customer",
    ),
}

for _family, _names in MODULES.items():
    for _name in _names:
        import_module(f"promoengine.kinds.{_family}.{_name}")
