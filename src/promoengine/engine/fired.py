"""What a trigger fires."""

from __future__ import annotations

from promoengine.records import dataclass


@dataclass(slots=True)
class Fired:
    """A trigger that is met: how many times, and on which rung of tiers (-1: none). For a graduated ladder, what was
    `measured`, and the part of it that a fact added: `plus` is where the cart begins.
    """

    times: int = 1
    tier: int = -1
    measured: int = 0
    plus: int = 0


ONCE = Fired()
