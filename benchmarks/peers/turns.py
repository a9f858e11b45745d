"""A rival in a process of its own, in Python: it is told by lines on standard input when it is its turn."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter_ns, process_time_ns
from typing import Any


def work() -> Any:
    """What a process is started with: the carts, and whatever else its rival reads."""
    return json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Way:
    """How a cart is priced: `prepare` is given its number and is not timed, `price` is given what that returns."""

    prepare: Callable[[int], Any]
    price: Callable[[Any], object]


def serve(
    *, carts: int, version: str, ways: dict[str, Way], figures: Callable[[str | None], list[dict[str, Any]]]
) -> None:
    """Answer each line of standard input with one line.

    `{"do": "time", "way": name}` with what each cart cost, in nanoseconds, of the processor and of the clock;
    `{"do": "figures", "only": id or null}` with the figures of each cart.
    """
    gc.collect()
    gc.freeze()  # what was made until here stays to the end, so no collection need look at it
    _answer({"version": version})
    for line in sys.stdin:
        asked = json.loads(line)
        timed = asked["do"] == "time"
        _answer(_timed(carts, ways[asked["way"]]) if timed else {"figures": figures(asked["only"])})


def _timed(carts: int, way: Way) -> dict[str, list[int]]:
    cpu, wall = [], []
    for index in range(carts):
        prepared = way.prepare(index)
        began, before = perf_counter_ns(), process_time_ns()
        way.price(prepared)
        cpu.append(process_time_ns() - before)
        wall.append(perf_counter_ns() - began)
    return {"cpu": cpu, "wall": wall}


def _answer(data: dict[str, Any]) -> None:
    print(json.dumps(data), flush=True)
