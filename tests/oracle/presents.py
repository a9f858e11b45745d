"""§3 and §6: gifts, points and awards."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .money import percent, rounded
from .sharing import share_over_lines
from .units import Unit

if TYPE_CHECKING:
    from .attempts import Attempting

Gift = tuple[str, str, int, int, str, str]
"""Promotion, sku, quantity, value of one, note, what was promised."""
Grant = tuple[str, str, str, int, int, tuple[tuple[str, int, int], ...]]
"""Promotion, what, name, quantity, value, and what each line earned: line, quantity, value."""


@dataclass
class Presents:
    """What is given besides discounts."""

    gifts: list[Gift] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    blocked: bool = False

    def __bool__(self) -> bool:
        return any(gift[2] for gift in self.gifts) or bool(self.grants)


def presents(turn: Attempting, held: list[Unit], times: int) -> Presents:
    """What a gift, points or an award come to. A figure of nothing is no effect."""
    kind = turn.benefit.kind
    if kind == "gift":
        return gifts(turn, times)
    grant = points(turn, held, times) if kind == "points" else award(turn, held, times)
    return Presents(grants=[grant] if grant is not None else [])


def spend(turn: Attempting, held: list[Unit]) -> int:
    """§3: of all units of the items at the discount base."""
    figures = turn.world.figures
    base = figures.discount_base(turn.promotion, turn.benefit, turn.stage)
    return sum(figures.base(unit, base, turn.stage) for unit in held)


def points(turn: Attempting, held: list[Unit], times: int) -> Grant | None:
    """§3: points, for each whole `per_spend` where it is stated."""
    benefit: Any = turn.benefit
    number = benefit.points * times
    if benefit.per_spend is not None:
        number *= spend(turn, held) // turn.world.asked.money.minor(benefit.per_spend)
    if number == 0:
        return None
    one = Fraction(benefit.point_value or 0) * 10**turn.world.asked.money.exponent
    return grant(turn, held, "points", "points", number, rounded(one * number, turn.world.document.rounding.mode))


def award(turn: Attempting, held: list[Unit], times: int) -> Grant | None:
    """§3: a coupon, an entry, or cash-back, which may be a percentage."""
    benefit: Any = turn.benefit
    money = turn.world.asked.money
    if benefit.percent is None:
        value = 0 if benefit.value is None else money.minor(benefit.value)
        number = benefit.quantity * times
        return grant(turn, held, benefit.award, benefit.name, number, value * number)
    _, mode, _ = turn.world.figures.rounding(benefit, "total")
    value = rounded(percent(benefit.percent) * spend(turn, held), mode)
    if benefit.max_value is not None:
        value = min(value, money.minor(benefit.max_value))
    return None if value == 0 else grant(turn, held, benefit.award, benefit.name, 1, value)


def grant(turn: Attempting, held: list[Unit], what: str, name: str, number: int, value: int) -> Grant:
    """§6: number, value, and what of each the lines earned."""
    numbers, values = earned(turn, held, number), earned(turn, held, value)
    lines = tuple((line, numbers[line], values[line]) for line in sorted(numbers) if numbers[line] or values[line])
    return turn.promotion.id, what, name, number, value, lines


def earned(turn: Attempting, held: list[Unit], amount: int) -> dict[str, int]:
    """§6: shared by the discount base, by quantity where that is 0; odd units as the allocation says."""
    figures = turn.world.figures
    base = figures.discount_base(turn.promotion, turn.benefit, turn.stage)
    bases = {unit: Fraction(figures.base(unit, base, turn.stage)) for unit in held}
    if not held:
        return {}
    if not any(bases.values()):
        bases = {unit: Fraction(1) for unit in held}
    weights: dict[Any, Fraction] = {}
    for unit, weight in bases.items():
        weights[unit.row] = weights.get(unit.row, Fraction(0)) + weight
    policy = figures.policy(turn.benefit, turn.stage)
    shares = share_over_lines(amount, weights, dict.fromkeys(weights, amount), figures.callers_order, policy)
    return {f"shipping {line}" if is_shipping else line: share for (is_shipping, line), share in shares.items()}


def gifts(turn: Attempting, times: int) -> Presents:
    """§6: `choose` n of a list; stock out: `drop`, `replace` or `block`, and said so."""
    benefit: Any = turn.benefit
    stock = Stock(turn)
    chosen, note = choice(turn, stock, times)
    found = Presents()
    for item in chosen:
        wanted = item.quantity * times
        given = stock.take(item.sku, wanted)
        found.blocked |= given < wanted and benefit.out_of_stock == "block"
        if given < wanted and benefit.out_of_stock == "replace":
            stock.give_back(item.sku, given)
            given = 0 if stock.has(benefit.replacement.sku, 1) else stock.take(item.sku, wanted)
        if given:
            short = given < wanted
            found.gifts.append(gift(turn, item, given, "short" if short else note, item.sku if short else ""))
        if not given and benefit.out_of_stock == "replace":
            instead = benefit.replacement
            more = stock.take(instead.sku, instead.quantity * times)
            if more:
                found.gifts.append(gift(turn, instead, more, "replacement", item.sku))
    return found


def gift(turn: Attempting, item: Any, quantity: int, note: str, promised: str = "") -> Gift:
    value = 0 if item.value is None else turn.world.asked.money.minor(item.value)
    return turn.promotion.id, item.sku, quantity, value, note, promised


def choice(turn: Attempting, stock: Stock, times: int) -> tuple[list[Any], str]:
    """§6: what the shopper chose; not chosen, the first `choose` in stock, and the quote says so."""
    benefit: Any = turn.benefit
    number = benefit.choose or len(benefit.gifts)
    wanted = turn.world.asked.cart.gift_choices.get(turn.promotion.id, ())
    chosen = [item for item in benefit.gifts if item.sku in wanted][:number]
    if chosen or number == len(benefit.gifts):
        return chosen or list(benefit.gifts), ""
    in_stock = [item for item in benefit.gifts if stock.has(item.sku, item.quantity * times)]
    rest = [item for item in benefit.gifts if item not in in_stock]
    return [*in_stock, *rest][:number], "not_chosen"


class Stock:
    """§6: what is left of each gift; stock that the cart does not state is not limited."""

    def __init__(self, turn: Attempting) -> None:
        self.stated = turn.world.asked.cart.gift_stock
        self.given = dict(turn.world.gifts_given)

    def left(self, sku: str) -> int | None:
        return self.stated[sku] - self.given.get(sku, 0) if sku in self.stated else None

    def has(self, sku: str, wanted: int) -> bool:
        left = self.left(sku)
        return left is None or left >= wanted

    def take(self, sku: str, wanted: int) -> int:
        left = self.left(sku)
        given = wanted if left is None else min(wanted, max(0, left))
        self.given[sku] = self.given.get(sku, 0) + given
        return given

    def give_back(self, sku: str, number: int) -> None:
        self.given[sku] -= number
