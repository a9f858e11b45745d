"""The engine against the hand-written floor: `python -m benchmarks.against_floor`, some 20 seconds.

Both price the same carts under the same eleven promotions, in one process, in turn, and agree to the cent (a test says
so). CPU time; the ratio is the median of the ratios of the rounds.

- total: a `Cart` that is made already, in; a `Quote` out, of which the total is read. For the floor: dicts and ints in,
  a dict out.
- read: the same, and every field of the quote read, all the way down: much of a quote is made when it is first read,
  and this is the full quote. What reading costs by itself is taken off; it is timed on a copy that has all its fields.
- outcomes: the same as read with `outcomes="all"`, the fullest account that can be asked for.
- text: JSON text in, JSON text out, for both, whatever is installed by pydantic alone.
- fast: the same by the extra `fast`, where that is installed; the floor is the same.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import carts, floor
from benchmarks.timing import in_turn, ratio
from promoengine import Campaign, Cart, Engine, Quote, intake

CAMPAIGN = Path(__file__).with_name("floor.yaml")
AT = datetime(2026, 11, 11, 12, tzinfo=UTC)
SIZES = (1, 5, 20, 100)
CARTS = 10
WAYS = ("total", "read", "outcomes", "text", *(["fast"] if find_spec("msgspec") else []))
TARGETS = {
    ("total", 1): 3.0,
    **{("total", size): 2.0 for size in (5, 20, 100)},
    ("read", 1): 3.0,
    **{("read", size): 2.0 for size in (5, 20, 100)},
    **{("outcomes", size): 2.5 for size in (5, 20, 100)},
    ("text", 20): 4.0,
    ("fast", 20): 3.0,
}
"""At most so many times the floor, by way and lines."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Medians of one cart's price in microseconds of CPU time, and the median of the ratios."""

    way: str
    lines: int
    floor_us: float
    engine_us: float
    ratio: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each figure (default: 1)")
    parser.add_argument("--lines", type=int, nargs="+", default=SIZES, help="sizes of carts (default: 1 5 20 100)")
    parser.add_argument("--ways", nargs="+", default=WAYS, choices=WAYS)
    parser.add_argument("--json", action="store_true", help="print each figure as a line of JSON")
    arguments = parser.parse_args()
    if arguments.json:
        for each in compare(arguments.lines, arguments.ways, arguments.seconds):
            print(json.dumps(asdict(each)), flush=True)
        return
    print(f"{'way':9} {'lines':>5} {'floor us':>9} {'engine us':>10} {'ratio':>6}  target")
    for each in compare(arguments.lines, arguments.ways, arguments.seconds):
        most = TARGETS.get((each.way, each.lines))
        target = "" if most is None else f"<= {most}" + ("" if each.ratio <= most else "  missed")
        print(
            f"{each.way:9} {each.lines:5} {each.floor_us:9.1f} {each.engine_us:10.1f} {each.ratio:6.2f}  {target}",
            flush=True,
        )


def compare(sizes: Iterable[int] = SIZES, ways: Iterable[str] = WAYS, seconds: float = 1.0) -> Iterable[Compared]:
    """Each way and size, for about so many seconds each."""
    engine = Engine(Campaign.load(CAMPAIGN))
    for way in ways:
        for lines in sizes:
            yield compared(engine, way, lines, seconds)


def compared(engine: Engine, way: str, lines: int, seconds: float) -> Compared:
    """One way and size: ten carts, priced by both in turn."""
    contenders = list(CONTENDERS[way](engine, carts.carts(lines, CARTS)))
    with extra_fast(used=way == "fast"):
        timed = in_turn([_all(work) for work in contenders], seconds)
    floors = timed[0]
    # What the contenders after the engine's cost is no part of its work.
    engines = [figure - sum(others) for figure, *others in zip(*timed[1:], strict=True)]
    return Compared(way, lines, median(floors) / CARTS, median(engines) / CARTS, ratio(engines, floors))


Job = Callable[[], Any]
Contenders = tuple[list[Job], ...]


def total(engine: Engine, found: list[carts.Json]) -> Contenders:
    """Prepared carts in, quotes out, of which the total is read."""
    return _floor(found), [partial(_price_total, engine, cart) for cart in _prepared(found)]


def read(engine: Engine, found: list[carts.Json], **asked: Any) -> Contenders:
    """Every field of the quotes is read; what reading costs by itself comes last."""
    ready = _prepared(found)
    copies = [all_there(engine.price(cart, at=AT, **asked)) for cart in ready]
    return (
        _floor(found),
        [partial(price_and_read, engine, cart, **asked) for cart in ready],
        [partial(read_all, copy) for copy in copies],
    )


def outcomes(engine: Engine, found: list[carts.Json]) -> Contenders:
    """The same with every outcome asked for."""
    return read(engine, found, outcomes="all")


def text(engine: Engine, found: list[carts.Json]) -> Contenders:
    """JSON text in, JSON text out."""
    texts = [json.dumps(cart) for cart in found]
    return (
        [partial(floor.price_text, each) for each in texts],
        [partial(_price_text, engine, each) for each in texts],
    )


def _price_total(engine: Engine, cart: Cart) -> int:
    return engine.price(cart, at=AT).total_minor


def price_and_read(engine: Engine, cart: Cart, **asked: Any) -> Quote:
    """A price of which nothing is left to be made."""
    quote = engine.price(cart, at=AT, **asked)
    read_all(quote)
    return quote


def _price_text(engine: Engine, text: str) -> str:
    return engine.price(text, at=AT).to_json()


CONTENDERS = {"total": total, "read": read, "outcomes": outcomes, "text": text, "fast": text}


@contextmanager
def extra_fast(*, used: bool) -> Iterator[None]:
    """JSON text of carts is read by the extra `fast`, or not, though it is installed."""
    twin_of_text = intake.twin_of_text
    if not used:
        intake.twin_of_text = lambda text: None
    try:
        yield
    finally:
        intake.twin_of_text = twin_of_text


def read_all(value: Any) -> None:
    """Read every field of a quote, all the way down: quickly, because what this takes has to be taken off again."""
    parts: Iterable[Any]
    if isinstance(value, dict):
        parts = value.values()
    elif isinstance(value, (list, tuple)):
        parts = value
    else:
        kind = type(value)
        if kind not in _READERS:
            _READERS[kind] = _reader(kind)
        parts = _READERS[kind](value)
    for part in parts:
        if type(part) not in _WITHOUT_PARTS:
            read_all(part)


_WITHOUT_PARTS = frozenset({int, str, bool, type(None), datetime})
_READERS: dict[type, Callable[[Any], Iterable[Any]]] = {}


def _reader(kind: type) -> Callable[[Any], Iterable[Any]]:
    """What reads all fields of a dataclass at once."""
    names = [each.name for each in fields(kind)]
    if len(names) == 1:  # an attrgetter of one name gives no tuple
        return lambda value: (getattr(value, names[0]),)
    return attrgetter(*names)


def all_there(quote: Quote) -> Quote:
    """A copy of a quote of which nothing is still to be made."""
    copy: Quote = pickle.loads(pickle.dumps(quote))
    return copy


def _floor(found: list[carts.Json]) -> list[Job]:
    return [partial(floor.price, carts.for_floor(each)) for each in found]


def _prepared(found: list[carts.Json]) -> list[Cart]:
    return [Cart.model_validate(each) for each in found]


def _all(work: list[Job]) -> Job:
    def run() -> None:
        for each in work:
            each()

    return run


if __name__ == "__main__":
    main()
