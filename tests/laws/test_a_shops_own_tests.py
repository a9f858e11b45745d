"""What a shop writes in its own tests: a campaign, an engine, and one line of laws."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from promoengine import Campaign, Engine
from promoengine.testing import carts_for, laws, moments_for

CAMPAIGN = """
campaign: autumn
currency: CNY
timezone: Asia/Shanghai
promotions:
  - id: flash
    stage: item
    items: {sku: [KETTLE]}
    schedule: {from: 2026-11-10T20:00, until: 2026-11-12T00:00}
    benefit: {kind: price, price: 59}
    limits: {stock: 500}
  - id: three-hundred
    stage: order
    trigger: {kind: spend, every: 300, max_times: 10}
    benefit: {kind: amount_off, amount: 50, per: once}
  - id: free-ship
    stage: shipping
    trigger: {kind: spend, at_least: 99}
    benefit: {kind: percent_off, percent: 100}
"""
ENGINE = Engine(Campaign.from_yaml(CAMPAIGN))
CART = {"currency": "CNY", "lines": [{"id": "1", "sku": "KETTLE", "quantity": 3, "unit_price": "99.00"}]}
AT = datetime(2026, 11, 11, tzinfo=UTC)

test_every_law_holds_for_the_autumn_campaign = laws.suite(ENGINE, max_examples=50)


def test_the_laws_can_be_asked_one_cart_at_a_time():
    laws.check_all(ENGINE, CART, AT)


@given(carts_for(ENGINE, min_lines=2, max_lines=2, min_quantity=2, max_quantity=3), moments_for(ENGINE))
def test_carts_for_an_engine_can_be_priced_and_have_the_asked_sizes(cart, at):
    quote = ENGINE.price(cart, at=at)
    assert 2 == len(quote.lines)
    assert all(2 <= line.quantity <= 3 for line in quote.lines.values())


@pytest.mark.breaks_the_engine
def test_a_broken_law_says_which_and_holds_what_it_takes_to_see_it_again(monkeypatch):
    monkeypatch.setattr("promoengine.engine.finish.valid_until", lambda *_: None)
    with pytest.raises(laws.LawBroken, match="law 8") as broken:
        laws.check_all(ENGINE, CART, AT)
    assert "law 8 (valid until)" == broken.value.law
    assert AT == broken.value.at
    assert "KETTLE" == broken.value.cart["lines"][0]["sku"]
    assert "autumn" == broken.value.campaign["campaign"]
    assert all(part in str(broken.value) for part in ("KETTLE", "autumn", AT.isoformat()))


def test_a_refused_cart_obeys_the_laws_too():
    refusing = CAMPAIGN.replace("limits: {stock: 500}", "limits: {stock: 2, beyond: refuse}")
    laws.check_all(Engine(Campaign.from_yaml(refusing)), CART, AT)
