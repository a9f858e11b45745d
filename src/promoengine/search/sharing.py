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
from promoengine.search.members import Kept, Member


def keepings(state: State, members: list[Member]) -> Iterator[Kept]:
    """Every way to keep units of the members from each other, as the stage begins; nothing kept comes first."""
    counts: dict[tuple[int, int], int] = {}
    takers: dict[tuple[int, int], list[int]] = {}
    for position, member in enumerate(members):
        for portion in units_of(state, member):
            key = (portion[1], portion[4].origin)
            counts[key] = portion[5]
            takers.setdefault(key, []).append(position)
    wanted = [key for key in sorted(takers) if len(takers[key]) > 1]
    yield from _over(wanted, counts, takers, members, {})


def _over(
    keys: list[tuple[int, int]],
    counts: dict[tuple[int, int], int],
    takers: dict[tuple[int, int], list[int]],
    members: list[Member],
    shares: dict[tuple[int, int], list[int]],
) -> Iterator[Kept]:
    if not keys:
        yield as_kept(members, takers, shares)
        return
    key = keys[0]
    for share in _shares(counts[key], len(takers[key]) - 1):
        yield from _over(keys[1:], counts, takers, members, {**shares, key: share})


def _shares(count: int, takers: int) -> Iterator[list[int]]:
    """Every way to keep some of `count` units for each of so many later members."""
    if not takers:
        yield []
        return
    for first in range(count + 1):
        for rest in _shares(count - first, takers - 1):
            yield [first, *rest]


def as_kept(
    members: list[Member], takers: dict[tuple[int, int], list[int]], shares: dict[tuple[int, int], list[int]]
) -> Kept:
    """What each member is not given: of each run, what later members are to have."""
    kept: dict[Turn, dict[tuple[int, int], int]] = {}
    for key, share in shares.items():
        for place, position in enumerate(takers[key]):
            later = sum(share[place:])
            if later:
                kept.setdefault(members[position].turn, {})[key] = later
    return dict(kept)
