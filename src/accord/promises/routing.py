"""Who gets a lead, and why: a pure decision over the rule that applies and the people it names.

First the owner of the account, which takes no turn; then the first route that holds; then, within its team,
whose turn it is. Everybody considered stands in the answer with the reason for or against.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from accord.promises.turns import Turns, settle, take_turn


class Reason(StrEnum):
    """Why somebody does or does not get a lead."""

    OWNS_ACCOUNT = "owns_account"
    TURN = "turn"
    COVERS = "covers"
    NOT_THEIR_TURN = "not_their_turn"
    INACTIVE = "inactive"
    AWAY = "away"
    FULL = "full"
    PAUSED = "paused"
    NO_WEIGHT = "no_weight"
    NO_ACCOUNT = "no_account"


@dataclass(frozen=True)
class Member:
    """Somebody who may get a lead, as they stand at the moment of assignment.

    `weight`: their share of the turns against others'. `capacity`: leads they take in a period (None:
    any number), of which they have `taken` some. `away_until`: None unless away now.
    `known`: whether they have an account here at all, and not in the tools alone.
    """

    name: str
    weight: int = 1
    capacity: int | None = None
    taken: int = 0
    active: bool = True
    paused: bool = False
    away_until: datetime | None = None
    known: bool = True

    @property
    def hindrance(self) -> Reason | None:
        """What keeps them from taking any lead now, if anything does."""
        if not self.known:
            return Reason.NO_ACCOUNT
        if not self.active:
            return Reason.INACTIVE
        if self.away_until is not None:
            return Reason.AWAY
        if self.paused:
            return Reason.PAUSED
        return Reason.FULL if self.capacity is not None and self.taken >= self.capacity else None


@dataclass(frozen=True)
class Considered:
    """One candidate and the reason for or against."""

    name: str
    reason: Reason
    owed: str = ""


@dataclass(frozen=True)
class Pool:
    """A team to choose from: its slug, its members in a fixed order, and what its turns owe to each."""

    team: str
    members: Sequence[Member]
    turns: Turns


@dataclass(frozen=True)
class Assignment:
    """Who gets the lead (None: it stays in the team's pool, its clocks running, the manager told).

    `rule` is `account owner`, a route's condition, or `otherwise`. `covers` is the owner who is away and
    gets the lead back on `returns_at`. `turns` are the team's debts afterwards.
    """

    owner: str | None
    team: str
    rule: str
    considered: tuple[Considered, ...]
    turns: Turns
    covers: str | None = None
    returns_at: datetime | None = None


def route(pool: Pool, rule: str, account_owner: Member | None = None) -> Assignment:
    """Assign one lead that the rule sends to the pool; `account_owner` is whose account it already is.

    An account's owner gets it without a turn, unless inactive. While the owner is away, or if they have no
    account here, a member of the pool covers; the turn it costs them is owed back by the owner. Neither
    capacity nor pauses keep an owner from their own account.
    """
    if account_owner is not None and account_owner.active:
        if account_owner.known and account_owner.away_until is None:
            owns = Considered(account_owner.name, Reason.OWNS_ACCOUNT)
            return Assignment(account_owner.name, pool.team, "account owner", (owns,), pool.turns)
        return _cover(pool, account_owner)
    first = (Considered(account_owner.name, Reason.INACTIVE),) if account_owner else ()
    chosen, considered, turns = _choose(pool, without=None)
    return Assignment(chosen, pool.team, rule, (*first, *considered), turns)


def _cover(pool: Pool, owner: Member) -> Assignment:
    """Somebody of the pool in the place of an owner who is away or has no account."""
    chosen, considered, turns = _choose(pool, without=owner.name)
    away = Considered(owner.name, Reason.AWAY if owner.known else Reason.NO_ACCOUNT)
    if chosen is None:
        return Assignment(None, pool.team, "account owner", (away, *considered), pool.turns)
    shown = tuple(
        Considered(c.name, Reason.COVERS if c.name == chosen else c.reason, c.owed) for c in considered
    )
    settled = settle(turns, owner.name, chosen) if _is_member(pool, owner.name) else turns
    return Assignment(
        chosen, pool.team, "account owner", (away, *shown), settled, owner.name, owner.away_until
    )


def _choose(pool: Pool, without: str | None) -> tuple[str | None, tuple[Considered, ...], Turns]:
    """The member whose turn it is, with everybody's reason, and the debts afterwards."""
    reasons = {m.name: _against(m) for m in pool.members if m.name != without}
    able = [(m.name, m.weight) for m in pool.members if m.name in reasons and reasons[m.name] is None]
    chosen, turns = take_turn(pool.turns, able) if able else (None, pool.turns)
    considered = tuple(
        Considered(
            name,
            reason or (Reason.TURN if name == chosen else Reason.NOT_THEIR_TURN),
            f"{float(pool.turns.of(name)):+.3f}",
        )
        for name, reason in reasons.items()
    )
    return chosen, considered, turns


def _against(member: Member) -> Reason | None:
    return member.hindrance or (Reason.NO_WEIGHT if member.weight <= 0 else None)


def _is_member(pool: Pool, name: str) -> bool:
    return any(member.name == name for member in pool.members)
