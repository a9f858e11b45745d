"""Sharing an amount over units and lines, to the cent."""

from __future__ import annotations

import time
from fractions import Fraction
from math import floor
from typing import Any, Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from promoengine.allocation import (
    OddUnits,
    Portion,
    ShareRounding,
    allocate_lines,
    allocate_units,
    capacity,
    share_by_left,
)

Ends = Literal["first", "last"]

# Small numbers make equal remainders, full units and weights of 0 common.
small = st.integers(0, 12)
lines = st.lists(st.tuples(small, small), min_size=1, max_size=7)
portions_of_units = st.lists(st.tuples(st.integers(0, 4), small, small), min_size=1, max_size=6)
large_lines = st.lists(st.tuples(st.integers(0, 10**15), st.integers(0, 10**15)), min_size=1, max_size=30)
# Their ratios of left to weight differ by less than a float can tell.
nearly_equal = st.integers(10**15 - 4, 10**15)
nearly_equal_lines = st.lists(st.tuples(nearly_equal, nearly_equal), min_size=2, max_size=6)
roundings = st.sampled_from(("floor", "half_up", "half_down"))
ends = st.sampled_from(("first", "last"))


# A slow and obvious implementation, from the page alone: fractions, unit by unit, round by round.


def dropped_out(amount: int, weights: list[int], lefts: list[int]) -> tuple[list[int], dict[int, Fraction]]:
    """The shares of those that drop out (0 for all others), and the exact shares of the others."""
    shares = [0] * len(weights)
    remaining = {i for i, weight in enumerate(weights) if weight}
    while remaining:
        total = sum(weights[i] for i in remaining)
        exact = {i: Fraction(amount * weights[i], total) for i in sorted(remaining)}
        full = {i for i in remaining if exact[i] > lefts[i]}
        if not full:
            return shares, exact
        for i in full:
            shares[i] = lefts[i]
            amount -= lefts[i]
        remaining -= full
    return shares, {}


def shared_by_largest_remainders(amount: int, weights: list[int], lefts: list[int], order: list[int]) -> list[int]:
    shares, exact = dropped_out(amount, weights, lefts)
    for i, share in exact.items():
        shares[i] = floor(share)
    ranked = sorted(exact, key=lambda i: (floor(exact[i]) - exact[i], order.index(i)))
    while sum(shares) < amount:
        for i in ranked:
            if shares[i] < lefts[i] and sum(shares) < amount:
                shares[i] += 1
    return shares


def shared_with_one_end_settling(
    amount: int, weights: list[int], lefts: list[int], order: list[int], odd: Ends, rounding: ShareRounding
) -> list[int]:
    shares, exact = dropped_out(amount, weights, lefts)
    for i, share in exact.items():
        below = floor(share)
        half = Fraction(1, 2)
        up = share - below > half or (share - below == half and rounding == "half_up")
        shares[i] = below + (up and rounding != "floor")
    for i in order if odd == "first" else reversed(order):
        while i in exact and sum(shares) < amount and shares[i] < lefts[i]:
            shares[i] += 1
        while i in exact and sum(shares) > amount and shares[i] > 0:
            shares[i] -= 1
    return shares


def shared_in_turn(
    amount: int, weights: list[int], lefts: list[int], order: list[int], rounding: ShareRounding
) -> list[int]:
    shares, exact = dropped_out(amount, weights, lefts)
    turns = [i for i in order if i in exact]
    for turn, i in enumerate(turns):
        rest = amount - sum(shares) + sum(shares[j] for j in turns[turn:])
        to_come = turns[turn + 1 :]
        share = Fraction(rest * weights[i], weights[i] + sum(weights[j] for j in to_come))
        half = share - floor(share) - Fraction(1, 2)
        up = rounding != "floor" and (half > 0 or (half == 0 and rounding == "half_up"))
        shares[i] = min(lefts[i], max(floor(share) + up, rest - sum(lefts[j] for j in to_come)))
    return shares


def expanded(pieces: list[list[tuple[int, int]]]) -> list[int]:
    """The share of every unit, run by run."""
    return [share for portion in pieces for count, share in portion for _ in range(count)]


def expanded_weights_and_lefts(of: list[Portion]) -> tuple[list[int], list[int]]:
    """The weight and the room of every unit, run by run."""
    weights = [weight for count, weight, _ in of for _ in range(count)]
    lefts = [left for count, _, left in of for _ in range(count)]
    return weights, lefts


def amount_for(data: st.DataObject, most: int) -> int:
    """Any amount that can be shared, often all of it or almost."""
    return data.draw(st.one_of(st.integers(max(most - 9, 0), most), st.integers(0, most)), label="amount")


def as_portions(of: list[tuple[int, int]]) -> list[Portion]:
    return [(1, weight, left) for weight, left in of]


# Worked cases. Amounts are minor units; a line's weight is what it has left unless said otherwise.


@pytest.mark.parametrize(
    ("amount", "lefts", "expected"),
    [
        pytest.param(1500, [2200, 1400, 4300, 750, 0], [381, 243, 746, 130, 0], id="magento 12721"),
        pytest.param(100, [1000, 1000, 1000, 0], [34, 33, 33, 0], id="flexprice 1020"),
        pytest.param(1000, [2299], [1000], id="solidus 2582"),
        pytest.param(3000, [0, 5000, 7500], [0, 1200, 1800], id="sylius 13371"),
        pytest.param(500, [300, 400], [214, 286], id="gumroad 6750"),
        pytest.param(69, [395, 295], [40, 29], id="woocommerce 25193"),
        pytest.param(50, [200, 150], [29, 21], id="ruoyi, by largest remainder"),
        pytest.param(5000, [19990, 9950, 30560], [1652, 822, 2526], id="50.00 over 605.00"),
        pytest.param(1600, [1300, 1300, 1200], [548, 547, 505], id="salesforce SF04, not cascading"),
        pytest.param(15600, [19000, 19000, 25000, 15000], [3800, 3800, 5000, 3000], id="vtex VT01"),
        pytest.param(1000, [2000, 4500, 6000], [160, 360, 480], id="voucherify VF10"),
        pytest.param(1000, [2000, 8000], [200, 800], id="voucherify VF17"),
        pytest.param(5800, [19900, 9900, 5900], [3233, 1608, 959], id="CN-A22"),
        pytest.param(157, [501, 342, 213], [74, 51, 32], id="CN-B12 as it should be"),
        pytest.param(3000, [8000, 4000], [2000, 1000], id="CN-B15"),
        pytest.param(800, [800], [800], id="CN-J10"),
        pytest.param(1, [1000, 1000, 1000], [1, 0, 0], id="one minor unit over equal lines"),
        pytest.param(2, [1000, 1000, 1000], [1, 1, 0], id="two minor units over equal lines"),
        pytest.param(7, [1, 2, 4], [1, 2, 4], id="everything"),
        pytest.param(0, [1, 2, 4], [0, 0, 0], id="nothing"),
    ],
)
def test_a_published_amount_is_shared_as_published(amount: int, lefts: list[int], expected: list[int]) -> None:
    assert allocate_lines(amount, lefts, lefts) == expected
    assert expanded(allocate_units(amount, [(1, left, left) for left in lefts])) == expected


def test_a_second_amount_is_shared_by_what_the_first_one_left() -> None:
    # medusa 13263: 200.00 twice on shipping of 500.00 and 100.00.
    first = allocate_lines(20000, [50000, 10000], [50000, 10000])
    lefts = [50000 - first[0], 10000 - first[1]]
    second = allocate_lines(20000, lefts, lefts)

    assert first == [16667, 3333]
    # Of 333.33 and 66.67 it is 166.665 and 33.335, and the first line takes the odd cent.
    assert second == [16667, 3333]


def test_two_amounts_over_a_line_of_three_and_a_line_of_one_leave_the_difference_to_the_cent() -> None:
    # sylius 17862: 20.00 and 80.00 off 3 × 10.56 + 69.58 leave 1.26.
    lefts = [3 * 1056, 6958]
    for amount in (2000, 8000):
        shares = allocate_lines(amount, lefts, lefts)
        lefts = [left - share for left, share in zip(lefts, shares, strict=True)]

    assert sum(lefts) == 126
    assert min(lefts) >= 0


def test_the_units_of_a_line_get_the_larger_share_first() -> None:
    # saleor-dashboard 2963: 0.43 off 3 × 4.66.
    assert allocate_units(43, [(3, 466, 466)]) == [[(1, 15), (2, 14)]]


@given(st.lists(st.tuples(st.integers(1, 5), small), min_size=1, max_size=5), st.data())
def test_what_is_shared_by_what_is_left_is_shared_as_if_that_were_the_weight(
    units: list[tuple[int, int]], data: st.DataObject
) -> None:
    portions = [(count, left, left) for count, left in units]
    amount = data.draw(st.integers(0, capacity(portions)))

    by_place: list[list[tuple[int, int]]] = [[] for _ in units]
    for place, count, share in share_by_left(amount, units):
        by_place[place].append((count, share))

    assert allocate_units(amount, portions) == by_place


def test_more_than_is_left_cannot_be_shared_by_what_is_left() -> None:
    for units in ([(2, 10)], [(2, 10), (1, 5)], [(2, 10), (1, 5), (1, 1)]):
        with pytest.raises(ValueError, match="cannot be shared"):
            share_by_left(1000, units)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        pytest.param([2, 3, 3], [250, 375, 375], id="by quantity, voucherify VF11"),
        pytest.param([1, 1, 1], [334, 333, 333], id="equal"),
        pytest.param([2000, 4500, 6000], [160, 360, 480], id="by list"),
    ],
)
def test_weights_need_not_be_what_is_left(weights: list[int], expected: list[int]) -> None:
    assert allocate_lines(1000, weights, [2000, 4500, 6000]) == expected


def test_a_line_that_cannot_bear_its_share_gives_what_it_has_and_drops_out() -> None:
    # CN-C15: by list 400 to 200, with 20.00 and 200.00 left.
    assert allocate_lines(10000, [40000, 20000], [2000, 20000]) == [2000, 8000]
    assert allocate_units(10000, [(1, 40000, 2000), (2, 10000, 10000)]) == [[(1, 2000)], [(2, 4000)]]


def test_one_line_that_drops_out_can_make_others_drop_out() -> None:
    # By weight 4 : 2 : 1, 70 is 40, 20, 10; without the first, 65 is 43⅓, 21⅔; without the second, 45.
    assert allocate_lines(70, [4, 2, 1], [5, 20, 100]) == [5, 20, 45]


def test_a_fraction_above_what_is_left_drops_out_too() -> None:
    # 10 · 1/3 is 3⅓ and exceeds 3; the other 7 are shared as 3½ and 3½.
    assert allocate_lines(10, [1, 1, 1], [9, 3, 9]) == [4, 3, 3]


def test_the_odd_units_go_to_the_largest_remainders_and_not_to_the_largest_lines() -> None:
    # 10 over 94 : 3 : 3 is 9.4, 0.3, 0.3; over 88 : 6 : 6 it is 8.8, 0.6, 0.6.
    assert allocate_lines(10, [94, 3, 3], [94, 3, 3]) == [10, 0, 0]
    assert allocate_lines(10, [88, 6, 6], [88, 6, 6]) == [9, 1, 0]


def test_equal_remainders_are_settled_by_the_order_given() -> None:
    assert allocate_lines(2, [5, 5, 5], [5, 5, 5], order=[2, 0, 1]) == [1, 0, 1]


@pytest.mark.parametrize(
    ("odd", "rounding", "expected"),
    [
        ("last", "floor", [74, 50, 33]),  # CN-B13
        ("first", "floor", [76, 50, 31]),
        ("last", "half_up", [74, 51, 32]),
        ("first", "half_up", [74, 51, 32]),
    ],
)
def test_the_published_split_of_one_fifty_seven_is_reproduced(
    odd: OddUnits, rounding: ShareRounding, expected: list[int]
) -> None:
    assert allocate_lines(157, [501, 342, 213], [501, 342, 213], odd=odd, share_rounding=rounding) == expected


@pytest.mark.parametrize(
    ("amount", "lefts", "expected"),
    [
        pytest.param(1000, [1000, 1000, 1000], [333, 333, 334], id="CN-B08"),
        pytest.param(50, [200, 150], [28, 22], id="CN-B10"),
        pytest.param(157, [213, 342, 501], [31, 50, 76], id="CN-B14"),
    ],
)
def test_the_last_line_makes_up_all_that_the_floors_leave(amount: int, lefts: list[int], expected: list[int]) -> None:
    assert allocate_lines(amount, lefts, lefts, odd="last") == expected


def test_what_the_last_line_has_no_room_for_goes_to_its_neighbour() -> None:
    # The exact shares are 4⅔, 4⅔, 4⅔: two are missing, and the last line has room for one.
    assert allocate_lines(14, [1, 1, 1], [9, 9, 5], odd="last") == [4, 5, 5]
    assert allocate_lines(14, [1, 1, 1], [5, 9, 9], odd="first") == [5, 5, 4]


def test_a_free_line_at_the_end_gets_nothing_that_is_missing() -> None:
    assert allocate_lines(1000, [1000, 1000, 1000, 0], [1000, 1000, 1000, 0], odd="last") == [
        333,
        333,
        334,
        0,
    ]
    assert allocate_lines(1000, [1, 1, 1, 0], [1000, 1000, 1000, 500], odd="last") == [333, 333, 334, 0]


def test_what_rounding_half_up_gave_too_much_is_taken_back_from_the_end() -> None:
    # 2 over four equal lines is ½ each: half up gives 1, 1, 1, 1, which is two too many.
    assert allocate_lines(2, [1] * 4, [9] * 4, odd="last", share_rounding="half_up") == [1, 1, 0, 0]
    assert allocate_lines(2, [1] * 4, [9] * 4, odd="first", share_rounding="half_up") == [0, 0, 1, 1]
    assert allocate_lines(2, [1] * 4, [9] * 4, odd="first", share_rounding="half_down") == [2, 0, 0, 0]


def test_half_down_rounds_up_the_least_that_is_more_than_a_half() -> None:
    # 2 by 1 : 2 are ⅔ and 1⅓, which are 1 and 1.
    assert allocate_lines(2, [1, 2], [9, 9], odd="last", share_rounding="half_down") == [1, 1]


def test_a_line_that_dropped_out_keeps_what_it_gave() -> None:
    # The last line gives its 2 and drops out; 5 are shared as 2½ and 2½, and half up is one too many.
    assert allocate_lines(7, [1, 1, 1], [9, 9, 2], odd="last", share_rounding="half_up") == [3, 2, 2]


@pytest.mark.parametrize(
    ("amount", "lefts", "rounding", "expected"),
    [
        pytest.param(1600, [1300, 1300, 1200], "half_up", [547, 548, 505], id="SF04"),
        pytest.param(1600, [1300, 1300, 1200], "floor", [547, 547, 506], id="SF04, floored"),
        pytest.param(2, [9, 9, 9, 9], "half_up", [1, 0, 1, 0], id="halves up"),  # 1/2 of 2, 1/3 of 1, 1/2 of 1
        pytest.param(2, [9, 9, 9, 9], "half_down", [0, 1, 0, 1], id="halves down"),
        pytest.param(9, [3, 3, 0, 3], "half_up", [3, 3, 0, 3], id="nothing odd"),
    ],
)
def test_in_turn_each_line_shares_the_rest_with_those_to_come(
    amount: int, lefts: list[int], rounding: ShareRounding, expected: list[int]
) -> None:
    assert allocate_lines(amount, lefts, lefts, odd="in_turn", share_rounding=rounding) == expected


def test_in_turn_a_line_takes_what_those_to_come_have_no_room_for() -> None:
    # Of 4, the exact shares are 1½, 1½ and 1. The first is floored. Of the other 3 the second's is 1.8, floored 1; the
    # third has room for 1, so the second takes 2.
    assert allocate_lines(4, [3, 3, 2], [9, 9, 1], odd="in_turn") == [1, 2, 1]


def test_in_turn_lines_that_drop_out_are_not_waited_for() -> None:
    # The second gives its 1; the others share 6 in turn.
    assert allocate_lines(7, [1, 1, 1], [9, 1, 9], odd="in_turn") == [3, 1, 3]


def test_the_order_decides_whose_turn_it_is() -> None:
    assert allocate_lines(10, [1, 1, 1], [9, 9, 9], odd="in_turn") == [3, 3, 4]
    assert allocate_lines(10, [1, 1, 1], [9, 9, 9], order=[1, 2, 0], odd="in_turn") == [4, 3, 3]


def test_the_order_decides_which_line_is_first_and_which_is_last() -> None:
    assert allocate_lines(10, [1, 1, 1], [9, 9, 9], order=[1, 2, 0], odd="first") == [3, 4, 3]
    assert allocate_lines(10, [1, 1, 1], [9, 9, 9], order=[1, 2, 0], odd="last") == [4, 3, 3]


def test_a_run_is_split_in_at_most_two_pieces() -> None:
    assert allocate_units(5, [(4, 10, 10)]) == [[(1, 2), (3, 1)]]
    assert allocate_units(8, [(4, 10, 10)]) == [[(4, 2)]]
    assert allocate_units(3, [(2, 10, 10), (2, 10, 10)]) == [[(2, 1)], [(1, 1), (1, 0)]]


def test_a_run_of_no_units_gets_no_piece() -> None:
    assert allocate_units(3, [(0, 10, 10), (1, 10, 10)]) == [[], [(1, 3)]]
    assert allocate_units(3, [(0, 10, 0), (1, 10, 10)]) == [[], [(1, 3)]]
    assert allocate_units(0, [(0, 10, 10), (2, 10, 10)]) == [[], [(2, 0)]]
    assert allocate_units(12, [(0, 10, 1), (1, 10, 2), (1, 10, 10)]) == [[], [(1, 2)], [(1, 10)]]


def test_nothing_can_be_shared_over_nothing() -> None:
    assert allocate_lines(0, [], []) == []
    assert allocate_units(0, []) == []


# What cannot be shared.


def test_the_capacity_counts_units_with_a_weight() -> None:
    assert capacity([(3, 5, 100), (2, 0, 100), (0, 5, 100), (1, 1, 7)]) == 307


@pytest.mark.parametrize(
    ("amount", "weights", "lefts"),
    [
        pytest.param(11, [1, 1], [5, 5], id="more than is left"),
        pytest.param(6, [1, 0], [5, 5], id="more than is left on lines with a weight"),
        pytest.param(1, [0, 0], [5, 5], id="no weight at all"),
        pytest.param(1, [], [], id="no lines at all"),
        pytest.param(-1, [1, 1], [5, 5], id="less than nothing"),
        pytest.param(-1, [0, 0], [5, 5], id="less than nothing over no weight"),
    ],
)
def test_an_amount_that_has_no_place_is_refused(amount: int, weights: list[int], lefts: list[int]) -> None:
    with pytest.raises(ValueError, match="cannot be shared over units that can take 0 to"):
        allocate_lines(amount, weights, lefts)
    with pytest.raises(ValueError, match="cannot be shared over units that can take 0 to"):
        allocate_units(amount, as_portions(list(zip(weights, lefts, strict=True))))


@pytest.mark.parametrize("rounding", ["half_up", "half_down"])
def test_the_largest_remainders_exclude_any_rounding_but_floor(rounding: ShareRounding) -> None:
    with pytest.raises(ValueError, match="the largest remainders are of floors"):
        allocate_lines(0, [1], [1], share_rounding=rounding)


@pytest.mark.parametrize(
    ("amount", "weights", "lefts"), [(1, [1], [9, 9]), (1, [1, 1], [9]), (9, [1], [1, 9]), (0, [1], [])]
)
def test_weights_and_lefts_of_different_lengths_are_refused(amount: int, weights: list[int], lefts: list[int]) -> None:
    with pytest.raises(ValueError, match=r"zip\(\) argument 2"):
        allocate_lines(amount, weights, lefts)


def test_an_order_of_some_lines_only_is_refused() -> None:
    with pytest.raises(ValueError, match="the order has 1 positions for 2 lines"):
        allocate_lines(1, [1, 1], [9, 9], order=[0])


# Laws.


@given(portions_of_units, st.data())
def test_units_get_what_a_unit_by_unit_calculation_gives_them(of: list[Portion], data: st.DataObject) -> None:
    amount = amount_for(data, capacity(of))
    weights, lefts = expanded_weights_and_lefts(of)

    expected = shared_by_largest_remainders(amount, weights, lefts, list(range(len(weights))))
    assert expanded(allocate_units(amount, of)) == expected


@given(lines, st.data())
def test_lines_get_what_a_line_by_line_calculation_gives_them(of: list[tuple[int, int]], data: st.DataObject) -> None:
    amount = amount_for(data, capacity(as_portions(of)))
    weights, lefts = [weight for weight, _ in of], [left for _, left in of]
    order = data.draw(st.permutations(range(len(of))), label="order")

    expected = shared_by_largest_remainders(amount, weights, lefts, order)
    assert allocate_lines(amount, weights, lefts, order=order) == expected


@given(lines, ends, roundings, st.data())
def test_one_end_makes_up_what_a_line_by_line_calculation_says(
    of: list[tuple[int, int]], odd: Ends, rounding: ShareRounding, data: st.DataObject
) -> None:
    amount = amount_for(data, capacity(as_portions(of)))
    weights, lefts = [weight for weight, _ in of], [left for _, left in of]
    order = data.draw(st.permutations(range(len(of))), label="order")

    expected = shared_with_one_end_settling(amount, weights, lefts, order, odd, rounding)
    actual = allocate_lines(amount, weights, lefts, order=order, odd=odd, share_rounding=rounding)
    assert actual == expected


@given(lines, st.sampled_from(("floor", "half_up", "half_down")), st.data())
def test_in_turn_gives_what_a_line_by_line_calculation_says(
    of: list[tuple[int, int]], rounding: ShareRounding, data: st.DataObject
) -> None:
    amount = amount_for(data, capacity(as_portions(of)))
    weights, lefts = [weight for weight, _ in of], [left for _, left in of]
    order = data.draw(st.permutations(range(len(of))), label="order")

    expected = shared_in_turn(amount, weights, lefts, order, rounding)
    assert allocate_lines(amount, weights, lefts, order=order, odd="in_turn", share_rounding=rounding) == expected


@given(large_lines, st.sampled_from(("largest", "first", "last", "in_turn")), st.data())
def test_shares_sum_to_the_amount_and_never_exceed_what_is_left(
    of: list[tuple[int, int]], odd: OddUnits, data: st.DataObject
) -> None:
    amount = amount_for(data, capacity(as_portions(of)))
    shares = allocate_lines(amount, [weight for weight, _ in of], [left for _, left in of], odd=odd)

    assert sum(shares) == amount
    assert all(0 <= share <= left for share, (_, left) in zip(shares, of, strict=True))
    assert all(not share for share, (weight, _) in zip(shares, of, strict=True) if not weight)


@given(st.one_of(large_lines, nearly_equal_lines), st.data())
def test_large_lines_get_what_a_line_by_line_calculation_gives_them(
    of: list[tuple[int, int]], data: st.DataObject
) -> None:
    amount = amount_for(data, capacity(as_portions(of)))
    weights, lefts = [weight for weight, _ in of], [left for _, left in of]

    expected = shared_by_largest_remainders(amount, weights, lefts, list(range(len(of))))
    assert allocate_lines(amount, weights, lefts) == expected
    assert expanded(allocate_units(amount, as_portions(of))) == expected


@given(portions_of_units, st.data())
def test_a_run_gets_what_its_units_get_one_by_one(of: list[Portion], data: st.DataObject) -> None:
    amount = amount_for(data, capacity(of))
    one_by_one = [(1, weight, left) for count, weight, left in of for _ in range(count)]

    assert expanded(allocate_units(amount, of)) == expanded(allocate_units(amount, one_by_one))


@given(portions_of_units, st.data())
def test_every_portion_is_answered_by_pieces_that_add_up_larger_share_first(
    of: list[Portion], data: st.DataObject
) -> None:
    pieces = allocate_units(amount_for(data, capacity(of)), of)

    assert [sum(count for count, _ in portion) for portion in pieces] == [count for count, _, _ in of]
    assert all(count > 0 for portion in pieces for count, _ in portion)
    assert [portion for portion in pieces if len(portion) > 2] == []
    pairs = [(portion[0][1], portion[1][1]) for portion in pieces if len(portion) == 2]
    assert [pair for pair in pairs if pair[0] != pair[1] + 1] == []


@given(portions_of_units, st.data())
def test_permuting_portions_changes_no_share_where_no_remainders_are_equal(
    of: list[Portion], data: st.DataObject
) -> None:
    amount = amount_for(data, capacity(of))
    owners = [i for i, (count, _, _) in enumerate(of) for _ in range(count)]
    _, exact = dropped_out(amount, *expanded_weights_and_lefts(of))
    remainders = {(share % 1, owners[unit]) for unit, share in exact.items() if share % 1}
    assume(len({remainder for remainder, _ in remainders}) == len(remainders))
    shuffled = data.draw(st.permutations(range(len(of))), label="order")

    pieces = allocate_units(amount, of)
    assert allocate_units(amount, [of[i] for i in shuffled]) == [pieces[i] for i in shuffled]


@given(lines, st.sampled_from(("largest", "first", "last", "in_turn")), st.data())
def test_permuting_lines_together_with_their_order_changes_no_share(
    of: list[tuple[int, int]], odd: OddUnits, data: st.DataObject
) -> None:
    amount = amount_for(data, capacity(as_portions(of)))
    shuffled = data.draw(st.permutations(range(len(of))), label="shuffled")

    def shared(lines_now: list[tuple[int, int]], **rest: Any) -> list[int]:
        weights, lefts = [weight for weight, _ in lines_now], [left for _, left in lines_now]
        return allocate_lines(amount, weights, lefts, odd=odd, **rest)

    expected = shared(of)
    order = [shuffled.index(i) for i in range(len(of))]
    assert shared([of[i] for i in shuffled], order=order) == [expected[i] for i in shuffled]


@given(lines, st.integers(1, 50), st.data())
def test_multiplying_all_weights_changes_no_share(of: list[tuple[int, int]], factor: int, data: st.DataObject) -> None:
    amount = amount_for(data, capacity(as_portions(of)))
    weights, lefts = [weight for weight, _ in of], [left for _, left in of]

    expected = allocate_lines(amount, weights, lefts)
    assert allocate_lines(amount, [factor * weight for weight in weights], lefts) == expected


@given(lines, st.data())
def test_a_line_without_weight_changes_no_other_share(of: list[tuple[int, int]], data: st.DataObject) -> None:
    amount = amount_for(data, capacity(as_portions(of)))
    at = data.draw(st.integers(0, len(of)), label="at")
    left = data.draw(small, label="left")
    weights, lefts = [weight for weight, _ in of], [left for _, left in of]

    expected = allocate_lines(amount, weights, lefts)
    expected.insert(at, 0)
    weights.insert(at, 0)
    lefts.insert(at, left)
    assert allocate_lines(amount, weights, lefts) == expected


@given(large_lines, st.sampled_from(("largest", "first", "last", "in_turn")), st.data())
def test_nothing_that_is_given_to_be_shared_is_changed(
    of: list[tuple[int, int]], odd: OddUnits, data: st.DataObject
) -> None:
    amount = amount_for(data, capacity(as_portions(of)))
    weights, lefts, order = [weight for weight, _ in of], [left for _, left in of], list(range(len(of)))
    given_first = (list(weights), list(lefts), list(order))

    allocate_lines(amount, weights, lefts, order=order, odd=odd)
    assert (weights, lefts, order) == given_first


def test_six_million_pieces_in_thirty_runs_cost_thirty_runs() -> None:
    runs = [(200_000, 1000 + i, 1000 + i) for i in range(30)]
    began = time.perf_counter()
    pieces = allocate_units(1_234_567, runs)

    assert sum(count * share for portion in pieces for count, share in portion) == 1_234_567
    # It takes 20 µs; a loop over the units would take a second at least.
    assert time.perf_counter() - began < 0.1


def test_lines_drop_out_in_the_order_of_left_to_weight_however_near_they_are() -> None:
    # 50/99 is 0.5050505, 51/101 is 0.5049505: of 101, the second line's share is 51.005, and the first's 49.995.
    assert allocate_lines(101, [99, 101], [50, 51]) == [50, 51]


def test_a_thousand_lines_that_drop_out_one_at_a_time_are_resolved_in_one_walk() -> None:
    # Equal weights: the share of each is just more than the least that any has left, until that one has dropped out.
    lefts = [10**6 + position for position in range(1000)]

    assert allocate_lines(sum(lefts), [1] * 1000, lefts) == lefts


def test_a_long_chain_of_lines_that_drop_out_one_after_the_other_is_resolved() -> None:
    # Of 2 : 1 the first line's share is too much; without it, that of the next; and so on, 3,000 times.
    weights = [2**i for i in range(3000, 0, -1)]
    lefts = [1] * 2999 + [10**6]

    assert allocate_lines(2999 + 10**6, weights, lefts) == lefts
    pairs = [(2, weight, left) for weight, left in zip(weights, lefts, strict=True)]
    assert allocate_units(2 * (2999 + 10**6), pairs) == [[(2, left)] for left in lefts]
