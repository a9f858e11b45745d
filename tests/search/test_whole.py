"""Members that have all of their units or none: the heaviest legal set, against trying every set."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from promoengine.search.whole import Contender, best_of


def generated(seed: int, count: int) -> list[Contender]:
    """Contenders over ten lines; those that share one exclude each other, and half of those may bar."""
    chance = random.Random(seed)
    lines = [set(chance.sample(range(10), chance.randint(1, 4))) for _ in range(count)]
    numbers = [chance.choice((0, 0, 1)) for _ in range(count)]
    bits = [1 << (count - 1 - place) for place in range(count)]
    found = []
    for place in range(count):
        rivals = [other for other in range(count) if other != place and lines[place] & lines[other]]
        excludes = sum(bits[other] for other in rivals)
        barrers = sum(bits[other] for other in rivals if numbers[other] <= numbers[place])
        found.append(Contender(bits[place], chance.randint(1, 20), excludes, barrers, chance.random() < 0.3))
    return found


def best_by_trying(contenders: list[Contender]) -> int:
    def is_legal(chosen: int) -> bool:
        inside = [each for each in contenders if each.bit & chosen]
        outside = [each for each in contenders if not each.bit & chosen]
        if any(each.excludes & chosen for each in inside):
            return False
        return all(each.optional or each.barrers & chosen for each in outside)

    def standing(chosen: int) -> tuple[int, int, int]:
        inside = [each for each in contenders if each.bit & chosen]
        return sum(each.gain_minor for each in inside), -sum(each.optional for each in inside), chosen

    sets = (
        sum(each) for size in range(len(contenders) + 1) for each in combinations([c.bit for c in contenders], size)
    )
    return max(filter(is_legal, sets), key=standing)


@pytest.mark.parametrize("seed", range(200))
def test_it_is_the_best_of_all_legal_sets(seed: int) -> None:
    contenders = generated(seed, 2 + seed % 8)
    found = best_of(contenders, 10_000)
    assert (best_by_trying(contenders), False) == (found.chosen, found.cut_off)


def test_it_says_where_it_was_cut_off() -> None:
    assert best_of(generated(1, 9), 1).cut_off
