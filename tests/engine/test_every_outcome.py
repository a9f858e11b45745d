"""Every outcome may be asked for: that explains more, and changes nothing else."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from promoengine import CartError, CartRefused
from promoengine.pricing import Outcomes
from promoengine.testing import Situation, situations


def told(situation: Situation, outcomes: Outcomes) -> dict[str, Any]:
    """The quote as plain data, or why there is none."""
    try:
        return situation.engine.price(situation.cart, at=situation.at, outcomes=outcomes).to_dict()
    except (CartError, CartRefused) as error:
        return {"refused": [each.code for each in error.diagnostics], "outcomes": {}, "valid_until": None}


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(situations())
def test_a_quote_with_every_outcome_is_the_same_quote(situation: Situation) -> None:
    found, every = told(situation, "found"), told(situation, "all")
    shown, all_of_them = found.pop("outcomes"), every.pop("outcomes")
    # A promotion that is shown for the asking has launches of its own, which decide for how long that holds.
    until, until_with_all = found.pop("valid_until"), every.pop("valid_until")
    assert found == every
    assert until == until_with_all or (until_with_all is not None and (until is None or until_with_all < until))
    for name, outcome in shown.items():
        if outcome["would_save"] is None:
            all_of_them[name]["would_save"] = None
        assert outcome == all_of_them[name]
