"""What carts cost: each is priced several times, in passes over a thousand carts at a time."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from statistics import median_low
from time import perf_counter_ns, process_time_ns

from promoengine.cli.carts import CartText
from promoengine.cli.defects import defect
from promoengine.cli.desk import Desk, Request
from promoengine.errors import Diagnostic, DiagnosticsError
from promoengine.quote import Quote

CHUNK = 1_000
"""How many carts are held at a time, so that memory does not grow with their number."""

Refused = Callable[[CartText, tuple[Diagnostic, ...], bool], None]
"""Told of each cart that could not be priced, why, and whether that is a defect."""


def _numbers() -> array[int]:
    return array("q")


@dataclass(slots=True)
class Samples:
    """The carts that were priced, by their line in the file, and what each pricing took, in nanoseconds.

    `cpu` and `wall` hold `passes` samples for each cart, one cart after the other.
    """

    passes: int
    places: array[int] = field(default_factory=_numbers)
    sizes: array[int] = field(default_factory=_numbers)
    cpu: array[int] = field(default_factory=_numbers)
    wall: array[int] = field(default_factory=_numbers)

    def __len__(self) -> int:
        return len(self.places)

    def of_each(self) -> list[int]:
        """The CPU time of each cart: the median of its passes."""
        passes = self.passes
        return [median_low(self.cpu[start : start + passes]) for start in range(0, len(self.cpu), passes)]


def measure(desk: Desk, texts: Iterable[CartText], passes: int, refused: Refused) -> Samples:
    """Price every cart of a file, each `passes` times, and once before that for nothing."""
    samples = Samples(passes)
    for chunk in ready_chunks(desk, texts, refused):
        add_chunk(samples, desk, chunk)
    return samples


def ready_chunks(desk: Desk, texts: Iterable[CartText], refused: Refused) -> Iterator[list[Request]]:
    """The carts that can be priced, a chunk at a time; each was priced once."""
    remaining = iter(texts)
    while chunk := list(islice(remaining, CHUNK)):
        yield [request for text in chunk if (request := _ready(desk, text, refused)) is not None]


def _ready(desk: Desk, text: CartText, refused: Refused) -> Request | None:
    try:
        request = desk.request(text)
        with request.placing():
            _whole_quote(desk, request)
    except DiagnosticsError as error:
        refused(text, error.diagnostics, False)
        return None
    except Exception as error:
        refused(text, (text.placed(defect(error)),), True)
        return None
    return request


def add_chunk(samples: Samples, desk: Desk, chunk: list[Request]) -> None:
    """Price the carts of a chunk, pass by pass."""
    rounds = [timed(desk, chunk) for _ in range(samples.passes)]
    for index, request in enumerate(chunk):
        samples.places.append(request.text.line or 0)
        samples.sizes.append(len(request.data["lines"]))
        samples.cpu.extend(cpu[index] for cpu, _ in rounds)
        samples.wall.extend(wall[index] for _, wall in rounds)


def timed(desk: Desk, chunk: Iterable[Request]) -> tuple[list[int], list[int]]:
    """What each cart took, in nanoseconds of CPU time and by the clock: from plain data to its whole quote."""
    cpu, wall = [], []
    for request in chunk:
        began, before = perf_counter_ns(), process_time_ns()
        _whole_quote(desk, request)
        cpu.append(process_time_ns() - before)
        wall.append(perf_counter_ns() - began)
    return cpu, wall


def _whole_quote(desk: Desk, request: Request) -> Quote:
    """The quote with its details: they are made when one of them is first read."""
    quote = desk.engine.price(request.data, at=request.at)
    quote.lines  # noqa: B018
    return quote
