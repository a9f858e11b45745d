"""Carts over small pools, or drawn to hit the edges of a given campaign; and moments near the edges of schedules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from promoengine import plan
from promoengine.engine.clock import WEEK_SECONDS
from promoengine.instants import local_instant, moment_of
from promoengine.testing import strategies_pools as pools
from promoengine.testing.strategies_draft import Hand, Json, amount_text
from promoengine.testing.strategies_edges import DAY_US, Edges

SOME_MOMENT = datetime(2026, 11, 11, 12, tzinfo=UTC)
"""A plain moment, for campaigns that name none."""
LINE_IDS = ("1", "2", "3", "10", "a", "b", "A")
MOST_UNITS_OF_ONE_LINE = 6
MOST_OF_A_KIND = 4
"""The most codes, limits or gift stocks that one cart states."""


@dataclass(frozen=True, slots=True)
class World:
    """What one cart is drawn from: small pools, and where a campaign is given, its edges and its plan."""

    hand: Hand
    currency: str
    edges: Edges = field(default_factory=Edges)
    source: plan.Plan | None = None

    def names(self, name: str, pool: Sequence[str]) -> list[str]:
        """The names by which the campaign selects units; those of the pool where it names none. One stands outside."""
        return self.edges.pool(f"units {name}", lambda: _and_another(name, self.edges.units.get(name, ()), pool))

    def asked(self, name: str, pool: Sequence[str]) -> list[str]:
        """Likewise of what it asks the cart for."""
        return self.edges.pool(f"context {name}", lambda: _and_another(name, self.edges.context.get(name, ()), pool))

    def prices(self) -> list[int]:
        """Prices of the pool, and those at which the campaign's answers change, one minor unit around them."""
        edges = self.edges
        return edges.pool("prices", lambda: [*pools.PRICES, *around(edges.prices), *around(edges.spends)])

    def money(self, minor: int) -> str:
        return amount_text(minor, self.currency)


def _and_another(name: str, named: Iterable[str], pool: Sequence[str]) -> list[str]:
    """The names, or else the pool, and more rarely another one."""
    inside = sorted(named) or pool
    return [*inside, *inside, f"other-{name}"]


def around(figures: Iterable[int], by: int = 1) -> list[int]:
    """Each figure, with its neighbours on both sides, none below 0."""
    return sorted({figure + step for figure in figures for step in (-by, 0, by) if figure + step >= 0})


def cart(world: World, lines: tuple[int, int], quantity: tuple[int, int]) -> Json:
    """A cart of this world, with so many lines of so many units each, from and to."""
    hand = world.hand
    ids = hand.some_of([*LINE_IDS, *map(str, range(11, 4 + lines[1]))], *lines)
    found: Json = {"currency": world.currency, "lines": [_line(world, each, quantity) for each in ids]}
    if len(ids) > 1 and hand.chance(6):
        _make_twins(found["lines"])
    if world.edges.spends and ids and hand.chance(3):
        _reach(world, found["lines"], quantity[0])
    if _is_stated(world, "shipping_method") or hand.chance(2):
        found["shipments"] = _shipments(world)
    hand.add(found, "customer", _customer(world) or None)
    _add_context(world, found)
    _add_points(world, found)
    if world.source is not None:
        _add_campaign(world, world.source, found)
    return found


def _make_twins(lines: list[Json]) -> None:
    """Make the first two lines, in the order of ids, equal in all but id and quantity."""
    first, second = sorted(lines, key=lambda line: line["id"])[:2]
    own = {"id": second["id"], "quantity": second["quantity"]}
    second.clear()
    second.update({**first, **own})


def _add_context(world: World, found: Json) -> None:
    for name, pool in _CONTEXT.items():
        if _is_stated(world, name):
            found[name] = world.hand.one(world.asked(name, pool))


def _is_stated(world: World, name: str) -> bool:
    """Whether a cart states something: mostly where the campaign asks for it."""
    return not world.hand.chance(6) if name in world.edges.context else world.hand.chance(8)


_CONTEXT = {"channel": pools.CHANNELS, "region": pools.REGIONS, "payment_method": pools.PAYMENT_METHODS}


# -- lines --------------------------------------------------------------------------------------


def _line(world: World, name: str, quantity: tuple[int, int]) -> Json:
    hand = world.hand
    line: Json = {
        "id": name,
        "sku": hand.one(world.names("sku", pools.SKUS)),
        "quantity": _quantity(world, *quantity),
        "unit_price": world.money(hand.one(world.prices())),
    }
    for name, pool in (("seller", pools.SELLERS), ("brand", pools.BRANDS)):
        if _carries(world, name):
            line[name] = hand.one(world.names(name, pool))
    for key, name, pool in (("categories", "category", pools.CATEGORIES), ("tags", "tag", pools.TAGS)):
        if _carries(world, name):
            line[key] = hand.some(world.names(name, pool))
    hand.may(line, "attributes", 3, lambda: _attributes(world))
    for price in ("list_price", "cost", "min_price"):
        hand.may(line, price, 4, lambda: world.money(hand.one(world.prices())))
    hand.may(line, "tax_rate", 3, lambda: hand.one(pools.TAX_RATES))
    hand.may(line, "launched_at", 2 if world.edges.days else 12, lambda: _launch(world))
    return line


def _carries(world: World, name: str) -> bool:
    """Whether a line states a field: mostly where the campaign asks for it or measures by it."""
    return not world.hand.chance(4) if name in world.edges.units else world.hand.chance(3)


def _quantity(world: World, least: int, most: int) -> int:
    """Small, or a count that the campaign asks for, or one more or less."""
    near = [count for count in around(world.edges.counts) if least <= count <= most]
    choices: list[int] = [*range(least, min(most, max(least, MOST_UNITS_OF_ONE_LINE)) + 1), *near]
    return world.hand.one(choices)


def _attributes(world: World) -> Json:
    named = [name.removeprefix("attribute:") for name in sorted(world.edges.units) if name.startswith("attribute:")]
    names = named or list(pools.ATTRIBUTES)
    return {
        name: world.hand.one(world.names(f"attribute:{name}", pools.ATTRIBUTES.get(name, ("x",))))
        for name in world.hand.some(names)
    }


def _launch(world: World) -> str:
    """Launches that are just over, or that have just begun, at one of the campaign's moments."""
    days = [0, *sorted(world.edges.days)]
    edges = sorted(world.edges.moments)
    moment = moment_of(world.hand.one(edges)) if edges else SOME_MOMENT
    return (moment - timedelta(days=world.hand.one(days))).isoformat()


def _reach(world: World, lines: list[Json], quantity: int) -> None:
    """Give the last line a price at which the cart spends a threshold, or one minor unit more or less."""
    last = lines[-1]
    others: int = sum(_minor(line["unit_price"]) * line["quantity"] for line in lines[:-1])
    missing = world.hand.one(around(world.edges.spends)) - others
    if missing >= 0 and missing % quantity == 0:
        last["quantity"], last["unit_price"] = quantity, world.money(missing // quantity)


def _minor(text: str) -> int:
    """Minor units of a text with exactly the digits of its currency."""
    return int(text.replace(".", ""))


# -- who, where and how -------------------------------------------------------------------------


def _shipments(world: World) -> list[Json]:
    return [_shipment(world, name) for name in world.hand.some(("s1", "s2"))]


def _shipment(world: World, name: str) -> Json:
    hand = world.hand
    pool = [*world.names("shipping_method", ()), *world.asked("shipping_method", pools.METHODS)]
    methods = hand.some(pool, 3)
    options = [{"method": method, "amount": world.money(hand.one((800, 500, 0, 1, 1500)))} for method in methods]
    for option in options:
        hand.may(option, "tax_rate", 4, lambda: hand.one(pools.TAX_RATES))
    shipment: Json = {"id": name, "options": options, "selected": hand.one(methods)}
    hand.may(shipment, "seller", 4, lambda: hand.one(world.names("seller", pools.SELLERS)))
    return shipment


def _customer(world: World) -> Json:
    hand = world.hand
    customer: Json = {}
    if _is_stated(world, "customer"):
        customer["id"] = hand.one(world.asked("customer", pools.CUSTOMERS))
    if _is_stated(world, "segment"):
        customer["segments"] = hand.some(world.asked("segment", pools.SEGMENTS))
    if world.edges.orders and not hand.chance(6):
        customer["orders"] = hand.one(around(world.edges.orders))
    return customer


def _add_points(world: World, found: Json) -> None:
    if world.edges.points or world.hand.chance(8):
        steps = [1000, 100, 0, 10_000, *around(world.edges.points)]
        world.hand.may(found, "points_balance", 2, lambda: world.hand.one(steps))
        if "points_balance" in found:
            world.hand.may(found, "points_to_redeem", 1, lambda: world.hand.one(steps))


# -- what only a campaign can ask for -----------------------------------------------------------


def _add_campaign(world: World, source: plan.Plan, found: Json) -> None:
    hand = world.hand
    if world.edges.codes or world.edges.pools:
        hand.may(found, "codes", 1, lambda: _codes(world))
    facts = {name: _fact(world, name, kind) for name, kind in source.facts if not hand.chance(8)}
    hand.add(found, "facts", facts or None)
    limited = [rule for rule in source.promotions if rule.limits is not plan.UNLIMITED]
    names = [*(rule.id for rule in limited), *(shared.name for shared in source.shared_limits)]
    left = {name: _left(world) for name in hand.some_of(names, 0, MOST_OF_A_KIND)}
    hand.add(found, "limits_left", left or None)
    stock = {sku: hand.count(0, 3) for sku in hand.some_of(sorted(world.edges.gifts), 0, MOST_OF_A_KIND)}
    hand.add(found, "gift_stock", stock or None)
    hand.add(found, "gift_choices", _gift_choices(world, source) or None)


def _codes(world: World) -> list[str | Json]:
    """Codes as shoppers type them; the pool says where the shop found one; now and then one that nobody knows."""
    hand = world.hand
    codes = world.edges.pool("codes", lambda: sorted(world.edges.codes))
    found: list[str | Json] = []
    for code in hand.some_of(codes, 0, MOST_OF_A_KIND):
        found.append(hand.one((code, f" {code.lower()} ", code)))
    for pool in hand.some_of(sorted(world.edges.pools), 0, MOST_OF_A_KIND):
        entered: Json = {"code": f"{pool}-{hand.count(1, 2)}", "pool": pool}
        hand.may(entered, "uses_left", 4, lambda: hand.count(0, 1))
        found.append(entered)
    if hand.chance(6):
        found.append("UNKNOWN")
    return found


def _fact(world: World, name: str, kind: str) -> object:
    hand = world.hand
    if kind == "flag":
        return not hand.chance(3)
    edges = world.edges.facts.get(name, set())
    number = hand.one([*around(edges), 0, 1, 3])
    return world.money(number) if kind == "money" else number


def _left(world: World) -> Json:
    """Near zero: that is where limits bite."""
    hand = world.hand
    left: Json = {}
    for name in ("stock", "per_customer", "uses", "uses_per_customer"):
        hand.may(left, name, 3, lambda: hand.one((1, 0, 2, 3, 100)))
    hand.may(left, "budget", 3, lambda: world.money(hand.one((100, 0, 1, 50, 333, 1000))))
    return left


def _gift_choices(world: World, source: plan.Plan) -> Json:
    """Now and then the shopper's choice among the gifts of a promotion or two."""
    hand = world.hand
    gifts = [(effect.promotion, effect.action) for effect in source.effects if isinstance(effect.action, plan.Gift)]
    chosen = hand.some_of(gifts, 0, 2) if gifts and hand.chance(2) else []
    return {source.promotions[index].id: hand.some([item.sku for item in action.items]) for index, action in chosen}


# -- moments ------------------------------------------------------------------------------------

STEPS = tuple(
    timedelta(microseconds=1) * us for us in (0, -1, 1, -1_000_000, 3_600_000_000, -3_600_000_000, DAY_US, 7 * DAY_US)
)


def moment(hand: Hand, source: plan.Plan, edges: Edges) -> datetime:
    """An edge of a schedule, a launch's end or weekly hours; exactly there, or a moment before or after."""
    base = moment_of(hand.one(sorted(edges.moments))) if edges.moments else SOME_MOMENT
    if edges.days:
        base += timedelta(days=hand.one((0, *sorted(edges.days))))
    if edges.week_seconds and hand.chance(2):
        base = _weekly_edge(hand, base, ZoneInfo(source.timezone), sorted(edges.week_seconds))
    return base + hand.one(STEPS)


def _weekly_edge(hand: Hand, base: datetime, zone: ZoneInfo, seconds: Sequence[int]) -> datetime:
    """The edge of weekly hours in the week of `base`, by the wall clock of the zone."""
    local = base.astimezone(zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    monday = local - timedelta(days=local.weekday())
    edge = monday + timedelta(seconds=hand.one(seconds) % WEEK_SECONDS)
    return moment_of(local_instant(edge, zone, hand.count(0, 1)))


__all__ = ["World", "around", "cart", "moment"]
