"""What counts as delivered: a ledger of one lead, each entry dated, that adds up to whether it counts now.

A lead that passed the gate is delivered when sales accepts it, when sales let the time for an answer pass
(deemed accepted), or when its return was contested and not upheld in time. A return takes it out again. What
is entered is never changed: the number of a period is the sum of the entries dated in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Delivered = Literal["accepted", "deemed", "contested"]
Why = Literal["accepted", "deemed", "contested", "returned", "withdrawn"]
Standing = Literal[
    "accepted", "deemed", "contested", "returned", "in_dispute", "disqualified", "recycled", "awaiting"
]


@dataclass(frozen=True)
class Said:
    """A verdict of sales."""

    at: datetime
    verdict: str


@dataclass(frozen=True)
class Breach:
    """The time for an answer ran out at `at`; `withdrawn_at`: when it was found that it had not."""

    at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Contest:
    """Marketing contests a return; sales has until `due_at` to uphold it or give the lead back."""

    at: datetime
    due_at: datetime
    decided_at: datetime | None = None
    upheld: bool = False

    @property
    def won_at(self) -> datetime | None:
        """When marketing has won it, or will unless the return is upheld before; None if that was upheld."""
        in_time = self.decided_at is not None and self.decided_at <= self.due_at
        if not in_time:
            return self.due_at
        return None if self.upheld else self.decided_at

    def is_open(self, at: datetime) -> bool:
        """Whether it waits for sales at a moment."""
        return self.at <= at and (self.decided_at is None or self.decided_at > at)


@dataclass(frozen=True)
class Course:
    """What happened with a lead after the gate, in any order. `by`: the verdict that delivers it."""

    said: tuple[Said, ...] = ()
    breaches: tuple[Breach, ...] = ()
    contests: tuple[Contest, ...] = ()
    by: str = "accepted"


@dataclass(frozen=True)
class Entry:
    """The lead counts (+1) or no longer counts (-1) from a moment on, and why."""

    at: datetime
    amount: Literal[1, -1]
    why: Why


def entries(course: Course, until: datetime) -> tuple[Entry, ...]:
    """The lead's entries up to a moment, as they stand then; their sum is 0 or 1."""
    return tuple(_entries(course, until))


def standing(course: Course, until: datetime) -> Standing:
    """How the lead stands at a moment: what delivered it, else what became of it."""
    held = _held(_changes(course, until))
    if held is not None:
        return held
    said = [one for one in course.said if one.at <= until]
    last = max(said, key=lambda one: one.at).verdict if said else ""
    if last == "returned":
        return "in_dispute" if any(contest.is_open(until) for contest in course.contests) else "returned"
    if last == "disqualified":
        return "disqualified"
    return "recycled" if last == "recycled" else "awaiting"


@dataclass(frozen=True, order=True)
class _Change:
    """What may change whether the lead counts; at one moment what gives it comes before what takes it.

    `source` tells which breach it is that is withdrawn.
    """

    at: datetime
    order: int
    why: Why
    source: int = 0


def _changes(course: Course, until: datetime) -> list[_Change]:
    found = [_Change(one.at, 0, "accepted") for one in course.said if one.verdict in _accepting(course.by)]
    found += [_Change(one.at, 2, "returned") for one in course.said if one.verdict == "returned"]
    for number, breach in enumerate(sorted(course.breaches, key=lambda one: one.at)):
        if breach.withdrawn_at is None or breach.withdrawn_at > breach.at:
            found.append(_Change(breach.at, 0, "deemed", number))
            if breach.withdrawn_at is not None:
                found.append(_Change(breach.withdrawn_at, 1, "withdrawn", number))
    for contest in course.contests:
        if contest.won_at is not None:
            found.append(_Change(contest.won_at, 0, "contested"))
    return sorted(change for change in found if change.at <= until)


def _accepting(by: str) -> tuple[str, ...]:
    """The verdicts that say no less than the one that delivers: who qualifies a lead has accepted it."""
    return ("accepted", "qualified") if by == "accepted" else (by,)


Grounds = frozenset[tuple[Why, int]]
"""What speaks for the lead's being delivered; one is enough."""


def _entries(course: Course, until: datetime) -> Iterator[Entry]:
    grounds: Grounds = frozenset()
    for change in _changes(course, until):
        before, grounds = grounds, _after(grounds, change)
        if bool(before) != bool(grounds):
            yield Entry(change.at, -1 if before else 1, change.why)


def _held(changes: Iterable[_Change]) -> Delivered | None:
    """The strongest ground after all changes."""
    grounds: Grounds = frozenset()
    for change in changes:
        grounds = _after(grounds, change)
    left = {why for why, _ in grounds}
    strongest: tuple[Delivered, ...] = ("accepted", "contested", "deemed")
    return next((why for why in strongest if why in left), None)


def _after(grounds: Grounds, change: _Change) -> Grounds:
    if change.why == "returned":
        return frozenset()
    if change.why == "withdrawn":
        return grounds - {("deemed", change.source)}
    return grounds | {(change.why, change.source)}
