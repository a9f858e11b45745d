"""The engine and the slow reference, written from docs/semantics.md alone, agree on every field of the quote."""

from __future__ import annotations

import pytest

from .pairs import pairs
from .shrinking import shrunk

SEEDS = range(200)


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_engine_and_the_reference_agree(level: int, seed: int) -> None:
    for pair, differences in pairs(seed, level):
        assert [] == differences, shrunk(pair)
