"""django-oscar: its `Applicator` on saved baskets, SQLite in memory, with the offers in their tables.

Timed is `Applicator().apply(basket, user, request)`, which every request for a basket runs. The basket's lines and
their prices have been fetched before; the offers, conditions and ranges are asked of the database, as the applicator
does it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from turns import Way, serve, work

WORK = work()
CODES = {"SAVE10": "coupon"}


def configure() -> None:
    """Django's settings, as the documentation of oscar lists them less its pages, and its tables."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from oscar import defaults

    chosen = {name: getattr(defaults, name) for name in dir(defaults) if name.startswith("OSCAR_")}
    chosen |= {"OSCAR_DEFAULT_CURRENCY": "CNY", "OSCAR_DYNAMIC_CLASS_LOADER": defaults.OSCAR_DYNAMIC_CLASS_LOADER}
    settings.configure(
        **chosen,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=_apps(),
        MIGRATION_MODULES=_NoMigrations(),
        HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        SECRET_KEY="a benchmark",
        SITE_ID=1,
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


class _NoMigrations:
    """Tables are made at once, not by running through their history."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


def _apps() -> list[str]:
    django = ["admin", "auth", "contenttypes", "sessions", "sites", "messages", "flatpages"]
    oscar = [
        "analytics.apps.AnalyticsConfig",
        "checkout.apps.CheckoutConfig",
        "address.apps.AddressConfig",
        "shipping.apps.ShippingConfig",
        "catalogue.apps.CatalogueConfig",
        "catalogue.reviews.apps.CatalogueReviewsConfig",
        "communication.apps.CommunicationConfig",
        "partner.apps.PartnerConfig",
        "basket.apps.BasketConfig",
        "payment.apps.PaymentConfig",
        "offer.apps.OfferConfig",
        "order.apps.OrderConfig",
        "customer.apps.CustomerConfig",
        "search.apps.SearchConfig",
        "voucher.apps.VoucherConfig",
        "wishlists.apps.WishlistsConfig",
    ]
    others = ["widget_tweaks", "haystack", "treebeard", "django_tables2"]
    return [*(f"django.contrib.{each}" for each in django), *(f"oscar.apps.{each}" for each in oscar), *others]


# -- the catalogue ------------------------------------------------------------------------------


def make_products(carts: list[dict[str, Any]]) -> dict[str, Any]:
    """A product for each SKU, with its price, by SKU."""
    from oscar.core.loading import get_model

    product_class = get_model("catalogue", "ProductClass").objects.create(
        name="article", requires_shipping=True, track_stock=False
    )
    partner = get_model("partner", "Partner").objects.create(name="shop")
    found: dict[str, Any] = {}
    for line in (line for cart in carts for line in cart["lines"]):
        if line["sku"] not in found:
            product = get_model("catalogue", "Product").objects.create(
                structure="standalone", title=line["sku"], upc=line["sku"], product_class=product_class
            )
            get_model("partner", "StockRecord").objects.create(
                product=product,
                partner=partner,
                partner_sku=line["sku"],
                price=Decimal(line["unit_price"]),
                price_currency="CNY",
            )
            found[line["sku"]] = product
    return found


def make_ranges(carts: list[dict[str, Any]], products: dict[str, Any]) -> dict[str, Any]:
    """A range of the articles of each category, and one of everything."""
    from oscar.core.loading import get_model

    ranges = {"": get_model("offer", "Range").objects.create(name="everything", includes_all_products=True)}
    for line in (line for cart in carts for line in cart["lines"]):
        for category in line["categories"]:
            if category not in ranges:
                ranges[category] = get_model("offer", "Range").objects.create(name=category)
            ranges[category].add_product(products[line["sku"]])
    return ranges


# -- the offers ---------------------------------------------------------------------------------


def make_offers(ranges: dict[str, Any]) -> None:
    """The offers, those of greater priority first; the coupon's belongs to a voucher."""
    _offer("flash", 90, ranges, "flash", ("Count", 1), ("Fixed", 90))
    _offer("tea", 80, ranges, "tea", ("Count", 1), ("Percentage", 15))
    _offer("ware", 70, ranges, "ware", ("Count", 1), ("Fixed", 3))
    _offer("snacks", 60, ranges, "snacks", ("Count", 3), ("Multibuy", None))
    _offer("books", 50, ranges, "books", ("Count", 3), ("Fixed price", 99))
    coupon = _offer("coupon", 40, ranges, "toys", ("Count", 1), ("Percentage", 10), offer_type="Voucher")
    for at, amount in ((500, 80), (300, 40), (200, 20)):
        _offer(f"ladder:{at}", 30 + at // 100, ranges, "", ("Value", at), ("Absolute", amount), most=1)
    _voucher("SAVE10", coupon)


def _offer(
    name: str,
    priority: int,
    ranges: dict[str, Any],
    of: str,
    condition: tuple[str, int],
    benefit: tuple[str, int | None],
    *,
    offer_type: str = "Site",
    most: int | None = None,
) -> Any:
    from oscar.core.loading import get_model

    condition_row = get_model("offer", "Condition").objects.create(
        range=ranges[of], type=condition[0], value=condition[1]
    )
    kind, value = benefit
    own_range = None if kind == "Fixed price" else ranges[of]
    benefit_row = get_model("offer", "Benefit").objects.create(range=own_range, type=kind, value=value)
    return get_model("offer", "ConditionalOffer").objects.create(
        name=name,
        offer_type=offer_type,
        priority=priority,
        condition=condition_row,
        benefit=benefit_row,
        max_basket_applications=most,
    )


def _voucher(code: str, offer: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone
    from oscar.core.loading import get_model

    now = timezone.now()
    voucher = get_model("voucher", "Voucher").objects.create(
        name=code,
        code=code,
        usage="Multi-use",
        start_datetime=now - timedelta(days=1),
        end_datetime=now + timedelta(days=1),
    )
    voucher.offers.add(offer)


# -- the baskets --------------------------------------------------------------------------------


def make_baskets(carts: list[dict[str, Any]], products: dict[str, Any]) -> list[Any]:
    """A saved basket of a customer for each cart, with its vouchers."""
    from django.contrib.auth import get_user_model
    from oscar.core.loading import get_class, get_model

    strategy = get_class("partner.strategy", "Selector")().strategy()
    vouchers = {each.code: each for each in get_model("voucher", "Voucher").objects.all()}
    found = []
    for number, cart in enumerate(carts):
        user = get_user_model().objects.create(username=f"customer-{number}")
        basket = get_model("basket", "Basket").objects.create(owner=user)
        basket.strategy = strategy
        for line in cart["lines"]:
            basket.add_product(products[line["sku"]], quantity=line["quantity"])
        for code in cart["codes"]:
            basket.vouchers.add(vouchers[code])
        found.append(basket)
    return found


def fresh(basket: Any) -> Any:
    """The basket without offers, its lines and prices fetched."""
    basket.reset_offer_applications()
    for line in basket.all_lines():
        line.purchase_info  # noqa: B018  it is kept on the line
    return basket


def main() -> None:
    configure()
    import oscar
    from oscar.core.loading import get_class, get_model

    carts = WORK["carts"]
    products = make_products(carts)
    make_offers(make_ranges(carts, products))
    baskets = make_baskets(carts, products)
    applicator = get_class("offer.applicator", "Applicator")

    def apply(basket: Any) -> None:
        applicator().apply(basket, basket.owner, None)

    def figures(only: str | None) -> list[dict[str, Any]]:
        offers = get_model("offer", "ConditionalOffer").objects
        kept = offers.filter(name__startswith=only or "")
        offers.update(status="Suspended")
        kept.update(status="Open")
        for voucher in get_model("voucher", "Voucher").objects.all():
            voucher.offers.set(kept.filter(offer_type="Voucher"))  # a voucher's offer acts whatever its status
        return [_amounts(fresh(basket), apply) for basket in baskets]

    serve(
        carts=len(carts),
        version=oscar.get_version(),
        ways={"peer": Way(lambda index: fresh(baskets[index]), apply)},
        figures=figures,
    )


def _amounts(basket: Any, apply: Any) -> dict[str, Any]:
    """What each offer takes off; rungs of a ladder are one."""
    apply(basket)
    found: dict[str, list[str]] = {}
    for each in basket.offer_applications:
        found.setdefault(each["offer"].name.partition(":")[0], []).append(str(each["discount"]))
    return found


if __name__ == "__main__":
    main()
