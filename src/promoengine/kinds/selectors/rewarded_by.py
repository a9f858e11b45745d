"""The selector `rewarded_by`."""

from promoengine import plan
from promoengine.fields import Names, Part
from promoengine.kinds.base import SelectorKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register
from promoengine.suggestions import did_you_mean


class Rewarders(Part):
    """Promotions by id, by the stage in which they acted, or by a group of theirs."""

    promotions: Names | None = None
    stages: Names | None = None
    groups: Names | None = None


@register("selector", "rewarded_by")
class RewardedBy(SelectorKind[Rewarders]):
    """Units whose price was lowered in an *earlier* stage by one of the promotions named.

    Example: `items: {not: {rewarded_by: {promotions: [kettle-flash]}}}`: not on flash sale.
    Near miss: promotions of the same stage are never seen; there the unit group decides.
    """

    def lower(self, lowering: Lowering) -> plan.Test:
        stages = [lowering.stage_called(name, "stages") for name in self.root.stages or ()]
        if any(stage >= lowering.stage for stage in stages):
            lowering.report("stage_not_earlier", "only earlier stages can have rewarded a unit", "stages")
        self._check_known(lowering, "promotions", lowering.frame.promotion_ids)
        self._check_known(lowering, "groups", lowering.frame.group_names)
        if not (self.root.promotions or self.root.stages or self.root.groups):
            lowering.report("empty_selector", "name promotions, stages or groups")
        return plan.RewardedBy(
            frozenset(self.root.promotions or ()), frozenset(stages), frozenset(self.root.groups or ())
        )

    def _check_known(self, lowering: Lowering, field: str, known: frozenset[str]) -> None:
        for name in getattr(self.root, field) or ():
            if name not in known:
                hint = did_you_mean(name, known)
                lowering.report(f"unknown_{field[:-1]}", f"no {field[:-1]} is called {name!r}", field, hint=hint)
