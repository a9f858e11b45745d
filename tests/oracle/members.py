"""§4 The strict total order, and what a member of a choice is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from promoengine.cart import Line
from promoengine.document import CampaignDocument, PromotionDocument

from .triggers import covers
from .units import Unit

FREE = ("gift", "redeem_points", "deposit", "points", "award")


@dataclass(frozen=True)
class Slot:
    """One benefit of a promotion, in the stage where it acts. `rung` is the tier that gives it."""

    promotion: PromotionDocument
    benefit: Any
    position: int
    rung: int | None
    stage: int

    @property
    def order(self) -> tuple[int, int, str, int]:
        """§4: (stage, priority, id), then by position."""
        return self.stage, self.promotion.priority, self.promotion.id, self.position


@dataclass(frozen=True)
class Instance:
    """§3: one `per` instance, and one application by a code."""

    key: str
    application: int


@dataclass
class Applied:
    """A member that acted: what it needs to be known by to exclude others."""

    slot: Slot
    instance: Instance
    claimed: set[Unit]
    spread_items: set[Unit] = field(default_factory=set)


def slots(document: CampaignDocument, promotion: PromotionDocument) -> list[Slot]:
    """§3: each benefit of a list is a promotion of its own. A graduated ladder is one benefit with many figures."""
    names = [stage.name for stage in document.stages]

    def slot(benefit: Any, position: int, rung: int | None) -> Slot:
        return Slot(promotion, benefit, position, rung, names.index(benefit.stage or promotion.stage))

    if promotion.tiers is None:
        return [slot(benefit, position, None) for position, benefit in enumerate(promotion.benefit or ())]
    if promotion.graduated:
        return [slot(promotion.tiers[0].benefit[0], 0, None)]
    return [
        slot(benefit, position, rung)
        for rung, tier in enumerate(promotion.tiers)
        for position, benefit in enumerate(tier.benefit)
    ]


def is_free(slot: Slot) -> bool:
    """§3: the benefits of class free."""
    return slot.benefit.kind in FREE


def own_selector(slot: Slot) -> Any:
    """The selector of a reward with items of its own, if it has one."""
    return getattr(slot.benefit, "items", None)


def has_own_items(document: CampaignDocument, slot: Slot) -> bool:
    """§4: a reward with items of its own: a selector, an add-on, shipping."""
    goods, _ = covers(document, slot.stage)
    return not is_free(slot) and (own_selector(slot) is not None or slot.benefit.kind == "add_on" or not goods)


def per(promotion: PromotionDocument) -> str:
    """§3: `per: cart (default) | seller | sku | line`."""
    return "cart" if promotion.trigger is None else promotion.trigger.per


def is_set(promotion: PromotionDocument) -> bool:
    return promotion.trigger is not None and promotion.trigger.kind == "set"


def is_measured(promotion: PromotionDocument) -> bool:
    """§3: a measure ≥ T."""
    return promotion.trigger is not None and promotion.trigger.kind not in ("none", "set")


def key_of(unit: Unit, each: str) -> str:
    """The instance that a unit belongs to; goods that name no seller are one seller's, and a shipment is a line."""
    if each == "cart":
        return ""
    if each == "seller":
        return unit.seller or ""
    if each == "sku":
        return unit.source.sku if isinstance(unit.source, Line) else ""
    return unit.line if unit.is_goods else f"shipping {unit.line}"


def keys(units: Iterable[Unit], each: str) -> list[str]:
    """§3: each instance, in the order of its key."""
    return sorted({key_of(unit, each) for unit in units} | ({""} if each == "cart" else set()))
