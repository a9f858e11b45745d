"""What a shop writes in its own tests: a campaign, an engine, and one line of laws."""

import pytest

from promoengine import Campaign, Engine
from promoengine.testing import laws

CAMPAIGN = """
campaign: autumn
currency: CNY
timezone: Asia/Shanghai
promotions:
  - {id: flash, stage: item, items: {sku: [KETTLE]}, benefit: {kind: price, price: 59}, limits: {stock: 500}}
  - id: three-hundred
    stage: order
    trigger: {kind: spend, every: 300, max_times: 10}
    benefit: {kind: amount_off, amount: 50, per: once}
  - {id: free-ship, stage: shipping, trigger: {kind: spend, at_least: 99}, benefit: {kind: percent_off, percent: 100}}
"""

test_every_law_holds_for_the_autumn_campaign = laws.suite(Engine(Campaign.from_yaml(CAMPAIGN)), max_examples=50)


def test_a_broken_law_says_which_and_holds_the_cart_and_the_moment(monkeypatch):
    engine = Engine(Campaign.from_yaml(CAMPAIGN))
    monkeypatch.setattr("promoengine.engine.finish.valid_until", lambda *_: None)
    wrong = Campaign.from_yaml(
        CAMPAIGN.replace("benefit: {kind: price", "schedule: {until: 2026-11-12T00:00}, benefit: {kind: price")
    )
    with pytest.raises(laws.LawBroken) as broken:
        laws.suite(Engine(wrong), laws=[laws.holds_until_valid_until])()
    assert "law 8 (valid until)" == broken.value.law
    assert "KETTLE" in str(broken.value.cart)
    assert broken.value.at.isoformat() in str(broken.value)
    assert engine.campaign.content_hash != wrong.content_hash


def test_the_laws_can_be_asked_one_cart_at_a_time():
    from datetime import UTC, datetime

    engine = Engine(Campaign.from_yaml(CAMPAIGN))
    cart = {"currency": "CNY", "lines": [{"id": "1", "sku": "KETTLE", "quantity": 3, "unit_price": "99.00"}]}
    laws.check_all(engine, cart, datetime(2026, 11, 11, tzinfo=UTC))
