"""What is run in other processes: prices the situations on standard input, one a line, and says what came of each.

    python program.py [--shuffled SEED] < situations

A line of the answer is `priced DIGEST`, of the quote's bytes, or `refused CODES DIGEST`, of all that is said. Shuffled,
the keys of all mappings, the promotions, lines, shipments and codes stand in another order.
Needs promoengine and nothing else.
"""

import hashlib
import locale
import random
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

from promoengine import Campaign, Engine
from promoengine.errors import DiagnosticsError
from promoengine.reading import read_json


def main(arguments: list[str]) -> None:
    """Answer every line."""
    with suppress(locale.Error):  # a machine has few locales; without this one, it is that of C
        locale.setlocale(locale.LC_ALL, "")
    seed = int(arguments[1]) if arguments[:1] == ["--shuffled"] else None
    for line in sys.stdin.buffer:
        sys.stdout.write(answer(line, None if seed is None else random.Random(seed)) + "\n")


def answer(line: bytes, order: random.Random | None) -> str:
    try:
        return f"priced {digest(priced(line, order))}"
    except DiagnosticsError as refusal:
        codes = ",".join(sorted(each.code for each in refusal.diagnostics))
        return f"refused {codes} {digest(str(refusal))}"


def priced(line: bytes, order: random.Random | None) -> str:
    """The quote of a situation: a campaign, as text or as data, a cart and a moment."""
    situation = read_json(line).data
    if "text" in situation:
        return Campaign.from_yaml(situation["text"]).content_hash
    if order is not None:
        situation = shuffled(situation, order)
        shuffle(situation["campaign"], ["promotions"], order)
        lines_too = b'"odd_units"' not in line  # these may go to the first or the last line
        shuffle(situation["cart"], ["shipments", "codes", *(["lines"] if lines_too else [])], order)
    engine = Engine(Campaign.from_dict(situation["campaign"]))
    at = datetime.fromisoformat(situation["at"])
    return engine.price(situation["cart"], at=at, outcomes="all").to_json()


def shuffled(value: Any, order: random.Random) -> Any:
    """The same data, the keys of each mapping in another order."""
    if isinstance(value, dict):
        entries = [(key, shuffled(each, order)) for key, each in value.items()]
        order.shuffle(entries)
        return dict(entries)
    return [shuffled(each, order) for each in value] if isinstance(value, list) else value


def shuffle(holder: dict[str, Any], names: list[str], order: random.Random) -> None:
    """Put the entries of some lists into another order."""
    for name in names:
        if isinstance(holder.get(name), list):
            order.shuffle(holder[name])


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


if __name__ == "__main__":
    main(sys.argv[1:])
