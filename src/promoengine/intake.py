"""Intake: a validated cart becomes a basket of ints, or a list of what is wrong with it.

Here the cart meets the campaign: its currency, the digits of that currency, and the facts that are declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from operator import is_
from typing import Any

from pydantic import ValidationError

from promoengine.cart import MOST_UNITS, Cart, LimitsLeft, Line, Shipment, ShippingOption
from promoengine.engine.basket import Basket, Code, Left, Option, Parcel
from promoengine.engine.basket import Line as BasketLine
from promoengine.errors import MOST_DIAGNOSTICS, CartError, Diagnostic, Path, Place
from promoengine.fields import LARGEST_TALLY, normal_code
from promoengine.instants import microseconds
from promoengine.money import AmountError, parse_amount
from promoengine.plan import Gift, Plan
from promoengine.reading import DocumentError, Size, read_json
from promoengine.suggestions import did_you_mean
from promoengine.twins import twin_of_text
from promoengine.validation import diagnostics_of, in_document_order

CART_SIZE = Size(text_bytes=64 * 2**20, values=1_000_000)
"""The most text that is read as one cart: ten thousand lines with all their fields take a third of the values."""


def read_cart(cart: Cart | Mapping[str, Any] | str | bytes) -> Cart:
    """A cart from a `Cart`, plain data, or JSON text or bytes. Raises `CartError` with everything that is wrong."""
    if isinstance(cart, Cart):
        return cart
    data: object = cart
    if isinstance(cart, (str, bytes)):
        try:
            data = read_json(cart, size=CART_SIZE).data
        except DocumentError as error:
            raise CartError(error.diagnostics) from None
    try:
        return Cart.model_validate(data)
    except ValidationError as error:
        found = [*diagnostics_of(error, Cart, data), *_repeated_ids(data)]
        raise CartError(in_document_order(found, data)) from None


def _repeated_ids(data: object) -> list[Diagnostic]:
    """Ids that stand twice in a cart whose structure is wrong elsewhere, so that one run says both."""
    found: list[Diagnostic] = []
    for name in ("lines", "shipments"):
        parts = data.get(name) if isinstance(data, dict) else None
        seen: set[str] = set()
        for index, part in enumerate(parts if isinstance(parts, (list, tuple)) else ()):
            each = part.get("id") if isinstance(part, dict) else None
            if isinstance(each, str):
                if each in seen:
                    found.append(repeated_id(each, (name, index, "id")))
                seen.add(each)
    return found


def repeated_id(name: str, path: Path) -> Diagnostic:
    """The diagnostic for an id that stands twice."""
    return Diagnostic("duplicate_id", f"the id {name!r} stands here twice", Place(path))


def take_in(cart: Cart | Mapping[str, Any] | str | bytes, plans: Mapping[str, Plan]) -> tuple[Plan, Basket]:
    """The plan of the cart's currency, and the basket. Raises `CartError` with everything that is wrong with the cart,
    or else with everything that does not fit.
    """
    if isinstance(cart, Cart):
        plan = _plan_of(cart, plans)
        return plan, _kept(cart, plan) or _keep(cart, plan, _Intake(plan).basket(cart))
    if isinstance(cart, (str, bytes)) and (found := _taken_in_fast(cart, plans)) is not None:
        return found
    checked = read_cart(cart)
    plan = _plan_of(checked, plans)
    return plan, _Intake(plan).basket(checked)


def _plan_of(cart: Cart, plans: Mapping[str, Plan]) -> Plan:
    plan = plans.get(cart.currency)
    if plan is None:
        known = ", ".join(sorted(plans))
        message = f"the cart is in {cart.currency}; the campaign is in {known}"
        raise CartError([Diagnostic("wrong_currency", message, Place(("currency",)))])
    return plan


def _taken_in_fast(text: str | bytes, plans: Mapping[str, Plan]) -> tuple[Plan, Basket] | None:
    """The same by the extra `fast`; None where it is not installed, or has no answer. What it finds wrong is said by
    those who read with care.
    """
    twin = twin_of_text(text)
    if twin is None or any(line.gift_of is not None for line in twin.lines):
        return None  # nobody would look at the amounts of lines that are gifts
    try:
        plan = _plan_of(twin, plans)
        return plan, _Intake(plan).basket(twin)
    except CartError:
        return None


def _kept(cart: Cart, plan: Plan) -> Basket | None:
    """The basket that was made of the cart under the plan before, where all of its fields are still the same: a copy
    of a cart with other lines is another cart.
    """
    if cart._taken_in:
        taken_under, values, dicts, basket = cart._taken_in
        fields = cart.__dict__
        if (
            taken_under is plan
            and all(map(is_, values, fields.values()))
            and dicts == [fields[name] for name in _DICTS]
        ):
            found: Basket = basket
            return found
    return None


_DICTS = ("facts", "limits_left", "gift_stock", "gift_choices")
"""The fields of a cart that are dictionaries, and so could be changed in place."""


def _keep(cart: Cart, plan: Plan, basket: Basket) -> Basket:
    values = [value for name, value in cart.__dict__.items() if name != "_taken_in"]
    cart._taken_in[:] = plan, values, [dict(getattr(cart, name)) for name in _DICTS], basket
    return basket


_NEGATIVE = "an amount here is not negative"


@dataclass(slots=True)
class _Intake:
    """One cart on its way in, with what is wrong so far."""

    plan: Plan
    wrong: list[Diagnostic] = field(default_factory=list)

    def basket(self, cart: Cart) -> Basket:
        goods = [self.goods(line, index) for index, line in enumerate(cart.lines) if line.gift_of is None]
        parcels = [self.parcel(shipment, index) for index, shipment in enumerate(cart.shipments)]
        self.check_names(cart)
        facts = {name: self.fact(name, value) for name, value in cart.facts.items()}
        left = {name: self.left(name, limits) for name, limits in cart.limits_left.items()}
        codes = self.codes(cart)
        if self.wrong:
            raise CartError(self.wrong)
        for position, line in enumerate(goods):
            line.position = position
        goods.sort(key=lambda line: line.id)
        parcels.sort(key=lambda parcel: parcel.id)
        shipping = [shipping_line(parcel, parcel.selected, len(goods) + i) for i, parcel in enumerate(parcels)]
        for rank, line in enumerate(goods):
            line.rank = rank
        return Basket(
            goods=goods,
            shipping=shipping,
            parcels=parcels,
            context=context_of(cart, goods, shipping),
            codes=codes,
            facts=facts,
            orders=cart.customer.orders,
            points_balance=cart.points_balance,
            points_to_redeem=cart.points_to_redeem,
            left=left,
            gift_stock=dict(cart.gift_stock),
            gift_choices=dict(cart.gift_choices),
        )

    def report(self, code: str, message: str, path: Path, hint: str = "") -> None:
        self.add(Diagnostic(code, message, Place(path), hint))

    def add(self, diagnostic: Diagnostic) -> None:
        self.wrong.append(diagnostic)
        if len(self.wrong) > MOST_DIAGNOSTICS:
            raise CartError(self.wrong)

    def minor(self, amount: Decimal, *path: str | int) -> int:
        try:
            amount_minor = parse_amount(amount, self.plan.exponent)
        except AmountError as error:
            self.report(error.code, str(error), path, f"amounts are in {self.plan.currency}")
            return 0
        if amount_minor < 0:
            self.report("negative_amount", _NEGATIVE, path)
        return amount_minor

    def goods(self, line: Line, index: int) -> BasketLine:
        found = BasketLine(line.id, line.quantity, self.minor(line.unit_price, "lines", index, "unit_price"))
        found.sku, found.seller, found.brand = line.sku, line.seller, line.brand
        if line.categories:
            found.categories = frozenset(line.categories)
        if line.tags:
            found.tags = frozenset(line.tags)
        if line.attributes:
            found.attributes = dict(line.attributes)
        if line.list_price is not None:
            found.list_price_minor = self.minor(line.list_price, "lines", index, "list_price")
            found.on_sale = found.list_price_minor > found.list_minor
        if line.cost is not None:
            found.thresholds["cost"] = self.minor(line.cost, "lines", index, "cost")
        if line.min_price is not None:
            found.thresholds["min_price"] = self.minor(line.min_price, "lines", index, "min_price")
        if line.tax_rate is not None:
            found.tax_rate = rate_of(line.tax_rate)
        if line.launched_at is not None:
            found.launched_us = microseconds(line.launched_at)
        return found

    def parcel(self, shipment: Shipment, index: int) -> Parcel:
        path: Path = ("shipments", index)
        methods = [option.method for option in shipment.options]
        if len(set(methods)) != len(methods):
            self.report("duplicate_id", "a method stands here twice", (*path, "options"))
        selected = methods[0] if shipment.selected is None and len(methods) == 1 else shipment.selected
        if selected is None:
            self.report("no_option_selected", "state which option is selected", path)
        elif selected not in methods:
            self.report(
                "unknown_option",
                f"no option is called {selected!r}",
                (*path, "selected"),
                did_you_mean(selected, methods),
            )
        options = [self.option(option, (*path, "options", place)) for place, option in enumerate(shipment.options)]
        position = methods.index(selected) if selected in methods else 0
        return Parcel(shipment.id, options, position, shipment.seller)

    def option(self, option: ShippingOption, path: Path) -> Option:
        return Option(option.method, self.minor(option.amount, *path, "amount"), rate_of(option.tax_rate))

    def check_names(self, cart: Cart) -> None:
        """Ids are unique, names are known, and the cart is of a size that a shop sells."""
        self.check_unique("lines", [line.id for line in cart.lines])
        self.check_unique("shipments", [shipment.id for shipment in cart.shipments])
        if sum([line.quantity for line in cart.lines]) > MOST_UNITS:
            self.report("too_many_units", f"a cart holds at most {MOST_UNITS} units", ("lines",))
        promotions = (
            {promotion.id for promotion in self.plan.promotions} if cart.gift_choices or cart.limits_left else set()
        )
        limits = promotions | {shared.name for shared in self.plan.shared_limits}
        for name in cart.gift_choices:
            self.check_known(name, promotions, ("gift_choices", name))
        self.check_gifts(cart)
        for name in cart.limits_left:
            self.check_known(name, limits, ("limits_left", name))

    def check_gifts(self, cart: Cart) -> None:
        """A chosen gift is one that its promotion lists."""
        for promotion in self.plan.promotions if cart.gift_choices else ():
            actions = [self.plan.effects[index].action for index in promotion.effects]
            listed = {item.sku for action in actions if isinstance(action, Gift) for item in action.items}
            for index, sku in enumerate(cart.gift_choices.get(promotion.id, ())):
                if sku not in listed and promotion.priced:
                    path: Path = ("gift_choices", promotion.id, index)
                    self.report("unknown_gift", f"the promotion lists no gift {sku!r}", path, did_you_mean(sku, listed))

    def check_unique(self, name: str, ids: list[str]) -> None:
        if len(set(ids)) == len(ids):
            return
        seen: set[str] = set()
        for index, each in enumerate(ids):
            if each in seen:
                self.add(repeated_id(each, (name, index, "id")))
            seen.add(each)

    def check_known(self, name: str, known: set[str], path: Path) -> None:
        if name not in known:
            self.report("unknown_promotion", f"no promotion is called {name!r}", path, did_you_mean(name, known))

    def fact(self, name: str, value: object) -> int | bool:
        """A fact as its declaration reads it: a count, minor units, or a flag."""
        kinds = dict(self.plan.facts)
        kind, path = kinds.get(name), ("facts", name)
        if kind is None:
            hint = did_you_mean(name, kinds) or "declare it in the campaign under facts"
            self.report("unknown_fact", f"the campaign declares no fact {name!r}", path, hint)
        elif kind == "flag":
            if isinstance(value, bool):
                return value
            self.report("not_true_or_false", f"fact {name!r} is true or false", path)
        elif isinstance(value, bool):
            self.report("not_a_number", f"fact {name!r} is a {kind}", path)
        elif kind == "money":
            return self.money_fact(value, path)
        elif isinstance(value, int) and value > LARGEST_TALLY:
            self.report("count_out_of_range", f"fact {name!r} is at most {LARGEST_TALLY}", path)
        elif isinstance(value, int) and value >= 0:
            return value
        else:
            self.report("not_a_whole_number", f"fact {name!r} is a whole number from 0", path)
        return 0

    def money_fact(self, value: object, path: Path) -> int:
        try:
            amount = parse_amount(value, self.plan.exponent)  # type: ignore[arg-type]
        except AmountError as error:
            self.report(error.code, str(error), path)
            return 0
        if amount < 0:
            self.report("negative_amount", _NEGATIVE, path)
        return amount

    def left(self, name: str, limits: LimitsLeft) -> Left:
        budget = None if limits.budget is None else self.minor(limits.budget, "limits_left", name, "budget")
        return Left(limits.stock, limits.per_customer, limits.uses, limits.uses_per_customer, budget)

    def codes(self, cart: Cart) -> list[Code]:
        """Each code once, however often and in whatever case it was typed."""
        found: dict[str, Code] = {}
        for entered in cart.codes:
            text = normal_code(entered.code)
            code = found.setdefault(text, Code(text))
            if entered.pool is not None:
                code.pools = code.pools | {entered.pool}
            if entered.uses_left is not None:
                code.uses_left = entered.uses_left if code.uses_left is None else min(code.uses_left, entered.uses_left)
        return [found[text] for text in sorted(found)]


def rate_of(rate: Decimal | None) -> tuple[int, int] | None:
    """A rate in percent as a fraction of one."""
    if rate is None:
        return None
    return (Fraction(rate) / 100).as_integer_ratio()


def shipping_line(parcel: Parcel, option: int, rank: int) -> BasketLine:
    """One option of a parcel as a unit like any other."""
    chosen = parcel.options[option]
    line = BasketLine(parcel.id, 1, chosen.amount_minor)
    line.goods = False
    line.name = f"shipping {parcel.id}"
    line.shipping_method = chosen.method
    line.seller = parcel.seller
    line.tax_rate = chosen.tax_rate
    line.rank = line.position = rank
    return line


def context_of(cart: Cart, goods: list[BasketLine], shipping: list[BasketLine]) -> dict[str, frozenset[str]]:
    """What conditions ask the cart for, by the name of the condition."""
    single = {
        "channel": cart.channel,
        "region": cart.region,
        "payment_method": cart.payment_method,
        "customer": cart.customer.id,
    }
    context = {name: frozenset((value,)) for name, value in single.items() if value is not None}
    context["segment"] = frozenset(cart.customer.segments)
    context["shipping_method"] = frozenset(line.shipping_method for line in shipping if line.shipping_method)
    context["seller"] = frozenset(line.seller for line in goods if line.seller)
    return context


__all__ = ["CART_SIZE", "read_cart", "shipping_line", "take_in"]
