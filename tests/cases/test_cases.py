"""Every worked price comes out as it was worked out by hand, and every quote adds up."""

from pathlib import Path

import pytest

from promoengine.testing.cases import Case, load_cases


@pytest.mark.parametrize("case", load_cases(Path(__file__).parent), ids=str)
def test_a_case_comes_out_as_worked_out_by_hand(case: Case) -> None:
    assert case.expect == case.actual()
