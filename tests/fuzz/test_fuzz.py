"""The fuzzer itself, for a few seconds: what it makes is answered or refused, and it would notice anything else."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from promoengine import CampaignError
from promoengine.errors import Diagnostic

pytest.importorskip("resource", reason="memory is measured on POSIX")

from . import targets
from .inputs import TARGETS, joined, parts, seeds
from .mutations import Pool, mutated

INPUTS = 2_000
CART = joined(b"cart", b'{"currency": "CNY", "lines": []}')


@pytest.fixture(scope="module")
def made() -> list[bytes]:
    """Inputs made of the real ones, the same in each run."""
    real = [*seeds()]
    pool, random = Pool(real), Random(11)
    return [mutated(random.choice(real), random, pool) for _ in range(INPUTS)]


def test_every_real_input_is_answered_or_refused() -> None:
    assert {"answered", "refused"} == {targets.check(data) for data in seeds()}


def test_made_inputs_are_answered_or_refused_and_reach_every_target_and_both_answers(made: list[bytes]) -> None:
    found = Counter((parts(data)[0], targets.check(data)) for data in made)
    assert {*TARGETS} == {target for target, _ in found}
    assert found[b"pair", "answered"] > INPUTS / 10
    assert found[b"pair", "refused"] > INPUTS / 10


def test_no_two_made_inputs_are_much_the_same(made: list[bytes]) -> None:
    assert len({*made}) > 0.95 * INPUTS


def test_an_input_is_a_target_and_its_texts() -> None:
    assert (b"pair", [b"a", b"b"]) == parts(joined(b"pair", b"a", b"b"))
    assert (b"cart", [b"a\n%%%\nb"]) == parts(joined(b"cart", b"a\n%%%\nb"))
    assert (b"yaml", [b"anything"]) == parts(b"anything")


def test_an_exception_that_is_no_refusal_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(texts: list[bytes]) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(targets.CALLS, b"cart", fail)
    with pytest.raises(ZeroDivisionError):
        targets.check(CART)


@pytest.mark.parametrize(
    "diagnostics",
    [[], [Diagnostic("no_code_of_ours", "something")], [Diagnostic("empty_window", "")]],
    ids=["none", "an unknown code", "no message"],
)
def test_a_refusal_that_does_not_help_is_noticed(diagnostics: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(texts: list[bytes]) -> None:
        raise CampaignError(diagnostics)

    monkeypatch.setitem(targets.CALLS, b"cart", refuse)
    with pytest.raises(targets.Broken):
        targets.check(CART)


@pytest.mark.parametrize("bound", ["SECONDS", "MEGABYTES"])
def test_an_input_that_takes_too_much_is_noticed(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, bound, -1)
    with pytest.raises(targets.Broken, match="bytes took"):
        targets.check(CART)
