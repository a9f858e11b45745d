"""What is called with an input, and what may come out of it: an answer or a refusal, soon, and in little memory."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache
from tempfile import NamedTemporaryFile

from promoengine import Campaign, CampaignError, CartError, CartRefused, Engine
from promoengine.errors import MOST_DIAGNOSTICS, DiagnosticsError
from promoengine.hints import HINTS

from .inputs import ROOT, parts

SECONDS = 5.0
"""The most processor time for one input."""
MEGABYTES = 200
"""How much more memory one input may take than all before it."""
MOMENTS = tuple(
    datetime.fromisoformat(text)
    for text in ("2026-11-10T20:30:00+08:00", "2026-03-29T02:30:00+01:00", "1999-12-31T23:59:59.999999+00:00")
)


class Broken(AssertionError):
    """An input got something else than an answer or a refusal, or took too much."""


def check(data: bytes) -> str:
    """Give an input to its target: "answered" or "refused". Raises whatever else comes out, `Broken` among it."""
    target, texts = parts(data)
    started, before = time.process_time(), peak_megabytes()
    try:
        CALLS[target](texts)
        return "answered"
    except (CampaignError, CartError, CartRefused) as refusal:
        check_refusal(refusal)
        return "refused"
    finally:
        seconds, megabytes = time.process_time() - started, peak_megabytes() - before
        if seconds > SECONDS or megabytes > MEGABYTES:
            raise Broken(f"{len(data)} bytes took {seconds:.1f} s and {megabytes} MB")


def check_refusal(refusal: DiagnosticsError) -> None:
    """A refusal says something, and of each thing what to do about it."""
    if not 0 < len(refusal.diagnostics) <= MOST_DIAGNOSTICS + 1:
        raise Broken(f"{len(refusal.diagnostics)} diagnostics")
    for each in refusal.diagnostics:
        if each.code not in HINTS or not each.message or not each.hint:
            raise Broken(f"a diagnostic that does not help: {each!r}")


def peak_megabytes() -> int:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def price(engine: Engine, cart: bytes) -> None:
    """Price a cart; at which moment, and with which outcomes, depends on its length. The engine verifies its quotes."""
    at = MOMENTS[len(cart) % len(MOMENTS)]
    engine.price(either(cart), at=at, outcomes="all" if len(cart) % 2 else "found").to_json()


def either(text: bytes) -> str | bytes:
    """A text as bytes, or as characters, some of which no text may hold; which of them depends on its length."""
    return text if len(text) % 2 else text.decode("utf-8", "surrogateescape")


@cache
def example_engines() -> tuple[Engine, ...]:
    return tuple(Engine(Campaign.load(file)) for file in sorted(ROOT.glob("examples/*/campaign.yaml")))


def load(texts: list[bytes]) -> None:
    """Load a campaign from a file, of YAML or of JSON; which of them depends on its length."""
    with NamedTemporaryFile(suffix=(".yaml", ".json")[len(texts[0]) % 2]) as file:
        file.write(texts[0])
        file.flush()
        Campaign.load(file.name)


def price_example(texts: list[bytes]) -> None:
    engines = example_engines()
    price(engines[len(texts[0]) % len(engines)], texts[0])


def price_pair(texts: list[bytes]) -> None:
    engine = Engine(Campaign.from_json(either(texts[0])))
    price(engine, texts[-1] if len(texts) > 1 else b"{}")


CALLS: dict[bytes, Callable[[list[bytes]], None]] = {
    b"yaml": lambda texts: Engine(Campaign.from_yaml(either(texts[0]))) and None,
    b"json": lambda texts: Engine(Campaign.from_json(either(texts[0]))) and None,
    b"file": load,
    b"cart": price_example,
    b"pair": price_pair,
}
