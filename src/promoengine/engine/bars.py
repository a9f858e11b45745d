"""Who bars whom: claims, named groups, exclusive, stop, and spreads that share units.

A bar is found at the turn of the one that is barred, among the members that have acted. It names them.
"""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.basket import Portion, Run
from promoengine.engine.state import State


def barrers(state: State, rule: plan.Promotion, spread_units: list[Portion], *, stopped: bool = True) -> list[int]:
    """The members that bar this one whatever units it is given; promotion indexes, ascending. `spread_units` are
    the units of its items where it is a spread. `stopped`: whether those that stop later ones are asked for.
    """
    found: set[int] = set()
    for index in (state.stopped_cart, state.stopped_stage) if stopped else ():
        if index not in (-1, rule.index):
            found.add(index)
    found.update(barrers_in_cart(state, rule))
    _add_exclusive(found, state, rule)
    if not state.stage.stacks:
        for portion in spread_units:
            if portion[4].spread not in (-1, rule.index):
                found.add(portion[4].spread)
    return sorted(found)


def barrers_in_cart(state: State, rule: plan.Promotion) -> list[int]:
    """The members that bar this one in the whole cart: by a group of the cart, or by exclusivity; ascending."""
    found = {*state.exclusive_cart}
    if rule.exclusive == "cart":
        found.update(state.applied)
    for group in rule.groups:
        if state.bound.plan.groups[group].scope == "cart":
            members = _applied_members(state, group, rule.index)
            if len(members) >= state.bound.plan.groups[group].at_most:
                found.update(members)
    return sorted(found - {rule.index})


def _add_exclusive(found: set[int], state: State, rule: plan.Promotion) -> None:
    """A promotion exclusive in its stage bars the others of it, and they bar it."""
    if rule.exclusive == "stage":
        found.update(state.stage_applied - {rule.index})
    for index in state.stage_applied:
        if index != rule.index and state.bound.plan.promotions[index].exclusive == "stage":
            found.add(index)


def _applied_members(state: State, group: int, but: int) -> set[int]:
    promotions = state.bound.plan.promotions
    return {index for index in state.applied if index != but and group in promotions[index].groups}


def open_portions(state: State, rule: plan.Promotion, portions: list[Portion], *, free: bool) -> list[Portion]:
    """The units that no other member has claimed (a free effect asks for no claims), and that no named group closes to
    this promotion.
    """
    if not state.stage.stacks and not free:
        mine = rule.index
        portions = [portion for portion in portions if portion[4].claim in (-1, mine)]
    if state.bound.scoped_groups and rule.groups:
        portions = [portion for portion in portions if not closing(state, rule, portion)]
    return portions


def closing(state: State, rule: plan.Promotion, portion: Portion) -> set[int]:
    """The members whose hold on a unit, its line or its seller closes it to this promotion; empty: it is open."""
    found: set[int] = set()
    for position in rule.groups:
        group = state.bound.plan.groups[position]
        if group.scope == "cart":
            continue
        holders = _holders(state, group, portion)
        members = {
            index for index in holders if index != rule.index and position in state.bound.plan.promotions[index].groups
        }
        if len(members) >= group.at_most:
            found |= members
    return found


def _holders(state: State, group: plan.Group, portion: Portion) -> set[int]:
    """Every promotion that holds something in the scope of the group to which the unit belongs."""
    if group.scope == "unit":
        return set(portion[4].held)
    if group.scope == "line":
        return _held(state.runs_of(portion[1]))
    found: set[int] = set()
    for line in state.lines:
        if line.seller == portion[3].seller:
            found |= _held(state.runs_of(line.rank))
    return found


def _held(runs: list[Run]) -> set[int]:
    return {index for run in runs for index in run.held}


def claimers(state: State, rule: plan.Promotion, portions: list[Portion], *, free: bool) -> list[int]:
    """The members whose claims and holds keep units of these from the promotion; ascending."""
    found: set[int] = set()
    for portion in portions:
        if not (state.stage.stacks or free) and portion[4].claim not in (-1, rule.index):
            found.add(portion[4].claim)
        if state.bound.scoped_groups and rule.groups:
            found |= closing(state, rule, portion)
    return sorted(found)
