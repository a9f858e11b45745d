"""§6 Tax: after all stages, on each payable, goods and shipping, with its own mode and point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from promoengine.document import TaxRule

from .money import percent, rounded
from .sharing import share_inside_line
from .units import Unit

Row = tuple[bool, str]


@dataclass
class Taxed:
    """Net, tax and gross of one line or shipment."""

    net: int
    tax: int
    gross: int


def rate_of(unit: Unit) -> Decimal | None:
    return unit.source.tax_rate if unit.option is None else unit.option.tax_rate


def exact_tax(rule: TaxRule, payable: int, rate: Decimal) -> Fraction:
    """Included: tax = payable · r / (1 + r); otherwise added."""
    r = percent(rate)
    return payable * r / (1 + r) if rule.prices_include_tax else payable * r


def taxes(rule: TaxRule | None, units: Sequence[Unit]) -> dict[Row, Taxed]:
    """The tax of every line that carries a rate."""
    rows: dict[Row, list[Unit]] = {}
    for unit in units:
        if rule is not None and rate_of(unit) is not None:
            rows.setdefault(unit.row, []).append(unit)
    if rule is None:
        return {}
    found = by_rate(rule, rows) if rule.at == "total" else {row: own_tax(rule, each) for row, each in rows.items()}
    return {row: taxed(rule, sum(unit.price for unit in rows[row]), tax) for row, tax in found.items()}


def own_tax(rule: TaxRule, units: list[Unit]) -> int:
    """At `unit` each unit is rounded, at `line` the line."""
    rate = rate_of(units[0])
    assert rate is not None
    if rule.at == "unit":
        return sum(rounded(exact_tax(rule, unit.price, rate), rule.mode) for unit in units)
    return rounded(exact_tax(rule, sum(unit.price for unit in units), rate), rule.mode)


def by_rate(rule: TaxRule, rows: dict[Row, list[Unit]]) -> dict[Row, int]:
    """At `total` the tax of each rate is rounded, then allocated by payable."""
    found: dict[Row, int] = {}
    for rate in {rate_of(units[0]) for units in rows.values()}:
        assert rate is not None
        payable = {row: sum(unit.price for unit in units) for row, units in rows.items() if rate_of(units[0]) == rate}
        tax = rounded(exact_tax(rule, sum(payable.values()), rate), rule.mode)
        weights = {row: Fraction(amount) for row, amount in payable.items()}
        order = sorted(payable, key=lambda row: (row[1], row[0]))
        found |= share_inside_line(tax, weights, dict.fromkeys(payable, tax), order)
    return found


def taxed(rule: TaxRule, payable: int, tax: int) -> Taxed:
    if rule.prices_include_tax:
        return Taxed(payable - tax, tax, payable)
    return Taxed(payable, tax, payable + tax)
