"""The smallest pair on which something is still wrong: parts are left out one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from promoengine import Campaign, CampaignError, Cart

from .pairs import Pair, accepted, found, in_order

Place = tuple[str | int, ...]
Fault = Callable[[Campaign, Pair], object]
"""What is wrong with a pair: something true, or an exception; nothing where all is well."""


def disagreement(campaign: Campaign, pair: Pair) -> object:
    """Where the engine and the reference differ."""
    return found(Campaign.from_dict(in_order(pair.document)), pair.cart, pair.at)


def shrunk(pair: Pair, fault: Fault = disagreement) -> Pair:
    """The same fault, or another one, on as little as can be found: parts are dropped while there is one, then numbers
    become smaller.
    """
    campaign = accepted(pair.document)
    if campaign is not None:
        ids = {each.id for each in campaign.document.promotions}
        kept = [each for each in pair.document["promotions"] if each["id"] in ids]
        pair = Pair({**pair.document, "promotions": kept}, pair.cart, pair.at)
    while (smaller := next((each for each in candidates(pair) if is_wrong(each, fault)), None)) is not None:
        pair = smaller
    return pair


def is_wrong(pair: Pair, fault: Fault) -> bool:
    """Whether a pair can be priced, and shows a fault."""
    try:
        campaign = Campaign.from_dict(pair.document)
        Cart.model_validate(pair.cart)
    except (CampaignError, ValidationError):
        return False
    try:
        return bool(fault(campaign, pair))
    except Exception:
        return True


def candidates(pair: Pair) -> Iterator[Pair]:
    """The pair less one of its parts, great parts first; then with something simpler in a part's place."""
    both = {"document": pair.document, "cart": pair.cart}
    places = sorted(parts_of(both), key=len)
    for place in places:
        if place not in (("document",), ("cart",)):
            yield changed(pair, both, place, None)
    for place in places:
        for simpler in simplifications(at(both, place)):
            yield changed(pair, both, place, simpler)


def changed(pair: Pair, both: dict[str, Any], place: Place, value: Any) -> Pair:
    """The pair with another value at a place, or without the place where it is None."""
    copy = deepcopy(both)
    holder = at(copy, place[:-1])
    if value is None:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return Pair(copy["document"], copy["cart"], pair.at)


def parts_of(value: Any, place: Place = ()) -> Iterator[Place]:
    """The places of all parts of plain data."""
    for key, part in items_of(value):
        yield (*place, key)
        yield from parts_of(part, (*place, key))


def items_of(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def at(value: Any, place: Place) -> Any:
    for key in place:
        value = value[key]
    return value


def simplifications(value: Any) -> list[Any]:
    """What may stand in a value's place and is simpler."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return [value[0]]
    if isinstance(value, int) and not isinstance(value, bool) and value > 1:
        return [1, value - 1] if value > 2 else [1]
    return []
