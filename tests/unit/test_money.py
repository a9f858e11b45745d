"""Amounts at the border, and rounding."""

from __future__ import annotations

import pickle
from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor, gcd
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promoengine.money import (
    LARGEST_AMOUNT_MINOR,
    AmountError,
    RoundingMode,
    UnknownCurrency,
    divide,
    divide_to_step,
    exponent,
    format_amount,
    parse_amount,
    parse_percent,
)

MODES: tuple[RoundingMode, ...] = get_args(RoundingMode)

modes = st.sampled_from(MODES)
exponents = st.integers(0, 4)
amounts = st.integers(-LARGEST_AMOUNT_MINOR, LARGEST_AMOUNT_MINOR)


def code_of(value: Any, digits: int = 2) -> str:
    """The code of the error with which `value` is refused."""
    with pytest.raises(AmountError) as refused:
        parse_amount(value, digits)
    return refused.value.code


def percent_code_of(value: Any) -> str:
    """The code of the error with which `value` is refused as a percentage."""
    with pytest.raises(AmountError) as refused:
        parse_percent(value)
    return refused.value.code


# exponent


@pytest.mark.parametrize(("currency", "expected"), [("JPY", 0), ("CNY", 2), ("KWD", 3), ("CLF", 4)])
def test_the_exponent_of_a_currency_is_that_of_iso_4217(currency: str, expected: int) -> None:
    assert exponent(currency) == expected


@pytest.mark.parametrize("code", ["", "XXX", "RMB", "EURO", "ＣＮＹ"])
def test_an_unknown_currency_is_refused_by_its_name(code: str) -> None:
    with pytest.raises(UnknownCurrency) as refused:
        exponent(code)

    assert refused.value.currency == code
    assert str(refused.value) == f"{code!r} is not the code of an active ISO 4217 currency"


@pytest.mark.parametrize("code", ["cny", " CNY", "Cny"])
def test_a_currency_that_is_almost_right_is_refused_with_the_right_one(code: str) -> None:
    with pytest.raises(UnknownCurrency, match=r"did you mean CNY\?$"):
        exponent(code)


# parse_amount


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        ("12.50", 2, 1250), ("12.5", 2, 1250), ("12", 2, 1200), ("0", 2, 0), ("0.05", 2, 5), ("0.00", 2, 0),
        ("10.00", 2, 1000), ("9999999999999.99", 2, 999_999_999_999_999),
        ("1250", 0, 1250), ("0", 0, 0), ("7", 0, 7),
        ("1.005", 3, 1005), ("1.2", 3, 1200), ("0.0001", 4, 1), ("3", 4, 30000),
    ],
)  # fmt: skip
def test_decimal_text_is_read_exactly(value: str, digits: int, expected: int) -> None:
    assert parse_amount(value, digits) == expected


@pytest.mark.parametrize(("digits", "expected"), [(0, 12), (2, 1200), (3, 12000), (4, 120_000)])
def test_an_int_counts_whole_major_units(digits: int, expected: int) -> None:
    assert parse_amount(12, digits) == expected
    assert parse_amount(-12, digits) == -expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (Decimal("12.50"), 2, 1250), (Decimal("12.5"), 2, 1250), (Decimal("1E+2"), 2, 10000),
        (Decimal("1E+2"), 0, 100), (Decimal("-0.05"), 2, -5), (Decimal("-0"), 2, 0), (Decimal("0E+50"), 2, 0),
        (Decimal("0E+999999"), 2, 0), (Decimal("1.005"), 3, 1005),
    ],
)  # fmt: skip
def test_a_decimal_is_read_exactly_whatever_its_exponent(value: Decimal, digits: int, expected: int) -> None:
    assert parse_amount(value, digits) == expected


def test_a_decimal_is_read_exactly_whatever_the_precision_of_the_context() -> None:
    with localcontext() as context:
        context.prec = 2
        assert parse_amount(Decimal("1234567890.12"), 2) == 123_456_789_012


@pytest.mark.parametrize(("value", "expected"), [("-0.05", -5), ("-12", -1200), ("-12.50", -1250)])
def test_a_negative_amount_is_read(value: str, expected: int) -> None:
    assert parse_amount(value, 2) == expected


@pytest.mark.parametrize("value", ["-0", "-0.0", "-0.00"])
def test_minus_zero_is_zero(value: str) -> None:
    assert parse_amount(value, 2) == 0


@pytest.mark.parametrize("value", [12.5, 12.0, 0.0, float("nan"), float("inf")])
def test_a_float_is_refused_even_where_it_is_whole(value: float) -> None:
    assert code_of(value) == "float_amount"


@pytest.mark.parametrize("value", [True, False, None, [], {}, b"12.50", Fraction(1, 2), object(), 1j])
def test_what_is_no_number_is_refused(value: object) -> None:
    assert code_of(value) == "not_an_amount"


@pytest.mark.parametrize(
    "value",
    [
        "", " ", ".", "-", "+", "-.5", ".5", "5.", "5.-5", "--5", "+1", "+1.00", "1e3", "1E3", "0x10",
        "1.0e1", " 1", "1 ", "1\n", "1.00\n", "\t1", "1 000", "1\u00a0000", "1,000", "1,000.00", "1.000,00",
        "1_000", "1_0.00", "012", "00", "00.50", "-012", "007.00", "1.2.3", "1..2", "1.2.50", "..50", ".50",
        "1'000", "12.", "¥12", "12.5%", "nano", "Xnan", "\u22125",
        "12元", "１２", "１２.５０", "12.５0", "٣", "3.٣٣", "²", "1²",
    ],
)  # fmt: skip
@pytest.mark.parametrize("digits", [0, 1, 2, 3])
def test_text_that_is_not_a_plain_decimal_is_refused(value: str, digits: int) -> None:
    assert code_of(value, digits) == "not_an_amount"


@pytest.mark.parametrize("value", ["NaN", "nan", "-NaN", "sNaN", "Infinity", "-Infinity", "inf", "+inf", " NaN "])
def test_text_that_is_not_finite_is_refused_as_such(value: str) -> None:
    assert code_of(value) == "not_finite"


@pytest.mark.parametrize("value", ["NaN", "-NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_decimal_that_is_not_finite_is_refused_as_such(value: str) -> None:
    assert code_of(Decimal(value)) == "not_finite"


@pytest.mark.parametrize(
    ("value", "digits"),
    [("12.345", 2), ("12.5", 0), ("1.0", 0), ("12.500", 2), ("0.000", 2), ("1.0000", 3), ("-1.005", 2)],
)
def test_more_digits_than_the_currency_has_are_refused_even_where_they_are_zeros(value: str, digits: int) -> None:
    assert code_of(value, digits) == "too_many_digits"
    assert code_of(Decimal(value), digits) == "too_many_digits"


@pytest.mark.parametrize(
    "value",
    [
        "10000000000000.01", "-10000000000000.01", "99999999999999999999", 10**13 + 1, -(10**13) - 1,
        Decimal("10000000000000.01"), Decimal("1E+14"), Decimal("1E+999999"), Decimal("-1E+20"),
        pytest.param(10**5000, id="a 1 and 5000 zeros"),
    ],
)  # fmt: skip
def test_an_amount_beyond_the_bound_is_refused(value: Any) -> None:
    assert code_of(value) == "amount_too_large"


@pytest.mark.parametrize("value", ["10000000000000", "10000000000000.00", 10**13, Decimal("1E+13")])
def test_an_amount_at_the_bound_is_read(value: Any) -> None:
    assert parse_amount(value, 2) == LARGEST_AMOUNT_MINOR
    assert parse_amount(-value if not isinstance(value, str) else f"-{value}", 2) == -LARGEST_AMOUNT_MINOR


def test_the_bound_counts_minor_units_of_any_currency() -> None:
    assert parse_amount("1000000000000000", 0) == parse_amount(10**15, 0) == LARGEST_AMOUNT_MINOR
    assert code_of("1000000000000001", 0) == "amount_too_large"
    assert parse_amount("100000000000", 4) == LARGEST_AMOUNT_MINOR
    assert code_of("100000000000.0001", 4) == "amount_too_large"


# Python itself refuses to read or write an int of more than 4,300 digits, with an error of another kind.
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("9" * 41, "amount_too_large"),
        ("9" * 100_000, "amount_too_large"),
        ("-" + "9" * 100_000, "amount_too_large"),
        ("1." + "0" * 100_000, "too_many_digits"),
        ("x" * 100_000, "not_an_amount"),
        ("0" * 100_000, "not_an_amount"),
        (Decimal("9" * 100_000), "amount_too_large"),
        (Decimal("1." + "1" * 100_000), "too_many_digits"),
        ([10**5000], "not_an_amount"),
    ],
    ids=lambda value: str(type(value)),
)
def test_a_very_long_value_is_refused_with_a_short_message(value: Any, expected: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_amount(value, 2)

    assert refused.value.code == expected
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("value", "digits", "message"),
    [
        (12.5, 2, "12.5 is a float, which is not exact; write it as text"),
        ("1,000", 2, "'1,000' is not an amount; write digits, with a point if needed, such as 12 or 12.50"),
        (None, 2, "None is not an amount; write digits, with a point if needed, such as 12 or 12.50"),
        ([1], 2, "a value of type list is not an amount; write digits, with a point if needed, such as 12 or"
         " 12.50"),
        ("NaN", 2, "'NaN' is not a finite number"),
        ("12.345", 2, "'12.345' has 3 digits after the point; the currency has 2"),
        ("12.0", 0, "'12.0' has 1 digit after the point; the currency has none"),
        (10**14, 2, "100000000000000 is larger than the largest amount, 10000000000000.00"),
        (10**99, 2, "the number is larger than the largest amount, 10000000000000.00"),
        ("10000000000000.01", 2, "'10000000000000.01' is larger than the largest amount, 10000000000000.00"),
        ("9" * 41, 3, f"{'9' * 41!r} is larger than the largest amount, 1000000000000.000"),
        (Decimal("NaN"), 2, "NaN is not a finite number"),
        (Decimal("12.345"), 2, "12.345 has 3 digits after the point; the currency has 2"),
        (Decimal("10000000000000.01"), 2,
         "10000000000000.01 is larger than the largest amount, 10000000000000.00"),
        (Decimal("1E+20"), 3, "1E+20 is larger than the largest amount, 1000000000000.000"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_is_wrong(value: Any, digits: int, message: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_amount(value, digits)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("value", "quoted"),
    [
        ("x" * 50, f"'{'x' * 50}'"), ("x" * 51, f"'{'x' * 47}...'"),
        (Decimal("9" * 50), "9" * 50), (Decimal("9" * 51), f"{'9' * 47}..."),
        (2**200 - 1, str(2**200 - 1)), (2**200, "the number"),
    ],
)  # fmt: skip
def test_a_message_quotes_fifty_characters_and_numbers_of_two_hundred_bits_whole(value: Any, quoted: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_amount(value, 2)

    assert str(refused.value).startswith(f"{quoted} is ")


def test_a_subclass_of_str_is_read_as_text() -> None:
    class Scalar(str):
        __slots__ = ()

    assert parse_amount(Scalar("12.50"), 2) == 1250
    assert code_of(Scalar("1e3")) == "not_an_amount"


def test_the_representation_of_a_refusal_says_what_was_refused() -> None:
    assert repr(AmountError("not_finite", "no")) == "AmountError('not_finite', 'no')"
    assert repr(UnknownCurrency("cny")) == "UnknownCurrency('cny')"


def test_refusals_survive_pickling() -> None:
    refused = pickle.loads(pickle.dumps(AmountError("not_finite", "no")))
    unknown = pickle.loads(pickle.dumps(UnknownCurrency("cny")))

    assert (refused.code, str(refused)) == ("not_finite", "no")
    assert (unknown.currency, str(unknown)) == ("cny", str(UnknownCurrency("cny")))


@given(st.text(alphabet="0123456789.-+eE_, ０٣²\n", max_size=18), exponents)
def test_whatever_text_is_accepted_is_read_as_its_exact_value(text: str, digits: int) -> None:
    try:
        amount = parse_amount(text, digits)
    except AmountError:
        return

    assert Fraction(amount, 10**digits) == Fraction(text)


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,5})?", fullmatch=True), exponents)
def test_text_and_the_decimal_of_the_same_text_are_read_alike(text: str, digits: int) -> None:
    try:
        expected: int | str = parse_amount(text, digits)
    except AmountError as error:
        expected = error.code

    if isinstance(expected, str):
        assert code_of(Decimal(text), digits) == expected
    else:
        assert parse_amount(Decimal(text), digits) == expected


# format_amount


@pytest.mark.parametrize(
    ("amount", "digits", "expected"),
    [
        (1250, 2, "12.50"), (-5, 2, "-0.05"), (5, 2, "0.05"), (0, 2, "0.00"), (-1250, 2, "-12.50"),
        (99, 2, "0.99"),
        (100, 2, "1.00"), (-100, 2, "-1.00"), (1250, 0, "1250"), (-5, 0, "-5"), (0, 0, "0"), (5, 3, "0.005"),
        (-12345, 3, "-12.345"), (1, 4, "0.0001"), (0, 3, "0.000"),
    ],
)  # fmt: skip
def test_an_amount_is_written_with_exactly_the_digits_of_its_currency(amount: int, digits: int, expected: str) -> None:
    assert format_amount(amount, digits) == expected


@given(amounts, exponents)
def test_what_is_written_is_read_back_as_the_same_amount(amount: int, digits: int) -> None:
    assert parse_amount(format_amount(amount, digits), digits) == amount
    assert parse_amount(Decimal(format_amount(amount, digits)), digits) == amount


# parse_percent


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12.5", (1, 8)), (12, (3, 25)), ("100", (1, 1)), (100, (1, 1)), ("0.01", (1, 10_000)),
        ("50.00", (1, 2)),
        (Decimal("12.5"), (1, 8)), (Decimal("1E+1"), (1, 10)), ("8.25", (33, 400)),
        ("0.0000000001", (1, 10**12)),
        ("33.3333333333", (333_333_333_333, 10**12)), ("100.0000000000", (1, 1)),
    ],
)  # fmt: skip
def test_a_percentage_is_read_as_an_exact_fraction_in_lowest_terms(value: Any, expected: tuple[int, int]) -> None:
    assert parse_percent(value) == expected


@pytest.mark.parametrize("value", [12.5, 10.0])
def test_a_float_is_refused_as_a_percentage(value: float) -> None:
    assert percent_code_of(value) == "float_amount"


@pytest.mark.parametrize("value", [0, "0", "0.00", "-0", -5, "-0.1", "100.01", 101, "1000000000", 10**30])
def test_a_percentage_is_above_0_and_at_most_100(value: Any) -> None:
    assert percent_code_of(value) == "percentage_out_of_range"


@pytest.mark.parametrize(
    "value",
    [
        "10%",
        "",
        "ten",
        "1e1",
        "NaN",
        Decimal("NaN"),
        "inf",
        True,
        None,
        "010",
        "1,5",
        "0.00000000001",
        "１０",
    ],
)
def test_what_is_not_a_plain_decimal_of_ten_digits_is_no_percentage(value: Any) -> None:
    assert percent_code_of(value) == "not_a_percentage"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (150, "150 % is not above 0 and up to 100"),
        (10**20, "100000000000000000000 % is not above 0 and up to 100"),
        ("10%", "'10%' is not a percentage; write digits, with a point if needed, such as 12 or 12.5"),
        ("1.00000000001", "'1.00000000001' has more than 10 digits after the point"),
    ],
)
def test_a_refused_percentage_says_what_is_wrong(value: Any, message: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_percent(value)

    assert str(refused.value) == message


@given(st.integers(1, 10**12))
def test_every_percentage_of_ten_digits_is_its_exact_fraction(scaled: int) -> None:
    numerator, denominator = parse_percent(format_amount(scaled, 10))

    assert Fraction(numerator, denominator) == Fraction(scaled, 10**12)
    assert gcd(numerator, denominator) == 1


# divide


def rounded(exact: Fraction, mode: RoundingMode) -> int:
    """A slow and obvious `divide`."""
    below = floor(exact)
    if exact - below == Fraction(1, 2):
        halves = {"half_up": below + 1, "half_down": below, "half_even": below + below % 2}
        return halves.get(mode, ceil(exact) if mode == "up" else below)
    if mode == "up":
        return ceil(exact)
    if mode == "down":
        return below
    return below if exact - below < Fraction(1, 2) else below + 1


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", [0, 1, 1, 2, 2, 3]),
        ("half_even", [0, 0, 1, 2, 2, 2]),
        ("half_down", [0, 0, 1, 1, 2, 2]),
        ("up", [0, 1, 1, 2, 2, 3]),
        ("down", [0, 0, 1, 1, 2, 2]),
    ],
)
def test_a_half_goes_where_the_mode_says(mode: RoundingMode, expected: list[int]) -> None:
    assert [divide(halves, 2, mode) for halves in range(6)] == expected


# Field reports: saleor 12040 and 2963, woocommerce 16305 and 17536.
@pytest.mark.parametrize(
    ("price", "percent", "mode", "expected"),
    [
        (1999, 25, "half_up", 500), (4995, 10, "half_up", 500), (5186, 40, "half_up", 2074),
        (1349, 50, "half_up", 675),
        (999, 50, "half_up", 500), (999, 50, "half_even", 500), (999, 50, "half_down", 499),
    ],
)  # fmt: skip
def test_a_published_percentage_comes_out_as_published(
    price: int, percent: int, mode: RoundingMode, expected: int
) -> None:
    assert divide(price * percent, 100, mode) == expected


@given(st.integers(0, 10**20), st.integers(1, 10**12), modes)
def test_division_agrees_with_fractions_in_every_mode(numerator: int, denominator: int, mode: RoundingMode) -> None:
    assert divide(numerator, denominator, mode) == rounded(Fraction(numerator, denominator), mode)


@given(st.integers(0, 50), st.integers(1, 12), modes)
def test_division_agrees_with_fractions_where_halves_are_common(
    numerator: int, denominator: int, mode: RoundingMode
) -> None:
    assert divide(numerator, denominator, mode) == rounded(Fraction(numerator, denominator), mode)


@given(st.integers(0, 10**6), st.integers(1, 1000), st.integers(0, 10**6))
def test_rounding_a_price_half_up_is_rounding_its_discount_half_down(price: int, denominator: int, off: int) -> None:
    exact = min(Fraction(off, denominator), Fraction(price))
    left = price - exact

    assert divide(left.numerator, left.denominator, "half_up") == price - divide(
        exact.numerator, exact.denominator, "half_down"
    )


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 2), (1, 0), (1, -2)])
def test_what_is_no_magnitude_is_not_divided(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="is not the magnitude of a discount"):
        divide(numerator, denominator, "half_up")


def test_a_rounding_mode_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="'half_odd' is not a rounding mode"):
        divide(1, 2, "half_odd")  # type: ignore[arg-type]


# divide_to_step


def rounded_to_step(price: int, exact: Fraction, step: int, mode: RoundingMode) -> int:
    """A slow and obvious `divide_to_step`: tries every discount within two steps of every possible one."""
    if exact == 0:
        return 0
    first = price % step - step
    admissible = range(first, max(price, ceil(exact)) + 2 * step, step)
    below = max([discount for discount in admissible if discount <= exact])
    above = min([discount for discount in admissible if discount >= exact])
    chosen = {"down": below, "up": above}.get(mode)
    if chosen is None:
        if exact - below != above - exact:
            chosen = below if exact - below < above - exact else above
        else:
            even = below if (below - price % step) // step % 2 == 0 else above
            chosen = {"half_down": below, "half_up": above, "half_even": even}[mode]
    return min(max(chosen, 0), price)


@pytest.mark.parametrize(
    ("price", "percent", "step", "mode", "expected"),
    [
        (1999, 25, 5, "half_up", 499),  # 4.9975 off 19.99: 15.00, not 14.99
        (1999, 25, 100, "half_up", 499),
        (1990, 10, 100, "half_up", 190),  # 17.91 is nearer to 18.00
        (1250, 10, 50, "half_up", 150),  # 11.25 lies between 11.00 and 11.50
        (1250, 10, 50, "half_down", 100),
        (1250, 10, 50, "up", 150),
        (1250, 10, 50, "down", 100),
        (1300, 10, 20, "half_even", 120),  # 1.30: six or seven steps of 0.20
    ],
)
def test_the_price_that_is_left_is_a_multiple_of_the_step(
    price: int, percent: int, step: int, mode: RoundingMode, expected: int
) -> None:
    discount = divide_to_step(price, price * percent, 100, step, mode)

    assert discount == expected
    assert (price - discount) % step == 0


def test_a_step_never_raises_a_price() -> None:
    assert divide_to_step(999, 1, 1, 5, "half_up") == 0
    assert divide_to_step(999, 3, 1, 5, "down") == 0
    assert divide_to_step(999, 1, 1, 5, "up") == 4


def test_a_step_alone_makes_no_discount() -> None:
    assert [divide_to_step(997, 0, 1, 5, mode) for mode in MODES] == [0] * 5


def test_a_price_below_the_step_can_become_free() -> None:
    assert divide_to_step(40, 30, 1, 100, "half_up") == 40
    assert divide_to_step(60, 5, 1, 100, "half_up") == 0


def test_a_discount_is_at_most_the_price() -> None:
    assert divide_to_step(103, 500, 1, 5, "half_up") == 103


@given(st.integers(0, 120), st.integers(0, 500), st.integers(1, 8), st.integers(1, 25), modes)
def test_rounding_to_a_step_agrees_with_a_search_of_all_discounts(
    price: int, numerator: int, denominator: int, step: int, mode: RoundingMode
) -> None:
    expected = rounded_to_step(price, Fraction(numerator, denominator), step, mode)

    assert divide_to_step(price, numerator, denominator, step, mode) == expected


@given(st.integers(0, 10**9), st.integers(0, 10**12), st.integers(1, 10**4), st.integers(1, 10**4), modes)
def test_a_discount_to_a_step_leaves_a_multiple_or_the_whole_price(
    price: int, numerator: int, denominator: int, step: int, mode: RoundingMode
) -> None:
    discount = divide_to_step(price, numerator, denominator, step, mode)

    assert 0 <= discount <= price
    assert discount == 0 or (price - discount) % step == 0
    assert discount in (0, price) or abs(discount - Fraction(numerator, denominator)) < step


@given(st.integers(0, 10**6), st.integers(0, 10**9), st.integers(1, 10**4), modes)
def test_a_step_of_one_minor_unit_is_plain_rounding_cut_to_the_price(
    price: int, numerator: int, denominator: int, mode: RoundingMode
) -> None:
    expected = min(divide(numerator, denominator, mode), price)

    assert divide_to_step(price, numerator, denominator, 1, mode) == expected


@pytest.mark.parametrize(
    ("price", "numerator", "denominator", "step"), [(-1, 1, 1, 5), (9, 1, 1, 0), (9, -1, 1, 5), (9, 0, 0, 5)]
)
def test_what_cannot_be_rounded_to_a_step_is_refused(price: int, numerator: int, denominator: int, step: int) -> None:
    with pytest.raises(ValueError, match="cannot be rounded to"):
        divide_to_step(price, numerator, denominator, step, "half_up")
