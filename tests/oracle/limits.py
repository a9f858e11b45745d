"""§7 Limits: what is left of each, and what this cart has used."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from promoengine.document import CampaignDocument, PromotionDocument

from .units import Asked

KINDS = ("uses", "uses_per_customer", "stock", "per_customer", "budget")


class Refused(Exception):
    """§7: the cart is refused: no quote exists of a cart that must not be ordered."""


@dataclass
class Limited:
    """One limit of a promotion, or one that it shares with others."""

    name: str
    kind: str
    shared: bool
    written: int


@dataclass
class Ledger:
    """What is left of each limit; the cart states it, but never more than what is written."""

    document: CampaignDocument
    asked: Asked
    used: dict[tuple[str, str, bool], int] = field(default_factory=lambda: defaultdict(int))

    def limits(self, promotion: PromotionDocument) -> list[Limited]:
        """The promotion's own limits, and those it shares."""
        stated = {} if promotion.limits is None else dict(promotion.limits.stated())
        found = [
            Limited(promotion.id, kind, False, self.figure(kind, stated[kind].root)) for kind in KINDS if kind in stated
        ]
        for name in stated["shared"].root if "shared" in stated else ():
            rule = next(rule for rule in self.document.shared_limits if rule.name == name)
            figures = {"uses": rule.uses, "stock": rule.stock, "budget": rule.budget}
            found += [
                Limited(name, kind, True, self.figure(kind, figure))
                for kind, figure in figures.items()
                if figure is not None
            ]
        return found

    def figure(self, kind: str, figure: Any) -> int:
        return self.asked.money.minor(figure) if kind == "budget" else figure

    def left(self, limit: Limited) -> int:
        """§7: not supplied: the limit as written; never more than that."""
        stated = self.asked.cart.limits_left.get(limit.name)
        figure = None if stated is None else getattr(stated, limit.kind)
        if figure is not None and limit.kind == "budget":
            figure = self.asked.money.of_cart(figure)
        left = limit.written if figure is None else min(figure, limit.written)
        return left - self.used[limit.name, limit.kind, limit.shared]

    def least(self, promotion: PromotionDocument, *kinds: str) -> int | None:
        """What is left of the tightest limit of some kinds; None where there is none."""
        return min((self.left(limit) for limit in self.limits(promotion) if limit.kind in kinds), default=None)

    def use(self, promotion: PromotionDocument, amounts: dict[str, int]) -> None:
        """Use up so much of each kind."""
        for limit in self.limits(promotion):
            self.used[limit.name, limit.kind, limit.shared] += amounts.get(limit.kind, 0)
