"""Members that have all of their units or none: the best of those that exclude each other.

Where two members of a component share units, they exclude each other altogether (two spreads, say). Then what each one
takes off is one figure, whoever else acts, and the best choice is a heaviest set of members of which no two exclude
each other. Members are bits of an int, so a branch costs a few operations.

**The bound.** The members are parted into cliques, groups in which each excludes each; a choice has at most one of a
clique, so what it can gain is at most the sum, over the cliques, of the greatest gain still allowed. It is never too
low: of the members of a choice no two are in one clique.

**Which comes first.** The gain; then the fewest members that are used only where they help; then, at the first member
in which two choices differ, the one that has it. With the first member as the highest bit that is the greater int.
"""

from __future__ import annotations

from promoengine.records import dataclass


@dataclass(frozen=True, slots=True)
class Contender:
    """One member: what it takes off, whom it excludes, who may bar it, and whether it may be left out regardless.

    `excludes` and `barrers` are bit sets of contenders; the first in the total order is the highest bit.
    """

    bit: int
    gain_minor: int
    excludes: int
    barrers: int
    optional: bool


@dataclass(slots=True)
class Found:
    """The best set as a bit set, how many nodes it took, and whether that was more than it may take."""

    chosen: int
    nodes: int
    cut_off: bool


class _Search:
    def __init__(self, contenders: list[Contender], max_nodes: int) -> None:
        self._contenders = sorted(contenders, key=lambda each: (-each.gain_minor, -each.bit))
        self._cliques = _cliques(self._contenders)
        self._optional = sum([each.bit for each in contenders if each.optional])
        self._by_bit = {each.bit: each for each in contenders}
        self._max_nodes = max_nodes
        self._best: tuple[int, int, int] | None = None
        self.nodes = 0
        self.cut_off = False

    def run(self) -> Found:
        everything = sum(self._by_bit)
        self._visit(0, everything, 0)
        return Found(self._best[2] if self._best else 0, self.nodes, self.cut_off)

    def _visit(self, chosen: int, allowed: int, gain: int) -> None:
        """Every set that holds `chosen` and otherwise members of `allowed`; the one with the greatest gain first."""
        at_most = gain + self._gain_within(allowed)
        if self._best is not None and not self._may_win(chosen, allowed, at_most):
            return
        if self.nodes >= self._max_nodes:
            self.cut_off = True
            return
        self.nodes += 1
        pick = next((each for each in self._contenders if each.bit & allowed), None)
        if pick is None:
            self._offer(chosen, gain)
            return
        self._visit(chosen | pick.bit, allowed & ~(pick.bit | pick.excludes), gain + pick.gain_minor)
        if pick.optional or pick.barrers & (chosen | allowed):
            self._visit(chosen, allowed & ~pick.bit, gain)

    def _may_win(self, chosen: int, allowed: int, at_most: int) -> bool:
        """Whether some set of a branch could come before the best one found."""
        assert self._best is not None
        gain, fewer, bits = self._best
        if at_most != gain:
            return at_most > gain
        return (-(chosen & self._optional).bit_count(), chosen | allowed) > (fewer, bits)

    def _gain_within(self, allowed: int) -> int:
        found = 0
        for clique in self._cliques:
            for bit, gain in clique:  # the greatest gain comes first
                if bit & allowed:
                    found += gain
                    break
        return found

    def _offer(self, chosen: int, gain: int) -> None:
        """A set is legal where everyone left out that must not be is barred by one that is in."""
        for each in self._contenders:
            if not (each.bit & chosen or each.optional or each.barrers & chosen):
                return
        found = (gain, -(chosen & self._optional).bit_count(), chosen)
        if self._best is None or found > self._best:
            self._best = found


def _cliques(contenders: list[Contender]) -> list[list[tuple[int, int]]]:
    """Part them into groups in which each excludes each, dearest first; `(bit, gain)`."""
    found: list[tuple[int, list[tuple[int, int]]]] = []
    for each in contenders:
        for position, (common, clique) in enumerate(found):
            if common & each.bit:
                clique.append((each.bit, each.gain_minor))
                found[position] = (common & each.excludes, clique)
                break
        else:
            found.append((each.excludes, [(each.bit, each.gain_minor)]))
    return [clique for _, clique in found]


def best_of(contenders: list[Contender], max_nodes: int) -> Found:
    """The best legal set of contenders, of which no two exclude each other."""
    return _Search(contenders, max_nodes).run()
