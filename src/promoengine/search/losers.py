"""What a promotion that lost would have saved: its own amount in one pass without those that bar it (semantics 6).

One pass for each loser would be most of a price where many compete. So the pass lets only those take their turn who
can make a difference to the loser: those before it that may touch what it reads, use up what it may use, or be in its
way; those before them that may do so to them; and so on. Mostly nobody is left but the loser itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from promoengine import plan
from promoengine.engine.basket import Basket
from promoengine.engine.bound import BoundPlan
from promoengine.engine.choice import Choice
from promoengine.engine.clock import Clock
from promoengine.engine.gather import Candidate
from promoengine.engine.run import run, run_stage, turns_of
from promoengine.engine.state import State
from promoengine.errors import CartRefused
from promoengine.search.influence import may_matter
from promoengine.search.members import Member, members_of


class Losers:
    """Asks for one cart and one choice, loser by loser."""

    def __init__(
        self,
        bound: BoundPlan,
        basket: Basket,
        clock: Clock,
        candidates: dict[int, Candidate],
        choice: Choice,
        members: Sequence[Member] = (),
    ) -> None:
        """`members` are those of the candidates, where they are known."""
        self._bound, self._basket, self._clock = bound, basket, clock
        self._candidates, self._choice = candidates, choice
        self._members = members or members_of(bound, basket, clock, turns_of(bound, candidates))
        cart_floor = any([floor.scope == "cart" for floor, _ in bound.floors])
        self._needs_all = cart_floor or any([_may_refuse(member) for member in self._members])

    def would_save(self, loser: int, barrers: frozenset[int]) -> int | None:
        """What the promotion takes off, in minor units, in a pass without the barrers and with itself, given all of
        its units; None where that pass refuses the cart.
        """
        choice = Choice(
            left_out=frozenset([turn for turn in self._choice.left_out if turn[0] != loser]),
            kept={turn: units for turn, units in self._choice.kept.items() if turn[0] != loser},
            without=barrers,
        )
        try:
            state = self._whole_pass(choice) if self._needs_all else self._pass_for(loser, choice)
        except CartRefused:
            return None
        applied = state.applied.get(loser)
        return 0 if applied is None else applied.amount_minor

    def _whole_pass(self, choice: Choice) -> State:
        return run(self._bound, self._basket, self._clock, self._candidates, choice)

    def _pass_for(self, loser: int, choice: Choice) -> State:
        """A pass up to the last stage of the loser, of those that can make a difference to it."""
        needed = self._needed(loser, choice)
        turns = [member.turn for member in needed]
        kept = {turn: units for turn, units in choice.kept.items() if turn in turns}
        choice = Choice(choice.left_out.intersection(turns), kept)
        state = State(self._bound, self._basket, self._clock, explains=False)
        for stage in range(needed[-1].stage + 1):
            here = [(index, each.instance) for each in needed if each.stage == stage for index in each.effects]
            run_stage(state, stage, here, choice)
        return state

    def _needed(self, loser: int, choice: Choice) -> list[Member]:
        """In the total order."""
        needed: list[Member] = []
        for member in reversed(self._members):
            rule = member.rule
            if rule.index in choice.without:
                continue
            acts = member.turn not in choice.left_out
            if rule.index == loser or any(
                [each.rule is rule or (acts and may_matter(self._basket, member, each)) for each in needed]
            ):
                needed.append(member)
        return needed[::-1]


def _may_refuse(member: Member) -> bool:
    """Whether a member may refuse the cart."""
    blocks = any([isinstance(action, plan.Gift) and action.out_of_stock == "block" for action in member.actions])
    return blocks or bool(member.rule.refuse_for) or member.rule.limits.beyond == "refuse"
