"""A shopper's own choice of coupons: priced as it stands, or refused with the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from promoengine import Campaign, ChoiceError, Engine, Quote

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


def coupon(name: str, amount: int, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "stage": "order",
        "codes": {"listed": [name]},
        "benefit": {"kind": "amount_off", "amount": amount, "per": "once"},
        **more,
    }


def priced(*promotions: dict[str, Any], choose: list[str] | None = None, codes: list[str]) -> Quote:
    campaign = {"campaign": "test", "currency": "CNY", "timezone": "Asia/Shanghai", "promotions": [*promotions]}
    lines = [{"id": "1", "sku": "A", "quantity": 1, "unit_price": "100.00"}]
    cart = {"currency": "CNY", "lines": lines, "codes": codes}
    return Engine(Campaign.from_dict(campaign)).price(cart, at=NOON, choose=choose)


def test_without_a_choice_the_better_of_two_coupons_acts() -> None:
    quote = priced(coupon("five", 5), coupon("six", 6), codes=["five", "six"])
    assert ("94.00", "proven") == (quote.total, quote.selection.status)


def test_the_chosen_coupon_acts_and_the_quote_says_what_the_best_would_have_saved() -> None:
    quote = priced(coupon("five", 5), coupon("six", 6), choose=["five"], codes=["five", "six"])
    assert ("95.00", "chosen", 100) == (quote.total, quote.selection.status, quote.selection.best_saves_minor)


def test_nothing_may_be_chosen() -> None:
    quote = priced(coupon("five", 5), choose=[], codes=["five"])
    assert ("100.00", "not_chosen") == (quote.total, quote.outcomes["five"].reason)


def test_two_that_exclude_each_other_cannot_both_be_chosen_and_the_error_says_who_bars_whom() -> None:
    with pytest.raises(ChoiceError) as raised:
        priced(coupon("five", 5), coupon("six", 6), choose=["five", "six"], codes=["five", "six"])
    (found,) = raised.value.diagnostics
    assert ("choice_not_legal", True) == (found.code, "'six'" in found.message and "barred by five" in found.message)


def test_what_does_not_act_is_refused_with_its_reason() -> None:
    from_200 = {"kind": "spend", "at_least": 200}
    with pytest.raises(ChoiceError) as raised:
        priced(coupon("five", 5, trigger=from_200), choose=["five"], codes=["five"])
    assert "trigger" in raised.value.diagnostics[0].message


def test_an_unknown_promotion_is_named_with_the_nearest_known_one() -> None:
    with pytest.raises(ChoiceError) as raised:
        priced(coupon("five", 5), choose=["fife"], codes=["five"])
    (found,) = raised.value.diagnostics
    assert ("unknown_promotion", True) == (found.code, "'five'" in found.hint)
