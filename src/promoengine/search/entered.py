"""A stage as it begins, and what is found of its members there: asked often, and found once."""

from __future__ import annotations

from promoengine import plan
from promoengine.engine.attempt import Attempt, Change
from promoengine.engine.state import State
from promoengine.engine.straight_turns import spread_alone
from promoengine.quote import Outcome
from promoengine.records import dataclass
from promoengine.search.members import Kept, Member

Asked = tuple[tuple[int, ...], frozenset[Member]]
"""A family, and who is left out of its stage."""
Division = tuple[tuple[Member, ...], tuple[Member, ...], frozenset[Member], str]
"""Those who divide units; those that matter to them, and of these who is left out and what is kept from whom."""


@dataclass(frozen=True, slots=True)
class Apart:
    """Who of a family acts, who is left out, and what is kept from whom; the rest is barred at its turn. The `silent`
    are barred for sure, and nobody need ask them at their turn. Where it is `cut_off` this is only the best found, and
    the family takes off no more than `most_minor`.
    """

    acting: frozenset[Member]
    out: frozenset[Member]
    kept: Kept
    silent: frozenset[Member] = frozenset()
    cut_off: bool = False
    most_minor: int = 0


class Entered:
    """A stage that begins from a state. `begun` is that state, entered; `active` are those of the members asked about
    that could act in it, were they alone (nobody else ever can); `apart` is what was found of families by themselves,
    `divided` how units were divided.
    """

    __slots__ = ("_alone", "_could", "active", "apart", "begun", "divided", "stage", "state")

    def __init__(self, state: State, stage: int, members: list[Member]) -> None:
        self.state = state
        self.stage = stage
        self.begun = state.entering(stage)
        self._alone: dict[Member, list[Change | Outcome | None]] = {}
        self._could: dict[Member, bool] = {}
        self.active = [member for member in members if self.could_act(member)]
        self.apart: dict[Asked, Apart | None] = {}
        self.divided: dict[Division, Kept | None] = {}

    def alone(self, member: Member) -> list[Change | Outcome | None]:
        """What each of its effects comes to with all of its units, were it alone."""
        if member not in self._alone:
            self._alone[member] = [
                Attempt(self.begun, index, member.instance, alone=True).run(None) for index in member.effects
            ]
        return self._alone[member]

    def gain(self, member: Member) -> int | None:
        """What a member takes off with all of its units, in minor units; None where it gives something, or refuses."""
        plain = spread_alone(self.begun, member.instance)
        if plain is not None:
            return plain
        changes = [answer for answer in self.alone(member) if isinstance(answer, Change)]
        if any([change.gifts or change.grants or change.refusal for change in changes]):
            return None
        return sum([change.amount_minor for change in changes])

    def acts_alone(self, member: Member) -> bool:
        """Whether a member has an effect with all of its units."""
        return self.gain(member) != 0

    def could_act(self, member: Member) -> bool:
        """Whether a member may have an effect. Where a stage stacks, everyone may, and so may whoever's trigger was
        measured before, or measures what it does not reward. Prices, units and limits only become less: who does not
        get beyond its trigger with all of its units does not with fewer.
        """
        if member not in self._could:
            self._could[member] = self._could_act(member)
        return self._could[member]

    def _could_act(self, member: Member) -> bool:
        rule, begun = member.rule, self.begun
        if spread_alone(begun, member.instance):
            return True
        if begun.stage.stacks or any([begun.bound.plan.effects[index].reward.items for index in member.effects]):
            return True
        if not isinstance(rule.trigger, plan.Unconditional) and rule.effects[0] not in member.effects:
            return True
        for answer in self.alone(member):
            if isinstance(answer, Change) and (answer.has_effect or may_gain_by_less(begun, member)):
                return True
            if isinstance(answer, Outcome) and answer.reason == "limits" and answer.detail in ("budget", "units"):
                return True
        return False


def may_gain_by_less(begun: State, member: Member) -> bool:
    """Whether a member that has no effect with all of its units may have one with fewer: other sets are formed, other
    units picked, another rung is reached, a price is rounded to another step, an amount fits.
    """
    effect = begun.bound.plan.effects[member.effects[0]]
    action, reward = effect.action, effect.reward
    picks = reward.pick is not None or reward.most is not None
    graduated = isinstance(action, (plan.Graduated, plan.GraduatedPercent))
    steps = isinstance(action, plan.Percent) and action.rounding.step_minor > 1
    fits = isinstance(action, plan.Amount) and action.must_fit
    several = len(member.effects) > 1 or isinstance(member.rule.trigger, plan.SetTrigger)
    return several or picks or graduated or steps or fits
