"""promoengine, in a process of its own, under the campaign that says what the rival can say.

It prices in four ways: plain data or a `Cart` that was checked before goes in, and the whole quote or its totals are
read. A quote's details are made when one of them is first read.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from turns import Way, serve, work

from promoengine import Campaign, Cart, Engine, __version__
from promoengine.reading import read_yaml

WORK = work()
AT = datetime.fromisoformat(WORK["at"])
MATCHED = ("applied", "barred", "not_chosen", "no_effect")
"""What becomes of a promotion whose trigger is met."""


def main() -> None:
    carts = WORK["carts"]
    checked = [Cart.model_validate(cart) for cart in carts]
    engine = Engine(Campaign.from_dict(_document()))

    def whole(cart: Any) -> object:
        quote = engine.price(cart, at=AT)
        return quote.lines, quote.outcomes  # each brings what is made with it

    def totals(cart: Any) -> object:
        return engine.price(cart, at=AT).total_minor

    ways = {
        "whole": Way(carts.__getitem__, whole),
        "whole_of_cart": Way(checked.__getitem__, whole),
        "totals": Way(carts.__getitem__, totals),
        "totals_of_cart": Way(checked.__getitem__, totals),
    }
    serve(carts=len(carts), version=__version__, ways=ways, figures=_figures)


def _document() -> dict[str, Any]:
    given = WORK["campaign"]
    document: Any = read_yaml(given).data if isinstance(given, str) else given
    return dict(document)


def _figures(only: str | None) -> list[dict[str, Any]]:
    document = _document()
    if only is not None:
        document["promotions"] = [each for each in document["promotions"] if each["id"] == only]
    engine = Engine(Campaign.from_dict(document))
    show = _matched if WORK["matching"] else _amounts
    return [show(engine.price(cart, at=AT)) for cart in WORK["carts"]]


def _amounts(quote: Any) -> dict[str, Any]:
    """What each promotion takes off."""
    return {name: f"{each.amount_minor / 100:.2f}" for name, each in quote.promotions.items()}


def _matched(quote: Any) -> dict[str, Any]:
    """Which promotions' triggers are met."""
    return {name: True for name, outcome in quote.outcomes.items() if outcome.reason in MATCHED}


if __name__ == "__main__":
    main()
