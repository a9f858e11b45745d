"""The same inputs give the same bytes in another process, under any hash seed, locale and time zone."""

import hashlib
import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from promoengine.testing import Situation, situations

EXAMPLES = 150

PROGRAM = """
import hashlib, json, sys
from datetime import datetime
from promoengine import Campaign, Engine
from promoengine.errors import CartRefused

def priced(case):
    engine = Engine(Campaign.from_dict(case["campaign"]))
    try:
        return engine.price(case["cart"], at=datetime.fromisoformat(case["at"]), outcomes="all").to_json()
    except CartRefused as refused:
        return str(refused)

digest = hashlib.sha256()
for line in sys.stdin:
    digest.update(priced(json.loads(line)).encode())
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def situations_as_lines() -> str:
    """Generated campaigns, carts and moments, one a line."""
    found: list[Situation] = []

    @settings(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(situations())
    def collect(situation: Situation) -> None:
        found.append(situation)

    collect()
    assert len(found) >= EXAMPLES
    return "\n".join(situation.to_json() for situation in found)


def digest_of_quotes(lines: str, **environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return ran.stdout.strip()


def test_hash_seeds_locales_and_time_zones_change_no_byte(situations_as_lines):
    first = digest_of_quotes(situations_as_lines, PYTHONHASHSEED="0")
    assert hashlib.sha256(b"").hexdigest() != first
    assert first == digest_of_quotes(situations_as_lines, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    assert first == digest_of_quotes(situations_as_lines, PYTHONHASHSEED="random", TZ="America/New_York")


def test_a_situation_shows_itself_as_code_that_makes_it_again(situations_as_lines):
    data = json.loads(situations_as_lines.splitlines()[0])
    situation = Situation.of(data["campaign"], data["cart"], data["at"])
    again = eval(repr(situation), {"Situation": Situation})
    assert (situation.campaign, situation.cart, situation.at) == (again.campaign, again.cart, again.at)
