"""§3 Benefit: what each benefit takes off which units, at one turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from promoengine.document import CampaignDocument

from .floors import Floors, Joint
from .money import Money, percent, rounded, rounded_discount
from .sharing import Policy, share_inside_line, share_over_lines
from .units import Unit, in_unit_order

Row = tuple[bool, str]


@dataclass
class Cut:
    """What one effect takes off: by unit, the base of each figure, and what of the face value is left over."""

    by_unit: dict[Unit, int] = field(default_factory=dict)
    bases: dict[Unit, int] = field(default_factory=dict)
    unused: int = 0
    points_redeemed: int = 0

    @property
    def total(self) -> int:
        return sum(self.by_unit.values())


@dataclass
class Turn:
    """What the figures of one member's turn are taken from. `room` is what a budget has left, where it cuts."""

    stage: int
    units: Sequence[Unit]
    rewarded: list[Unit]
    sets: list[list[Unit]]
    whole_sets: list[list[Unit]]
    times: int
    room: int | None = None
    graduated_spend: Fraction | None = None
    benefit_of: dict[Unit, Any] = field(default_factory=dict)


class Figures:
    """The benefits' arithmetic, in one currency."""

    def __init__(self, document: CampaignDocument, money: Money, floors: Floors, callers_order: list[Row]) -> None:
        self.document = document
        self.money = money
        self.floors = floors
        self.callers_order = callers_order

    # -- bases, rounding, allocation ------------------------------------------------------------

    def base(self, unit: Unit, name: str, stage: int) -> int:
        """§4: `running`, `entry` (as the stage began) or `list`."""
        return {"running": unit.price, "entry": unit.began[stage], "list": unit.list}[name]

    def discount_base(self, promotion: Any, benefit: Any, stage: int) -> str:
        """§4: a stage states it, a promotion may override, and so may a benefit."""
        own = getattr(benefit, "discount_base", None)
        return own or promotion.discount_base or self.document.stages[stage].discount_base

    def rounding(self, benefit: Any, default_at: str) -> tuple[str, str, int]:
        """§1: the point, the mode and the step."""
        choice, campaign = benefit.rounding, self.document.rounding
        at = (choice.at if choice else None) or default_at
        mode = (choice.mode if choice else None) or campaign.mode
        step = choice.step if choice and choice.step is not None else campaign.step
        return at, mode, 1 if step is None else self.money.minor(step)

    def policy(self, benefit: Any, stage: int) -> Policy:
        """§1: the benefit's allocation, or the stage's, or the campaign's."""
        choice = getattr(benefit, "allocation", None) or self.document.stages[stage].allocation
        choice = choice or self.document.allocation
        return Policy(choice.weight, choice.odd_units, choice.share_rounding)

    def weight(self, name: str, unit: Unit, stage: int) -> Fraction:
        """§1: what each has left, list, quantity or equal. A unit with nothing left has no weight."""
        left = self.floors.left(unit, stage)
        if name == "left" or left == 0:
            return Fraction(left)
        return Fraction(unit.list if name == "list" else 1)

    def once(self, benefit: Any, stage: int) -> bool:
        """§3: `per: unit` in the stage named item, `per: once` elsewhere and wherever `max_discount` is set."""
        if benefit.per is None:
            return benefit.max_discount is not None or self.document.stages[stage].name != "item"
        return bool(benefit.per == "once")

    # -- one figure for each unit ---------------------------------------------------------------

    def percent_figure(self, promotion: Any, benefit: Any, unit: Unit, stage: int) -> Fraction:
        """§3: min(p · base, left)."""
        base = self.base(unit, self.discount_base(promotion, benefit, stage), stage)
        return min(percent(benefit.percent) * base, Fraction(self.floors.left(unit, stage)))

    def asked_of_unit(self, promotion: Any, benefit: Any, unit: Unit, turn: Turn) -> int:
        """What a unit-wise effect asks of one unit, before floors per line and cart."""
        left = self.floors.left(unit, turn.stage)
        if benefit.kind == "percent_off":
            _, mode, step = self.rounding(benefit, "unit")
            figure = self.percent_figure(promotion, benefit, unit, turn.stage)
            return min(rounded_discount(unit.price, figure, mode, step), left)
        if benefit.kind in ("price", "add_on"):
            return max(0, unit.price - self.money.minor(benefit.price))
        return self.face(benefit) * turn.times

    def face(self, benefit: Any) -> int:
        """The amount that is written."""
        if benefit.kind == "deposit":
            return self.money.minor(benefit.worth) - self.money.minor(benefit.paid)
        return self.money.minor(benefit.amount)

    def lowers_one(self, promotion: Any, benefit: Any, unit: Unit, turn: Turn) -> bool:
        """The same of one unit of a graduated ladder, where every figure is a unit's own."""
        is_unit_rounded = benefit.kind != "percent_off" or self.rounding(benefit, "unit")[0] != "line"
        asked = self.asked_of_unit(promotion, benefit, unit, turn) if is_unit_rounded else 1
        return asked > 0 and self.would_lower(promotion, benefit, unit, turn)

    def reach(self, unit: Unit, turn: Turn) -> int:
        """How far a unit may fall by itself, within the floors of its line and the cart, too."""
        return Serving(self, Turn(turn.stage, turn.units, [unit], [], [], 1)).capacity([unit])

    def would_lower(self, promotion: Any, benefit: Any, unit: Unit, turn: Turn) -> bool:
        """§4: a unit that it would reward is one whose price it would lower."""
        left = self.reach(unit, turn)
        if left == 0:
            return False
        if benefit.kind == "percent_off":
            exact = self.once(benefit, turn.stage) or self.rounding(benefit, "unit")[0] == "line"
            if exact:
                return self.percent_figure(promotion, benefit, unit, turn.stage) > 0
            return self.asked_of_unit(promotion, benefit, unit, turn) > 0
        if benefit.kind in ("price", "add_on"):
            return self.asked_of_unit(promotion, benefit, unit, turn) > 0
        if benefit.kind == "amount_off" and benefit.per == "unit" and benefit.must_fit:
            return left >= self.face(benefit) * turn.times
        return True

    # -- serving ----------------------------------------------------------------------------------

    def cut(self, promotion: Any, benefit: Any, turn: Turn) -> Cut:
        """What the benefit takes off the rewarded units. §3: figures are served one after the other, within what lines
        and the cart have left, and a budget that cuts.
        """
        kind = benefit.kind
        if turn.graduated_spend is not None:
            return self.graduated_spend(benefit, turn)
        if kind == "percent_off":
            if self.once(benefit, turn.stage) and not turn.benefit_of:
                return self.percent_once(promotion, benefit, turn)
            if self.rounding(benefit, "unit")[0] == "line":
                return self.percent_by_line(promotion, benefit, turn)
            return self.unit_wise(promotion, benefit, turn)
        if kind in ("price", "add_on", "deposit") or (kind == "amount_off" and benefit.per == "unit"):
            return self.unit_wise(promotion, benefit, turn)
        if kind == "amount_off" and benefit.per == "line":
            return self.amount_by_line(benefit, turn)
        if kind == "amount_off" and benefit.per == "set":
            return self.amount_by_set(benefit, turn)
        if kind == "set_price":
            return self.set_price(benefit, turn)
        if kind == "total_price":
            return self.total_price(benefit, turn)
        assert (kind, benefit.per) == ("amount_off", "once")
        return self.amount_once(benefit, turn)

    def unit_wise(self, promotion: Any, benefit: Any, turn: Turn) -> Cut:
        """§3: its own figure per unit. Where a line or the cart has less left than it asks, units are served in unit
        order; so does a budget that cuts (§7).
        """
        serving, found = Serving(self, turn), Cut()
        for unit in turn.rewarded:
            own = turn.benefit_of.get(unit, benefit)
            asked = self.asked_of_unit(promotion, own, unit, turn)
            must_fit = own.kind == "amount_off" and own.must_fit
            given = 0 if must_fit and serving.capacity([unit]) < asked else serving.take(unit, asked)
            found.by_unit[unit] = given
            found.bases[unit] = self.shown_base(promotion, own, unit, turn.stage)
            if own.kind in ("amount_off", "deposit") and given:
                found.unused += asked - given
        return found

    def shown_base(self, promotion: Any, benefit: Any, unit: Unit, stage: int) -> int:
        """§6: the base of an adjustment: what a percentage is taken of, else the price before."""
        if benefit.kind == "percent_off":
            return self.base(unit, self.discount_base(promotion, benefit, stage), stage)
        return unit.price

    def percent_by_line(self, promotion: Any, benefit: Any, turn: Turn) -> Cut:
        """§1: rounded at `line`: the figures of each line, summed, rounded once and shared by these figures."""
        serving, found = Serving(self, turn), Cut()
        for row in rows_in_order(turn.rewarded):
            units = [unit for unit in turn.rewarded if unit.row == row]
            figures = {unit: self.percent_figure(promotion, benefit, unit, turn.stage) for unit in units}
            serving.share(self.rounded_sum(benefit, units, figures), figures, found.by_unit)
            found.bases |= {unit: self.shown_base(promotion, benefit, unit, turn.stage) for unit in units}
        return found

    def rounded_sum(self, benefit: Any, units: list[Unit], figures: dict[Unit, Fraction]) -> int:
        """One figure rounded once; a step rounds the price that these units then cost together."""
        _, mode, step = self.rounding(benefit, "")
        exact = sum((figures[unit] for unit in units), Fraction(0))
        return rounded_discount(sum(unit.price for unit in units), exact, mode, step)

    def percent_once(self, promotion: Any, benefit: Any, turn: Turn) -> Cut:
        """§3: the figures summed, rounded, cut to `max_discount` and shared by these figures; nothing spills."""
        figures = self.served_figures(promotion, benefit, turn)
        policy = self.policy(benefit, turn.stage)
        spread = Spread(self, turn, figures, Policy("figures", policy.odd_units, policy.share_rounding))
        most = None if benefit.max_discount is None else self.money.minor(benefit.max_discount)
        found = Cut(bases={unit: self.shown_base(promotion, benefit, unit, turn.stage) for unit in turn.rewarded})
        if self.rounding(benefit, "total")[0] == "line":
            by_row = {
                row: min(self.rounded_sum(benefit, spread.of_row(row), figures), left)
                for row, left in spread.row_left.items()
            }
            if sum(by_row.values()) <= (sum(by_row.values()) if most is None else most) and spread.fits(by_row):
                for row, amount in by_row.items():
                    spread.inside(row, amount, found.by_unit)
                return found
            amount = sum(by_row.values())
        else:
            amount = self.rounded_sum(benefit, list(figures), figures)
        spread.share(amount if most is None else min(amount, most), found.by_unit)
        return found

    def served_figures(self, promotion: Any, benefit: Any, turn: Turn) -> dict[Unit, Fraction]:
        """§3: a percentage that is shared as one figure is first cut, unit by unit, to what lines and the cart have."""
        joints = [(joint.units, Fraction(joint.left)) for joint in self.floors.joints(turn.units, turn.stage)]
        found: dict[Unit, Fraction] = {}
        for unit in turn.rewarded:
            figure = self.percent_figure(promotion, turn.benefit_of.get(unit, benefit), unit, turn.stage)
            figure = min([figure, *(left for units, left in joints if unit in units)])
            joints = [(units, left - figure if unit in units else left) for units, left in joints]
            found[unit] = figure
        return found

    def amount_by_line(self, benefit: Any, turn: Turn) -> Cut:
        """§3: once per line, lines in the order of their first units."""
        serving, found = Serving(self, turn), Cut()
        asked, policy = self.face(benefit) * turn.times, self.policy(benefit, turn.stage)
        for row in rows_in_order(turn.rewarded):
            units = [unit for unit in turn.rewarded if unit.row == row]
            if benefit.must_fit and serving.capacity(units) < asked:
                continue
            weights = {unit: self.weight(policy.weight, unit, turn.stage) for unit in units}
            given = serving.share(asked, weights, found.by_unit)
            found.unused += asked - given if given else 0
        found.bases = {unit: unit.price for unit in found.by_unit}
        return found

    def by_sets(self, asked_of: Callable[[list[Unit]], int], benefit: Any, turn: Turn, weight: str) -> Cut:
        """One figure for each set, over the set's units."""
        found, room, policy = Cut(), turn.room, self.policy(benefit, turn.stage)
        for units in turn.sets:
            one = Turn(turn.stage, turn.units, in_unit_order(units), [], [], 1, room)
            if weight == "price":
                weights = {unit: Fraction(unit.price) for unit in units}
            else:
                weights = {unit: self.weight(weight, unit, turn.stage) for unit in units}
            spread = Spread(self, one, weights, Policy(weight, policy.odd_units, policy.share_rounding))
            spread.taken = dict(found.by_unit)
            asked = asked_of(units)
            must_fit = getattr(benefit, "must_fit", False)
            given = 0 if must_fit and spread.most() < asked else spread.share(asked, found.by_unit)
            found.unused += asked - given if given else 0
            room = None if room is None else room - given
        found.bases = {unit: unit.price for unit in found.by_unit}
        return found

    def amount_by_set(self, benefit: Any, turn: Turn) -> Cut:
        """§3: an amount per set."""
        policy = self.policy(benefit, turn.stage)
        return self.by_sets(lambda _: self.face(benefit), benefit, turn, policy.weight)

    def set_price(self, benefit: Any, turn: Turn) -> Cut:
        """§3: a set costs a; never raises; share by price."""
        cost = self.money.minor(benefit.price)
        found = self.by_sets(lambda units: max(0, sum(unit.price for unit in units) - cost), benefit, turn, "price")
        found.unused = 0
        return found

    def total_price(self, benefit: Any, turn: Turn) -> Cut:
        """§3: the rewarded units cost a together; never raises."""
        amount = max(0, sum(unit.price for unit in turn.rewarded) - self.money.minor(benefit.price))
        return self.spread_amount(amount, benefit, turn)

    def amount_once(self, benefit: Any, turn: Turn) -> Cut:
        """§3: once over all rewarded units; `must_fit` gives nothing where the amount does not fit."""
        amount = self.face(benefit) * turn.times
        found = self.spread_amount(amount, benefit, turn)
        if benefit.must_fit and found.total < amount:
            found = self.spread_amount(0, benefit, turn)
        found.unused = amount - found.total if found.total else 0
        return found

    def spread_amount(self, amount: int, benefit: Any, turn: Turn) -> Cut:
        """§1: one amount over all rewarded units, by the stated weight."""
        policy = self.policy(benefit, turn.stage)
        weights = {unit: self.weight(policy.weight, unit, turn.stage) for unit in turn.rewarded}
        found = Cut(bases={unit: unit.price for unit in turn.rewarded})
        Spread(self, turn, weights, policy).share(amount, found.by_unit)
        return found

    def graduated_spend(self, benefit: Any, turn: Turn) -> Cut:
        """§3: the money above each rung: one figure, shared over the rewarded units by the allocation."""
        assert turn.graduated_spend is not None
        _, mode, step = self.rounding(benefit, "total")
        price = sum(unit.price for unit in turn.rewarded)
        return self.spread_amount(rounded_discount(price, turn.graduated_spend, mode, step), benefit, turn)

    def redeem(self, promotion: Any, benefit: Any, turn: Turn, points: int) -> Cut:
        """§3: asked points become money: rate, step, cap as share of the base, rounded down."""
        base = self.discount_base(promotion, benefit, turn.stage)
        most = Fraction(Spread(self, turn, dict.fromkeys(turn.rewarded, Fraction(1)), Policy("", "", "")).most())
        if benefit.max_share is not None:
            share = percent(benefit.max_share) * sum(self.base(unit, base, turn.stage) for unit in turn.rewarded)
            most = min(most, share)
        worth = Fraction(10**self.money.exponent, benefit.points_per_unit)
        steps = [benefit.step * number for number in range(points // benefit.step + 1)]
        money = max(worth_of for used in steps if (worth_of := rounded(worth * used, "down")) <= most)
        found = self.spread_amount(money, benefit, turn)
        found.points_redeemed = min(used for used in steps if rounded(worth * used, "down") == money)
        return found


def rows_in_order(units: Sequence[Unit]) -> list[Row]:
    """The lines of units in unit order, by their first unit."""
    return list(dict.fromkeys(unit.row for unit in units))


def distinct(values: Any) -> list[Any]:
    """Different objects, in order."""
    found: list[Any] = []
    for value in values:
        if not any(value is each for each in found):
            found.append(value)
    return found


class Serving:
    """§3: serves units one after the other, within what lines, the cart and a budget have left."""

    def __init__(self, figures: Figures, turn: Turn) -> None:
        self.left = {unit: figures.floors.left(unit, turn.stage) for unit in turn.rewarded}
        self.joints = figures.floors.joints(turn.units, turn.stage)
        self.room = turn.room

    def capacity(self, units: Sequence[Unit]) -> int:
        """What these units, which are of one line, can still take together."""
        lefts = [sum(self.left[unit] for unit in units)]
        lefts += [joint.left for joint in self.joints if joint.units & set(units)]
        lefts += [] if self.room is None else [self.room]
        return min(lefts)

    def take(self, unit: Unit, asked: int) -> int:
        """Give a unit what it asks, as far as that goes."""
        given = min(asked, self.capacity([unit]))
        self.left[unit] -= given
        for joint in self.joints:
            joint.left -= given if unit in joint.units else 0
        self.room = None if self.room is None else self.room - given
        return given

    def share(self, amount: int, weights: dict[Unit, Fraction], into: dict[Unit, int]) -> int:
        """Share an amount inside a line, as much of it as fits. What it gave."""
        order = [unit for unit in in_unit_order(weights) if weights[unit]]
        amount = min(amount, self.capacity(order)) if order else 0
        into |= dict.fromkeys(weights, 0)
        shares = share_inside_line(
            amount, {unit: weights[unit] for unit in order}, {unit: self.left[unit] for unit in order}, order
        )
        for unit, given in shares.items():
            into[unit] = self.take(unit, given)
        return amount


class Spread:
    """§1: one figure over lines and then over their units, within floors and a budget."""

    def __init__(self, figures: Figures, turn: Turn, weights: dict[Unit, Fraction], policy: Policy) -> None:
        self.figures = figures
        self.turn = turn
        self.weights = weights
        self.policy = policy
        self.taken: dict[Unit, int] = {}
        self.units = in_unit_order(weights)
        self.rows = rows_in_order(self.units)

    def of_row(self, row: Row) -> list[Unit]:
        return [unit for unit in self.units if unit.row == row]

    def price_of(self, row: Row) -> int:
        return sum(unit.price for unit in self.of_row(row))

    def left(self, unit: Unit) -> int:
        return self.figures.floors.left(unit, self.turn.stage)

    def joints(self, per: str) -> list[Joint]:
        """The floors per line or cart, less what earlier sets of this effect took."""
        found = [joint for joint in self.figures.floors.joints(self.turn.units, self.turn.stage) if joint.per == per]
        for joint in found:
            joint.left -= sum(given for unit, given in self.taken.items() if unit in joint.units)
        return found

    @property
    def row_left(self) -> dict[Row, int]:
        """What each line has left for this effect: those of its units that have a weight."""
        joints = self.joints("line")
        return {
            row: min(
                [sum(self.left(unit) for unit in self.of_row(row) if self.weights[unit])]
                + [joint.left for joint in joints if joint.units & set(self.of_row(row))]
            )
            for row in self.rows
        }

    def inside_joint(self, joint: Joint, row: Row) -> bool:
        return bool(joint.units & set(self.of_row(row)))

    def fits(self, given: dict[Row, int]) -> bool:
        """Whether so much of each line stays within what the cart and a budget have left."""
        return (self.turn.room is None or sum(given.values()) <= self.turn.room) and all(
            sum(each for row, each in given.items() if self.inside_joint(joint, row)) <= joint.left
            for joint in self.joints("cart")
        )

    def most(self) -> int:
        """The most that can be taken off."""
        lefts = self.row_left
        bounds = [sum(lefts.values())]
        for joint in self.joints("cart"):
            bounds.append(joint.left + sum(left for row, left in lefts.items() if not self.inside_joint(joint, row)))
        bounds += [] if self.turn.room is None else [self.turn.room]
        return min(bounds)

    def row_weight(self, row: Row) -> Fraction:
        if self.policy.weight == "equal":
            return Fraction(1)
        return sum((self.weights[unit] for unit in self.of_row(row)), Fraction(0))

    def share(self, amount: int, into: dict[Unit, int]) -> int:
        """Share as much of an amount as fits. What it gave."""
        amount = min(amount, self.most())
        for row, given in self.over_rows(amount, self.rows, self.joints("cart")).items():
            self.inside(row, given, into)
        return amount

    def over_rows(self, amount: int, rows: list[Row], joints: list[Joint]) -> dict[Row, int]:
        """§1, with the cart's floor as one more taker that takes what it has left and drops out."""
        lefts = self.row_left
        weights = {row: self.row_weight(row) for row in rows if lefts[row] > 0}
        for joint in joints:
            inside = [row for row in rows if self.inside_joint(joint, row)]
            outside = [row for row in rows if row not in inside]
            shares = share_over_lines(amount, weights, lefts, self.figures.callers_order, self.policy)
            if sum(shares.get(row, 0) for row in inside) > joint.left:
                rest = [each for each in joints if each is not joint]
                return {
                    **self.over_rows(joint.left, inside, rest),
                    **self.over_rows(amount - joint.left, outside, rest),
                }
        return share_over_lines(amount, weights, lefts, self.figures.callers_order, self.policy)

    def inside(self, row: Row, amount: int, into: dict[Unit, int]) -> None:
        """Share what a line takes over its units."""
        units = self.of_row(row)
        weights = {unit: self.weights[unit] for unit in units}
        into |= share_inside_line(amount, weights, {unit: self.left(unit) for unit in units}, units)
