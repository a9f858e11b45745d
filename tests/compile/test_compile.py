"""Compiling: what two documents share that mean the same, when windows open, and what the index may rely on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from promoengine import Campaign, plan
from promoengine.compile.index import keys_of
from promoengine.engine.clock import clock_at, is_open, next_edge
from promoengine.instants import local_instant, microseconds, moment_of

NEW_YORK = ZoneInfo("America/New_York")
PROMOTION = {"id": "p", "stage": "item", "benefit": {"kind": "price", "price": "59.00"}}


def campaign(*promotions: dict[str, Any], **head: Any) -> Campaign:
    return Campaign.from_dict(
        {"campaign": "test", "currency": "CNY", "timezone": "America/New_York", **head, "promotions": list(promotions)}
    )


def schedule(**written: Any) -> plan.Schedule:
    found = campaign({**PROMOTION, "schedule": written}).plans["CNY"].promotions[0].schedule
    assert found is not None
    return found


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def open_at(opened: plan.Schedule, text: str) -> bool:
    return is_open(opened, clock_at(microseconds(utc(text)), NEW_YORK))


@pytest.mark.parametrize(
    "same",
    [
        {**PROMOTION, "benefit": {"price": 59, "kind": "price"}},
        {**PROMOTION, "priority": 0},
        {**PROMOTION, "benefit": [{"kind": "price", "price": "59.0"}]},
    ],
    ids=["order of keys and figures", "a default written out", "one benefit as a list"],
)
def test_documents_that_mean_the_same_have_the_same_hash(same: dict[str, Any]) -> None:
    assert campaign(PROMOTION).content_hash == campaign(same).content_hash


def test_the_order_of_promotions_does_not_change_the_hash_and_their_content_does() -> None:
    other = {**PROMOTION, "id": "q"}
    assert campaign(PROMOTION, other).content_hash == campaign(other, PROMOTION).content_hash
    assert campaign(PROMOTION, other).content_hash != campaign(PROMOTION).content_hash


def test_an_edge_in_a_gap_is_the_first_instant_after_it() -> None:
    assert utc("2026-03-08T07:00:00") == moment_of(local_instant(datetime(2026, 3, 8, 2, 30), NEW_YORK, fold=0))


def test_a_one_off_edge_in_an_overlap_is_the_earlier_for_from_and_the_later_for_until() -> None:
    opened = schedule(**{"from": "2026-11-01T01:30", "until": "2026-11-01T01:45"})
    assert (
        (plan.Window(microseconds(utc("2026-11-01T05:30:00")), microseconds(utc("2026-11-01T06:45:00"))), None),
    ) == (opened.periods)


def test_through_means_the_end_of_that_local_day() -> None:
    opened = schedule(through="2026-07-06")
    assert open_at(opened, "2026-07-07T03:59:59")
    assert not open_at(opened, "2026-07-07T04:00:00")


def test_a_weekly_window_past_midnight_belongs_to_its_first_day() -> None:
    opened = schedule(weekly={"days": ["fri"], "from": "22:00", "until": "02:00"})
    assert open_at(opened, "2026-07-11T05:59:59")  # Saturday 01:59:59 in New York
    assert not open_at(opened, "2026-07-11T06:00:00")
    assert not open_at(opened, "2026-07-10T05:00:00")  # Friday 01:00: the window of Thursday, which is not listed


def test_a_weekly_window_holds_in_both_passes_of_an_overlap() -> None:
    opened = schedule(weekly={"days": ["sun"], "from": "01:00", "until": "01:30"})
    assert open_at(opened, "2026-11-01T05:10:00")
    assert open_at(opened, "2026-11-01T06:10:00")
    assert not open_at(opened, "2026-11-01T05:45:00")


@pytest.mark.parametrize(
    "at", ["2026-10-31T12:00:00", "2026-11-01T05:10:00", "2026-11-01T05:45:00", "2026-03-08T06:59:00"]
)
def test_nothing_opens_or_closes_before_the_next_edge(at: str) -> None:
    opened = schedule(weekly={"days": ["sun"], "from": "01:15", "until": "02:30"})
    now = microseconds(utc(at))
    edge = next_edge(opened, clock_at(now, NEW_YORK))
    assert edge is not None
    states = {is_open(opened, clock_at(now + (edge - 1 - now) * part // 997, NEW_YORK)) for part in range(998)}
    assert 1 == len(states)
    assert states != {is_open(opened, clock_at(edge, NEW_YORK))}


def test_a_window_that_has_passed_has_no_edge_ahead() -> None:
    opened = schedule(**{"from": "2026-01-01", "through": "2026-01-02"})
    assert next_edge(opened, clock_at(microseconds(utc("2026-02-01T00:00:00")), NEW_YORK)) is None


SKUS = plan.Holds("sku", frozenset({"A", "B"}))
SNACKS = plan.Holds("category", frozenset({"snacks"}))


@pytest.mark.parametrize(
    ("test", "keys"),
    [
        (SKUS, {("sku", "A"), ("sku", "B")}),
        (plan.AllOf((SNACKS, SKUS)), {("sku", "A"), ("sku", "B")}),
        (plan.AnyOf((SNACKS, SKUS)), {("category", "snacks"), ("sku", "A"), ("sku", "B")}),
        (plan.AllOf((plan.Not(SKUS), SNACKS)), {("category", "snacks")}),
        (plan.AnyOf((plan.Not(SKUS), SNACKS)), None),
        (plan.Not(SKUS), None),
        (plan.EVERY, None),
        (plan.Holds("attribute:size", frozenset({"XL"})), None),
    ],
)
def test_every_unit_that_a_test_selects_carries_one_of_its_keys(test: plan.Test, keys: set[Any] | None) -> None:
    assert keys == keys_of(test)


def test_a_promotion_without_a_figure_in_a_currency_does_not_apply_there() -> None:
    both = {**PROMOTION, "benefit": {"kind": "price", "price": {"CNY": 59, "USD": "8.50"}}}
    compiled = campaign(PROMOTION | {"id": "home"}, both, other_currencies=["USD"])
    assert {"home": False, "p": True} == {each.id: each.priced for each in compiled.plans["USD"].promotions}
