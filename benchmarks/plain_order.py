"""How much dearer carts would be in the plain order of priorities: `python -m benchmarks.plain_order`.

Every cart is priced twice: with `search: {max_nodes: 0}`, the plain order, and with the search. The carts are those of
the examples, carts generated for their campaigns, and the grocer's baskets in which a coupon is entered (302 baskets
are kept in examples/grocery; `--grocery build/grocery` takes all that examples/grocery/convert.py has written).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from promoengine import Campaign, CartError, CartRefused, Engine, Quote
from promoengine.reading import read_file
from promoengine.testing import carts_for, moments_for
from promoengine.testing.laws_variants import campaign_document

EXAMPLES = Path(__file__).parent.parent / "examples"
HEADINGS = ["carts", "priced", "something to choose", "dearer in plain order", "by, median", "by, most", "`limit`"]
Asked = Iterable[tuple[Any, datetime]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generated", type=int, default=500, help="carts to generate for each campaign")
    parser.add_argument("--grocery", type=Path, default=EXAMPLES / "grocery", help="a folder of baskets")
    parser.add_argument("--every", type=int, default=1, help="take every n-th basket of those with a coupon")
    arguments = parser.parse_args()
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    for name in ("double-11", "boutique"):
        campaign = Campaign.load(EXAMPLES / name / "campaign.yaml")
        print(row(name, campaign, example_carts(name)), flush=True)
        print(row(f"{name}, generated", campaign, generated(Engine(campaign), arguments.generated)), flush=True)
    campaign = Campaign.load(arguments.grocery / "campaign.json")
    print(row("grocery, with a coupon", campaign, baskets(arguments.grocery, arguments.every)))


def row(name: str, campaign: Campaign, asked: Asked) -> str:
    """The quotes of both ways, compared."""
    best = Engine(campaign)
    plain = Engine(Campaign.from_dict({**campaign_document(best), "search": {"max_nodes": 0}}))
    priced = choices = limits = 0
    dearer: list[tuple[float, str]] = []
    for cart, at in asked:
        found, in_order = quote(best, cart, at), quote(plain, cart, at)
        if found is None or in_order is None:
            continue
        priced += 1
        choices += in_order.selection.status == "limit"  # nothing was searched, and something was to be
        limits += found.selection.status == "limit"
        more = in_order.total_minor - found.total_minor
        if more:
            share = more / in_order.total_minor if in_order.total_minor else 0.0
            dearer.append((share, f"{found.format(more)} ({share:.1%})"))
    dearer.sort()
    middle, most = (dearer[len(dearer) // 2][1], dearer[-1][1]) if dearer else ("-", "-")
    return f"| {name} | {priced} | {choices} | {len(dearer)} | {middle} | {most} | {limits} |"


def quote(engine: Engine, cart: Any, at: datetime) -> Quote | None:
    """None for a cart that may not be ordered."""
    try:
        return engine.price(cart, at=at)
    except (CartError, CartRefused):
        return None


def example_carts(name: str) -> Iterator[tuple[Any, datetime]]:
    """The carts of an example, each at the moment of its page."""
    for path in sorted((EXAMPLES / name / "expected").glob("*.yaml")):
        at = datetime.fromisoformat(str(read_file(path).data["at"]))
        yield (EXAMPLES / name / "carts" / f"{path.stem}.json").read_bytes(), at


def generated(engine: Engine, number: int) -> list[tuple[Any, datetime]]:
    """Carts that meet the edges of a campaign, the same each time."""
    found: list[tuple[Any, datetime]] = []

    @seed(11)
    @settings(max_examples=number, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(carts_for(engine, min_lines=2, max_lines=8), moments_for(engine))
    def draw(cart: Any, at: datetime) -> None:
        found.append((cart, at))

    draw()
    return found


def baskets(folder: Path, every: int) -> Iterator[tuple[Any, datetime]]:
    """The grocer's baskets in which a code is entered."""
    rows = (json.loads(line) for line in (folder / "baskets.jsonl").open("rb"))
    coded = [row for row in rows if row["cart"]["codes"]]
    for basket in coded[::every]:
        yield basket["cart"], datetime.fromisoformat(basket["at"])


if __name__ == "__main__":
    main()
