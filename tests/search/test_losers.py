"""What losers would have saved: a pass of those that matter comes to what a pass of all comes to."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import HealthCheck, given, settings

from promoengine import CartRefused, pricing
from promoengine.engine.choice import Choice
from promoengine.engine.finish import Finished
from promoengine.engine.run import run
from promoengine.testing import situations


def would_save(told: Finished, choice: Choice, loser: int) -> int | None:
    """By a pass of all candidates."""
    indexes = {rule.id: rule.index for rule in told.bound.plan.promotions}
    without = Choice(
        left_out=frozenset(turn for turn in choice.left_out if turn[0] != loser),
        kept={turn: units for turn, units in choice.kept.items() if turn[0] != loser},
        without=frozenset(indexes[name] for name in told.state.outcomes[loser].barred_by),
    )
    try:
        applied = run(told.bound, told.basket, told.clock, told.gathered.candidates, without).applied.get(loser)
    except CartRefused:
        return None
    return applied.amount_minor if applied else 0


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(situations())
def test_what_a_loser_would_have_saved_is_what_a_pass_of_all_says(found):
    seen = []

    def note(told, chosen, *, every):
        add(told, chosen, every=every)
        seen.append((told, chosen.choice))

    add = pricing.add_would_save
    with patch.object(pricing, "add_would_save", note):
        try:
            quote = found.engine.price(found.cart, at=found.at, outcomes="all")
        except CartRefused:
            return
        assert quote.outcomes is not None
    ((told, choice),) = seen
    lost = {
        index: outcome.would_save_minor
        for index, outcome in told.state.outcomes.items()
        if outcome.reason in ("barred", "not_chosen")
    }
    assert lost == {index: would_save(told, choice, index) for index in lost}
