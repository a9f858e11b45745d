"""Outcomes, whole: the reason, the numbers, and what failed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from promoengine import Campaign, CartRefused, Engine, Quote
from promoengine.quote import CodeOutcome, Member, Outcome, Shortfall

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
TEN = {"kind": "percent_off", "percent": 10}
FIVE_ONCE = {"kind": "amount_off", "amount": 5, "per": "once"}
MUG = {"kind": "gift", "gifts": [{"sku": "MUG"}]}
PAN = {"id": "pan", "sku": "pan", "quantity": 1, "unit_price": "50.00"}


def quote(*promotions: dict[str, Any], head: dict[str, Any] | None = None, **cart: Any) -> Quote:
    document = {"campaign": "test", "currency": "CNY", "timezone": "UTC", **(head or {})}
    campaign = Campaign.from_dict({**document, "promotions": [{"stage": "item", **each} for each in promotions]})
    return Engine(campaign).price({"currency": "CNY", "lines": [PAN], **cart}, at=NOON, outcomes="all")


def outcome(promotion: dict[str, Any], *others: dict[str, Any], **more: Any) -> Outcome:
    """The outcome of the first of these promotions."""
    return quote({"id": "p", "benefit": TEN, **promotion}, *others, **more).outcomes["p"]


def test_an_applied_promotion_says_no_more() -> None:
    assert Outcome("p", "applied") == outcome({})


def test_a_promotion_without_a_figure_names_the_currency() -> None:
    both = {"other_currencies": ["USD"]}
    euros = {"kind": "amount_off", "amount": {"USD": 5}, "per": "once"}

    assert Outcome("p", "currency", detail="CNY") == outcome({"benefit": euros}, head=both)


def test_code_and_schedule_need_no_detail() -> None:
    over = {"until": "2026-01-01T00:00"}

    assert Outcome("p", "code") == outcome({"codes": "SAVE"})
    assert Outcome("p", "schedule") == outcome({"schedule": over})


@pytest.mark.parametrize(
    ("conditions", "reason", "detail"),
    [
        ({"segment": "vip"}, "customer", "segment"),
        ({"customer": "ann"}, "customer", "customer"),
        ({"orders": {"at_most": 0}}, "customer", "orders"),
        ({"channel": "app"}, "context", "channel"),
        ({"region": "CN"}, "context", "region"),
        ({"payment_method": "card"}, "context", "payment_method"),
        ({"cart": {"measure": "spend", "at_least": 100}}, "contents", "cart"),
        ({"fact": {"name": "guests", "at_least": 2}}, "contents", "fact guests"),
        ({"all": [{"channel": "app"}, {"region": "CN"}]}, "context", "all"),
        ({"any": [{"segment": "vip"}, {"channel": "app"}]}, "context", "any"),
        ({"not": {"cart": {"measure": "spend", "at_least": 10}}}, "contents", "not"),
    ],
)
def test_a_condition_that_fails_is_named(conditions: dict[str, Any], reason: Any, detail: str) -> None:
    guests = {"facts": {"guests": "number"}}

    assert Outcome("p", reason, detail=detail) == outcome({"when": conditions}, head=guests)


def test_a_trigger_that_is_not_met_says_what_was_measured_and_what_is_missing() -> None:
    def shortfall(trigger: dict[str, Any]) -> Shortfall | None:
        found = outcome({"trigger": trigger}, head={"facts": {"guests": "number", "spent": "money"}})
        assert Outcome("p", "trigger", found.shortfall) == found
        return found.shortfall

    assert Shortfall("spend", 5000, 6000, 1000, True) == shortfall({"kind": "spend", "at_least": 60})
    assert Shortfall("spend", 5000, 6000, 1000, True) == shortfall({"kind": "spend", "at_least": 60})
    assert Shortfall("quantity", 1, 3, 2, False) == shortfall({"kind": "quantity", "at_least": 3})
    assert Shortfall("distinct_skus", 1, 2, 1, False) == shortfall({"kind": "distinct", "at_least": 2})
    assert Shortfall("fact", 0, 2, 2, False) == shortfall({"kind": "fact", "fact": "guests", "at_least": 2})
    assert Shortfall("fact", 0, 200, 200, True) == shortfall({"kind": "fact", "fact": "spent", "at_least": 2})
    assert Shortfall("sets", 1, 3, 2, False) == shortfall({"kind": "set", "quantity": 3})


@pytest.mark.parametrize(
    ("limits", "detail"),
    [({"uses": 0}, "uses"), ({"stock": 0}, "units"), ({"budget": 0}, "budget"), ({"per_customer": 0}, "units")],
)
def test_a_limit_that_is_used_up_is_named(limits: dict[str, Any], detail: str) -> None:
    written = dict.fromkeys(limits, 9)
    left = {"p": {name: str(each) if name == "budget" else each for name, each in limits.items()}}

    assert Outcome("p", "limits", detail=detail) == outcome(
        {"limits": written}, limits_left=left, customer={"id": "ann"}
    )


def test_a_code_without_uses_left_is_named_as_the_limit() -> None:
    entered = [{"code": "SAVE", "uses_left": 0}]

    assert Outcome("p", "limits", detail="code") == outcome({"codes": "SAVE"}, codes=entered)
    assert {"SAVE": CodeOutcome("SAVE", "refused", "p", "limits")} == quote(
        {"id": "p", "benefit": TEN, "codes": "SAVE"}, codes=entered
    ).codes


def test_a_budget_that_one_grant_exceeds_is_named() -> None:
    assert Outcome("p", "limits", detail="budget") == outcome({"limits": {"budget": "4.99"}})
    assert Outcome("p", "applied") == outcome({"limits": {"budget": "5.00"}})


def test_a_gift_of_which_nothing_is_left_is_named() -> None:
    assert Outcome("p", "no_effect", detail="gift MUG") == outcome({"benefit": MUG}, gift_stock={"MUG": 0})


def test_of_several_gifts_the_one_that_is_out_of_stock_is_named() -> None:
    choice = {**MUG, "gifts": [{"sku": "MUG"}, {"sku": "CUP"}], "choose": 1}
    chosen: dict[str, Any] = {"gift_choices": {"p": ["CUP"]}, "gift_stock": {"MUG": 1, "CUP": 0}}

    assert Outcome("p", "no_effect", detail="gift CUP") == outcome({"benefit": choice}, **chosen)


def test_of_limits_that_are_used_up_the_number_of_orders_is_named_first() -> None:
    left = {"limits_left": {"p": {"uses": 0, "stock": 0}}}

    assert Outcome("p", "limits", detail="uses") == outcome({"limits": {"uses": 5, "stock": 5}}, **left)


def test_no_effect_needs_no_detail() -> None:
    assert Outcome("p", "no_effect") == outcome({"benefit": {"kind": "price", "price": 50}})


def test_who_is_barred_says_by_whom_and_what_it_would_have_saved() -> None:
    first = {"id": "a", "benefit": FIVE_ONCE}

    assert Outcome("p", "barred", None, ["a"], "", 500) == outcome({}, first)


def test_a_cart_that_a_limit_refuses_says_which_promotion_and_what_to_do() -> None:
    with pytest.raises(CartRefused) as caught:
        quote({"id": "p", "benefit": TEN, "limits": {"stock": 1, "beyond": "refuse"}}, lines=[{**PAN, "quantity": 2}])

    (found,) = caught.value.diagnostics
    assert "limit_exceeded" == found.code
    assert "promotion 'p' refuses this order: its limit of units does not allow it" == found.message
    assert ("lines",) == found.place.path
    assert "take units out of the cart, or leave the promotion's code out" == found.hint


def test_a_cart_that_a_gift_refuses_says_which() -> None:
    with pytest.raises(CartRefused) as caught:
        quote({"id": "p", "benefit": {**MUG, "out_of_stock": "block"}}, gift_stock={"MUG": 0})

    (found,) = caught.value.diagnostics
    assert "gift_out_of_stock" == found.code
    assert "promotion 'p' refuses this order: gift MUG does not allow it" == found.message


def test_an_entered_code_is_applied_not_needed_or_unknown() -> None:
    used = {"id": "p", "benefit": TEN, "codes": ["A", "B"]}

    assert {
        "A": CodeOutcome("A", "applied", "p"),
        "B": CodeOutcome("B", "not_needed", "p"),
        "C": CodeOutcome("C", "unknown"),
    } == quote(used, codes=["C", "B", "A"]).codes


def test_a_refused_code_has_the_reason_of_the_promotion_that_got_furthest() -> None:
    for near, far in (("a", "b"), ("b", "a")):
        promotions = (
            {"id": near, "benefit": TEN, "codes": "ALL", "when": {"channel": "app"}},
            {"id": far, "benefit": TEN, "codes": "ALL", "trigger": {"kind": "spend", "at_least": 90}},
        )
        assert {"ALL": CodeOutcome("ALL", "refused", far, "trigger")} == quote(*promotions, codes=["ALL"]).codes


def test_a_member_says_which_units_it_claims() -> None:
    lines = [PAN, {**PAN, "id": "pot", "sku": "pot", "quantity": 3, "seller": "koi"}]
    free = {"kind": "points", "points": 5}
    found = quote(
        {"id": "p", "benefit": TEN},
        {"id": "sets", "stage": "order", "trigger": {"kind": "set", "quantity": 2}, "benefit": FIVE_ONCE},
        {"id": "free", "stage": "order", "benefit": free},
        lines=lines,
    ).promotions

    assert [Member(0, "", {"pan": 1, "pot": 3})] == found["p"].members
    assert [Member(0, "", {"pan": 1, "pot": 3})] == found["sets"].members
    assert [Member(0, "", {})] == found["free"].members
