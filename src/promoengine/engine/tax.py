"""Net, tax and gross, after all stages. No jurisdictions: the rates come with the cart.

Included: tax = payable * r / (1 + r). Added: tax = payable * r. Rounded at the unit, the line, or the total of each
rate, which is then shared over its lines by payable.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.allocation import allocate_lines
from promoengine.money import divide
from promoengine.quote import Taxed
from promoengine.records import dataclass


@dataclass(slots=True)
class Taxable:
    """What is taxed: the rate as a fraction of one, and `(count, unit payable)` of its units."""

    rate: tuple[int, int]
    units: list[tuple[int, int]]

    @property
    def payable_minor(self) -> int:
        return sum([count * price for count, price in self.units])


def taxed(rule: plan.Tax, parts: list[Taxable]) -> list[Taxed]:
    """The tax of each part, in the same order."""
    taxes = _by_total(rule, parts) if rule.at == "total" else [_tax_of(rule, part) for part in parts]
    found = []
    for part, tax in zip(parts, taxes, strict=True):
        payable = part.payable_minor
        net, gross = (payable - tax, payable) if rule.included else (payable, payable + tax)
        found.append(Taxed(rate_text(part.rate), net, tax, gross))
    return found


def _tax_of(rule: plan.Tax, part: Taxable) -> int:
    if rule.at == "unit":
        return sum([count * _rounded(rule, part.rate, price) for count, price in part.units])
    return _rounded(rule, part.rate, part.payable_minor)


def _rounded(rule: plan.Tax, rate: tuple[int, int], payable: int) -> int:
    numerator, denominator = rate
    return divide(payable * numerator, denominator + numerator if rule.included else denominator, rule.mode)


def _by_total(rule: plan.Tax, parts: list[Taxable]) -> list[int]:
    """One rounded tax for each rate, shared by payable; equal remainders in the order of the parts."""
    taxes = [0] * len(parts)
    for rate in sorted({part.rate for part in parts}):
        positions = [position for position, part in enumerate(parts) if part.rate == rate]
        payables = [parts[position].payable_minor for position in positions]
        total = _rounded(rule, rate, sum(payables))
        for position, share in zip(positions, allocate_lines(total, payables, [total] * len(payables)), strict=True):
            taxes[position] = share
    return taxes


def rate_text(rate: tuple[int, int]) -> str:
    """A rate in percent as its shortest decimal text: (33, 400) is 8.25."""
    digits = str(rate[0] * 100 * 1_000_000 // rate[1]).zfill(7)
    return f"{digits[:-6]}.{digits[-6:]}".rstrip("0").rstrip(".")
