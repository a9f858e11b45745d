"""What a trigger fires."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Fired:
    """A trigger that is met: how many times, on which rung (-1: no ladder), and what was measured.

    `plus` is the part of `measured` that a fact added, so that a graduated ladder knows where the cart begins.
    """

    times: int = 1
    tier: int = -1
    measured: int = 0
    plus: int = 0


ONCE = Fired()
