"""What samples come to: rates, percentiles, the slowest carts, and how far it is to a peak."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

from promoengine.cli.bench.measure import Samples

PEAK = 583_000
"""Orders a second: the highest published, Alibaba's at Double 11 of 2020."""
SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Speed:
    """Carts per second, and nanoseconds for a cart: of CPU time, or by the clock."""

    carts_per_second: float
    p50: int
    p99: int
    slowest: int


@dataclass(frozen=True, slots=True)
class OnCores:
    """How fast so many cores are."""

    cores: int
    cpu: Speed
    wall: Speed


@dataclass(frozen=True, slots=True)
class SlowCart:
    """A cart, by its line in the file, and the median of its passes, in nanoseconds of CPU time."""

    line: int
    id: str
    lines: int
    cpu: int


@dataclass(frozen=True, slots=True)
class ToPeak:
    """What a peak takes, each order priced once: cores at the rate of one, machines at that of this one."""

    orders_per_second: int
    cores: int
    machines: int


def on_cores(samples: Sequence[Samples]) -> OnCores:
    """The speed of as many cores as there are samples: each one's own rate, added up."""
    busy = [each for each in samples if len(each)]
    return OnCores(len(samples), _speed([each.cpu for each in busy]), _speed([each.wall for each in busy]))


def _speed(times: Sequence[Sequence[int]]) -> Speed:
    rate = sum(len(each) * SECOND / max(sum(each), 1) for each in times)
    ordered = sorted(time for each in times for time in each)
    return Speed(rate, percentile(ordered, 50), percentile(ordered, 99), ordered[-1])


def percentile(ordered: Sequence[int], percent: int) -> int:
    """The least of these that so many per cent of them do not exceed. `ordered` ascends and is not empty."""
    return ordered[max(ceil(len(ordered) * percent / 100), 1) - 1]


def slowest_of(times: Sequence[int], count: int) -> list[int]:
    """The places of the carts that took the most, the slowest first."""
    return sorted(range(len(times)), key=lambda index: (-times[index], index))[:count]


def to_peak(orders_per_second: int, one: OnCores, every: OnCores) -> ToPeak:
    """A core counts at its CPU time, a machine by the clock: so other work on a machine counts against it."""
    return ToPeak(
        orders_per_second,
        ceil(orders_per_second / one.cpu.carts_per_second),
        ceil(orders_per_second / every.wall.carts_per_second),
    )


def medians_by_size(points: Iterable[tuple[int, int]], most: int = 25) -> list[tuple[float, float]]:
    """The median size and the median time of the carts of each size; of neighbouring sizes, where there are many."""
    ordered = sorted(points)
    places = {size: place for place, size in enumerate(sorted({size for size, _ in ordered}))}
    together = ceil(len(places) / most)
    found: dict[int, list[tuple[int, int]]] = {}
    for size, time in ordered:
        found.setdefault(places[size] // together, []).append((size, time))
    return [(median(size for size, _ in part), median(time for _, time in part)) for part in found.values()]
