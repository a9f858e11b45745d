"""Each preset is what its platform's vectors are said in."""

from __future__ import annotations

import re

import pytest

from promoengine.presets import preset_names

from .cases import Case, cases, expressed

PRESETS_OF = {
    "AD": {"adobe-commerce"},
    "CT": {"commercetools"},
    "MS": {"d365"},
    "SF": {"salesforce-b2c"},
    "SH": {"shopify"},
    "VF": {"voucherify-initial", "voucherify-running"},
    "VT": {"vtex"},
}
"""By how the ids of a platform's vectors begin."""
ALL = [case for source in expressed() for case in cases(source)]
OF_A_PLATFORM = [case for case in ALL if re.match(r"[A-Z]+", case.id)[0] in PRESETS_OF]  # type: ignore[index]


def extended_by(case: Case) -> set[str | None]:
    return {run.campaign.get("extends") for run in case.runs}


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_used_by_a_case_that_passes(name: str) -> None:
    assert [case.id for case in ALL if case.status == "passes" and extended_by(case) == {name}]


@pytest.mark.parametrize(
    "case", [case for case in OF_A_PLATFORM if case.status in ("passes", "waiting")], ids=lambda each: each.id
)
def test_a_case_of_a_platform_extends_its_preset_and_repeats_none_of_it(case: Case) -> None:
    assert extended_by(case) <= PRESETS_OF[case.id[:2]]
    assert [] == [run.name for run in case.runs if {"stages", "groups"} & run.campaign.keys()]
