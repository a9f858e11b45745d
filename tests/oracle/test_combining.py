"""The search finds what brute force finds, by the order of docs/semantics.md 5, and never understates its gap."""

from __future__ import annotations

import pytest

from .conflicts import compared, conflicts, own_choices

SEEDS = range(70)
FEW_TURNS = 600
"""So that the tests are quick; `python3 dev.py deep` goes further."""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_quote_is_the_best_legal_choice_and_a_cut_off_search_states_its_gap(seed: int) -> None:
    for campaign, pair in conflicts(seed):
        assert [] == compared(campaign, pair, FEW_TURNS).differences, pair


@pytest.mark.parametrize("seed", range(1000, 1015))
def test_a_shoppers_own_choice_is_the_best_with_it_and_says_what_the_best_saves(seed: int) -> None:
    for campaign, pair in conflicts(seed):
        assert [] == own_choices(campaign, pair, FEW_TURNS), pair


def test_the_generated_carts_have_something_to_choose() -> None:
    reports = [compared(campaign, pair, FEW_TURNS) for seed in range(15) for campaign, pair in conflicts(seed)]
    assert 30 <= sum(not each.skipped for each in reports)
    assert 5 <= sum(each.departs for each in reports)
    assert 5 <= sum(each.cut_off for each in reports)
