"""The engine and its rivals on the same carts, in the same run: python benchmarks/peers/run.py

Installs what is needed at the first run, prints a line for each rival, and writes benchmarks/results/peers.json.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
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
OURS = {"engine": "data", "engine_cart": "cart"}
"""The engine twice: given plain data, as its rivals are, which it checks; and given a `Cart`, checked before."""
Samples = dict[str, list[list[int]]]
"""What each cart cost in each round, in nanoseconds."""


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
    wanted.output.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", metavar="NAME", help=", ".join(each.name for each in PAIRS))
    parser.add_argument("--rounds", type=int, help="instead of the number of rounds that each pair has")
    parser.add_argument("--warm", type=float, default=4.0, metavar="SECONDS", help="for each process (default 4)")
    parser.add_argument("--environment", type=Path, default=ROOT / ".benchmarks" / "peers", metavar="FOLDER")
    parser.add_argument("--output", type=Path, default=HERE.parent / "results" / "peers.json", metavar="FILE")
    return parser.parse_args()


# -- one rival --------------------------------------------------------------------------------------


def meet(pair: Pair, program: list[str], environment: dict[str, str], wanted: argparse.Namespace) -> dict[str, Any]:
    """Time a rival and the engine in turns, then compare their figures."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data = pair.data()

        def start(command: list[str], form: str) -> Process:
            file = folder / f"{form}.json"
            file.write_text(json.dumps({**data, "form": form}), encoding="utf-8")
            return stack.enter_context(Process([*command, str(file)], environment))

        processes = {"peer": start(program, "peer")}
        environment = {"PYTHONPATH": str(ROOT / "src")}
        processes |= {name: start([sys.executable, "engine.py"], form) for name, form in OURS.items()}
        samples = take_turns(processes, wanted.rounds or pair.rounds, wanted.warm)
        figures = agreement(pair, processes["peer"], processes["engine"])
        versions = {"version": processes["peer"].version, "engine_version": processes["engine"].version}
    return {**_described(pair, data), **versions, **_measured(samples), "figures": figures}


def take_turns(processes: dict[str, Process], rounds: int, warm_seconds: float) -> Samples:
    """Every cart in each process, round after round; who begins changes with the round."""
    for process in processes.values():
        until = time.perf_counter() + warm_seconds
        process.ask(do="time")
        while time.perf_counter() < until:
            process.ask(do="time")
    samples: Samples = {f"{name}_{kind}": [] for name in processes for kind in ("cpu", "wall")}
    names = list(processes)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            for kind, cost in processes[name].ask(do="time").items():
                samples[f"{name}_{kind}"].append(cost)
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
    peer, data, cart = (result["cpu_us"][name]["median"] for name in ("peer", *OURS))
    ratios, together = result["ratio"], result["figures"]["together"]
    target = f", wanted {result['target']}" if result["target"] else ""
    equal = together.get("equal_to_the_cent", together.get("equal"))
    return (
        f"{result['name']} {result['version']}: {peer:,.0f} us a cart; the engine {data:,.0f} (a Cart: {cart:,.0f});"
        f" {ratios['engine']:,.1f} times (a Cart: {ratios['engine_cart']:,.1f}{target});"
        f" {equal} of {together['carts']} carts agree"
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
