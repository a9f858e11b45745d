"""Sets are formed as if one by one: the batches of `form_sets` against a search that knows no runs and no batches."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promoengine.engine.sets import SetGroup, form_sets, places_filled

Supply = list[tuple[int, int]]
"""`(units, mask of the parts that they fit)`, in unit order."""

supplies = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 7)), min_size=2, max_size=5)
quantities_of_parts = st.lists(st.integers(1, 2), min_size=1, max_size=3)


def fillable(masks: list[int], needs: list[int]) -> bool:
    """Whether units of these masks, one place each, can fill the places: every way is tried."""
    places = [part for part, need in enumerate(needs) for _ in range(need)]
    if len(masks) < len(places):
        return False
    if not places:
        return True
    part = places[0]
    fewer = [need - (each == part) for each, need in enumerate(needs)]
    return any(
        fillable([*masks[:index], *masks[index + 1 :]], fewer)
        for index in {mask: index for index, mask in enumerate(masks) if mask >> part & 1}.values()
    )


def next_set(units: list[tuple[int, int]], quantities: list[int]) -> list[tuple[int, int]] | None:
    """The `(position, part)` of each unit that the next set takes, part by part; None where none fits."""
    needs, rest = list(quantities), list(units)
    if not fillable([mask for _, mask in rest], needs):
        return None
    takes = []
    for part in range(len(quantities)):
        for unit in list(rest):
            position, mask = unit
            others = [each for each in rest if each is not unit]
            needs[part] -= 1
            if needs[part] >= 0 and mask >> part & 1 and fillable([each for _, each in others], needs):
                takes.append((position, part))
                rest = others
            else:
                needs[part] += 1
    return takes


def one_by_one(supply: Supply, quantities: list[int], most: int) -> list[list[tuple[int, int]]]:
    units = [(position, mask) for position, (count, mask) in enumerate(supply) for _ in range(count)]
    found: list[list[tuple[int, int]]] = []
    while len(found) < most and (takes := next_set(units, quantities)) is not None:
        found.append(takes)
        for position, _ in takes:
            units.remove(next(unit for unit in units if unit[0] == position))
    return found


def written_out(groups: list[SetGroup]) -> list[list[tuple[int, int]]]:
    """Each set for itself, its units in order of part and position."""
    return [
        [(position, part) for position, part, count in group.takes for _ in range(count)]
        for group in groups
        for _ in range(group.times)
    ]


def formed(supply: Supply, quantities: list[int], most: int) -> list[SetGroup]:
    return form_sets([count for count, _ in supply], [mask for _, mask in supply], quantities, most)


@settings(max_examples=300)
@given(supplies, quantities_of_parts, st.integers(0, 6))
def test_sets_are_those_that_are_formed_one_by_one(supply: Supply, quantities: list[int], most: int) -> None:
    supply = [(count, mask % (1 << len(quantities))) for count, mask in supply]

    assert one_by_one(supply, quantities, most) == written_out(formed(supply, quantities, most))


def test_runs_that_fit_the_same_parts_count_together() -> None:
    assert [SetGroup(1, [(0, 0, 1), (1, 0, 1), (2, 1, 1)])] == formed([(1, 1), (1, 1), (1, 2)], [2, 1], 9)


def test_what_a_part_has_taken_is_gone_for_the_parts_behind_it() -> None:
    # Two of three fit all, and the last part needs one of them.
    assert [SetGroup(1, [(0, 0, 1), (2, 1, 1), (1, 2, 1)])] == formed([(1, 7), (1, 7), (1, 3)], [1, 1, 1], 9)[:1]


@pytest.mark.parametrize("quantities", [[2], [2, 1]])
@pytest.mark.parametrize("most", [0, 1, 2, 3])
def test_no_more_sets_are_formed_than_are_asked_for(quantities: list[int], most: int) -> None:
    supply = [(3, 1), (1, 1), (4, 2), (5, 1)]

    assert most == sum(group.times for group in formed(supply, quantities, most))


def test_what_the_sets_leave_stays_in_the_supply() -> None:
    of_three, of_two_and_one = [7, 2, 4], [7, 2, 4]

    form_sets(of_three, [1, 0, 1], [3], 3)
    form_sets(of_two_and_one, [1, 0, 3], [2, 1], 3)

    assert ([0, 2, 2], [1, 2, 1]) == (of_three, of_two_and_one)


def test_sets_of_one_composition_are_one_group() -> None:
    assert [SetGroup(2000, [(0, 0, 3)])] == formed([(6000, 1)], [3], 10**6)
    assert [SetGroup(2000, [(0, 0, 2), (1, 1, 1)])] == formed([(4000, 1), (2000, 2)], [2, 1], 10**6)


def test_a_composition_is_repeated_only_as_long_as_it_would_be_chosen_again() -> None:
    # Five fit both parts, and three behind them the second alone: the fifth of the five is left with one of the three.
    assert [SetGroup(2, [(0, 0, 1), (0, 1, 1)]), SetGroup(1, [(0, 0, 1), (1, 1, 1)])] == formed(
        [(5, 3), (3, 2)], [1, 1], 10**6
    )


@given(supplies, quantities_of_parts)
def test_places_filled_are_the_most_that_any_way_of_filling_them_fills(supply: Supply, quantities: list[int]) -> None:
    supply = [(min(count, 2), mask % (1 << len(quantities))) for count, mask in supply][:3]
    masks = [mask for count, mask in supply for _ in range(count)]
    places = [part for part, quantity in enumerate(quantities) for _ in range(quantity)][:5]
    quantities = [places.count(part) for part in range(len(quantities))]
    ways = permutations([*places, *[9] * (6 - len(places))])  # 9: a place that nothing fits
    most = max(sum(mask >> part & 1 for mask, part in zip(masks, way, strict=False)) for way in ways)

    assert most == places_filled([count for count, _ in supply], [mask for _, mask in supply], quantities)
