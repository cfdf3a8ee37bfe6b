"""What the desk had done about a handed-over lead at a moment that has passed, from rows that carry dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accord.desk.handoff.models import Clock, Handoff
from accord.desk.hours.calendars import naive

ENDING = ("disqualified", "recycled", "returned")


@dataclass(frozen=True)
class Ran:
    """A clock: its promise, when it started, is due, was met, ended. Moments naive UTC."""

    promise: str
    started_at: datetime
    due_at: datetime | None
    met_at: datetime | None
    ended_at: datetime | None

    def is_running(self, at: datetime) -> bool:
        """Whether it ran, or rested, at a moment; one that starts later is taken for running."""
        return self.ended_at is None or self.ended_at > at


@dataclass(frozen=True)
class Past:
    """One handoff: its clocks, its verdicts, and to whom it was given when."""

    clocks: tuple[Ran, ...]
    said: tuple[tuple[datetime, str], ...]
    given: tuple[tuple[datetime, str | None], ...]

    def given_by(self, at: datetime) -> bool:
        """Whether it had been handed over by then."""
        return any(since <= at for since, _ in self.given)

    def owner(self, at: datetime) -> str | None:
        """Whose it was; where it was handed over only later, its first owner. None in the pool."""
        held = [owner for since, owner in self.given if since <= at] or [o for _, o in self.given[:1]]
        return held[-1] if held else None

    def said_by(self, at: datetime) -> list[tuple[datetime, str]]:
        """The verdicts up to then."""
        return [(moment, what) for moment, what in self.said if moment <= at]

    def taken_up_at(self, at: datetime) -> datetime | None:
        """When sales last took it up again after having given it up; None if it did not."""
        given_up = min((moment for moment, what in self.said_by(at) if what in ENDING), default=None)
        again = [c.started_at for c in self.clocks if given_up is not None and given_up < c.started_at <= at]
        return max(again, default=None)

    def contacted(self, at: datetime) -> bool:
        """Whether the first contact was made, in time or late."""
        met = (c.met_at for c in self.clocks if c.promise == Clock.Promise.FIRST_CONTACT)
        return any(moment is not None and moment <= at for moment in met)

    def has_running_clock(self, at: datetime) -> bool:
        """Whether anything was timed then."""
        return any(clock.is_running(at) for clock in self.clocks)

    def due_at(self, at: datetime) -> datetime | None:
        """The next due moment of what ran then; None on hold."""
        return min((c.due_at for c in self.clocks if c.is_running(at) and c.due_at), default=None)


def past_of(handoff: Handoff) -> Past:
    """A handoff's past; its clocks, verdicts and assignments are best fetched with it."""
    return Past(
        clocks=tuple(_ran(clock) for clock in handoff.clocks.all()),
        said=tuple((naive(verdict.at), verdict.verdict) for verdict in handoff.verdicts.all()),
        given=tuple((naive(a.at), a.owner.email if a.owner else None) for a in handoff.assignments.all()),
    )


def _ran(clock: Clock) -> Ran:
    moments = (clock.due_at, clock.met_at, clock.ended_at)
    due, met, ended = (naive(moment) if moment else None for moment in moments)
    started = naive(clock.started_at)
    over = clock.state != Clock.State.RUNNING
    return Ran(clock.promise, started, due, met, ended or (started if over else None))
