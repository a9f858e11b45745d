"""Mutation testing of the arithmetic and the engine: `python3 dev.py mutation [FILE ...] [--sample N] [--seed N]`.

Each mutant is one small change of one function (`<` for `<=`, an argument left out, a constant another one). It is
killed where a test fails, and survives where none does: then a test is missing, or the change makes no difference.

The mutants are those of mutmut. The tests are collected once, and each mutant is tried in a process forked from there,
by the tests that reach a changed line: first those that have killed others of the same function or file, then the
quick ones.
So a mutant that is killed costs some hundredths of a second. What mutmut leaves alone is left alone here: what stands
outside functions, and decorated functions (properties). Default values of arguments are left out too, and the
`strict=True` of `zip`.
"""

from __future__ import annotations

import argparse
import ast
import gc
import os
import pickle
import random
import re
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import coverage
import libcst
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings
from mutmut.mutation.file_mutation import create_mutations

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "promoengine"
FILES = [PACKAGE / "money.py", PACKAGE / "allocation.py", *sorted((PACKAGE / "engine").glob("[!_]*.py"))]
TESTS = [
    "tests/unit/test_money.py",
    "tests/unit/test_allocation.py",
    "tests/engine",
    "tests/cases",
    "tests/conformance",
    "tests/examples/test_worked_examples.py",
    "tests/oracle",
]
SEEDS = 10
"""Of the pairs that are generated for the reference, those of so many seeds."""
PYTEST = ["-qqq", "-s", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:benchmark"]
CPU_SECONDS, CPU_FACTOR = 1, 10
"""A test that takes a second longer than ten times what it takes without the mutant is stopped."""
MEMORY_BYTES = 3 * 2**30
STRICT = re.compile(r",?\s*(strict=\w+)?,?\s*\)")
"""Of `zip`: it says of two lists what holds of them always."""


@dataclass(frozen=True)
class Mutant:
    """One change of one function: the changed code, and where it is."""

    file: Path
    function: str
    code: CodeType
    lines: range
    """The lines of the source that it changes."""
    diff: str


# Making mutants ---------------------------------------------------------------------------------------


def mutants_of(file: Path) -> list[Mutant]:
    """All mutants of a file, in the order of its lines."""
    source = file.read_text(encoding="utf-8")
    module, mutations, _, _ = create_mutations(str(file), source)
    homes = {id(node): (name, top) for top in module.body for name, node in functions_in(top)}
    before = dict(codes(compile(source, file, "exec")))
    found = []
    for mutation in mutations:
        if id(mutation.contained_by_top_level_function) not in homes:
            continue
        name, top = homes[id(mutation.contained_by_top_level_function)]
        changed = top.deep_replace(mutation.original_node, mutation.mutated_node)
        written = module.code_for_node(top)
        assert source.count(written) == 1
        mutated = source.replace(written, module.code_for_node(changed))
        code = dict(codes(compile(mutated, file, "exec")))[name]
        if code != before[name] and STRICT.sub(")", mutated) != STRICT.sub(")", source):
            lines, diff = difference(source, mutated)
            found.append(Mutant(file, name, code, lines, diff))
    return sorted(found, key=lambda mutant: mutant.lines.start)


def functions_in(top: libcst.CSTNode) -> Iterator[tuple[str, libcst.CSTNode]]:
    """A function, or the methods of a class, each with its qualified name."""
    if isinstance(top, libcst.FunctionDef):
        yield top.name.value, top
    elif isinstance(top, libcst.ClassDef):
        for each in top.body.body:
            if isinstance(each, libcst.FunctionDef):
                yield f"{top.name.value}.{each.name.value}", each


def codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    """The code objects in a code object, however deep, by qualified name."""
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each.co_qualname, each
            yield from codes(each)


def difference(source: str, mutated: str) -> tuple[range, str]:
    """The lines of the source that differ, and how."""
    old, new = source.splitlines(), mutated.splitlines()
    start, same = alike(old, new), alike(old[::-1], new[::-1])
    same = min(same, len(old) - start, len(new) - start)
    gone, come = old[start : len(old) - same], new[start : len(new) - same]
    shown = [f"    - {line.strip()}" for line in gone] + [f"    + {line.strip()}" for line in come]
    return range(start + 1, start + 1 + max(1, len(gone))), "\n".join(shown)


def alike(first: list[str], second: list[str]) -> int:
    """How many lines are the same at the beginning."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(first), len(second)))


def function_of(mutant: Mutant) -> FunctionType:
    """The living function that the mutant changes."""
    found: Any = import_module(".".join(mutant.file.relative_to(PACKAGE.parent).with_suffix("").parts))
    for name in mutant.function.split("."):
        found = vars(found)[name]
    return found


# Running tests ----------------------------------------------------------------------------------------


class Trial:
    """A pytest plugin: where pytest would run the collected tests, the mutants are tried with them."""

    def __init__(self, files: list[Path], sample: int | None, seed: int) -> None:
        self._files = files
        self._sample = sample
        self._seed = seed
        self._items: list[pytest.Item] = []
        self._seconds: list[float] = []
        self._reached: dict[tuple[str, int], set[int]] = {}
        self._killers: dict[tuple[Path, str], Counter[int]] = defaultdict(Counter)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if getattr(item, "callspec", None) is None or few_seeds(item)]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            sys.exit("Some tests cannot be collected.")
        self._items = session.items
        gc.collect()
        gc.freeze()
        answer = in_a_fork(self._unchanged)[1]
        assert answer is not None, "the tests fail without any mutant"
        self._seconds, self._reached = answer
        print(f"{len(self._items)} tests, {sum(self._seconds):.1f} seconds without mutants\n", flush=True)
        report([(file, *self._try_file(file)) for file in self._files])
        return True

    def _unchanged(self) -> Any:
        """How long each test takes, and which tests reach each line."""
        measured = coverage.Coverage(data_file=None, include=[str(file) for file in self._files])
        seconds = []
        for index, item in enumerate(self._items):
            start = time.process_time()
            failed = fails(item, self._following(index))
            seconds.append(time.process_time() - start)
            if failed:
                print(f"{item.nodeid} fails without any mutant", file=sys.stderr, flush=True)
                return None
        measured.start()
        for index, item in enumerate(self._items):
            measured.switch_context(str(index))
            fails(item, self._following(index))
        measured.stop()
        data, reached = measured.get_data(), {}
        for file in data.measured_files():
            for line, contexts in data.contexts_by_lineno(file).items():
                reached[file, line] = {int(context) for context in contexts if context}
        return seconds, reached

    def _following(self, index: int) -> pytest.Item | None:
        return self._items[index + 1] if index + 1 < len(self._items) else None

    def _try_file(self, file: Path) -> tuple[int, int, list[tuple[Mutant, str]]]:
        """How many mutants there are, how many were tried, and what became of these."""
        mutants = mutants_of(file)
        tried = mutants
        if self._sample is not None and len(mutants) > self._sample:
            chosen = random.Random(f"{self._seed} {file.name}").sample(range(len(mutants)), self._sample)
            tried = [mutants[index] for index in sorted(chosen)]
        statements, results = statement_lines(file), []
        start = time.monotonic()
        for mutant in tried:
            verdict = self._verdict(mutant, statements)
            results.append((mutant, verdict))
            if verdict != "killed":
                place = f"{shown(file)}:{mutant.lines.start} {mutant.function}"
                print(f"{verdict}: {place}\n{mutant.diff}", flush=True)
        print(f"{shown(file)}: {summary(results)}, {time.monotonic() - start:.0f} seconds\n", flush=True)
        return len(mutants), len(tried), results

    def _verdict(self, mutant: Mutant, statements: dict[int, range]) -> str:
        lines = {line for each in mutant.lines for line in (each, *statements.get(each, ()))}
        tests = set().union(*[self._reached.get((str(mutant.file), line), set()) for line in lines])
        if not tests:
            return "not reached"
        near, far = self._killers[mutant.file, mutant.function], self._killers[mutant.file, ""]
        order = sorted(tests, key=lambda index: (-near[index], -far[index], self._seconds[index], index))
        status, killer = in_a_fork(lambda: self._killer(mutant, order))
        if status == -signal.SIGPROF:
            return "timeout"
        if status == 0 and killer is None:
            return "survived"
        if killer is not None:
            near[killer] += 1
            far[killer] += 1
        return "killed"

    def _killer(self, mutant: Mutant, order: list[int]) -> int | None:
        """The first test that fails under the mutant."""
        function_of(mutant).__code__ = mutant.code
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        for place, index in enumerate(order):
            following = self._items[order[place + 1]] if place + 1 < len(order) else None
            signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS + CPU_FACTOR * self._seconds[index])
            if fails(self._items[index], following):
                return index
        return None


def few_seeds(item: pytest.Item) -> bool:
    seed = item.callspec.params.get("seed")  # type: ignore[attr-defined]
    return not isinstance(seed, int) or seed < SEEDS


def fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def in_a_fork(act: Callable[[], Any]) -> tuple[int, Any]:
    """The exit status and the answer of an act that is done in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(reader)
            with os.fdopen(writer, "wb") as file:
                pickle.dump(act(), file)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        answer = file.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, pickle.loads(answer) if status == 0 else None


def statement_lines(file: Path) -> dict[int, range]:
    """For each line of a statement that is written over several lines: all of them."""
    found = {}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno
            lines = range(node.lineno, max(node.lineno, last or 0) + 1)
            found.update({line: lines for line in lines if line not in found or len(lines) < len(found[line])})
    return found


# Saying what came of it -------------------------------------------------------------------------------


def report(results: list[tuple[Path, int, int, list[tuple[Mutant, str]]]]) -> None:
    """The table, one row a file."""
    print("\n| file | mutants | tried | killed | timeouts | survived | killed or stopped |")
    print("|---|---|---|---|---|---|---|")
    everything: list[tuple[Mutant, str]] = []
    for file, mutants, tried, verdicts in results:
        print(row(f"`{shown(file)}`", mutants, tried, verdicts))
        everything += verdicts
    print(row("all", sum(each[1] for each in results), sum(each[2] for each in results), everything), flush=True)


def row(name: str, mutants: int, tried: int, verdicts: list[tuple[Mutant, str]]) -> str:
    counted = Counter(verdict for _, verdict in verdicts)
    survived = counted["survived"] + counted["not reached"]
    share = 100 * (tried - survived) / tried if tried else 100
    numbers = [mutants, tried, counted["killed"], counted["timeout"], survived]
    return f"| {name} | " + " | ".join(map(str, numbers)) + f" | {share:.1f} % |"


def summary(results: list[tuple[Mutant, str]]) -> str:
    counted = Counter(verdict for _, verdict in results)
    return ", ".join(f"{number} {verdict}" for verdict, number in sorted(counted.items())) or "no mutants"


def shown(file: Path) -> str:
    return file.relative_to(PACKAGE).as_posix()


def main() -> None:
    """Read what is asked for, and try it."""
    parser = argparse.ArgumentParser(description="Mutation testing of the arithmetic and the engine.")
    parser.add_argument("files", nargs="*", help="files, such as money.py or engine/sets.py; without any, all of them")
    parser.add_argument("--sample", type=int, help="of each file, no more than so many mutants, chosen at random")
    parser.add_argument("--seed", type=int, default=1, help="another sample")
    asked = parser.parse_args()
    known = {shown(file): file for file in FILES}
    if unknown := {*asked.files} - {*known}:
        parser.error(f"not a file of these: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    files = [known[name] for name in asked.files] or FILES
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))  # some tests ask the benchmarks for carts
    # Hypothesis shall find a counterexample, and need not make it small.
    settings.register_profile("mutation", derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate])
    arguments = [*PYTEST, "--hypothesis-profile=mutation", *TESTS]
    sys.exit(pytest.main(arguments, plugins=[Trial(files, asked.sample, asked.seed)]))


if __name__ == "__main__":
    main()
