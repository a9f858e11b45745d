"""What is fuzzed with: inputs as bytes, and the real ones that all others are made of.

An input is a line that names the target, and then a text; of a `pair`, the text of a campaign, a line `%%%`, and the
text of a cart. So an input that was found is a file that people can read and change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from promoengine.reading import read_file
from promoengine.testing.cases import CAMPAIGN, cart_of, load_cases

ROOT = Path(__file__).resolve().parents[2]
BETWEEN = b"\n%%%\n"
TARGETS = (b"yaml", b"json", b"file", b"cart", b"pair")


def joined(target: bytes, *texts: bytes) -> bytes:
    return target + b"\n" + BETWEEN.join(texts)


def parts(data: bytes) -> tuple[bytes, list[bytes]]:
    """The target and the texts of an input; whatever names no target is YAML."""
    target, _, rest = data.partition(b"\n")
    if target not in TARGETS:
        return b"yaml", [data]
    return target, rest.split(BETWEEN, 1) if target == b"pair" else [rest]


def json_text(value: Any) -> bytes:
    """Plain data as JSON, with every `Decimal` as the number that it was."""
    return _json(value).encode("utf-8", "surrogatepass")


def _json(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(key))}: {_json(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_json(each) for each in value) + "]"
    return format(value, "f") if isinstance(value, Decimal) else json.dumps(value)


def seeds() -> Iterator[bytes]:
    """The inputs that there are: examples, worked cases, published ones, and what the tests of bad input refuse."""
    for file in sorted(ROOT.glob("examples/*/campaign.yaml")):
        yield joined(b"yaml", file.read_bytes())
        yield joined(b"file", file.read_bytes())
        for cart in sorted(file.parent.glob("carts/*.json")):
            yield joined(b"cart", cart.read_bytes())
    for case in load_cases(ROOT / "tests" / "cases"):
        yield joined(b"pair", json_text(case.campaign), json_text(case.cart))
    for file in sorted(ROOT.glob("tests/conformance/*/*.yaml")):
        data: Any = read_file(file).data
        for each in data if isinstance(data, list) else [data]:
            if "campaign" in each:
                campaign = {**CAMPAIGN, **each["campaign"]}
                yield joined(b"pair", json_text(campaign), json_text(cart_of(each["cart"], campaign["currency"])))
    refused: Any = read_file(ROOT / "tests" / "bad_input" / "carts.yaml").data
    yield from (joined(b"cart", row["cart"].encode()) for row in refused)
    refused = read_file(ROOT / "tests" / "bad_input" / "campaigns.yaml").data
    yield from (joined(b"yaml", row["text"].encode()) for row in refused)
