"""The page of testing lists what `promoengine.testing` has, and that is shaped as Hypothesis shapes its own."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from promoengine import testing
from promoengine.testing import laws

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
STRATEGIES = [name for name in testing.__all__ if name not in ("Situation", "laws")]
ROW = re.compile(r"^\| `(\w+)\((\w*)\)` \|([^|]*)\|", re.MULTILINE)
each_strategy = pytest.mark.parametrize("name", STRATEGIES)


def parameters(name: str) -> list[inspect.Parameter]:
    return [*inspect.signature(getattr(testing, name)).parameters.values()]


def test_every_strategy_is_listed_with_its_arguments() -> None:
    listed = {name: [first, *re.findall(r"`(\w+)`", rest)] for name, first, rest in ROW.findall(PAGE)}
    found = {name: [each.name for each in parameters(name)] for name in STRATEGIES}
    assert found == {name: [each for each in arguments if each] for name, arguments in listed.items()}


def test_every_law_is_listed() -> None:
    names = [law.__name__ for law in laws.ALL]
    assert names == re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE)


@each_strategy
def test_a_strategy_has_a_name_in_the_plural(name: str) -> None:
    assert name.removesuffix("_for").endswith("s")


@each_strategy
def test_all_but_an_engine_is_said_by_keyword_and_has_a_default(name: str) -> None:
    rest = [each for each in parameters(name) if each.name != "engine"]
    assert {inspect.Parameter.KEYWORD_ONLY} >= {each.kind for each in rest}
    assert [] == [each.name for each in rest if each.default is inspect.Parameter.empty]


@each_strategy
def test_a_size_has_two_ends(name: str) -> None:
    sizes = [each.name for each in parameters(name)]
    ends: dict[str, set[str]] = {}
    for end, what in re.findall(r"^(min|max)_(\w+)$", "\n".join(sizes), re.MULTILINE):
        ends.setdefault(what, set()).add(end)
    assert all(found == {"min", "max"} for found in ends.values())


@each_strategy
def test_a_strategy_says_what_it_draws(name: str) -> None:
    documented: Any = getattr(testing, name)
    assert inspect.getdoc(documented)
