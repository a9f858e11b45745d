"""The grid: what a price costs as carts and campaigns grow. `python -m benchmarks.grid`, some three minutes.

Each cell runs in a process of its own, which is ended where it takes too long, and the cell says so. Every call is
timed by itself (CPU time) for the median and the 99th percentile, every field of the quote read; what reading costs by
itself is taken off. The floor takes its turn between them, on the same
carts where it can price them and on its own carts of 20 lines where it cannot, and serves as the yardstick: cells that
were measured minutes apart are compared by what they are in floors.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from statistics import mean, median
from time import perf_counter, process_time
from typing import Any

from benchmarks import campaigns, carts, constrained, floor
from benchmarks.against_floor import AT, all_there, read_all
from benchmarks.timing import Work, batch_of, microseconds, percentile, settled
from promoengine import Campaign, Cart, Engine, Quote

LINES = 20
CARTS = 10
CONFLICTING_CARTS = 20
LEAST_ROUNDS = 3


@dataclass(slots=True)
class Jobs:
    """What a cell times: prices, what making their engines took, and whether the floor prices the same."""

    prices: list[Callable[[], Quote]]
    compile_seconds: float
    floors: list[Work] | None = None


@dataclass(slots=True)
class Measured:
    """One cell: CPU time of one price in microseconds, every field read, and how many floors that is; and of one of
    which the total alone is read.
    """

    name: str
    median_us: float
    p99_us: float
    total_us: float
    calls: int
    floor_us: float
    floors: float
    same_work: bool
    compile_seconds: float
    statuses: dict[str, int] = field(default_factory=dict)


def cells() -> dict[str, Callable[[], Jobs]]:
    """Every cell by its name."""
    found: dict[str, Callable[[], Jobs]] = {}
    for lines in (1, 5, 20, 100, 1_000):
        found[f"lines-{lines}"] = partial(under_eleven, lines)
    for pieces in (60, 600, 6_000):
        found[f"pieces-{pieces}"] = partial(pieces_in_thirty_lines, pieces)
    for promotions in (11, 100, 1_000, 10_000, 100_000):
        found[f"promotions-{promotions}"] = partial(beside_others, campaigns.padded, promotions)
    found["out-of-reach-1000"] = partial(beside_others, campaigns.out_of_reach, 1_000)
    found["for-others-1000"] = partial(beside_others, campaigns.for_others, 1_000)
    found["matching-50"] = fifty
    found["codes-600000"] = partial(with_codes, 600_000)
    for family in (constrained.spreads, constrained.coupons, constrained.mixed):
        for promotions in (5, 10, 15, 20):
            found[f"conflicts-{family.__name__}-{promotions}"] = partial(conflicting, family, promotions)
    return found


def under_eleven(lines: int) -> Jobs:
    """Carts of so many lines under the eleven promotions."""
    engine, seconds = made(campaigns.floor_campaign())
    found = carts.carts(lines, CARTS if lines < 1_000 else 3)
    return Jobs(prices(engine, found), seconds, floors(found))


def pieces_in_thirty_lines(pieces: int) -> Jobs:
    """30 lines with so many pieces, under the eleven promotions. (The floor would go over them one by one.)"""
    engine, seconds = made(campaigns.floor_campaign())
    found = carts.carts(30, CARTS)
    for cart in found:
        for line in cart["lines"]:
            line["quantity"] = pieces // 30
    return Jobs(prices(engine, found), seconds)


def beside_others(build: Callable[[int], carts.Json], promotions: int) -> Jobs:
    """20 lines under the eleven, with promotions beside them that give nothing."""
    engine, seconds = made(build(promotions))
    found = carts.carts(LINES, CARTS)
    return Jobs(prices(engine, found), seconds, floors(found))


def fifty() -> Jobs:
    """20 lines, 50 promotions, all of which apply."""
    campaign, cart = campaigns.fifty_that_match(LINES)
    engine, seconds = made(campaign)
    applied = len(engine.price(cart, at=AT).promotions)
    assert applied == 50, f"{applied} of the 50 apply"
    return Jobs(prices(engine, [cart]), seconds)


def with_codes(codes: int) -> Jobs:
    """20 lines under the eleven, and three of so many single-use codes entered, each of which applies."""
    engine, seconds = made(campaigns.single_use_codes(codes))
    found = carts.carts(LINES, CARTS)
    for number, cart in enumerate(found):
        cart["codes"] = [campaigns.single_use_code(pool, number) for pool in range(3)]
    applied = engine.price(found[0], at=AT).promotions
    assert {"letter-0", "letter-1", "letter-2"} <= applied.keys(), "the codes do not apply"
    return Jobs(prices(engine, found), seconds)


def conflicting(family: constrained.Family, promotions: int) -> Jobs:
    """Carts of 20 lines with so many promotions that are in each other's way."""
    found: list[Callable[[], Quote]] = []
    taken = 0.0
    for seed in range(CONFLICTING_CARTS):
        campaign, cart = family(Random(f"{family.__name__} {promotions} {seed}"), promotions)
        engine, seconds = made(campaign)
        taken += seconds
        found += prices(engine, [cart])
    return Jobs(found, taken)


def made(campaign: carts.Json) -> tuple[Engine, float]:
    """An engine, and the CPU seconds that checking, compiling and binding took."""
    start = process_time()
    engine = Engine(Campaign.from_dict(campaign))
    return engine, process_time() - start


def prices(engine: Engine, found: list[carts.Json]) -> list[Callable[[], Quote]]:
    """The price of each cart, prepared."""
    return [partial(engine.price, Cart.model_validate(cart), at=AT) for cart in found]


def floors(found: list[carts.Json]) -> list[Work]:
    """The floor's price of each cart."""
    return [partial(floor.price, carts.for_floor(cart)) for cart in found]


def measure(name: str, seconds: float) -> Measured:
    """One cell, in this process, for about so many seconds, and three rounds at least."""
    jobs = cells()[name]()
    prices = jobs.prices[: few_enough(jobs.prices[0], seconds)]
    yardstick = floors(carts.carts(LINES, CARTS)) if jobs.floors is None else jobs.floors[: len(prices)]
    statuses: dict[str, int] = {}
    for price in prices:  # the first price of a cart may make what later ones find ready
        status = price().selection.status
        statuses[status] = statuses.get(status, 0) + 1
    timed = rounds(prices, yardstick, seconds)
    calls = [each for found in timed for each in found.prices]
    return Measured(
        name,
        median(calls),
        percentile(calls, 0.99),
        median(each for found in timed for each in found.totals),
        len(calls),
        median(found.floor for found in timed),
        median(mean(found.prices) / found.floor for found in timed),
        jobs.floors is not None,
        jobs.compile_seconds,
        statuses,
    )


def few_enough(price: Callable[[], Quote], seconds: float) -> int:
    """So many carts that a round of them takes no longer than the cell is to take, and one at least."""
    return max(1, int(seconds * 1_000_000 / microseconds(partial(price_and_read, price))))


@dataclass(slots=True)
class Round:
    """Microseconds of each price with every field read, of each with the total alone, and of the floor's mean price."""

    prices: list[float]
    totals: list[float]
    floor: float


def rounds(work: list[Callable[[], Quote]], yardstick: list[Work], seconds: float) -> list[Round]:
    """Everyone takes a turn in each round."""

    def all_floors() -> None:
        for each in yardstick:
            each()

    found: list[Round] = []
    batch = batch_of(all_floors)
    reading = [reading_by_itself(price()) for price in work]
    with settled():
        end = perf_counter() + seconds
        while len(found) < LEAST_ROUNDS or perf_counter() < end:
            one_floor = microseconds(all_floors, batch) / len(yardstick)
            prices = [microseconds(partial(price_and_read, price)) for price in work]
            totals = [microseconds(price) for price in work]
            found.append(Round([each - alone for each, alone in zip(prices, reading, strict=True)], totals, one_floor))
    return found


def price_and_read(price: Callable[[], Quote]) -> None:
    """One price, of which nothing is left to be made."""
    read_all(price())


def reading_by_itself(quote: Quote) -> float:
    """Microseconds of reading every field of a quote when all are there."""
    reading = partial(read_all, all_there(quote))
    return median(microseconds(reading) for _ in range(11))


def measure_apart(name: str, seconds: float, most_seconds: float) -> dict[str, Any]:
    """One cell in a process of its own; `skipped` says why there are no figures."""
    command = [sys.executable, "-m", "benchmarks.grid", "--cell", name, "--seconds", str(seconds)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=most_seconds, cwd=Path(__file__).parent.parent
        )
    except subprocess.TimeoutExpired:
        return {"name": name, "skipped": f"took more than {most_seconds:.0f} s, compiling included"}
    if done.returncode:
        return {"name": name, "skipped": f"failed: {(done.stderr.strip().splitlines() or ['?'])[-1]}"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run(names: list[str], seconds: float, most_seconds: float) -> Iterator[dict[str, Any]]:
    """Cells one after the other."""
    for name in names:
        yield measure_apart(name, seconds, most_seconds)


def told(cell: dict[str, Any]) -> str:
    """One cell as a line of text."""
    if "skipped" in cell:
        return f"{cell['name']:24} {cell['skipped']}"
    return (
        f"{cell['name']:24} {cell['median_us']:10.1f} {cell['p99_us']:10.1f} {cell['total_us']:10.1f} "
        f"{cell['floors']:8.1f} {cell['compile_seconds']:9.2f}  {cell['statuses']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="only cells whose name begins with one of these")
    parser.add_argument("--cell", help="measure one cell here, and print its JSON")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each cell (default: 3)")
    parser.add_argument("--most-seconds", type=float, default=120.0, help="a cell that takes longer is skipped")
    parser.add_argument("--json", type=Path, help="write the figures there")
    arguments = parser.parse_args()
    if arguments.cell:
        print(json.dumps(asdict(measure(arguments.cell, arguments.seconds))))
        return
    wanted = tuple(arguments.names) or ("",)
    names = [name for name in cells() if name.startswith(wanted)]
    print(f"{'cell':24} {'median us':>10} {'p99 us':>10} {'total us':>10} {'floors':>8} {'compile s':>9}  searches")
    found = []
    for cell in run(names, arguments.seconds, arguments.most_seconds):
        found.append(cell)
        print(told(cell), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
