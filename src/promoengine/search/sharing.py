"""Sharing out by trying: the divisions of a stage that cannot be counted (`division` does those that can).

Where a member measures what it is given, or is limited, or picks, nothing short of running the stage says what a
division comes to. So every division is tried: of each run that several members want, so many units are kept for each
later one. That is exact, and it grows with the units; the node count bounds it.
"""

from __future__ import annotations

from collections.abc import Iterator

from promoengine.engine.choice import Turn
from promoengine.engine.state import State
from promoengine.search.legality import units_of
from promoengine.search.members import Kept, Member, UnitKey


def keepings(state: State, members: list[Member]) -> Iterator[Kept]:
    """Every way to keep units of the members from each other, as the stage begins; nothing kept comes first. Members of
    one promotion do not exclude each other, so what is kept is kept for all of them.
    """
    counts: dict[UnitKey, int] = {}
    takers: dict[UnitKey, list[Member]] = {}
    for member in members:
        for portion in units_of(state, member):
            key = (portion[1], portion[4].origin)
            counts[key] = portion[5]
            takers.setdefault(key, []).append(member)
    promotions = {key: list(dict.fromkeys([member.rule.index for member in takers[key]])) for key in takers}
    wanted = [key for key in sorted(takers) if len(promotions[key]) > 1]
    for shares in _over([(counts[key], len(promotions[key]) - 1) for key in wanted]):
        kept: dict[Turn, dict[UnitKey, int]] = {}
        for key, share in zip(wanted, shares, strict=True):
            for member in takers[key]:
                later = sum(share[promotions[key].index(member.rule.index) :])
                if later:
                    kept.setdefault(member.turn, {})[key] = later
        yield dict(kept)


def _over(runs: list[tuple[int, int]]) -> Iterator[list[list[int]]]:
    """Every way to keep units of each run, of so many units and so many later promotions."""
    if not runs:
        yield []
        return
    for share in _shares(*runs[0]):
        for rest in _over(runs[1:]):
            yield [share, *rest]


def _shares(count: int, takers: int) -> Iterator[list[int]]:
    """Every way to keep some of `count` units for each of so many later promotions."""
    if not takers:
        yield []
        return
    for first in range(count + 1):
        for rest in _shares(count - first, takers - 1):
            yield [first, *rest]
