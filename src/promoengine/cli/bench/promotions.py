"""What each promotion adds: carts are priced without it, in turns with the campaign as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import fmean

from promoengine.campaign import Campaign
from promoengine.cli.bench.measure import timed
from promoengine.cli.desk import Desk, Request
from promoengine.errors import DiagnosticsError
from promoengine.pricing import Engine

MOST_CARTS = 100
MOST_PROMOTIONS = 50
PASSES = 5


@dataclass(frozen=True, slots=True)
class Added:
    """What a promotion adds, in nanoseconds of CPU time: to a cart of the sample in which it is found, on average; to
    the average cart of the sample; and to the slowest cart, where it is found there.
    """

    promotion: str
    found_in: int
    where_found: float
    on_average: float
    to_slowest: float | None


@dataclass(frozen=True, slots=True)
class Costs:
    """Promotions, those that add the most to the average cart first.

    `noise` is what the same campaign seems to add to the average cart, beside itself. `not_measured` are those found
    in the sample whose cost is not known.
    """

    sample: int
    noise: float
    added: list[Added]
    not_measured: list[str]


def sample_of(places: Iterable[int]) -> list[int]:
    """Lines evenly spread over those that were priced, a hundred at most."""
    every = list(places)
    count = min(MOST_CARTS, len(every))
    return [every[index * len(every) // count] for index in range(count)]


def promotion_costs(desk: Desk, sample: list[Request], slowest: Request) -> Costs:
    """What the promotions that are found in the sample, or in the slowest cart, add."""
    requests = [*sample, slowest]
    found = _found(desk, requests)
    ranked = sorted(found, key=lambda name: (-len(found[name]), name))
    added, not_measured = [], ranked[MOST_PROMOTIONS:]
    for name in ranked[:MOST_PROMOTIONS]:
        try:
            differences = _without(desk, name, [requests[index] for index in found[name]])
        except DiagnosticsError:
            not_measured.append(name)
        else:
            added.append(_added(name, dict(zip(found[name], differences, strict=True)), len(sample)))
    same = Desk(Engine(desk.campaign), desk.at, desk.by_clock, desk.outcomes)
    noise = fmean(_differences(desk, sample, same, sample))
    return Costs(len(sample), noise, sorted(added, key=lambda each: -each.on_average), not_measured)


def _found(desk: Desk, requests: list[Request]) -> dict[str, list[int]]:
    """By promotion, the places of the carts in which it has an outcome."""
    found: dict[str, list[int]] = {}
    for index, request in enumerate(requests):
        for name in desk.engine.price(request.data, at=request.at).outcomes:
            found.setdefault(name, []).append(index)
    return found


def _without(desk: Desk, name: str, requests: list[Request]) -> list[float]:
    """What each cart takes more than it does under the campaign without a promotion.

    Raises `DiagnosticsError` where the promotion cannot be left out: other promotions speak of it, or a cart is refused
    that has not got it.
    """
    document = desk.campaign.document
    others = tuple(each for each in document.promotions if each.id != name)
    campaign = Campaign(document.model_copy(update={"promotions": others}))
    other = Desk(Engine(campaign), desk.at, desk.by_clock, desk.outcomes)
    return _differences(desk, requests, other, [_not_naming(name, request) for request in requests])


def _not_naming(name: str, request: Request) -> Request:
    """The cart without what it says of a promotion."""
    kept = {
        field: {key: value for key, value in request.data[field].items() if key != name}
        for field in ("limits_left", "gift_choices")
        if field in request.data
    }
    lines = [line for line in request.data["lines"] if line.get("gift_of") != name]
    return replace(request, data={**request.data, **kept, "lines": lines})


def _added(name: str, differences: dict[int, float], sample: int) -> Added:
    """`differences` are by the place of the cart; the slowest cart stands behind the sample."""
    to_slowest = differences.pop(sample, None)
    total = sum(differences.values())
    return Added(name, len(differences), total / max(len(differences), 1), total / sample, to_slowest)


def _differences(desk: Desk, requests: list[Request], other: Desk, changed: list[Request]) -> list[float]:
    """What each cart takes more at a desk than at another: the least of several passes at each, taken in turns."""
    timed(other, changed)
    here, there = [], []
    for _ in range(PASSES):
        here.append(timed(desk, requests)[0])
        there.append(timed(other, changed)[0])
    least = [map(min, *passes) for passes in (here, there)]
    return [float(one - without) for one, without in zip(*least, strict=True)]
