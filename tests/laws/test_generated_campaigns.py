"""The laws of docs/semantics.md hold for generated campaigns of all kinds, and carts that meet their edges."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from promoengine import Campaign, Engine
from promoengine.testing import Situation, campaigns, carts, laws, promotions, situations
from promoengine.testing.laws_variants import campaign_document
from promoengine.testing.strategies import PLAIN_HEAD

searched = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])


@searched
@given(situations())
def test_law_1_adjustments_amounts_and_totals_are_the_same_sum(found):
    laws.adds_up(found.engine, found.cart, found.at)


@searched
@given(situations(max_promotions=4))
def test_law_2_the_order_of_lines_promotions_codes_and_keys_changes_nothing(found):
    laws.ignores_order(found.engine, found.cart, found.at)


@searched
@given(situations(by_lines=False))
def test_law_3_splitting_and_merging_lines_changes_no_total_where_nothing_goes_by_lines(found):
    laws.ignores_line_splits(found.engine, found.cart, found.at)


@searched
@given(situations())
def test_law_3_holds_where_the_last_effect_is_shared_over_lines(found):
    laws.ignores_line_splits(found.engine, found.cart, found.at)


@searched
@given(situations())
def test_law_4_the_quotes_own_gifts_change_nothing_when_they_come_back_in_the_cart(found):
    laws.ignores_own_gifts(found.engine, found.cart, found.at)


@searched
@given(situations(max_promotions=4))
def test_law_5_a_promotion_that_matches_nothing_changes_nothing_else(found):
    laws.ignores_bystanders(found.engine, found.cart, found.at)


@searched
@given(situations(max_promotions=4, max_quantity=4))
def test_law_7_a_coupon_that_acts_only_where_it_helps_never_costs(found):
    laws.coupons_never_cost(found.engine, found.cart, found.at)


@searched
@given(situations())
def test_law_8_a_quote_is_constant_until_its_valid_until(found):
    laws.holds_until_valid_until(found.engine, found.cart, found.at)


@searched
@given(situations())
def test_pricing_again_gives_the_same_bytes(found):
    laws.repeats(found.engine, found.cart, found.at)


@searched
@given(situations())
def test_no_limit_gives_more_than_is_left_of_it(found):
    laws.keeps_limits(found.engine, found.cart, found.at)


@searched
@given(situations())
def test_a_unit_is_lowered_once_in_a_stage_that_does_not_stack(found):
    laws.claims_units_once(found.engine, found.cart, found.at)


@searched
@given(situations())
def test_plain_benefits_give_the_figures_that_the_campaign_states(found):
    laws.gives_stated_figures(found.engine, found.cart, found.at)


@searched
@given(situations())
def test_every_promotion_and_code_has_the_outcome_that_the_quote_shows(found):
    laws.explains_itself(found.engine, found.cart, found.at)


# -- the strategies themselves ------------------------------------------------------------------


@searched
@given(campaigns(max_promotions=8))
def test_every_generated_campaign_is_accepted_and_survives_its_own_document(document):
    engine = Engine(Campaign.from_dict(document))
    again = Campaign.from_dict(campaign_document(engine))
    assert engine.campaign.content_hash == again.content_hash


@searched
@given(campaigns(max_promotions=3), st.data())
def test_a_generated_promotion_fits_the_campaign_that_it_was_drawn_for(document, data):
    added = data.draw(promotions(campaign=document, id="added"))
    Campaign.from_dict({**document, "promotions": [*document["promotions"], added]})


@searched
@given(carts())
def test_carts_for_no_campaign_in_particular_can_be_priced(cart):
    quote = Engine(Campaign.from_dict(PLAIN_HEAD)).price(cart, at=datetime(2026, 11, 11, tzinfo=UTC))
    assert quote.list_total_minor == quote.total_minor


@given(situations())
def test_a_situation_shows_itself_as_code_that_makes_it_again(found):
    again = eval(repr(found), {"Situation": Situation})
    assert (found.campaign, found.cart, found.at) == (again.campaign, again.cart, again.at)


@given(campaigns(currencies=["JPY"], min_promotions=2, max_promotions=2, min_stages=5))
def test_sizes_and_currencies_are_kept(document):
    assert 5 <= len(document["stages"])
    assert "JPY" == document["currency"]
    assert "other_currencies" not in document
    assert 2 == len(document["promotions"])
