"""Whose turn it is: weighted round robin by deficit, fair at every moment and not only in the end.

Method: R. Tijdeman, "The chairman assignment problem", Discrete Mathematics 32 (1980): of those whose share
has earned them a turn, the one whose turn must come soonest. With constant weights nobody is ever a whole
turn away from their share, whatever the number of turns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Turns:
    """What each member is owed, in turns: their share of the turns so far less the turns they had.

    The debts add up to nothing. Members who are not named are owed nothing.
    """

    owed: Mapping[str, Fraction]

    def of(self, member: str) -> Fraction:
        """What the member is owed."""
        return self.owed.get(member, Fraction(0))


def take_turn(turns: Turns, weights: Sequence[tuple[str, int]]) -> tuple[str, Turns]:
    """Who of the members in `weights` (name, weight above zero; at least one) is next, and the new debts.

    Deterministic: equal claims go by the order given. Members who are not in `weights`, being away say,
    neither gain nor lose.
    """
    whole = sum(weight for _, weight in weights)
    share = {member: Fraction(weight, whole) for member, weight in weights}
    claim = {member: turns.of(member) + share[member] for member, _ in weights}
    least = Fraction(1, max(2 * len(weights) - 2, 2))
    earned = [member for member, _ in weights if claim[member] >= least]
    # Nobody has earned one only where earlier turns were shared among others: then the largest claim.
    chosen = (
        min(earned, key=lambda member: (1 - least - claim[member]) / share[member])
        if earned
        else max(claim, key=lambda member: claim[member])
    )
    return chosen, Turns({**turns.owed, **claim, chosen: claim[chosen] - 1})


def give_turn_back(turns: Turns, weights: Sequence[tuple[str, int]], member: str) -> Turns:
    """The debts as if the member's turn, taken among those in `weights`, had not been taken."""
    whole = sum(weight for _, weight in weights)
    before = {name: turns.of(name) - Fraction(weight, whole) for name, weight in weights}
    return Turns({**turns.owed, **before, member: before[member] + 1})


def settle(turns: Turns, covered: str, by: str) -> Turns:
    """The debts after `by` took a lead that was `covered`'s: one turn owed by the one to the other."""
    owed = {**turns.owed, by: turns.of(by) + 1, covered: turns.of(covered) - 1}
    return Turns(owed)
