"""Campaigns, carts and moments, one a line: generated ones, worked cases, the examples, and texts that are refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from promoengine.reading import read_file
from promoengine.testing import Situation, situations
from promoengine.testing.cases import load_cases

ROOT = Path(__file__).resolve().parents[2]
AT = "2026-11-10T20:30:00+08:00"


def lines(generated: int) -> list[str]:
    """So many generated situations, and all that there are."""
    return [*generated_ones(generated), *worked_ones(), *examples(), *refused_texts()]


def generated_ones(number: int) -> list[str]:
    found: list[str] = []

    @settings(max_examples=number, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(situations())
    def collect(situation: Situation) -> None:
        found.append(situation.to_json())

    collect()
    return found


def worked_ones() -> Iterator[str]:
    for case in load_cases(ROOT / "tests" / "cases"):
        yield line(campaign=case.campaign, cart=case.cart, at=case.at)


def examples() -> Iterator[str]:
    for file in sorted(ROOT.glob("examples/*/campaign.*")):
        campaign = read_file(file).data
        for cart in sorted(file.parent.glob("carts/*.json")):
            yield line(campaign=campaign, cart=read_file(cart).data, at=AT)


def refused_texts() -> Iterator[str]:
    """Texts of campaigns, most of them wrong in several ways: what is said is as constant as a price."""
    written: Any = read_file(ROOT / "tests" / "bad_input" / "campaigns.yaml").data
    for each in written:
        yield line(text=each["text"].replace("«", "").replace("»", "_"))


def line(**situation: Any) -> str:
    return json.dumps(situation, default=str)
