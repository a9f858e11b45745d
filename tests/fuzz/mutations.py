"""Inputs made of other inputs: bytes, words of a text, and values of its tree are changed, taken out and put in.

Most changes are of the tree, and most of these put in what stands under the same key elsewhere: so much of what comes
out is nearly a campaign, and reaches what lies behind the first looks.
"""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random
from typing import Any

from promoengine.reading import DocumentError, read_json, read_yaml

from .inputs import BETWEEN, TARGETS, joined, json_text, parts

ODD_VALUES: list[Any] = [
    *(None, True, False, "", " ", "a" * 201, "a\x7f", "\ud800", "\u202e", "İ", "null", "NaN", "1e3", "-1", "٣", "1_0"),
    *(0, 1, -1, 2, 3, 100, 101, 10**6, 10**6 + 1, 10**12, 10**15, 10**15 + 1, 10**39, 10**40),
    *(Decimal(text) for text in ("0.01", "0.001", "0.005", "0.5", "1.0", "99.99", "0.00000000001", "-0.0", "1E-30")),
    *(
        "0001-01-01",
        "9999-12-31T23:59",
        "2026-03-29T02:30",
        "2026-10-25T02:30:00+02:00",
        "24:00",
        "00:00",
        "2026-02-30",
    ),
    *("CNY", "JPY", "KWD", "XXX", "Asia/Shanghai", "../UTC", "item", "order", "shipping", "payment", "per", "set"),
    *([], {}, [[]], [{}], {"": 0}, {"kind": "set"}, {"CNY": 1}, {"not": {}}),
]
ODD_WORDS = [
    *(
        "&a ",
        "*a ",
        "!!int ",
        "!x ",
        "<<: ",
        "- ",
        "? ",
        ": ",
        "%TAG ! x\n",
        "---\n",
        "...\n",
        "|\n",
        ">-\n",
        "#",
        "\t",
    ),
    *("yes", "~", "012", "0x1F", "1e3", ".inf", "1:30", "-", "'", '"', "\\", "\\ud800", "\\u0000", "{", "}", "[", "]"),
    *(",", "\n", "\r", "\x00", "\x85", "\u2028", "\ufeff", "\ufffe", "\U0010ffff", "9" * 41, " " * 100, "[" * 60),
]
_WORD = re.compile(rb"\w+|\s+|.", re.DOTALL)


class Pool:
    """What stands under each key in the inputs that there are, and what stands beside it."""

    def __init__(self, inputs: list[bytes]) -> None:
        self.values: dict[str, list[Any]] = {}
        self.beside: dict[str, list[str]] = {}
        for data in inputs:
            for text in parts(data)[1]:
                self._gather(tree_of(text))
        self.keys = sorted(self.values)

    def _gather(self, value: Any) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                self.values.setdefault(key, []).append(each)
                self.beside.setdefault(key, []).extend(value)
        for each in children(value):
            self._gather(each)


def children(value: Any) -> list[Any]:
    return [*value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []


def tree_of(text: bytes) -> Any:
    """The plain data of a text; None where it cannot be read."""
    for read in (read_json, read_yaml):
        try:
            return read(text).data
        except DocumentError:
            continue
    return None


def mutated(data: bytes, random: Random, pool: Pool) -> bytes:
    """Another input, made of this one."""
    target, texts = parts(data)
    if random.random() < 0.03:
        target = random.choice(TARGETS)
    place = random.randrange(len(texts))
    for _ in range(random.choice((1, 1, 1, 1, 2, 4))):
        change = random.choices((in_tree, in_words, in_bytes), (80, 12, 8))[0]
        texts[place] = change(texts[place], random, pool)
    return joined(target, *(text.replace(BETWEEN, b"") for text in texts))


# -- trees ------------------------------------------------------------------------------------------


def in_tree(text: bytes, random: Random, pool: Pool) -> bytes:
    tree = tree_of(text)
    if not children(tree):
        return in_words(text, random, pool)
    holder = random.choice(holders(tree))
    change = random.choice((replace, replace, replace, remove, repeat, add, add, rename, nest))
    change(holder, random, pool)
    return json_text(tree)


def holders(value: Any) -> list[Any]:
    """Every mapping and list that holds something."""
    found = [value] if children(value) else []
    for each in children(value):
        found += holders(each)
    return found


def place_in(holder: Any, random: Random) -> Any:
    return random.choice([*holder]) if isinstance(holder, dict) else random.randrange(len(holder))


def copied(value: Any) -> Any:
    """A value of its own: the pool's must not change."""
    if isinstance(value, dict):
        return {key: copied(each) for key, each in value.items()}
    return [copied(each) for each in value] if isinstance(value, list) else value


def value_for(key: Any, random: Random, pool: Pool) -> Any:
    """What may stand here: mostly what stands under this key elsewhere."""
    known = pool.values.get(key) if isinstance(key, str) else None
    if known and random.random() < 0.85:
        return copied(random.choice(known))
    if random.random() < 0.6:
        return copied(random.choice(ODD_VALUES))
    return copied(random.choice(pool.values[random.choice(pool.keys)]))


def key_for(holder: dict[str, Any], random: Random, pool: Pool) -> str:
    """A key that may stand here: mostly one that stands beside these elsewhere."""
    beside = pool.beside.get(random.choice([*holder]))
    return random.choice(beside if beside and random.random() < 0.85 else pool.keys)


def replace(holder: Any, random: Random, pool: Pool) -> None:
    place = place_in(holder, random)
    holder[place] = value_for(place, random, pool)


def remove(holder: Any, random: Random, pool: Pool) -> None:
    del holder[place_in(holder, random)]


def repeat(holder: Any, random: Random, pool: Pool) -> None:
    if isinstance(holder, list):
        holder += [copied(random.choice(holder)) for _ in range(random.choice((1, 2, 12)))]
    else:
        replace(holder, random, pool)


def add(holder: Any, random: Random, pool: Pool) -> None:
    if isinstance(holder, dict):
        key = key_for(holder, random, pool)
        holder[key] = value_for(key, random, pool)
    else:
        holder.insert(random.randrange(len(holder) + 1), copied(random.choice(ODD_VALUES)))


def rename(holder: Any, random: Random, pool: Pool) -> None:
    if isinstance(holder, dict):
        key = key_for(holder, random, pool)
        holder[key] = holder.pop(place_in(holder, random))
    else:
        random.shuffle(holder)


def nest(holder: Any, random: Random, pool: Pool) -> None:
    place = place_in(holder, random)
    for _ in range(random.choice((1, 2, 30))):
        holder[place] = random.choice(([holder[place]], {random.choice(pool.keys): holder[place]}))


# -- words and bytes --------------------------------------------------------------------------------


def in_words(text: bytes, random: Random, pool: Pool) -> bytes:
    words = _WORD.findall(text) or [b""]
    place = random.randrange(len(words))
    change = random.randrange(4)
    if change == 0:
        words[place] = random.choice(ODD_WORDS).encode("utf-8", "surrogatepass")
    elif change == 1:
        words.insert(place, random.choice(ODD_WORDS).encode("utf-8", "surrogatepass"))
    elif change == 2:
        del words[place : place + random.choice((1, 1, 5))]
    else:
        words[place:place] = words[place : place + random.choice((1, 5, 20))] * random.choice((1, 3))
    return b"".join(words)


def in_bytes(text: bytes, random: Random, pool: Pool) -> bytes:
    place = random.randrange(len(text) + 1)
    end = min(len(text), place + random.choice((0, 1, 1, 8)))
    return text[:place] + random.randbytes(random.choice((0, 1, 1, 4))) + text[end:]
