"""Timing on a machine that has other things to do: CPU time, contenders in turn, medians.

The processor's clock is no more steady than the machine is idle, so two things are compared only within one process, a
few milliseconds apart: each round takes every contender in turn, a ratio is made of the figures of one round, and the
median of these is the ratio.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from time import perf_counter, process_time_ns
from typing import Any

Work = Callable[[], Any]

LEAST_BATCH_NS = 2_000_000
"""So much at a time: reading the clock costs as much as a small cart, and who comes after another has to warm up."""
FEWEST_ROUNDS = 5


def microseconds(work: Work, times: int = 1) -> float:
    """CPU time of one call, of so many in a row."""
    calls = range(times)
    start = process_time_ns()
    for _ in calls:
        work()
    return (process_time_ns() - start) / 1000 / times


def batch_of(work: Work) -> int:
    """How many calls in a row make up the least batch."""
    work()
    return max(1, int(LEAST_BATCH_NS / 1000 / max(microseconds(work), 0.1)))


def in_turn(contenders: Sequence[Work], seconds: float) -> list[list[float]]:
    """Microseconds of each contender in each round, for about so many seconds, and 5 rounds at least."""
    batches = [batch_of(work) for work in contenders]
    found: list[list[float]] = [[] for _ in contenders]
    with settled():
        end = perf_counter() + seconds
        while len(found[0]) < FEWEST_ROUNDS or perf_counter() < end:
            for each, work, batch in zip(found, contenders, batches, strict=True):
                each.append(microseconds(work, batch))
    return found


def each_call(work: Sequence[Work], seconds: float) -> list[float]:
    """Microseconds of single calls, all of `work` in turn, for about so many seconds: for medians and percentiles."""
    found: list[float] = []
    with settled():
        end = perf_counter() + seconds
        while len(found) < FEWEST_ROUNDS or perf_counter() < end:
            found += [microseconds(each) for each in work]
    return found


@contextmanager
def settled() -> Iterator[None]:
    """The collector of cycles runs as it does in a service, but not over what was there before."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def ratio(dividend: Sequence[float], divisor: Sequence[float]) -> float:
    """The median of the ratios of the rounds."""
    return median([one / other for one, other in zip(dividend, divisor, strict=True)])


def percentile(figures: Sequence[float], share: float) -> float:
    """The figure below which this share of them lies."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
