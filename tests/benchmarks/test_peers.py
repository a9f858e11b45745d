"""The work that is set to the peers: the campaigns are sound, and the carts tell the promotions apart."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from promoengine import Campaign, Engine

PEERS = Path(__file__).resolve().parents[2] / "benchmarks" / "peers"
AT = datetime.fromisoformat("2026-11-10T20:30:00+08:00")
NAMES = ("carts", "pairs", "thousand", "agreement")


@pytest.fixture(scope="module")
def peers() -> Iterator[dict[str, Any]]:
    """The scripts of the benchmark, which import each other by their bare names."""
    sys.path.insert(0, str(PEERS))
    try:
        yield {name: __import__(name) for name in NAMES}
    finally:
        sys.path.remove(str(PEERS))
        for name in NAMES:
            sys.modules.pop(name, None)


def test_each_promotion_acts_in_some_carts_and_not_in_others(peers: dict[str, Any]) -> None:
    carts = peers["carts"].carts(60)
    for name in ("eleven", "medusa", "oscar"):
        engine = Engine(Campaign.load(PEERS / f"{name}.yaml"))
        acting = [set(engine.price(cart, at=AT).promotions) for cart in carts]
        counts = {promotion: sum(promotion in each for each in acting) for promotion in set.union(*acting)}
        assert {each.id for each in engine.campaign.document.promotions} == set(counts)
        assert all(0 < count < len(carts) for count in counts.values()), counts


def test_a_campaign_has_the_promotions_that_its_rival_does_not_leave_out(peers: dict[str, Any]) -> None:
    for pair in peers["pairs"].PAIRS:
        if not pair.thousand:
            campaign = Campaign.from_yaml(pair.data()["campaign"])
            assert set(pair.promotions) == {each.id for each in campaign.document.promotions}


def test_of_the_thousand_only_promotions_that_the_query_leaves_act(peers: dict[str, Any]) -> None:
    thousand = peers["thousand"]
    given = thousand.promotions()
    engine = Engine(Campaign.from_dict(thousand.campaign(given)))
    assert 1000 == len(given)
    for cart in thousand.carts(5):
        assert thousand.LINES == len(cart["lines"])
        assert engine.price(cart, at=AT).promotions.keys() <= set(thousand.found(given, cart))


def test_figures_are_added_before_they_are_rounded_and_compared_to_the_cent(peers: dict[str, Any]) -> None:
    theirs = [{"tea": ["0.333", "0.333", "0.339"], "ladder": "20"}, {"tea": "1.00"}, {}]
    ours = [{"tea": "1.01", "ladder": "20.00"}, {"tea": "1.02"}, {}]
    found = peers["agreement"].compare(theirs, ours)
    assert (3, 2, "0.02", 2) == (
        found["carts"],
        found["equal_to_the_cent"],
        found["greatest_difference"],
        found["acted_on"],
    )
