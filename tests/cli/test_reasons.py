"""Why not: one sentence for every reason that an outcome can have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from promoengine import Campaign, Engine, Quote
from promoengine.cli.reasons import code_fate, why_not
from promoengine.quote import CodeOutcome, Outcome, Reason, Shortfall

PROMOTION = {
    "id": "p",
    "stage": "item",
    "when": {"segment": ["plus"], "fact": {"name": "joined", "at_least": 2}, "not": {"region": ["XZ", "XJ"]}},
    "schedule": {"from": "2026-11-10T20:00", "until": "2026-11-10T22:00"},
    "trigger": {"kind": "fact", "fact": "joined", "at_least": 2},
    "benefit": {"kind": "percent_off", "percent": 10},
}
DATA: dict[str, Any] = {
    "campaign": "c",
    "currency": "EUR",
    "timezone": "UTC",
    "facts": {"joined": "number"},
    "promotions": [PROMOTION],
}
CAMPAIGN = Campaign.from_dict(DATA)
WRITTEN = CAMPAIGN.document.promotions[0]
QUOTE: Quote = Engine(CAMPAIGN).price({"currency": "EUR", "lines": []}, at=datetime(2026, 1, 1, tzinfo=UTC))


def short(measure: Any, measured: int, needed: int, *, money: bool = False) -> Outcome:
    return Outcome("p", "trigger", Shortfall(measure, measured, needed, max(needed - measured, 0), money))


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (Outcome("p", "currency"), "it states no amount in EUR"),
        (Outcome("p", "code"), "its code was not entered"),
        (Outcome("p", "schedule"), "it is closed at this moment (from: 2026-11-10T20:00, until: 2026-11-10T22:00)"),
        (Outcome("p", "customer", detail="segment"), "the customer does not meet segment: plus"),
        (Outcome("p", "context", detail="not"), "the order does not meet not: {region: [XZ, XJ]}"),
        (
            Outcome("p", "contents", detail="fact joined"),
            "the cart does not meet fact: {name: joined, at_least: 2}",
        ),
        (Outcome("p", "items"), "the cart holds none of its items"),
        (Outcome("p", "trigger"), "its trigger is not reached"),
        (short("spend", 28197, 30000, money=True), "spend 281.97 of 300.00, 18.03 short"),
        (short("quantity", 3, 4), "3 of 4 units, 1 short"),
        (short("distinct_skus", 1, 3), "1 of 3 different skus, 2 short"),
        (short("distinct_lines", 1, 3), "1 of 3 different lines, 2 short"),
        (short("fact", 1, 2), "joined 1 of 2, 1 short"),
        (short("sets", 1, 2), "1 of 2 units of a set, 1 short"),
        (short("sets", 2, 2), "2 units are there, but not all parts of a set"),
        (Outcome("p", "limits", detail="units"), "no more units are left of its limit"),
        (Outcome("p", "limits", detail="uses"), "it has no uses left"),
        (Outcome("p", "limits", detail="code"), "the code has no uses left"),
        (Outcome("p", "limits", detail="budget"), "its budget does not allow it"),
        (Outcome("p", "limits", detail="gift MUG"), "gift MUG is used up"),
        (Outcome("p", "barred", barred_by=["a", "b"]), "barred by a, b"),
        (Outcome("p", "barred", barred_by=["a"], would_save_minor=500), "barred by a; it would have saved 5.00"),
        (Outcome("p", "no_effect"), "it would change nothing"),
    ],
)
def test_a_reason_is_one_plain_sentence(outcome: Outcome, sentence: str) -> None:
    assert sentence == why_not(outcome, QUOTE, WRITTEN)


@pytest.mark.parametrize("reason", [reason for reason in get_args(Reason) if reason != "applied"])
def test_every_reason_has_a_sentence_even_without_the_promotion_as_written(reason: Reason) -> None:
    sentence = why_not(Outcome("p", reason), QUOTE, None)
    assert sentence not in ("", reason)


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        (CodeOutcome("A", "unknown"), "no promotion has this code"),
        (CodeOutcome("A", "applied", "p"), "applied, p"),
        (CodeOutcome("A", "not_needed", "p"), "not needed, p applies already"),
        (CodeOutcome("A", "refused", "p", "schedule"), "refused, p: schedule"),
    ],
)
def test_a_code_has_one_fate(code: CodeOutcome, fate: str) -> None:
    assert fate == code_fate(code, QUOTE, WRITTEN)


def test_a_condition_with_a_thousand_names_is_cut_short() -> None:
    many = {**PROMOTION, "when": {"segment": [f"segment-{number}" for number in range(1000)]}}
    written = Campaign.from_dict({**DATA, "promotions": [many]}).document.promotions[0]
    sentence = why_not(Outcome("p", "customer", detail="segment"), QUOTE, written)
    assert len(sentence) < 200
    assert sentence.endswith("…")
