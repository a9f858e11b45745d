"""The deep run: many more generated examples than the tests take, on all cores. `python3 dev.py deep`.

An example is one generated campaign with one generated cart, priced by the engine and by the reference of this folder;
or one on which the laws of `promoengine.testing` are asked; or one made to conflict, whose best combination is also
looked for by brute force. Everything follows from the seeds, so a run can be
repeated, and continued with other seeds:

    python3 dev.py deep --first 9000 --seeds 1000 --levels 3

Each difference is printed with the smallest input that was found. The exit code is 1 where something differed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from multiprocessing import Pool
from typing import Any, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings

from promoengine import Campaign, CartError, Engine
from promoengine.testing import Situation, laws, situations

from .conflicts import MANY_NODES, compared, conflicts, with_nodes
from .pairs import Pair, found, in_order, pairs
from .shrinking import shrunk

CHUNK = 20
"""Seeds of one task."""
LAW_EXAMPLES = 25
"""Examples of one seed of the laws."""


class Task(NamedTuple):
    """What one process does in one go. The level -1 asks the laws, -2 looks for the best combination."""

    level: int
    first: int
    number: int


class Report(NamedTuple):
    """What came of a task: how many examples it saw, and a text for each difference."""

    task: Task
    examples: int
    differences: list[str]


def main() -> int:
    """Run everything that the arguments ask for; 1 where something differed."""
    arguments = read_arguments()
    started = time.monotonic()
    counts = {"pairs": 0, "laws": 0, "conflicts": 0}
    differences = 0
    tasks = list(tasks_of(arguments))
    with Pool(arguments.processes) as pool:
        for done, report in enumerate(pool.imap_unordered(work, tasks), 1):
            counts[{-1: "laws", -2: "conflicts"}.get(report.task.level, "pairs")] += report.examples
            differences += len(report.differences)
            for text in report.differences:
                print(text, flush=True)
            if differences >= arguments.most:
                print(f"stopped after {differences} differences", flush=True)
                pool.terminate()
                break
            if done % 50 == 0:
                print(f"{done} of {len(tasks)} tasks, {summary(counts, differences, started)}", flush=True)
    print(summary(counts, differences, started), flush=True)
    return 1 if differences else 0


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py deep", description="Look for differences at length.")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", type=int, default=9_000, help="how many seeds at each level (three carts each)")
    parser.add_argument("--levels", type=int, nargs="*", default=[0, 1, 2, 3], help="how much of the language is used")
    parser.add_argument(
        "--laws", type=int, default=200, help=f"how many seeds of the laws ({LAW_EXAMPLES} examples each)"
    )
    parser.add_argument(
        "--conflicts", type=int, default=400, help="how many seeds of conflicting campaigns (three carts each)"
    )
    parser.add_argument("--most", type=int, default=20, help="stop after so many differences")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="how many processes work")
    return parser.parse_args()


def tasks_of(arguments: argparse.Namespace) -> Iterator[Task]:
    """The tasks, all levels side by side."""
    for start in range(0, max(arguments.seeds, arguments.laws, arguments.conflicts), CHUNK):
        for level in arguments.levels:
            if start < arguments.seeds:
                yield Task(level, arguments.first + start, min(CHUNK, arguments.seeds - start))
        if start < arguments.laws:
            yield Task(-1, arguments.first + start, min(CHUNK, arguments.laws - start))
        if start < arguments.conflicts:
            yield Task(-2, arguments.first + start, min(CHUNK, arguments.conflicts - start))


def work(task: Task) -> Report:
    """Do one task."""
    examples, texts = 0, []
    for number in range(task.first, task.first + task.number):
        kinds = {-1: laws_of, -2: combination_of}
        seen, text = kinds[task.level](number) if task.level < 0 else agreement_of(number, task.level)
        examples += seen
        texts += [text] if text else []
    return Report(task, examples, texts)


def summary(counts: dict[str, int], differences: int, started: float) -> str:
    seconds = time.monotonic() - started
    return (
        f"{counts['pairs']} pairs of engine and reference, {counts['laws']} examples of the laws, "
        f"{counts['conflicts']} best combinations, "
        f"{differences} differences, {seconds:.0f} s"
    )


# -- the engine and the reference -----------------------------------------------------------------


def agreement_of(number: int, level: int) -> tuple[int, str]:
    """How many pairs one seed has, and its first difference."""
    seen = 0
    try:
        for pair, differences in pairs(number, level):
            seen += 1
            if differences:
                return seen, shown(f"seed {number} level {level}", shrunk(pair))
    except Exception:
        return seen + 1, f"--- seed {number} level {level}: crashed\n{traceback.format_exc()}"
    return seen, ""


def shown(title: str, pair: Pair) -> str:
    """A difference as text: where the two differ, and on what."""
    try:
        differences = found(Campaign.from_dict(in_order(pair.document)), pair.cart, pair.at)
    except Exception:
        differences = [traceback.format_exc()]
    written = {key: value for key, value in pair.document.items() if key != "promotions"}
    lines = [f"--- {title} at {pair.at.isoformat()}", *differences, f"campaign: {plain(written)}"]
    lines += [f"  {plain(each)}" for each in pair.document.get("promotions", ())]
    return "\n".join([*lines, f"cart: {plain(pair.cart)}"])


def plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


# -- the best combination -------------------------------------------------------------------------


def combination_of(number: int) -> tuple[int, str]:
    """How many carts of one seed the brute force could search, and the first difference, with its smallest example."""
    seen = 0
    for campaign, pair in conflicts(number):
        try:
            report = compared(campaign, pair)
        except Exception:
            return seen + 1, f"--- conflicts, seed {number}: crashed\n{traceback.format_exc()}"
        seen += not report.skipped
        if report.differences:
            small = shrunk(pair, combined_wrongly)
            return seen, f"--- conflicts, seed {number}\n{small}\n" + "\n".join(report.differences)
    return seen, ""


def combined_wrongly(_: Campaign, pair: Pair) -> object:
    """Where the search and the brute force differ, however small the pair has become."""
    try:
        return compared(with_nodes(pair.document, MANY_NODES), pair).differences
    except CartError:
        return []


# -- the laws -------------------------------------------------------------------------------------


def laws_of(number: int) -> tuple[int, str]:
    """How many examples one seed of the laws has, and the first law that it found broken, with its smallest example."""
    seen, broken = 0, []

    @seed(number)
    @settings(
        max_examples=LAW_EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(situations())
    def ask(situation: Situation) -> None:
        nonlocal seen
        seen += 1
        pair = Pair(situation.campaign, situation.cart, situation.at)
        try:
            assert not broken_law(situation.engine.campaign, pair)
        except Exception:
            broken.append(pair)

    ask()
    return seen, shown_law(f"laws, seed {number}", shrunk(broken[0], broken_law)) if broken else ""


def broken_law(campaign: Campaign, pair: Pair) -> list[str]:
    """Where engine and reference differ, which is law 12. Raises for the first of the other laws that does not hold; a
    cart that does not fit the campaign breaks none.
    """
    try:
        laws.check_all(Engine(campaign), pair.cart, pair.at)
    except CartError:
        return []
    return found(Campaign.from_dict(in_order(pair.document)), pair.cart, pair.at)


def shown_law(title: str, pair: Pair) -> str:
    """A broken law as text."""
    try:
        broken_law(Campaign.from_dict(pair.document), pair)
    except laws.LawBroken as error:
        return f"--- {title}\n{error}"
    except Exception:
        return f"--- {title}\n{pair}\n{traceback.format_exc()}"
    return shown(title, pair)


if __name__ == "__main__":
    sys.exit(main())
