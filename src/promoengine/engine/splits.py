"""What a member does to the runs of the units that it changes or claims."""

from __future__ import annotations

from collections.abc import Iterable

from promoengine.engine.basket import Line, Run
from promoengine.engine.state import State


class Touched:
    """A run, how many of its units go down by how much (each discount above 0), and how many are claimed in all."""

    __slots__ = ("changed", "claimed", "line", "run")

    def __init__(self, line: Line, run: Run, changed: dict[int, int], claimed: int) -> None:
        self.line = line
        self.run = run
        self.changed = changed
        self.claimed = claimed


def split_runs(state: State, promotion: int, stage: int, claims: bool, touched: Iterable[Touched]) -> None:
    """Every run that was touched becomes: its changed units, greatest discount first; those claimed without being
    changed; the rest. So alike units are never told apart.
    """
    claims = claims and not state.stage.stacks
    groups = state.bound.scoped_groups
    for each in touched:
        rank, run = each.line.rank, each.run
        if claims:
            state.claimed_lines |= 1 << rank
            if not each.changed and each.claimed == run.count and not groups:
                run.claim = promotion
                continue
        parts = _parts(state, each, promotion, stage)
        for part in parts:
            if claims:
                part.claim = promotion
            if groups and promotion not in part.held:
                part.held = (*part.held, promotion)
        rest = run.count - sum([part.count for part in parts])
        if rest:
            parts.append(run.part(rest))
        if parts != [run]:
            state.mix(rank)
            runs = state.runs_of(rank)
            position = runs.index(run)
            runs[position : position + 1] = parts


def _parts(state: State, touched: Touched, promotion: int, stage: int) -> list[Run]:
    """The runs of the units that were changed or claimed; the run itself where that is all of its units alike."""
    run, claimed_only = touched.run, touched.claimed
    parts = []
    for discount in sorted(touched.changed, reverse=True):
        count = touched.changed[discount]
        part = run if count == run.count else run.part(count)
        state.lower(part, discount, promotion, stage)
        parts.append(part)
        claimed_only -= count
    if claimed_only > 0:
        parts.append(run if claimed_only == run.count else run.part(claimed_only))
    return parts
