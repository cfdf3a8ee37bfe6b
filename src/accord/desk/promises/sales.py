"""Sales' promises in a period: every clock on a lead that was delivered, kept, broken or still to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from accord.desk.handoff.models import Clock
from accord.desk.hours.calendars import naive
from accord.desk.promises.given import Lead
from accord.promises.kept import Timed

if TYPE_CHECKING:
    from accord.insight.metrics.targets import Period

DELIVERED = ("accepted", "deemed", "contested")


@dataclass(frozen=True)
class Answer:
    """One clock: how it stands (`state`), whether it came from an earlier period, and why it is left out."""

    lead: Lead
    clock: Clock
    state: str
    carried_over: bool
    is_owed: bool
    reason: str | None

    @property
    def due_at(self) -> datetime | None:
        """When its time ends; None on hold."""
        return naive(self.clock.due_at) if self.clock.due_at else None

    @property
    def applies(self) -> str:
        """The rule under which it is counted."""
        return "carried_over" if self.carried_over and self.state != "excluded" else self.state


@dataclass(frozen=True)
class Responding:
    """One of sales' promises in [start, end) as it stands at `at`."""

    promise: str
    title: str
    leads: Sequence[Lead]
    period: Period
    at: datetime

    @cached_property
    def answers(self) -> list[Answer]:
        """The clocks that started in the period, and older ones that had not ended when it began."""
        return list(self._answers())

    @cached_property
    def counts(self) -> Counter[str]:
        """How many of them by what applies; what was carried over is told apart."""
        return Counter(answer.applies for answer in self.answers)

    @property
    def owed(self) -> int:
        """Leads on which sales is late and has not even answered late."""
        return sum(answer.is_owed for answer in self.answers)

    @property
    def decided(self) -> int:
        """How many were kept or broken."""
        return self.counts["kept"] + self.counts["broken"]

    @property
    def share(self) -> float | None:
        """The share that was kept; None while none is decided."""
        return self.counts["kept"] / self.decided if self.decided else None

    @property
    def state(self) -> str:
        """Broken if any was, at risk if any may soon be; off without a clock."""
        if self.counts["broken"]:
            return "broken"
        if self.counts["at_risk"] or self.counts["unconfirmed"]:
            return "risk"
        return "ok" if self.answers else "off"

    def _answers(self) -> Iterator[Answer]:
        for lead in self.leads:
            for clock in lead.clocks:
                started = naive(clock.started_at)
                if clock.promise != self.promise or started >= min(self.period.end, self.at):
                    continue
                carried = started < self.period.start
                ended = naive(clock.ended_at) if clock.ended_at else None
                if not carried or ended is None or ended > self.period.start:
                    yield self._answer(lead, clock, carried)

    def _answer(self, lead: Lead, clock: Clock, carried: bool) -> Answer:
        timed = _timed(clock)
        state, standing = timed.state(self.at), lead.standing("accepted", self.at)
        counts = standing in DELIVERED or state in ("broken", "running", "at_risk", "unconfirmed")
        if lead.excluded:
            return Answer(lead, clock, "excluded", carried, False, lead.excluded)
        if not counts:
            return Answer(lead, clock, "excluded", carried, False, standing)
        return Answer(lead, clock, state, carried, timed.is_owed(self.at), None)


def _timed(clock: Clock) -> Timed:
    moments = (clock.due_at, clock.met_at, clock.broken_at, clock.withdrawn_at, clock.ended_at)
    return Timed(naive(clock.started_at), *(naive(moment) if moment else None for moment in moments))
