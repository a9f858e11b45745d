"""Price every basket under the coupon campaign, and compare what the engine gave with what the shop gave.

    python examples/grocery/price.py                               # build/grocery, by as many workers as cores
    python examples/grocery/price.py --input examples/grocery      # the 302 baskets of the tests

Each worker compiles the campaign once, and reads, prices and judges byte ranges of the baskets' file by itself: no
cart and no quote travels between processes, only sums and the verdicts on coupons. Seconds of CPU are those of the
workers' own work, so that they hold on a busy machine too; a second by the clock includes starting and compiling.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from designs import compared
from documents import Json
from verdicts import Verdict, difference, tabulated, verdicts_of

from promoengine import Campaign, Engine, PromoengineError

PIECES_PER_WORKER = 16
"""Small enough that the workers end together, and that progress can be seen."""
Range = tuple[int, int]


@dataclass(slots=True)
class Tally:
    """What pricing some baskets came to. Amounts in cents, seconds of CPU."""

    carts: int = 0
    lines: int = 0
    units: int = 0
    list_total: int = 0
    discount_total: int = 0
    seconds: float = 0.0
    pricing_seconds: float = 0.0
    errors: list[str] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    coded: list[bytes] = field(default_factory=list)
    """The baskets in which a code is entered, as they stand in the file."""

    def add(self, other: Tally) -> None:
        """Add another tally to this one: numbers and lists alike."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


# -- the work -----------------------------------------------------------------------------------


def priced(folder: Path, piece: Range) -> Tally:
    """Price the baskets of one byte range."""
    engine, tally = engine_of(folder / "campaign.json"), Tally()
    started = time.process_time()
    for row in rows_within(folder / "baskets.jsonl", piece):
        _price(engine, row, tally)
    tally.seconds = time.process_time() - started
    return tally


@cache
def engine_of(path: Path) -> Engine:
    """The engine of a campaign, compiled once in each process."""
    return Engine(Campaign.load(path))


def _price(engine: Engine, text: bytes, tally: Tally) -> None:
    row = json.loads(text)
    at = datetime.fromisoformat(row["at"])
    tally.carts += 1
    started = time.process_time()
    try:
        quote = engine.price(row["cart"], at=at)
    except PromoengineError as error:
        tally.errors.append(f"{row['cart']['id']}: {error}")
        return
    tally.pricing_seconds += time.process_time() - started
    tally.lines += len(quote.lines)
    tally.units += sum(line.quantity for line in quote.lines.values())
    tally.list_total += quote.list_total_minor
    tally.discount_total += quote.discount_total_minor
    tally.verdicts += verdicts_of(row, quote)
    if row["cart"]["codes"]:
        tally.coded.append(text)


def rows_within(path: Path, piece: Range) -> Iterator[bytes]:
    """The lines of a file whose first byte lies in a range: ranges that meet share no line and lose none."""
    first, end = piece
    with path.open("rb") as file:
        if first:
            file.seek(first - 1)
            file.readline()
        while file.tell() < end:
            yield file.readline()


def ranges(size: int, pieces: int) -> list[Range]:
    """Byte ranges that cover a file."""
    step = max(1, -(-size // pieces))
    return [(first, min(first + step, size)) for first in range(0, size, step)]


def priced_by(workers: int, folder: Path) -> Tally:
    """Price all baskets of a folder. The tally is the same for any number of workers, seconds apart."""
    pieces = ranges((folder / "baskets.jsonl").stat().st_size, workers * PIECES_PER_WORKER)
    total, work = Tally(), partial(priced, folder)
    with ExitStack() as stack:
        parts: Iterator[Tally] = map(work, pieces)
        if workers > 1:
            spawn = multiprocessing.get_context("spawn")  # the same everywhere
            parts = stack.enter_context(ProcessPoolExecutor(workers, spawn)).map(work, pieces)
        for done, part in enumerate(parts, start=1):
            total.add(part)
            _show_progress(done, len(pieces), total.carts)
    return total


def _show_progress(done: int, pieces: int, carts: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == pieces else ""
        print(f"\r{done / pieces:4.0%}  {carts:,} carts", end=end, file=sys.stderr, flush=True)


# -- the report ---------------------------------------------------------------------------------


def reported(tally: Tally, folder: Path) -> Json:
    """All figures but the speed: the same on every machine."""
    document = json.loads((folder / "campaign.json").read_text(encoding="utf-8"))
    missed = [each for each in tally.verdicts if each.recorded is not None and not each.reproduced]
    return {
        "errors": len(tally.errors),
        "first errors": tally.errors[:20],
        "baskets": {
            "carts": tally.carts,
            "lines": tally.lines,
            "units": tally.units,
            "list, in cents": tally.list_total,
            "discounts, in cents": tally.discount_total,
        },
        **tabulated(tally.verdicts),
        "designs": compared(document, tally.coded),
        "not reproduced": [{**asdict(each), "why": difference(each)} for each in missed],
    }


def speed(tally: Tally, workers: int, seconds: float) -> Json:
    """How fast it went, and on what."""
    return {
        "machine": f"{os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}",
        "workers": workers,
        "seconds": round(seconds, 1),
        "carts a second": round(tally.carts / seconds),
        "carts a second of CPU, with reading and judging": round(tally.carts / tally.seconds),
        "carts a second of CPU, pricing alone": round(tally.carts / tally.pricing_seconds),
    }


def show(figures: Json, indent: int = 0) -> None:
    """Print figures, nested ones indented; lists are for the file."""
    for name, figure in figures.items():
        if isinstance(figure, dict):
            print(f"{'':{indent}}{name}")
            show(figure, indent + 2)
        elif not isinstance(figure, list):
            text = f"{figure:,}" if isinstance(figure, (int, float)) else figure
            print(f"{'':{indent}}{name:{62 - indent}} {text:>12}")


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description="Price all baskets and compare the coupons with the records.")
    parser.add_argument("--input", type=Path, default=Path("build/grocery"), help="folder that convert.py wrote")
    parser.add_argument("--report", type=Path, default=Path("build/grocery/report.json"), help="file for the figures")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes; else as many as cores")
    return parser.parse_args()


def main() -> int:
    """Price, report, and fail where a cart could not be priced."""
    asked, started = arguments(), time.perf_counter()
    workers = max(1, asked.workers)
    tally = priced_by(workers, asked.input)
    seconds = time.perf_counter() - started
    report = {"speed": speed(tally, workers, seconds), **reported(tally, asked.input)}
    asked.report.parent.mkdir(parents=True, exist_ok=True)
    asked.report.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8", newline="\n")
    show(report)
    print(f"Written to {asked.report}.")
    return 1 if tally.errors else 0


if __name__ == "__main__":
    sys.exit(main())
