"""The bound: no legal continuation costs less."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from promoengine import Campaign, CartRefused, Engine
from promoengine.testing import situations
from promoengine.testing.laws_variants import campaign_document


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(situations())
def test_the_gap_of_a_search_that_may_do_nothing_covers_what_the_search_finds(found):
    document = campaign_document(found.engine)
    in_order = Engine(Campaign.from_dict({**document, "search": {"max_nodes": 0}}))
    try:
        best = found.engine.price(found.cart, at=found.at)
        plain = in_order.price(found.cart, at=found.at)
    except CartRefused:
        return
    payable = [quote.goods_total_minor + quote.shipping_total_minor for quote in (best, plain)]
    assert 0 <= payable[1] - payable[0] <= plain.selection.gap_minor
