"""Hypothesis strategies for campaigns and carts, as plain data that a file would hold.

Names are plural, arguments beyond the first are keywords with defaults, sizes are `min_` and `max_`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from promoengine.campaign import Campaign
from promoengine.plan import Plan
from promoengine.pricing import Engine
from promoengine.testing.strategies_carts import World, cart, moment
from promoengine.testing.strategies_draft import Hand, Json, draft_for
from promoengine.testing.strategies_edges import Edges, edges_of
from promoengine.testing.strategies_heads import campaign_head
from promoengine.testing.strategies_pools import CURRENCIES
from promoengine.testing.strategies_promotions import promotion

PLAIN_HEAD: Mapping[str, Any] = {"campaign": "c", "currency": "CNY", "timezone": "UTC"}
"""A campaign without promotions, with the default stages."""


@st.composite
def campaigns(
    draw: st.DrawFn,
    *,
    currencies: Sequence[str] = CURRENCIES,
    min_promotions: int = 1,
    max_promotions: int = 6,
    min_stages: int = 1,
    max_stages: int = 7,
    by_lines: bool = True,
) -> Json:
    """Valid campaign documents over small pools of skus and prices, with every kind of every family.

    `Campaign.from_dict` accepts each of them. With more than one of `currencies`, some campaigns state amounts for
    two. With `by_lines=False` nothing goes by lines: law 3 speaks of such campaigns.
    """
    head = campaign_head(draw, currencies, min_stages, max_stages, by_lines=by_lines)
    number = draw(st.integers(min_promotions, max_promotions))
    ids = draw(st.permutations([f"p{position + 1}" for position in range(number)]))
    draft = draft_for(draw, head, ids, by_lines=by_lines)
    return {**head, "promotions": [promotion(draft, name) for name in ids]}


@st.composite
def promotions(draw: st.DrawFn, *, campaign: Mapping[str, Any] = PLAIN_HEAD, id: str = "p1") -> Json:
    """Promotion documents that are valid in a campaign: in its currencies, stages, groups, facts and limits.

    `campaign` is a campaign document; its own promotions may be named by what is drawn, and stay as they are.
    """
    ids = [each["id"] for each in campaign.get("promotions", ())]
    return promotion(draft_for(draw, campaign, [*ids, id]), id)


@st.composite
def carts(
    draw: st.DrawFn,
    *,
    currency: str = "CNY",
    min_lines: int = 0,
    max_lines: int = 5,
    min_quantity: int = 1,
    max_quantity: int = 20,
) -> Json:
    """Cart documents over the same small pools, for no campaign in particular: no facts, limits, codes or gifts."""
    return cart(World(Hand(draw), currency), (min_lines, max_lines), (min_quantity, max_quantity))


def carts_for(
    engine: Engine,
    *,
    currency: str | None = None,
    min_lines: int = 1,
    max_lines: int = 5,
    min_quantity: int = 1,
    max_quantity: int = 20,
) -> st.SearchStrategy[Json]:
    """Cart documents that meet the edges of an engine's campaign: what it selects and asks for and what it does not,
    thresholds and one minor unit around them, codes entered or not, limits near zero, gifts in stock or not.

    Without a `currency`, each of the campaign's.
    """
    plans = engine.campaign.plans
    sources = [source for name, source in plans.items() if currency in (None, name)]
    edged = [(source, edges_of(source)) for source in sources]
    return _carts_of(edged, (min_lines, max_lines), (min_quantity, max_quantity))


@st.composite
def _carts_of(
    draw: st.DrawFn, sources: Sequence[tuple[Plan, Edges]], lines: tuple[int, int], quantity: tuple[int, int]
) -> Json:
    hand = Hand(draw)
    source, edges = hand.one(sources)
    return cart(World(hand, source.currency, edges, source), lines, quantity)


def moments_for(engine: Engine) -> st.SearchStrategy[datetime]:
    """Moments at, just before and just after the edges of a campaign's schedules, weekly hours and launches."""
    source = next(iter(engine.campaign.plans.values()))
    return _moments_of(source, edges_of(source))


@st.composite
def _moments_of(draw: st.DrawFn, source: Plan, edges: Edges) -> datetime:
    return moment(Hand(draw), source, edges)


@dataclass(frozen=True)
class Situation:
    """A campaign, a cart and a moment. Its repr can be pasted into a test."""

    campaign: Json
    cart: Json
    at: datetime
    engine: Engine

    def __repr__(self) -> str:
        return f"Situation.of(\n    {self.campaign!r},\n    {self.cart!r},\n    {self.at.isoformat()!r},\n)"

    @classmethod
    def of(cls, campaign: Json, cart: Json, at: str) -> Situation:
        """The situation of plain data."""
        return cls(campaign, cart, datetime.fromisoformat(at), Engine(Campaign.from_dict(campaign)))

    def to_json(self) -> str:
        """The situation as a line of JSON."""
        return json.dumps({"campaign": self.campaign, "cart": self.cart, "at": self.at.isoformat()})


@st.composite
def situations(
    draw: st.DrawFn,
    *,
    min_promotions: int = 2,
    max_promotions: int = 6,
    min_lines: int = 2,
    max_lines: int = 5,
    min_quantity: int = 1,
    max_quantity: int = 20,
    by_lines: bool = True,
) -> Situation:
    """Campaigns with carts and moments that meet their edges."""
    document = draw(campaigns(min_promotions=min_promotions, max_promotions=max_promotions, by_lines=by_lines))
    engine = Engine(Campaign.from_dict(document))
    found = draw(
        carts_for(
            engine,
            min_lines=min_lines,
            max_lines=max_lines,
            min_quantity=min_quantity,
            max_quantity=max_quantity,
        )
    )
    return Situation(document, found, draw(moments_for(engine)), engine)
