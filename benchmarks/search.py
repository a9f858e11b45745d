"""How long the search takes, as a table: `python -m benchmarks.search`.

CPU time of the search itself (bounds, divisions and the passes that it runs), and of the whole `Engine.price` for
comparison, every field of its quote read. Each figure is over so many carts, and of each cart the quickest of three.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from time import process_time

from benchmarks import constrained
from benchmarks.against_floor import read_all
from promoengine import Campaign, Engine, Quote, pricing

AT = datetime(2026, 11, 11, 12, tzinfo=UTC)
ROWS: list[tuple[constrained.Family, list[int]]] = [
    (constrained.spreads, [5, 10, 15, 20]),
    (constrained.coupons, [5, 10, 15, 20]),
    (constrained.mixed, [5, 10, 15, 20]),
    (constrained.set_deals, [2, 4, 6, 8]),
]
HEADINGS = [
    "promotions",
    "number",
    "search ms: median",
    "p95",
    "most",
    "whole price ms: median",
    "p95",
    "nodes: median",
    "most",
    "`limit`",
]
CLOCKED: list[float] = []


@dataclass
class Taken:
    """What one cart took."""

    search_ms: float
    price_ms: float
    quote: Quote


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carts", type=int, default=50, help="carts for each row")
    parser.add_argument("--max-nodes", type=int, help="the bound of the search, instead of the default")
    parser.add_argument("--family", help="only this family")
    arguments = parser.parse_args()
    clock_the_search()
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    for family, numbers in ROWS:
        for number in numbers:
            if arguments.family in (None, family.__name__):
                taken = [take(family, number, seed, arguments.max_nodes) for seed in range(arguments.carts)]
                print(row(family.__name__, number, taken), flush=True)


def clock_the_search() -> None:
    """Let the engine's call of the search note what it took."""
    solve = pricing.solve

    def clocked(*inputs):  # type: ignore[no-untyped-def]
        start = process_time()
        try:
            return solve(*inputs)
        finally:
            CLOCKED.append(process_time() - start)

    pricing.solve = clocked


def take(family: constrained.Family, number: int, seed: int, max_nodes: int | None) -> Taken:
    document, cart = family(Random(f"{family.__name__} {number} {seed}"), number)
    if max_nodes is not None:
        document["search"] = {"max_nodes": max_nodes}
    engine = Engine(Campaign.from_dict(document))
    CLOCKED.clear()
    prices = []
    for _ in range(3):
        start = process_time()
        quote = engine.price(cart, at=AT)
        read_all(quote)  # much of it is made when it is first read
        prices.append(process_time() - start)
    return Taken(min(CLOCKED) * 1000, min(prices) * 1000, quote)


def row(name: str, number: int, taken: list[Taken]) -> str:
    searches = sorted(each.search_ms for each in taken)
    prices = sorted(each.price_ms for each in taken)
    nodes = sorted(each.quote.selection.nodes for each in taken)
    limits = sum(each.quote.selection.status == "limit" for each in taken)
    figures = [f"{at(searches, 0.5):.2f}", f"{at(searches, 0.95):.2f}", f"{searches[-1]:.1f}"]
    figures += [f"{at(prices, 0.5):.2f}", f"{at(prices, 0.95):.2f}"]
    figures += [f"{at(nodes, 0.5):.0f}", f"{nodes[-1]}", f"{limits} of {len(taken)}"]
    return f"| {name} | {number} | {' | '.join(figures)} |"


def at(values: list[float] | list[int], share: float) -> float:
    """The value below which so much of the sorted values lies."""
    return values[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
