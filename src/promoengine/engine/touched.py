"""Which lines a member may touch: those of its items, and those of a reward with items of its own."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Basket, Line
from promoengine.engine.bound import BoundPlan
from promoengine.engine.clock import Clock
from promoengine.engine.gather import Instance


def item_lines(stage: plan.Stage, instance: Instance) -> list[Line]:
    """The lines of the items. In a stage of shipping alone items are goods, to be measured."""
    if stage.goods and stage.shipping:
        return instance.lines
    return [line for line in instance.lines if line.goods]


def reward_lines(bound: BoundPlan, basket: Basket, clock: Clock, index: int, instance: Instance) -> list[Line] | None:
    """The lines of an effect's own items (where units can differ: that may be), of the stage's goods, shipping or both
    and of the instance's seller; None where the reward is of the items themselves.
    """
    selection = instance.promotion.rewards.get(index)
    if selection is None:
        return None
    stage, seller = bound.plan.stages[bound.plan.effects[index].stage], instance.seller
    found: list[Line] = []
    for line in (*(basket.goods if stage.goods else ()), *(basket.shipping if stage.shipping else ())):
        if seller is not None and (line.seller or "") != seller and (line.goods or line.seller is not None):
            continue
        if selection.test is None or selection.by_unit or selection.test(line, None, clock):
            found.append(line)
    return found
