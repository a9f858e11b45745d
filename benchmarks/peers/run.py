"""The engine and its rivals on the same carts, in the same run: python benchmarks/peers/run.py

Installs what is needed at the first run, prints a line for each rival, and writes benchmarks/results/peers.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean, median
from typing import Any

from agreement import compare, compare_matches
from environments import node_of, python_of
from pairs import HERE, PAIRS, Pair

ROOT = HERE.parents[1]
OURS = ("whole", "whole_of_cart", "totals", "totals_of_cart")
"""The ways in which `engine.py` prices."""
Samples = dict[str, list[list[int]]]
"""By contestant and clock, what each cart cost in each round, in nanoseconds."""


class Process:
    """A rival, or the engine, that waits for its turn."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, text=True, env=os.environ | environment, cwd=HERE, **pipes)
        self.version = self._read()["version"]

    def ask(self, **asked: Any) -> Any:
        """Tell it what to do; its answer."""
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"{self._process.args[1]} ended with {self._process.wait()}; what it said stands above")
        return json.loads(line)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=60)


def main() -> None:
    wanted = _arguments()
    chosen = [each for each in PAIRS if not wanted.only or each.name in wanted.only]
    python = python_of(wanted.environment)
    node, packages = node_of(wanted.environment)
    results = []
    for pair in chosen:
        program = [node if pair.program.endswith(".mjs") else python, pair.program]
        results.append(meet(pair, program, {"PEERS_NODE": str(packages)}, wanted))
        print(_line(results[-1]), flush=True)
    wanted.output.parent.mkdir(parents=True, exist_ok=True)
    found = {**_machine(node), "pairs": results}
    wanted.output.write_text(_text(found), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", metavar="NAME", help=", ".join(each.name for each in PAIRS))
    parser.add_argument("--rounds", type=int, help="instead of the number of rounds that each pair has")
    parser.add_argument("--warm", type=float, default=4.0, metavar="SECONDS", help="for each process (default 4)")
    parser.add_argument("--environment", type=Path, default=ROOT / ".benchmarks" / "peers", metavar="FOLDER")
    parser.add_argument("--output", type=Path, default=HERE.parent / "results" / "peers.json", metavar="FILE")
    return parser.parse_args()


def _text(data: dict[str, Any]) -> str:
    """JSON, indented, with the innermost objects and lists in a line each."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    return re.sub(r"[\[{][^\[\]{}]*[\]}]", lambda found: " ".join(found[0].split()), text) + "\n"


# -- one rival --------------------------------------------------------------------------------------


def meet(pair: Pair, program: list[str], environment: dict[str, str], wanted: argparse.Namespace) -> dict[str, Any]:
    """Time a rival and the engine in turns, then compare their figures."""
    data = pair.data()
    with ExitStack() as stack:
        file = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "work.json"
        file.write_text(json.dumps(data), encoding="utf-8")
        peer = stack.enter_context(Process([*program, str(file)], environment))
        ours = [sys.executable, "engine.py", str(file)]
        engine = stack.enter_context(Process(ours, {"PYTHONPATH": str(ROOT / "src")}))
        contestants = {"peer": peer, **dict.fromkeys(OURS, engine)}
        samples = take_turns(contestants, wanted.rounds or pair.rounds, wanted.warm)
        figures = agreement(pair, peer, engine)
    versions = {"version": peer.version, "engine_version": engine.version}
    return {**_described(pair, data), **versions, **_measured(samples), "figures": figures}


def take_turns(contestants: dict[str, Process], rounds: int, warm_seconds: float) -> Samples:
    """Every cart in each way, round after round; who begins changes with the round."""
    for way, process in contestants.items():
        until = time.perf_counter() + warm_seconds
        process.ask(do="time", way=way)
        while time.perf_counter() < until:
            process.ask(do="time", way=way)
    ways = list(contestants)
    samples: Samples = {f"{way}_{clock}": [] for way in ways for clock in ("cpu", "wall")}
    for number in range(rounds):
        first = number % len(ways)
        for way in ways[first:] + ways[:first]:
            for clock, cost in contestants[way].ask(do="time", way=way).items():
                samples[f"{way}_{clock}"].append(cost)
    return samples


def agreement(pair: Pair, peer: Process, engine: Process) -> dict[str, Any]:
    """Each promotion alone, and all of them together; of those that only match, which do."""

    def both(only: str | None) -> tuple[Any, Any]:
        return peer.ask(do="figures", only=only)["figures"], engine.ask(do="figures", only=only)["figures"]

    if pair.matching:
        return {"together": compare_matches(*both(None))}
    return {"alone": {each: compare(*both(each)) for each in pair.promotions}, "together": compare(*both(None))}


# -- what comes of it -------------------------------------------------------------------------------


def _described(pair: Pair, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": pair.name,
        "peer": pair.rival,
        "timed": pair.timed,
        "promotions": pair.promotions or len(data["promotions"]),
        "left_out": pair.left_out,
        "carts": pair.carts,
        "lines": len(data["carts"][0]["lines"]),
        "target": pair.target,
    }


def _measured(samples: Samples) -> dict[str, Any]:
    """Microseconds of CPU for one cart, and how many times the engine's are the rival's: by round, then the median."""
    names = ["peer", *OURS]
    means = {name: [fmean(costs) for costs in samples[f"{name}_cpu"]] for name in names}
    ratios = {name: median(map(_quotient, means["peer"], means[name])) for name in OURS}
    return {
        "rounds": len(means["peer"]),
        "cpu_us": {name: _spread(samples[f"{name}_cpu"]) for name in names},
        "wall_us": {name: _spread(samples[f"{name}_wall"]) for name in names},
        "ratio": {name: round(ratio, 2) for name, ratio in ratios.items()},
    }


def _quotient(one: float, other: float) -> float:
    return one / other


def _spread(rounds: list[list[int]]) -> dict[str, float]:
    ordered = sorted(cost / 1000 for costs in rounds for cost in costs)
    place = min(len(ordered) - 1, len(ordered) * 99 // 100)
    return {"median": round(median(ordered), 1), "p99": round(ordered[place], 1), "mean": round(fmean(ordered), 1)}


def _line(result: dict[str, Any]) -> str:
    """A rival in a line: beside the whole quote of plain data, and beside the totals of a `Cart`."""
    times, ratios, together = result["cpu_us"], result["ratio"], result["figures"]["together"]
    target = f"; wanted: {result['target']}" if result["target"] else ""
    equal = together.get("equal_to_the_cent", together.get("equal"))
    ours = (f"{times[way]['median']:,.0f} us, {ratios[way]:,.1f} times" for way in ("whole", "totals_of_cart"))
    return (
        f"{result['name']} {result['version']}: {times['peer']['median']:,.0f} us a cart;"
        f" the engine {' (totals of a Cart: '.join(ours)}){target}; {equal} of {together['carts']} carts agree"
    )


def _machine(node: str) -> dict[str, Any]:
    def output(*command: str) -> str:
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip()

    names = [line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return {
        "when": datetime.now(UTC).date().isoformat(),
        "commit": output("git", "rev-parse", "--short", "HEAD"),
        "changed": bool(output("git", "status", "--porcelain", "src")),
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "node": output(node, "--version"),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


if __name__ == "__main__":
    main()
