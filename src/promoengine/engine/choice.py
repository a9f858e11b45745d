"""A choice: which members act, and which units are kept for whom (semantics 5).

A member is one benefit of one instance of a promotion: a promotion of its own, where combinations are concerned. A
choice says only what differs from the plain in-order pass: who is left out although it could act, and which units a
member is not given because a later one is to claim them. So the empty choice is the in-order pass.
"""

from __future__ import annotations

from collections.abc import Mapping

from promoengine.engine.bound import BoundPlan
from promoengine.engine.gather import Instance
from promoengine.records import dataclass, field

Turn = tuple[int, int, str, int]
"""A member: `(promotion, position of the benefit, key of the instance, use of its codes)`."""

Units = Mapping[tuple[int, int], int]
"""How many units of which run: by `(line rank, origin)`, the origin being the line's run as the stage began."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is left out, and which units are kept from whom. `without` are promotions that take no turn at all."""

    left_out: frozenset[Turn] = frozenset()
    kept: Mapping[Turn, Units] = field(default_factory=dict)
    without: frozenset[int] = frozenset()


IN_ORDER = Choice()


def turn_of(bound: BoundPlan, index: int, instance: Instance) -> Turn:
    """The member whose turn an effect and an instance are; the rungs of a ladder are one."""
    effect = bound.plan.effects[index]
    return effect.promotion, effect.position, instance.key, instance.use
