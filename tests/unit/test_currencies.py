"""The generated ISO 4217 table."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from promoengine import currencies
from promoengine.currencies import EXPONENTS

ROOT = Path(__file__).resolve().parents[2]

# CLDR writes all of these without a fraction; ISO 4217, and so this library's arithmetic, does not.
WRITTEN_WITHOUT_FRACTION = {
    "AFN": 2, "ALL": 2, "IRR": 2, "KPW": 2, "LAK": 2, "LBP": 2, "MGA": 2, "MMK": 2, "RSD": 2, "SOS": 2,
    "SYP": 2, "YER": 2, "IQD": 3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("currency", "expected"),
    [
        ("JPY", 0), ("KRW", 0), ("VND", 0), ("CLP", 0), ("ISK", 0), ("UYI", 0), ("CNY", 2), ("USD", 2),
        ("EUR", 2),
        ("BHD", 3), ("JOD", 3), ("KWD", 3), ("LYD", 3), ("OMR", 3), ("TND", 3), ("CLF", 4), ("UYW", 4),
    ],
)  # fmt: skip
def test_a_currency_has_the_minor_unit_that_the_standard_gives_it(currency: str, expected: int) -> None:
    assert EXPONENTS[currency] == expected


def test_where_display_conventions_disagree_the_standard_holds() -> None:
    assert {code: EXPONENTS[code] for code in WRITTEN_WITHOUT_FRACTION} == WRITTEN_WITHOUT_FRACTION


@pytest.mark.parametrize("code", ["XAU", "XAG", "XDR", "XXX", "XTS", "", "usd"])
def test_a_code_without_a_minor_unit_is_no_currency_to_price_in(code: str) -> None:
    assert code not in EXPONENTS


@pytest.mark.parametrize("code", ["DEM", "HRK", "ZWL", "VEF"])
def test_a_currency_that_was_withdrawn_is_not_in_the_table(code: str) -> None:
    assert code not in EXPONENTS


def test_every_code_is_three_upper_case_letters() -> None:
    assert [code for code in EXPONENTS if not (len(code) == 3 and code.isascii() and code.isupper())] == []


def test_every_exponent_is_between_0_and_4() -> None:
    assert set(EXPONENTS.values()) == {0, 2, 3, 4}


def test_the_table_is_sorted_and_holds_all_active_currencies() -> None:
    assert list(EXPONENTS) == sorted(EXPONENTS)
    assert len(EXPONENTS) >= 160


def test_the_table_says_where_it_comes_from_and_of_when_it_is() -> None:
    head = currencies.__doc__ or ""

    assert "Generated; do not edit." in head
    assert "ISO 4217 list one, published 20" in head
    assert "scripts/generate_currencies.py" in head


def test_the_table_is_what_the_script_writes_from_the_installed_list() -> None:
    pytest.importorskip("iso4217", reason="the source of the table is installed only to regenerate it")
    script = runpy.run_path(str(ROOT / "scripts" / "generate_currencies.py"))

    assert script["source"]() == Path(currencies.__file__).read_text(encoding="utf-8")
