"""Tax: rate, net, tax and gross of each line."""

from __future__ import annotations

import pytest

from promoengine import plan
from promoengine.engine.tax import Taxable, rate_text, taxed
from promoengine.money import parse_percent
from promoengine.quote import Taxed


@pytest.mark.parametrize(
    "rate", ["13", "8.25", "0.5", "0.05", "10", "100", "19.6", "0.000001", "12.345678", "99.999999", "7.7"]
)
def test_a_rate_is_written_as_its_shortest_decimal_text(rate: str) -> None:
    assert rate == rate_text(parse_percent(rate))


def test_no_rate_is_written_as_zero() -> None:
    assert rate_text((0, 1)) == "0"


@pytest.mark.parametrize("at", ["unit", "line", "total"])
def test_a_line_says_its_rate_and_what_is_paid_without_and_with_tax(at: str) -> None:
    included, added = (plan.Tax(included=included, at=at, mode="half_up") for included in (True, False))  # type: ignore[arg-type]
    part = Taxable((13, 100), [(2, 11300), (1, 0)])

    assert [Taxed("13", 20000, 2600, 22600)] == taxed(included, [part])
    assert [Taxed("13", 22600, 2938, 25538)] == taxed(added, [part])


def test_what_costs_nothing_bears_none_of_the_tax_of_its_rate() -> None:
    rule = plan.Tax(included=False, at="total", mode="half_up")
    parts = [
        Taxable((1, 10), [(1, 0)]),
        Taxable((1, 10), [(1, 5)]),
        Taxable((1, 1), [(1, 3)]),
        Taxable((1, 10), [(1, 5)]),
    ]

    assert [0, 1, 3, 0] == [each.tax_minor for each in taxed(rule, parts)]
