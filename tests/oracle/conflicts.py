"""One pair made to conflict, priced by the search and by brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any

from promoengine import Campaign, Cart, CartRefused, ChoiceError, Engine, Quote

from .choices import Name
from .combining import Combination, TooMany, best, is_if_better, realized
from .compare import differences, of_quote
from .generate_conflicts import MOMENT, ConflictGenerator
from .limits import Refused
from .pairs import CARTS, REFUSED, Pair, accepted
from .reference import price

FEW_NODES = (1, 2, 5, 50)
"""Searches that are cut off."""
MANY_NODES = 1_000_000
"""A search that is not."""
MOST_TURNS = 20_000
"""A cart that takes the brute force longer is left out."""


@dataclass
class Compared:
    """What came of one pair: where the two differ, and what there was to see."""

    differences: list[str]
    skipped: bool = False
    departs: bool = False
    cut_off: int = 0


def with_nodes(document: dict[str, Any], most: int) -> Campaign:
    """The campaign of a document, searched with so many nodes at most."""
    return Campaign.from_dict({**document, "search": {"max_nodes": most}})


def compared(campaign: Campaign, pair: Pair, most: int = MOST_TURNS) -> Compared:
    """The quote against the best choice of the brute force, and cut-off searches against their stated gap."""
    cart = Cart.model_validate(pair.cart)
    try:
        quote = Engine(campaign).price(cart, at=pair.at)
    except CartRefused:
        quote = None
    try:
        found = best(campaign.document, cart, pair.at, most)
        expected = price(campaign.document, cart, pair.at, found.choice) if found else {}
    except TooMany:
        return Compared([], skipped=True)
    except Refused:
        found, expected = None, REFUSED
    actual = REFUSED if quote is None else of_quote(quote)
    wrong = list(differences(expected, actual))
    if quote is not None and quote.selection.status != "proven":
        wrong.append(f"status: {quote.selection.status}")
    if quote is None or found is None or wrong:
        return Compared(wrong)
    report = Compared(wrong, departs=bool(quote.selection.departures))
    for nodes in FEW_NODES:
        cut_off = Engine(with_nodes(pair.document, nodes)).price(cart, at=pair.at)
        report.cut_off += cut_off.selection.status == "limit"
        report.differences += [f"{nodes} nodes: {each}" for each in faults(campaign, pair, found, quote, cut_off)]
    return report


def faults(campaign: Campaign, pair: Pair, found: Combination, proven: Quote, quote: Quote) -> Iterator[str]:
    """What is wrong with the quote of a search that may have been cut off: its gap, and whether its choice is legal."""
    missed = quote.total_minor - found.payable
    if not 0 <= missed <= quote.selection.gap_minor:
        yield f"gap {quote.selection.gap_minor} is stated, {missed} is missed"
    if quote.selection.status == "proven" and of_quote(quote) != of_quote(proven):
        yield "proven, and not the same"
    if quote.selection.departures and of_quote(quote) != of_quote(proven) and not is_legal(campaign, pair, quote):
        yield "the choice is not legal"


def is_legal(campaign: Campaign, pair: Pair, quote: Quote) -> bool:
    """Whether some legal choice has the members of a quote with the units that it says."""
    cart = Cart.model_validate(pair.cart)
    wanted = of_quote(quote)
    choices = realized(campaign.document, cart, pair.at, names_of(quote))
    return any(price(campaign.document, cart, pair.at, each)["lines"] == wanted["lines"] for each in choices)


def names_of(quote: Quote) -> frozenset[Name]:
    """The members of a quote; the codes of a promotion are used in their order."""
    found = []
    for promotion in quote.promotions.values():
        uses: Counter[tuple[int, str]] = Counter()
        for member in promotion.members:
            found.append((promotion.id, member.benefit, member.key, uses[member.benefit, member.key]))
            uses[member.benefit, member.key] += 1
    return frozenset(found)


# -- a shopper's own choice -----------------------------------------------------------------------


def own_choices(campaign: Campaign, pair: Pair, most: int = MOST_TURNS) -> list[str]:
    """What is wrong where the shopper chooses: with what the best quote applied, and with every other set of the
    promotions that act only if better.
    """
    cart, engine = Cart.model_validate(pair.cart), Engine(campaign)
    try:
        found = best(campaign.document, cart, pair.at, most)
    except (TooMany, Refused):
        return []
    assert found is not None
    optional = [each.id for each in campaign.document.promotions if is_if_better(each)]
    wrong = []
    for number in range(len(optional) + 1):
        for chosen in combinations(optional, number):
            expected = best(campaign.document, cart, pair.at, most, frozenset(chosen))
            try:
                quote = engine.price(cart, at=pair.at, choose=chosen)
            except ChoiceError:
                wrong += [f"choose {chosen}: refused, and not {expected.payable}"] if expected else []
                continue
            if expected is None:
                wrong.append(f"choose {chosen}: {quote.total_minor}, and not refused")
                continue
            saves = expected.payable - found.payable
            if (quote.total_minor, quote.selection.best_saves_minor) != (expected.payable, saves):
                seen = quote.total_minor, quote.selection.best_saves_minor
                wrong.append(f"choose {chosen}: total and best_saves {seen}, and not {expected.payable, saves}")
    return wrong


# -- the pairs of a seed --------------------------------------------------------------------------


def conflicts(seed: int) -> Iterator[tuple[Campaign, Pair]]:
    """The pairs of one seed; none where the drawn campaign is refused."""
    generator = ConflictGenerator(seed)
    document = generator.campaign()
    campaign = accepted(document)
    if campaign is None:
        return
    ids = {each.id for each in campaign.document.promotions}
    document["promotions"] = [each for each in document["promotions"] if each["id"] in ids]
    for _ in range(CARTS):
        yield campaign, Pair(document, generator.cart(), datetime.fromisoformat(MOMENT))
