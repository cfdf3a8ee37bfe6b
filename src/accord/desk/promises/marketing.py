"""Marketing's promises in a period: what is owed, what was delivered and taken out, what is carried over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from math import floor
from typing import TYPE_CHECKING

from accord.desk.promises.given import Lead
from accord.insight.metrics.targets import Period, Promise, target
from accord.promises.pace import Pace, debt_after, pace

if TYPE_CHECKING:
    from accord.agreement.models import Delivery
    from accord.promises.delivered import Entry
    from accord.promises.open_time import OpenTime

SHOWN = 5
"""How many earlier periods are shown."""


@dataclass(frozen=True)
class Line:
    """One lead in a period, and what applies: an entry dated in it (`amount` 1 or -1), or, with amount 0,
    what it waits for or why it is left out."""

    lead: Lead
    at: datetime
    amount: int
    applies: str
    reason: str | None


@dataclass(frozen=True)
class Delivering:
    """One of marketing's promises in [start, end) as it stands at `at`; `since`: from when on it is owed."""

    clause: Delivery
    leads: Sequence[Lead]
    calendar: Sequence[Period]
    open_time: OpenTime
    period: Period
    since: datetime
    at: datetime

    @cached_property
    def pace(self) -> Pace:
        """Owed and delivered, with the forecast."""
        return self._pace(self.period)

    @cached_property
    def carried_in(self) -> int:
        """What is still owed of the periods before."""
        return debt_after((self._owed(p), self._done(p)) for p in self._whole if p.end <= self.period.start)

    @property
    def debt(self) -> int:
        """What marketing owes sales now: carried in and due by now, less what was delivered."""
        return max(0, self.carried_in + self.pace.due - self.pace.done)

    @property
    def is_owed(self) -> bool:
        """Whether anything is promised for the period."""
        return self.pace.owed > 0

    @cached_property
    def counts(self) -> Counter[str]:
        """How many of `lines` each rule applies to."""
        return Counter(line.applies for line in self.lines)

    @cached_property
    def lines(self) -> list[Line]:
        """Every lead of the period with what applies to it."""
        return sorted(self._lines(), key=lambda line: (line.at, line.lead.lead))

    def before(self) -> list[tuple[Period, str]]:
        """The periods before this one, oldest first, each with how its promise ended."""
        kin = [p for p in self.calendar if p.kind == self.period.kind and p.end <= self.period.start]
        owed = [p for p in kin if p.start >= self.since][-SHOWN:]
        return [(p, self._pace(p).state) for p in owed]

    @cached_property
    def _whole(self) -> list[Period]:
        return [p for p in self.calendar if p.kind == self.clause.per and p.start >= self.since]

    @cached_property
    def _entries(self) -> list[tuple[Lead, Entry]]:
        return [(lead, entry) for lead in self.leads for entry in lead.entries(self.clause.that, self.at)]

    def _pace(self, period: Period) -> Pace:
        owed, done = self._owed(period), self._done(period)
        return pace(owed, done, self.open_time, period.start, period.end, self.at)

    def _owed(self, period: Period) -> int:
        promise = Promise("delivered", Decimal(self.clause.deliver), self.clause.per)
        found = target([promise], self._whole, "delivered", period.start, period.end)
        return floor(found.amount) if found else 0

    def _done(self, period: Period) -> int:
        return sum(entry.amount for _, entry in self._entries if period.start <= entry.at < period.end)

    def _lines(self) -> Iterator[Line]:
        for lead, entry in self._entries:
            if self.period.start <= entry.at < self.period.end:
                reason = lead.reason(entry.at) if entry.why == "returned" else None
                yield Line(lead, entry.at, entry.amount, entry.why, reason)
        for lead in self.leads:
            if not self.period.start <= lead.at < min(self.period.end, self.at):
                continue
            if lead.excluded:
                yield Line(lead, lead.at, 0, "excluded", lead.excluded)
            elif not lead.entries(self.clause.that, self.at):
                yield Line(lead, lead.at, 0, _waiting(lead, self), lead.reason(self.at))


def _waiting(lead: Lead, promise: Delivering) -> str:
    standing = lead.standing(promise.clause.that, promise.at)
    return "never_accepted" if standing == "returned" else standing
