"""§3 Items: which units a selector selects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from promoengine.cart import Line
from promoengine.document import CampaignDocument

from .money import NoFigure
from .schedules import launch_end
from .units import Asked, Unit


class Selecting:
    """What selectors need: the document, the cart, and the stage whose start they look back on."""

    def __init__(self, document: CampaignDocument, asked: Asked) -> None:
        self.asked = asked
        self.stage_names = [stage.name for stage in document.stages]
        self.groups = {each.id: set(each.groups or ()) for each in document.promotions}

    def has_figures(self, selector: Any) -> bool:
        """§6: without a figure in the cart's currency a selector is taken to select everything."""
        figures = [
            each
            for key, value in selectors_within(selector)
            if key == "price"
            for each in (value.at_least, value.at_most)
        ]
        try:
            return all(self.asked.money.minor(each) >= 0 for each in figures if each is not None)
        except NoFigure:
            return False

    def holds(self, selector: Any, unit: Unit, stage: int, *, maybe: frozenset[str] = frozenset()) -> bool:
        """Whether all keys that are stated hold, or may hold where those in `maybe` are not known."""
        return selector is None or all(
            self.key_holds(key, kind.root, unit, stage, maybe) for key, kind in selector.stated()
        )

    def key_holds(self, key: str, value: Any, unit: Unit, stage: int, maybe: frozenset[str]) -> bool:
        if key in ("all", "any"):
            held = (self.holds(each, unit, stage, maybe=maybe) for each in value)
            return all(held) if key == "all" else any(held)
        if key == "not":
            return not self.surely(value, unit, stage, maybe)
        return is_open(key, unit, maybe) or self.plainly(key, value, unit, stage)

    def surely(self, selector: Any, unit: Unit, stage: int, maybe: frozenset[str]) -> bool:
        """Whether a selector holds whatever those in `maybe` come to."""
        return all(self.key_surely(key, kind.root, unit, stage, maybe) for key, kind in selector.stated())

    def key_surely(self, key: str, value: Any, unit: Unit, stage: int, maybe: frozenset[str]) -> bool:
        if key in ("all", "any"):
            held = (self.surely(each, unit, stage, maybe) for each in value)
            return all(held) if key == "all" else any(held)
        if key == "not":
            return not self.holds(value, unit, stage, maybe=maybe)
        return not is_open(key, unit, maybe) and self.plainly(key, value, unit, stage)

    def plainly(self, key: str, value: Any, unit: Unit, stage: int) -> bool:
        if key in ("price", "rewarded_by", "launched_within"):
            return self.changing(key, value, unit, stage)
        return static_holds(key, value, unit)

    def changing(self, key: str, value: Any, unit: Unit, stage: int) -> bool:
        """§3: price range as the stage began; rewarded by, in earlier stages; days after launch."""
        if key == "price":
            return self.price_within(value, unit.began.get(stage, unit.list))
        if key == "rewarded_by":
            return any(
                change.after < change.before
                and change.stage < stage
                and self.names(value, change.promotion, change.stage)
                for change in unit.changes
            )
        return self.launched_within(unit, value.days)

    def price_within(self, value: Any, price: int) -> bool:
        minor = self.asked.money.minor
        return (value.at_least is None or minor(value.at_least) <= price) and (
            value.at_most is None or price <= minor(value.at_most)
        )

    def names(self, value: Any, promotion: str, stage: int) -> bool:
        return (
            promotion in (value.promotions or ())
            or self.stage_names[stage] in (value.stages or ())
            or bool(self.groups[promotion] & set(value.groups or ()))
        )

    def launched_within(self, unit: Unit, days: int) -> bool:
        if not isinstance(unit.source, Line) or unit.source.launched_at is None:
            return False
        end = launch_end(unit.source.launched_at, days, ZoneInfo(self.asked.timezone))
        return unit.source.launched_at <= self.asked.at < end


def is_open(key: str, unit: Unit, maybe: frozenset[str]) -> bool:
    """Whether a key is one that may hold or not; a line that states no launch is never launched."""
    return key in maybe and (key != "launched_within" or getattr(unit.source, "launched_at", None) is not None)


def static_holds(key: str, value: Any, unit: Unit) -> bool:
    """The keys that are read off the line, or off the shipping option."""
    if key == "shipping_method":
        return unit.option is not None and unit.option.method in value
    if key == "seller":
        return unit.seller in value
    line = unit.source
    if not isinstance(line, Line):
        return False
    if key == "sku":
        return line.sku in value
    if key == "category":
        return bool(set(line.categories) & set(value))
    if key == "brand":
        return line.brand in value
    if key == "tag":
        return bool(set(line.tags) & set(value))
    if key == "attribute":
        return all(line.attributes.get(name) in wanted for name, wanted in value.items())
    assert key == "on_sale", key
    return (line.list_price is not None and line.list_price > line.unit_price) == value


def selectors_within(selector: Any) -> Iterator[tuple[str, Any]]:
    """Every key of a selector, however deep, with its value."""
    for key, kind in selector.stated() if selector is not None else ():
        yield key, kind.root
        for each in kind.root if key in ("all", "any") else [kind.root] if key == "not" else ():
            yield from selectors_within(each)
