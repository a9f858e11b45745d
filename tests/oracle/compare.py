"""The engine's quote in the reference's terms, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from promoengine import Quote


def of_quote(quote: Quote) -> dict[str, Any]:
    """The fields of a quote as the reference states them."""
    return {
        "total": quote.total_minor,
        "lines": {
            each.id: {
                "payable": each.payable_minor,
                "segments": [(one.quantity, one.unit_payable_minor) for one in each.segments],
                "adjustments": adjustments(each),
            }
            for each in quote.lines.values()
        },
        "shipping": {
            each.id: {
                "payable": each.payable_minor,
                "options": {one.method: one.payable_minor for one in each.options},
                "adjustments": adjustments(each),
            }
            for each in quote.shipping.values()
        },
        "gifts": sorted((g.promotion, g.sku, g.quantity, g.value_minor, g.note, g.promised) for g in quote.gifts),
        "grants": sorted((g.promotion, g.what, g.name, g.quantity, g.value_minor, earned(g)) for g in quote.grants),
        "promotions": {each.id: promotion(each) for each in quote.promotions.values()},
        "outcomes": {each.promotion: outcome(each) for each in quote.outcomes.values()},
        "codes": {each.code: (each.status, each.promotion, each.reason) for each in quote.codes.values()},
        "claims": sorted((c.of, c.promotion, c.key, c.amount, c.shared) for c in quote.claims),
        "valid_until": quote.valid_until,
        "tax": {
            f"{name} {each.id}": {"net": each.tax.net_minor, "tax": each.tax.tax_minor, "gross": each.tax.gross_minor}
            for name, rows in (("line", quote.lines), ("shipment", quote.shipping))
            for each in rows.values()
            if each.tax is not None
        },
    }


def earned(grant: Any) -> tuple[tuple[Any, ...], ...]:
    """What each line earned of a grant."""
    return tuple(sorted((line, part.quantity, part.value_minor) for line, part in grant.lines.items()))


def adjustments(line: Any) -> list[tuple[Any, ...]]:
    """Sorted, those that are alike added up."""
    counts: dict[tuple[Any, ...], int] = {}
    for each in line.adjustments:
        key = (
            each.promotion,
            each.stage,
            each.benefit,
            each.unit_base_minor,
            each.unit_before_minor,
            each.unit_after_minor,
        )
        counts[key] = counts.get(key, 0) + each.quantity
    return sorted((*key[:3], count, *key[3:]) for key, count in counts.items())


def promotion(each: Any) -> dict[str, Any]:
    return {
        "amount": each.amount_minor,
        "times": each.times,
        "unused": each.unused_minor,
        "funding": {bearer: amount for bearer, amount in sorted(each.funding_minor.items()) if amount},
        "points_redeemed": each.points_redeemed,
        "codes": each.codes,
        "members": sorted((one.benefit, one.key, tuple(sorted(one.units.items()))) for one in each.members),
    }


def outcome(each: Any) -> dict[str, Any]:
    shortfall = each.shortfall
    return {
        "reason": each.reason,
        "shortfall": None
        if shortfall is None or each.reason != "trigger"
        else (shortfall.measure, shortfall.measured, shortfall.needed, shortfall.gap, shortfall.money),
        "barred_by": sorted(each.barred_by),
    }


def differences(expected: Any, actual: Any, path: str = "") -> Iterator[str]:
    """Every place where two plain values differ."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in sorted({*expected, *actual}):
            yield from differences(expected.get(key, "absent"), actual.get(key, "absent"), f"{path}.{key}")
    elif expected != actual:
        yield f"{path[1:]}: expected {expected!r}, got {actual!r}"
