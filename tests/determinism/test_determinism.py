"""The same inputs give the same bytes: in another process, under any hash seed, locale and time zone, in any order."""

from __future__ import annotations

import pytest

from .runs import ENVIRONMENTS, ORDERS, answers, differing
from .situations import lines

GENERATED = 100
FIRST, *OTHERS = ENVIRONMENTS


@pytest.fixture(scope="module")
def situations() -> list[str]:
    return lines(GENERATED)


@pytest.fixture(scope="module")
def expected(situations: list[str]) -> list[str]:
    """The answers in the first environment, in the order as written."""
    return answers(situations, ENVIRONMENTS[FIRST])


def test_there_are_prices_and_refusals_to_compare(situations: list[str], expected: list[str]) -> None:
    assert len(situations) == len(expected)
    assert len({each for each in expected if each.startswith("priced")}) > 700
    assert len({each for each in expected if each.startswith("refused")}) > 90


@pytest.mark.parametrize("name", OTHERS[:2])
def test_another_process_hash_seed_locale_and_time_zone_change_no_byte(
    name: str, situations: list[str], expected: list[str]
) -> None:
    found = answers(situations, ENVIRONMENTS[name])
    assert [] == differing(situations, expected, found, shuffled=False)


def test_nor_does_another_order_of_lines_promotions_codes_and_keys(situations: list[str], expected: list[str]) -> None:
    found = answers(situations, ENVIRONMENTS[OTHERS[-1]], shuffled=ORDERS[0])
    assert [] == differing(situations, expected, found, shuffled=True)


def test_another_byte_is_noticed() -> None:
    assert [] == differing(["s"], ["refused a,b 1"], ["refused a,b 2"], shuffled=True)
    assert ["s\n  refused a,b 1\n  refused a,b 2"] == differing(
        ["s"], ["refused a,b 1"], ["refused a,b 2"], shuffled=False
    )
    assert ["s\n  priced 1\n  priced 2"] == differing(["s"], ["priced 1"], ["priced 2"], shuffled=True)
    assert ["s\n  priced 1\n  None"] == differing(["s"], ["priced 1"], [], shuffled=True)
