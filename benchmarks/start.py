"""Start and size: `python -m benchmarks.start`, one to two minutes.

- import: CPU time of `import promoengine` in a new process, its bytecode cached in a folder of its own, whatever the
  environment says of bytecode; of pydantic alone, and of pydantic with one model of one field, which loads much that
  its import leaves out. And all the way to a first quote: the import, the floor's campaign loaded, a cart of 5 lines
  priced and written, so that what an import might put off is seen.
- compile: CPU time from JSON text to an engine for a campaign of so many promotions, and the resident memory that it
  holds over its text, and held at most on the way. (Resident memory, since what pydantic's core holds is in no
  account of Python's.) And the first price after that, and the second: what compiling puts off is paid for there.
- border: CPU time of making a `Cart` of 20 lines: from plain data, and from JSON text; beside `json.loads` of the text.
- wheel: its bytes, and those of the files in it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from benchmarks import campaigns, carts, floor
from benchmarks.timing import in_turn, microseconds

ROOT = Path(__file__).parent.parent
STARTS = 15
PROMOTIONS = (10_000, 100_000)
MEGABYTE = 1_000_000
TIMED = "from time import process_time as t; s = t()\n{work}\nprint(t() - s)"
IMPORTED = {"promoengine": "import promoengine", "pydantic": "import pydantic; pydantic.BaseModel"}
STARTED = {
    "one_model": "import pydantic\nclass One(pydantic.BaseModel):\n    field: int",
    "first_quote": """
import json, sys
from datetime import datetime, timezone
from promoengine import Campaign, Engine
campaign, cart = json.loads(sys.argv[1])
at = datetime(2026, 11, 11, 4, tzinfo=timezone.utc)
Engine(Campaign.from_json(json.dumps(campaign))).price(cart, at=at).to_json()
""",
}


def imports(starts: int = STARTS) -> dict[str, dict[str, float]]:
    """Median milliseconds of importing each, and of what makes a start, in a new process each time, in turn."""
    given = json.dumps([campaigns.floor_campaign(), carts.cart(5)], default=str)
    work = {**IMPORTED, **STARTED}
    found: dict[str, list[float]] = {name: [] for name in work}
    with tempfile.TemporaryDirectory() as bytecode:
        for _ in range(starts + 1):
            for name, each in work.items():
                found[name].append(1000 * float(python("-c", TIMED.format(work=each), given, bytecode=bytecode)))
    figures = {name: median(each[1:]) for name, each in found.items()}  # the first one writes the bytecode
    return {
        "import_ms": {name: figures[name] for name in IMPORTED},
        "start_ms": {name: figures[name] for name in STARTED},
    }


def compiled(promotions: int) -> dict[str, float]:
    """What loading takes and holds, measured in this process, which should be new."""
    from benchmarks.against_floor import price_and_read
    from promoengine import Campaign, Cart, Engine

    Engine(Campaign.from_dict(campaigns.floor_campaign()))  # what is made once is no part of it
    text = python(
        "-m", "benchmarks.campaigns", str(promotions)
    )  # made elsewhere, so that making it leaves nothing here
    gc.collect()
    before = resident()
    start = process_time()
    campaign = Campaign.from_json(text)
    loaded = process_time()
    engine = Engine(campaign)
    bound = process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # Linux counts in kilobytes
    del campaign
    gc.collect()
    held = resident()
    cart = Cart.model_validate(carts.cart(20))
    first, second = (microseconds(partial(price_and_read, engine, cart)) for _ in range(2))
    assert [len(plan.promotions) for plan in engine.campaign.plans.values()] == [promotions]
    return {
        "promotions": promotions,
        "text_mb": len(text) / MEGABYTE,
        "load_seconds": loaded - start,
        "bind_seconds": bound - loaded,
        "held_mb": (held - before) / MEGABYTE,
        "peak_mb": (peak - before) / MEGABYTE,
        "first_price_us": first,
        "second_price_us": second,
    }


def resident() -> int:
    """Bytes of memory that this process occupies now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def compiled_apart(promotions: int, most_seconds: float) -> dict[str, Any]:
    """The same in a new process, which is ended where it takes too long."""
    try:
        told = python("-m", "benchmarks.start", "--compile", str(promotions), most_seconds=most_seconds)
    except subprocess.TimeoutExpired:
        return {"promotions": promotions, "skipped": f"took more than {most_seconds:.0f} s"}
    found: dict[str, Any] = json.loads(told)
    return found


def border(seconds: float) -> dict[str, float]:
    """Microseconds of making one cart of 20 lines, from data and from text; and the bytes of what goes in and out."""
    from benchmarks.against_floor import AT
    from promoengine import Campaign, Cart, Engine
    from promoengine.intake import read_cart

    cart = carts.cart(20)
    text = json.dumps(cart)
    work = [lambda: Cart.model_validate(cart), lambda: read_cart(text), lambda: json.loads(text)]
    from_data, from_text, loads = in_turn(work, seconds)
    quote = Engine(Campaign.from_dict(campaigns.floor_campaign())).price(text, at=AT)
    return {
        "from_data_us": median(from_data),
        "from_text_us": median(from_text),
        "json_loads_us": median(loads),
        "cart_bytes": len(text),
        "quote_bytes": len(quote.to_json()),
        "floor_bytes": len(floor.price_text(text)),
    }


def wheel() -> dict[str, Any]:
    """The size of the wheel, built by the project's own build system."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            python("-m", "hatchling", "build", "-t", "wheel", "-d", folder)
        except subprocess.CalledProcessError as error:
            return {"skipped": (error.stderr.strip().splitlines() or ["?"])[-1]}
        (built,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(built) as archive:
            files = archive.infolist()
        return {
            "wheel_bytes": built.stat().st_size,
            "files": len(files),
            "unpacked_bytes": sum(each.file_size for each in files),
        }


def python(*arguments: str, most_seconds: float | None = None, bytecode: str | None = None) -> str:
    """What a new process of this Python prints; one that keeps its bytecode in a folder, where that is said."""
    environment = dict(os.environ)
    if bytecode is not None:
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else each start would compile the source of everything anew
        environment["PYTHONPYCACHEPREFIX"] = bytecode
    done = subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=most_seconds,
        env=environment,
    )
    return done.stdout


def measure(most_seconds: float = 120.0, promotions: tuple[int, ...] = PROMOTIONS) -> dict[str, Any]:
    """All of it."""
    return {
        **imports(),
        "compile": [compiled_apart(number, most_seconds) for number in promotions],
        "border": border(2.0),
        "wheel": wheel(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compile", type=int, help="compile so many promotions here, and print the JSON")
    parser.add_argument("--most-seconds", type=float, default=120.0, help="compiling that takes longer is skipped")
    arguments = parser.parse_args()
    found = compiled(arguments.compile) if arguments.compile else measure(arguments.most_seconds)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
