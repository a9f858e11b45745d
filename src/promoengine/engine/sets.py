"""Forming sets: which units make up one set, and the next, while one fits.

**The rule** (semantics 3). Sets are formed one by one. Part by part, a set takes the first units in unit order that
leave the rest of this set fillable. With parts "1 of {A, B}" and "1 of {A}" over one A at 20 and one B at 10, the
first part must not take the A, although it comes first: then the second part would find nothing.

**Fillable.** Needs q_1 ... q_k over units that each fit some of the parts can be filled exactly when, for every group
of parts, the units that fit any part of the group are at least as many as the group needs (Hall's theorem). A unit
is known by the mask of parts that it fits, so the check adds up at most 255 masks and looks at 2^k - 1 groups;
parts are bounded to 8. Most sets have one part, or parts that share no unit; those are never checked this way.

**Batches.** 6,000 equal pieces are one run, and buy-2-get-1 over them is 2,000 sets of one composition. Taking them
one by one would cost 2,000 steps, so a composition is repeated as long as its units last. It is the next one each
time: what comes earlier in the order was not fillable at the larger supply, so it is not at the smaller; and the
composition itself is fillable wherever its units are.

**Worth.** A set of `spend` takes units one after the other until they are worth so much. A set of one part is the same
with units that are worth 1 each, so both are one walk.

**Not done.** Choosing the partition that saves most belongs to the search over choices (semantics 5), which decides
which units a promotion is given, never how it uses them.
"""

from __future__ import annotations

from collections.abc import Sequence

from promoengine.engine.limits import UNBOUNDED
from promoengine.records import dataclass

Take = tuple[int, int, int]
"""`(portion, part, count)`: so many units of the portion at this position fill this part of one set."""


@dataclass(slots=True)
class SetGroup:
    """`times` sets of the same composition, in order of formation."""

    times: int
    takes: list[Take]


def form_sets(
    supply: list[int], masks: Sequence[int], quantities: Sequence[int], most: int = UNBOUNDED
) -> list[SetGroup]:
    """Form up to `most` sets. `supply[i]` units stand at position i of the order, and fit the parts in `masks[i]`.

    `supply` is used up. The groups are in order of formation.
    """
    if len(quantities) == 1:
        return _form_plain(supply, [1 if mask else None for mask in masks], quantities[0], most)
    groups: list[SetGroup] = []
    while most > 0:
        takes = _compose(supply, masks, quantities)
        if takes is None:
            break
        times = _use_up(supply, takes, most)
        groups.append(SetGroup(times, takes))
        most -= times
    return groups


def form_worth_sets(supply: list[int], worths: Sequence[int], spend: int, most: int = UNBOUNDED) -> list[SetGroup]:
    """Form up to `most` sets of units that are worth `spend` together: one after the other, until it is reached.

    `supply[i]` units stand at position i of the order, each worth `worths[i]`. `supply` is used up.
    """
    return _form_plain(supply, worths, spend, most)


def _form_plain(supply: list[int], worths: Sequence[int | None], needed: int, most: int) -> list[SetGroup]:
    """Sets of units that add up to what is needed, in one walk over the order. A unit of a worth of None fits none."""
    groups: list[SetGroup] = []
    open_takes: list[Take] = []
    missing = needed
    for position, worth in enumerate(worths):
        while worth is not None and most > 0 and supply[position] > 0:
            have = supply[position]
            enough = -(-missing // worth) if worth else UNBOUNDED
            if not open_takes and have >= enough:
                times = min(have // enough, most)
                groups.append(SetGroup(times, [(position, 0, enough)]))
                supply[position] -= times * enough
                most -= times
                continue
            count = min(have, enough)
            open_takes.append((position, 0, count))
            supply[position] -= count
            missing -= count * worth
            if missing <= 0:
                groups.append(SetGroup(1, open_takes))
                open_takes, missing = [], needed
                most -= 1
    return groups


def _compose(supply: Sequence[int], masks: Sequence[int], quantities: Sequence[int]) -> list[Take] | None:
    """The next set; None where none fits."""
    left = list(supply)
    by_mask: dict[int, int] = {}
    for count, mask in zip(left, masks, strict=True):
        by_mask[mask] = by_mask.get(mask, 0) + count
    needs = list(quantities)
    if not _fillable(by_mask, needs):
        return None
    takes: list[Take] = []
    for part in range(len(needs)):
        _fill_part(part, left, masks, by_mask, needs, takes)
    return takes


def _fill_part(
    part: int,
    left: list[int],
    masks: Sequence[int],
    by_mask: dict[int, int],
    needs: list[int],
    takes: list[Take],
) -> None:
    """Take the first units that fit the part and leave the rest of the set fillable."""
    bit = 1 << part
    for position, mask in enumerate(masks):
        if not needs[part]:
            return
        if not mask & bit or not left[position]:
            continue
        count = min(left[position], needs[part])
        if mask != bit:
            count = _most_that_leave_fillable(count, part, mask, by_mask, needs)
        if count:
            takes.append((position, part, count))
            left[position] -= count
            by_mask[mask] -= count
            needs[part] -= count


def _most_that_leave_fillable(count: int, part: int, mask: int, by_mask: dict[int, int], needs: list[int]) -> int:
    while count:
        by_mask[mask] -= count
        needs[part] -= count
        fillable = _fillable(by_mask, needs)
        by_mask[mask] += count
        needs[part] += count
        if fillable:
            return count
        count -= 1
    return 0


def _fillable(by_mask: dict[int, int], needs: Sequence[int]) -> bool:
    """Hall's condition over every group of parts that still need units."""
    for group in range(1, 1 << len(needs)):
        needed = 0
        for part, need in enumerate(needs):
            if group >> part & 1:
                needed += need
        for mask, count in by_mask.items():
            if mask & group:
                needed -= count
        if needed > 0:
            return False
    return True


def places_filled(supply: Sequence[int], masks: Sequence[int], quantities: Sequence[int]) -> int:
    """How many places of one set can be filled at once: all but the greatest want of any group of parts."""
    want = 0
    for group in range(1, 1 << len(quantities)):
        needed = sum([need for part, need in enumerate(quantities) if group >> part & 1])
        have = sum([count for count, mask in zip(supply, masks, strict=True) if mask & group])
        want = max(want, needed - have)
    return sum(quantities) - want


def _use_up(supply: list[int], takes: list[Take], most: int) -> int:
    """Take the composition out of the supply as often as it lasts; how often that is."""
    used: dict[int, int] = {}
    for position, _, count in takes:
        used[position] = used.get(position, 0) + count
    times = min([most, *[supply[position] // count for position, count in used.items()]])
    for position, count in used.items():
        supply[position] -= count * times
    return times
