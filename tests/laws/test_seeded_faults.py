"""A deliberately broken engine is caught: each fault is one that a real pricing system has shipped."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import promoengine.allocation
import promoengine.engine.run
import promoengine.money
from promoengine.engine.limits import UNBOUNDED, LimitBook, Rest
from promoengine.testing import Situation, laws, situations

Fault = Callable[[pytest.MonkeyPatch], None]


def lose_a_cent_in_allocation(patch):
    allocate = promoengine.allocation.allocate_lines

    def losing(amount, *arguments, **options):
        return allocate(max(0, amount - 1), *arguments, **options)

    patch.setattr("promoengine.engine.figures.allocate_lines", losing)
    patch.setattr("promoengine.engine.straight_turns.allocate_lines", losing)


def round_half_even(patch):
    divide = promoengine.money.divide

    def half_even(numerator, denominator, mode):
        return divide(numerator, denominator, "half_even" if mode == "half_up" else mode)

    patch.setattr("promoengine.money.divide", half_even)


def ignore_a_limit(patch):
    patch.setattr(LimitBook, "left", lambda self, rule: Rest(UNBOUNDED, UNBOUNDED, UNBOUNDED))


def apply_twice(patch):
    take_turn = promoengine.engine.run._take_turn

    def twice(*arguments):
        take_turn(*arguments)
        take_turn(*arguments)

    patch.setattr("promoengine.engine.run._take_turn", twice)


def order_by_insertion(patch):
    patch.setattr(
        "promoengine.compile.plans.sorted",
        lambda values, key=None: sorted(values, key=key and (lambda _: 0)),
        raising=False,
    )


def forget_that_offers_end(patch):
    patch.setattr("promoengine.engine.finish.next_edge", lambda *_: None)


def give_gifts_for_gifts(patch):
    """Lines that are gifts of an earlier quote count as goods."""
    take_in = promoengine.intake._Intake.basket

    def with_gifts(self, cart):
        lines = tuple(line.model_copy(update={"gift_of": None}) for line in cart.lines)
        return take_in(self, cart.model_copy(update={"lines": lines}))

    patch.setattr("promoengine.intake._Intake.basket", with_gifts)


@pytest.mark.breaks_the_engine
@pytest.mark.parametrize(
    ("fault", "law"),
    [
        (lose_a_cent_in_allocation, laws.gives_stated_figures),
        (round_half_even, laws.gives_stated_figures),
        (ignore_a_limit, laws.keeps_limits),
        (apply_twice, laws.claims_units_once),
        (order_by_insertion, laws.ignores_order),
        (give_gifts_for_gifts, laws.ignores_own_gifts),
        (forget_that_offers_end, laws.holds_until_valid_until),
    ],
)
def test_a_law_catches_it(fault: Fault, law: laws.Law, monkeypatch: pytest.MonkeyPatch):
    fault(monkeypatch)
    with pytest.raises(laws.LawBroken):
        search(law)


def search(law: laws.Law) -> None:
    """Look for a situation in which the law does not hold."""

    @settings(max_examples=3000, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(situations())
    def look(situation: Situation) -> None:
        law(situation.engine, situation.cart, situation.at)

    look()
