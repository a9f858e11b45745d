"""§5 A choice: which members act, and which units are kept for whom; and a pass put back to where it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from promoengine.document import PromotionDocument

from .members import Instance, Slot, is_free, slots
from .units import Unit

if TYPE_CHECKING:
    from .flow import Flow
    from .world import World

Name = tuple[str, int, str, int]
"""A member: its promotion, the position of its benefit, the key of its instance, and which of its codes applies it."""
Past = object
"""§3: what units of a line that are alike have in common, as the stage began."""
Kept = Mapping[tuple[int, str], Mapping[Past, int]]
"""By stage and promotion: how many units of which past are kept for it."""


def name_of(slot: Slot, instance: Instance) -> Name:
    """The member whose turn it is; the rungs of a ladder are one."""
    return slot.promotion.id, slot.position, instance.key, instance.application


@dataclass(frozen=True)
class Choice:
    """Who acts where it can, and what is kept. Without arguments: the plain in-order pass."""

    acts: Callable[[Name], bool] = lambda name: True
    kept: Kept = field(default_factory=dict)


IN_ORDER = Choice()


def exclude_each_other(world: World, stage: int, one: Slot, promotion: str) -> bool:
    """§4: whether a member and another promotion of its stage cannot both have a unit. A ladder is one member."""
    if one.promotion.id == promotion:
        return False
    rungs = [
        each for each in slots(world.document, one.promotion) if (each.stage, each.position) == (stage, one.position)
    ]
    theirs = [each for each in slots(world.document, world.promotion(promotion)) if each.stage == stage]
    groups = set(one.promotion.groups or ()) & set(theirs[0].promotion.groups or ())
    stacks = world.document.stages[stage].stacking == "all"
    is_one_free = all(is_free(each) for each in rungs) or all(is_free(each) for each in theirs)
    return bool(groups) or not (stacks or is_one_free)


def withheld(world: World, slot: Slot) -> set[Unit]:
    """§4: the units that the choice keeps for later members of this member's own priority: of those that were alike as
    the stage began and are not claimed yet the last in unit order.
    """
    found: set[Unit] = set()
    for (stage, owner), counts in world.kept.items():
        rule = world.promotion(owner)
        later = stage == slot.stage and rule.priority == slot.promotion.priority and owner > slot.promotion.id
        if later and exclude_each_other(world, stage, slot, owner):
            for past, count in counts.items():
                open_units = [
                    unit for unit in world.alike[past] if unit not in found and is_open(world, unit, stage, rule)
                ]
                found |= set(sorted(open_units, key=lambda unit: (-unit.price, unit.position))[-count:])
    return found


def is_open(world: World, unit: Unit, stage: int, rule: PromotionDocument) -> bool:
    """Whether nobody has claimed a unit in the stage, and no group of this promotion is full on it."""
    if any(each == stage for each, _ in unit.claims):
        return False
    return all(len(world.holders(name, unit, rule.id)) < world.group(name).at_most for name in rule.groups or ())


class Moment:
    """Everything that a pass may change, as it is now."""

    def __init__(self, flow: Flow) -> None:
        world = flow.world
        self.flow = flow
        self.units = [
            (unit, unit.price, [*unit.changes], [*unit.claims], {**unit.began}, {**unit.ended}) for unit in world.units
        ]
        self.world = {name: copied(getattr(world, name)) for name in WORLD}
        self.lists = {name: copied(getattr(flow, name)) for name in FLOW}
        self.used = copied(world.ledger.used)

    def restore(self) -> None:
        """Put the pass back to this moment."""
        for unit, price, changes, claims, began, ended in self.units:
            unit.price, unit.changes, unit.claims = price, [*changes], [*claims]
            unit.began, unit.ended = {**began}, {**ended}
        for name, value in self.world.items():
            setattr(self.flow.world, name, copied(value))
        for name, value in self.lists.items():
            setattr(self.flow, name, copied(value))
        self.flow.world.ledger.used = copied(self.used)


WORLD = ("verdicts", "holdings", "gifts_given", "points_redeemed", "users", "uses_of", "alike")
FLOW = ("members", "applied", "outcomes", "below_floor", "gifts", "grants", "left_out")


def copied(value: Any) -> Any:
    """A copy that shares nothing that a pass changes."""
    if isinstance(value, dict):
        found = value.copy()
        found.update((key, [*each]) for key, each in value.items() if isinstance(each, list))
        return found
    return value.copy() if isinstance(value, (list, set)) else value
