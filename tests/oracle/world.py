"""The cart on its way through the stages: its units, who holds which, and what was used up."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from promoengine.cart import Cart
from promoengine.document import CampaignDocument, GroupRule, PromotionDocument

from .choices import Kept, Past
from .choosing import Selecting
from .eligibility import Eligibility
from .figures import Figures
from .floors import Floors
from .limits import Ledger
from .money import Money
from .triggers import Measuring
from .units import Asked, Unit, explode


class World:
    """Everything one pass knows."""

    def __init__(self, document: CampaignDocument, cart: Cart, at: datetime, methods: dict[str, str]) -> None:
        """`methods` are the options that are priced, by shipment."""
        self.document = document
        money = Money(document.currency, cart.currency)
        self.asked = Asked(cart, money, at, document.timezone, dict(document.facts), methods)
        self.units = explode(cart, money, methods)
        self.selecting = Selecting(document, self.asked)
        self.eligibility = Eligibility(document, self.asked, self.units, self.selecting)
        self.floors = Floors(document, money, self.selecting)
        rows = list(dict.fromkeys(unit.row for unit in self.units if unit.is_goods))
        rows += sorted({unit.row for unit in self.units if not unit.is_goods})
        self.figures = Figures(document, money, self.floors, rows)
        self.measuring = Measuring(document, self.asked, self.selecting)
        self.ledger = Ledger(document, self.asked)
        self.verdicts: dict[Any, Any] = {}
        self.holdings: list[tuple[str, str, object]] = []
        self.gifts_given: dict[str, int] = defaultdict(int)
        self.points_redeemed = 0
        self.users: set[str] = set()
        self.uses_of: dict[tuple[str, str], int] = defaultdict(int)
        self.kept: Kept = {}
        self.items_of: dict[tuple[str, int, str], list[Unit]] = {}
        self.alike: dict[Past, list[Unit]] = {}
        self.promotions = {each.id: each for each in document.promotions}

    def promotion(self, name: str) -> PromotionDocument:
        return self.promotions[name]

    # -- claims and groups (§4) ---------------------------------------------------------------

    def claimers(self, unit: Unit, stage: int, without: str) -> set[str]:
        """The other promotions that claimed a unit in a stage."""
        return {promotion for claimed_in, promotion in unit.claims if claimed_in == stage} - {without}

    def group(self, name: str) -> GroupRule:
        return next(group for group in self.document.groups if group.name == name)

    def scope_key(self, name: str, unit: Unit) -> object:
        """§4: what a group's members share: the unit, the line, the seller or the cart."""
        scope = self.group(name).scope
        return {"unit": unit, "line": unit.row, "seller": unit.seller, "cart": ""}[scope]

    def holders(self, name: str, unit: Unit, without: str) -> set[str]:
        """The other promotions that hold a unit's scope in a group."""
        key = self.scope_key(name, unit)
        return {promotion for group, promotion, held in self.holdings if group == name and held == key} - {without}

    def holders_of_cart(self, name: str, without: str) -> set[str]:
        """The other promotions that hold anything in a group."""
        return {promotion for group, promotion, _ in self.holdings if group == name} - {without}

    def has_used(self, promotion: str) -> bool:
        return promotion in self.users
