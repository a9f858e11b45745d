"""The limit `shared`."""

from dataclasses import replace

from promoengine import plan
from promoengine.fields import Names
from promoengine.kinds.base import LimitKind
from promoengine.kinds.lowering import Lowering
from promoengine.kinds.registry import register
from promoengine.suggestions import did_you_mean


@register("limit", "shared")
class Shared(LimitKind[Names]):
    """Limits that several promotions use up together, in the total order; declared under `shared_limits`.

    Example: `limits: {shared: [sale-budget]}` with `shared_limits: [{name: sale-budget, budget: 10000}]`.
    Near miss: a promotion may have limits of its own besides; the tighter one holds.
    """

    def lower(self, lowering: Lowering, limits: plan.Limits) -> plan.Limits:
        for name in self.root:
            if name not in lowering.frame.shared_names:
                hint = did_you_mean(name, lowering.frame.shared_names)
                lowering.report("unknown_limit", f"no shared limit is called {name!r}", hint=hint)
        return replace(limits, shared=self.root)
