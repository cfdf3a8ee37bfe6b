"""What marketing gave: every lead that passed a stage owed, with all that decides whether it is delivered.

Read from a build and, for what has just been said, from the desk's own database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accord.desk.handoff.models import Clock, Contest, Handoff
from accord.desk.hours.calendars import naive
from accord.promises import delivered
from accord.promises.delivered import Course, Entry, Said, Standing

if TYPE_CHECKING:
    from accord.ledger.engine import Engine

_PASSED = """
SELECT entries.lead, leads.person, leads.person_id, leads.cycle_no, entries.stage, entries.at, leads.segment,
       CASE WHEN NOT leads.known THEN coalesce(leads.excluded_by, 'own_staff') END AS excluded
FROM stage_entries AS entries
JOIN leads ON entries.lead = leads.lead
WHERE entries.basis = 'agreement' AND entries.stage IN (SELECT unnest(?)) AND entries.at >= ?
ORDER BY entries.at, entries.lead
"""
_SAID = """
SELECT DISTINCT said.lead, said.at, said.verdict, said.reason
FROM lead_verdicts AS said
WHERE said.lead IN (SELECT lead FROM stage_entries WHERE basis = 'agreement' AND stage IN (SELECT unnest(?)))
"""
_NAMED = """
SELECT actors.actor, leads.cycle_no, leads.lead
FROM actors JOIN leads ON actors.person = leads.person WHERE actors.actor IN (SELECT unnest(?))
"""
_WON = """
SELECT leads.person, max(leads.closed_at) AS at FROM leads WHERE leads.closed_by = 'won' GROUP BY leads.person
"""


@dataclass(frozen=True)
class Lead:
    """One lead that passed `stage` at `at`; `said`, `breaches` and `contests` since. Moments naive UTC.

    `untried`: when it was returned or disqualified without anybody having tried to reach the person.
    `won_at`: when its person bought.
    """

    lead: int
    person: int
    person_id: str
    cycle_no: int
    stage: str
    at: datetime
    segment: str | None
    excluded: str | None
    said: tuple[tuple[datetime, str, str | None], ...] = ()
    breaches: tuple[delivered.Breach, ...] = ()
    contests: tuple[delivered.Contest, ...] = ()
    untried: tuple[datetime, ...] = ()
    won_at: datetime | None = None
    handoff: int | None = None
    clocks: tuple[Clock, ...] = field(default=(), compare=False)

    def course(self, by: str | None) -> Course:
        """What decides whether the lead is delivered by that verdict; by None, passing the stage alone."""
        if by is None:
            return Course((Said(self.at, "passed"),), by="passed")
        said = tuple(Said(max(at, self.at), what) for at, what, _ in self.said if self._counts(at, what))
        if by != "accepted":
            return Course(said, by=by)
        return Course(said, self.breaches, self.contests, by)

    def entries(self, by: str | None, until: datetime) -> tuple[Entry, ...]:
        """When it was delivered, and taken out again, up to a moment."""
        return () if self.excluded else delivered.entries(self.course(by), until)

    def standing(self, by: str | None, until: datetime) -> Standing:
        """How it stands at a moment."""
        return delivered.standing(self.course(by), until)

    def reason(self, until: datetime) -> str | None:
        """The reason last given for a return up to a moment."""
        given = [(at, why or "") for at, what, why in self.said if what == "returned" and at <= until]
        return max(given)[1] or None if given else None

    def rejected_untried(self, until: datetime) -> bool:
        """Whether it was returned or disqualified without an attempt to reach the person."""
        return any(at <= until for at in self.untried)

    def rejected_then_won(self, until: datetime) -> bool:
        """Whether its person bought after it had been returned or disqualified."""
        rejected = [at for at, verdict, _ in self.said if verdict in ("returned", "disqualified")]
        return self.won_at is not None and self.won_at <= until and any(at < self.won_at for at in rejected)

    def _counts(self, at: datetime, verdict: str) -> bool:
        """Whether a verdict bears on it: acceptance even before the stage, all else only since."""
        return at >= self.at or verdict in ("accepted", "qualified")


def leads_given(engine: Engine, stages: Iterable[str], since: datetime) -> list[Lead]:
    """The leads that passed one of the stages since a moment, oldest first; once for each stage passed."""
    asked = sorted(set(stages))
    rows = engine.query(_PASSED, [asked, since]).to_pylist()
    said: defaultdict[int, set[tuple[datetime, str, str | None]]] = defaultdict(set)
    for row in engine.query(_SAID, [asked]).to_pylist():
        said[row["lead"]].add((row["at"], row["verdict"], row["reason"]))
    won = {row["person"]: row["at"] for row in engine.query(_WON).to_pylist()}
    desk = _of_desk(engine)
    return [_lead(row, said[row["lead"]], won.get(row["person"]), desk) for row in rows]


def _lead(
    row: dict[str, Any],
    said: set[tuple[datetime, str, str | None]],
    won_at: datetime | None,
    desk: dict[tuple[int, str], Handoff],
) -> Lead:
    handoff = desk.get((row["lead"], row["stage"]))
    if handoff is None:
        return Lead(**row, said=tuple(said), won_at=won_at)
    verdicts = list(handoff.verdicts.all())
    heard = {(at, verdict) for at, verdict, _ in said}
    own = [(naive(v.at), v.verdict, v.reason or None) for v in verdicts]
    clocks = tuple(handoff.clocks.all())
    return Lead(
        **row,
        said=(*said, *(one for one in own if one[:2] not in heard)),
        breaches=tuple(_breach(c) for c in clocks if c.promise == Clock.Promise.ACCEPT and c.broken_at),
        contests=tuple(_contest(contest) for contest in handoff.contests.all()),
        untried=tuple(
            naive(v.at) for v in verdicts if not v.attempted and v.verdict in ("returned", "disqualified")
        ),
        won_at=won_at,
        handoff=handoff.pk,
        clocks=clocks,
    )


def _of_desk(engine: Engine) -> dict[tuple[int, str], Handoff]:
    """The handoffs by their lead's key in the build and their stage."""
    handoffs = list(Handoff.objects.prefetch_related("clocks", "verdicts", "contests"))
    named = engine.query(_NAMED, [sorted({handoff.person for handoff in handoffs})]).to_pylist()
    leads = {(row["actor"], row["cycle_no"]): row["lead"] for row in named}
    return {
        (leads[handoff.person, handoff.cycle_no], handoff.stage): handoff
        for handoff in handoffs
        if (handoff.person, handoff.cycle_no) in leads
    }


def _breach(clock: Clock) -> delivered.Breach:
    if clock.broken_at is None:
        raise ValueError(f"clock {clock.pk} is not broken")
    return delivered.Breach(naive(clock.broken_at), naive(clock.withdrawn_at) if clock.withdrawn_at else None)


def _contest(row: Contest) -> delivered.Contest:
    return delivered.Contest(
        naive(row.at),
        naive(row.due_at),
        naive(row.decided_at) if row.decided_at else None,
        row.outcome == Contest.Outcome.UPHELD,
    )
