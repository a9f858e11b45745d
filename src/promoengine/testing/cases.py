"""Case files: worked prices in YAML that a shop's people can read, write and argue about.

A file is a list of cases. A campaign or a cart that a case leaves out is that of the case before it.

    - name: three hundred yuan reach three hundred
      campaign:
        promotions:
        - {id: "300-50", stage: item, trigger: {kind: spend, at_least: 300},
           benefit: {kind: amount_off, amount: 50, per: once}}
      cart: {lines: {pan: 3 x 100.00}}
      expect: {total: 250.00, promotions: {"300-50": 50.00}}

    - name: a fen less does not
      cart: {lines: {pan: 299.99}}
      expect: {total: 299.99, refused: {"300-50": trigger}}

A **campaign** is written as in its own file; `campaign: case`, `currency: CNY` and `timezone: Asia/Shanghai` need
not be said. A **cart** too, and its currency is the campaign's; but its `lines` may be a mapping from ids to `PRICE`,
`N x PRICE`, or `{price: N x PRICE, ...}` with further fields of a line (the sku is the id, unless said), and
`shipping` a mapping from ids to the amount of the one option `standard`, or to `{METHOD: AMOUNT, ...}`, the first
of which is selected. `at` is noon of 2026-11-11 in Shanghai, unless said. `outcomes: all` asks for all outcomes.

**expect** names what is compared, each whole: what is not named is not looked at. See `SHOWN` for what there is.
`error: CODE`, or a list of codes, expects the campaign or the cart to be refused with just these diagnostics.

Every quote is verified too. To run your own files:

    @pytest.mark.parametrize("case", load_cases("cases"), ids=str)
    def test_cases(case):
        assert case.expect == case.actual()
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from promoengine.campaign import Campaign
from promoengine.errors import DiagnosticsError
from promoengine.pricing import Engine
from promoengine.quote import Claim, Earned, Gift, Grant, Quote, Shortfall
from promoengine.reading import read_file

CAMPAIGN = {"campaign": "case", "currency": "CNY", "timezone": "Asia/Shanghai"}
AT = "2026-11-11T12:00:00+08:00"
FIELDS = frozenset({"name", "campaign", "cart", "at", "outcomes", "expect"})
_TIMES = re.compile(r"(?:(-?\d+) x )?(\S+)")


@dataclass(frozen=True, slots=True)
class Case:
    """One worked price. `str(case)` is the id under which it is reported."""

    id: str
    name: str
    campaign: dict[str, Any]
    cart: dict[str, Any]
    at: str
    outcomes: Any
    expect: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.id}: {self.name}"

    def quote(self) -> Quote:
        """The verified quote. Raises what the campaign or the cart is refused with."""
        engine = Engine(Campaign.from_dict(self.campaign))
        quote = engine.price(self.cart, at=datetime.fromisoformat(self.at), outcomes=self.outcomes)
        quote.verify()
        return quote

    def actual(self) -> dict[str, Any]:
        """What came of all that `expect` names, in its form."""
        try:
            quote = self.quote()
        except DiagnosticsError as refusal:
            codes = [each.code for each in refusal.diagnostics]
            return {"error": codes[0] if len(codes) == 1 else codes}
        shown = {name: SHOWN[name](quote) for name in self.expect if name in SHOWN}
        if isinstance(until := shown.get("valid_until"), datetime):
            shown["valid_until"] = until.astimezone(ZoneInfo(self.campaign["timezone"])).isoformat()
        return shown


def load_cases(path: str | os.PathLike[str]) -> list[Case]:
    """The cases of a file, or of all `.yaml` files in a folder and below it. Raises `ValueError` for a case file that
    says what this page does not know, and `DocumentError` for one that is not YAML.
    """
    top = Path(path)
    files = sorted(top.rglob("*.yaml")) if top.is_dir() else [top]
    return [case for file in files for case in _cases_of(file, file.relative_to(top if top.is_dir() else top.parent))]


def _cases_of(file: Path, shown: Path) -> Iterator[Case]:
    written: Any = read_file(file).data
    before: dict[str, Any] = {}
    for each in written:
        unknown = ({*each} - FIELDS) | ({*each["expect"]} - {*SHOWN, "error"})
        if unknown:
            raise ValueError(f"{file}: {each['name']!r} says what is not known: {', '.join(sorted(unknown))}")
        before = {**before, **each}
        campaign = {**CAMPAIGN, **before["campaign"]}
        cart = cart_of(before["cart"], campaign["currency"])
        yield Case(
            shown.with_suffix("").as_posix(),
            each["name"],
            campaign,
            cart,
            each.get("at", AT),
            each.get("outcomes", "found"),
            each["expect"],
        )


def cart_of(short: dict[str, Any], currency: str) -> dict[str, Any]:
    """A cart in its short form as plain data for `Engine.price`."""
    cart = {"currency": currency, **short}
    if isinstance(cart.get("lines"), dict):
        cart["lines"] = [_line(id_, line) for id_, line in cart["lines"].items()]
    if "shipping" in cart:
        cart["shipments"] = [_shipment(id_, options) for id_, options in cart.pop("shipping").items()]
    return cart


def _line(id_: str, short: Any) -> dict[str, Any]:
    fields = dict(short) if isinstance(short, dict) else {"price": short}
    price, quantity = fields.pop("price"), 1
    if isinstance(price, str) and (match := _TIMES.fullmatch(price)):
        quantity, price = int(match[1] or 1), match[2]
    return {"id": id_, "sku": id_, "quantity": quantity, "unit_price": price, **fields}


def _shipment(id_: str, short: Any) -> dict[str, Any]:
    options = short if isinstance(short, dict) else {"standard": short}
    return {
        "id": id_,
        "options": [{"method": method, "amount": amount} for method, amount in options.items()],
        "selected": next(iter(options)),
    }


# What `expect` may name ------------------------------------------------------------------------------


def _money(quote: Quote, amount_minor: int) -> Decimal:
    return Decimal(quote.format(amount_minor))


def _shortfall(quote: Quote, found: Shortfall) -> str:
    shown = quote.format if found.money else str
    return f"{shown(found.measured)} of {shown(found.needed)}"


def _gift(gift: Gift) -> str:
    promised = f"{gift.note} for {gift.promised}" if gift.promised not in ("", gift.sku) else gift.note
    return f"{gift.quantity} x {gift.sku}" + (f" ({promised})" if promised else "")


def _grant(quote: Quote, grant: Grant, part: Grant | Earned) -> str:
    name = "" if grant.what == "points" else f" {grant.name}"
    worth = f" worth {quote.format(part.value_minor)}" if part.value_minor else ""
    return f"{part.quantity} {grant.what}{name}{worth}"


def _earned(quote: Quote) -> dict[str, dict[str, str]]:
    """By promotion and line."""
    of_promotions = {
        grant.promotion: [each for each in quote.grants if each.promotion == grant.promotion] for grant in quote.grants
    }
    return {
        promotion: _joined((line, _grant(quote, grant, part)) for grant in grants for line, part in grant.lines.items())
        for promotion, grants in of_promotions.items()
    }


def _claims(quote: Quote) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for claim in quote.claims:
        found.setdefault(claim.shared or claim.promotion, {})[f"{claim.of} {claim.key}".strip()] = _amount(quote, claim)
    return found


def _amount(quote: Quote, claim: Claim) -> int | Decimal:
    return _money(quote, claim.amount) if claim.of == "budget" else claim.amount


def _joined(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for key, text in pairs:
        found.setdefault(key, []).append(text)
    return {key: " + ".join(texts) for key, texts in found.items()}


def _priced(quote: Quote) -> list[Any]:
    return [*quote.lines.values(), *quote.shipping.values()]


SHOWN: dict[str, Callable[[Quote], Any]] = {
    # money to pay, and what each line, parcel and option comes to; segments as "2 x 30.00 + 1 x 15.00"
    "total": lambda quote: Decimal(quote.total),
    "lines": lambda quote: {each.id: _money(quote, each.payable_minor) for each in quote.lines.values()},
    "segments": lambda quote: _joined(
        (line.id, f"{each.quantity} x {quote.format(each.unit_payable_minor)}")
        for line in quote.lines.values()
        for each in line.segments
    ),
    "shipping": lambda quote: {each.id: _money(quote, each.payable_minor) for each in quote.shipping.values()},
    "options": lambda quote: {
        each.id: {option.method: _money(quote, option.payable_minor) for option in each.options}
        for each in quote.shipping.values()
    },
    "floor_cut": lambda quote: [line.id for line in quote.lines.values() if line.floor_cut],
    "tax": lambda quote: {each.id: _money(quote, each.tax.tax_minor) for each in _priced(quote) if each.tax},
    "net": lambda quote: {each.id: _money(quote, each.tax.net_minor) for each in _priced(quote) if each.tax},
    # the promotions that were applied: what each gave, how often, what went unused, who bears it
    "promotions": lambda quote: {each.id: _money(quote, each.amount_minor) for each in quote.promotions.values()},
    "times": lambda quote: {each.id: each.times for each in quote.promotions.values()},
    "unused": lambda quote: {
        each.id: _money(quote, each.unused_minor) for each in quote.promotions.values() if each.unused_minor
    },
    "funding": lambda quote: {
        each.id: {bearer: _money(quote, share) for bearer, share in each.funding_minor.items()}
        for each in quote.promotions.values()
    },
    "labels": lambda quote: {each.id: each.labels for each in quote.promotions.values() if each.labels},
    "codes_used": lambda quote: {each.id: each.codes for each in quote.promotions.values() if each.codes},
    "points_redeemed": lambda quote: {
        each.id: each.points_redeemed for each in quote.promotions.values() if each.points_redeemed
    },
    "gifts": lambda quote: _joined((gift.promotion, _gift(gift)) for gift in quote.gifts),
    "grants": lambda quote: _joined((grant.promotion, _grant(quote, grant, grant)) for grant in quote.grants),
    "earned": _earned,
    # the considered promotions that were not: the reason, and its numbers as "299.99 of 300.00"
    "refused": lambda quote: {each.promotion: each.reason for each in quote.outcomes.values() if not each.applied},
    "shortfall": lambda quote: {
        each.promotion: _shortfall(quote, each.shortfall) for each in quote.outcomes.values() if each.shortfall
    },
    "barred_by": lambda quote: {each.promotion: each.barred_by for each in quote.outcomes.values() if each.barred_by},
    "would_save": lambda quote: {
        each.promotion: _money(quote, each.would_save_minor)
        for each in quote.outcomes.values()
        if each.would_save_minor is not None
    },
    "codes": lambda quote: {
        each.code: f"refused: {each.reason}" if each.status == "refused" else each.status
        for each in quote.codes.values()
    },
    "claims": _claims,
    "valid_until": lambda quote: quote.valid_until,
}
