"""Handoffs from decisions: every lead that qualified and has none gets one, with an owner and its clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from accord.desk.handoff.actions.assign import assign, choose, lock, team_of
from accord.desk.handoff.clocks import Calendars, schedule
from accord.desk.handoff.models import Clock, Handoff, Rung
from accord.desk.hours.calendars import aware
from accord.errors import AccordError
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine

MOST_AT_ONCE = 200
"""More handoffs than this in one pass stop and ask: it is more likely a mistake than a good day."""

LONG_AGO = datetime(1, 1, 1)


class TooManyHandoffs(AccordError):
    """One pass would open more handoffs than anybody expects."""

    code = "too_many_handoffs"


@dataclass(frozen=True)
class Qualified:
    """An open lead at the handoff's stage, as the build tells it; moments naive UTC."""

    person: str
    cycle_no: int
    stage: str
    decided_at: datetime
    version: str
    route_no: int
    owner_email: str | None

    @property
    def key(self) -> tuple[str, int, str]:
        """What makes it one handoff."""
        return self.person, self.cycle_no, self.stage


def missing(engine: Engine, agreement: Agreement) -> list[Qualified]:
    """The leads that qualified live, since the agreement went live, and have no handoff yet; oldest first."""
    since = midnight(agreement.go_live, agreement.calendar.zone) if agreement.go_live else LONG_AGO
    known = _known(engine)
    return [
        lead for lead in qualified(engine, live=True) if lead.decided_at >= since and lead.key not in known
    ]


def qualified(engine: Engine, *, live: bool) -> list[Qualified]:
    """The build's open leads at the handoff's stage that qualified live, or in history; oldest first."""
    columns = ("person_id AS person", "cycle_no", "stage", "decided_at", "version", "route_no", "owner_email")
    sql = f"SELECT {', '.join(columns)} FROM handoff_leads WHERE live = ? ORDER BY decided_at, person_id"  # noqa: S608
    return [Qualified(**row) for row in engine.query(sql, [live]).to_pylist()]


def hand_over(engine: Engine, agreement: Agreement, now: datetime, *, confirmed: bool = False) -> int:
    """Make the missing handoffs; how many. Raises TooManyHandoffs unless confirmed, and UnknownTeam."""
    found = missing(engine, agreement)
    if len(found) > MOST_AT_ONCE and not confirmed:
        raise TooManyHandoffs(
            f"{len(found)} leads would be handed over at once.",
            mend="Look at them on the page Leads; then confirm with `accord hand-over --confirm`.",
        )
    calendars = Calendars(agreement, now)
    return sum(make(lead, calendars, now) for lead in found)


def make(
    lead: Qualified,
    calendars: Calendars,
    now: datetime,
    origin: str = Handoff.Origin.DECIDED,
    started_at: datetime | None = None,
) -> bool:
    """Make one handoff with its owner and clocks; False if another worker just made it."""
    agreement = calendars.agreement
    team, rule = team_of(agreement, lead.route_no)
    try:
        with transaction.atomic():
            lock(team)
            handoff = Handoff.objects.create(
                person=lead.person,
                cycle_no=lead.cycle_no,
                stage=lead.stage,
                decided_at=aware(lead.decided_at),
                version=lead.version,
                origin=origin,
                team=team,
                state_at=aware(now),
            )
            assign(handoff, choose(agreement, team, rule, lead.owner_email, now), now)
            start_clocks(handoff, calendars, started_at or lead.decided_at)
    except IntegrityError:
        if Handoff.objects.filter(person=lead.person, cycle_no=lead.cycle_no, stage=lead.stage).exists():
            return False
        raise
    return True


def start_clocks(handoff: Handoff, calendars: Calendars, at: datetime) -> None:
    """Start the clocks of sales' promises at a moment (naive UTC), each with its escalation."""
    sales = calendars.agreement.sla.sales
    clauses: dict[str, Any] = {
        Clock.Promise.ACCEPT: sales.accept,
        Clock.Promise.FIRST_CONTACT: sales.first_contact,
        Clock.Promise.FOLLOW_UP: sales.follow_up,
    }
    for promise, clause in clauses.items():
        if clause is not None:
            clock = Clock.objects.create(
                handoff=handoff,
                promise=promise,
                within_seconds=clause.within.seconds,
                business=clause.within.business,
                evidence=getattr(clause, "evidence", ""),
                attempts=getattr(clause, "attempts", None),
                version=calendars.agreement.behaviour_hash,
                started_at=aware(at),
            )
            Rung.objects.bulk_create(
                Rung(clock=clock, percent=rung.at, action=rung.do or f"tell {rung.tell}")
                for rung in calendars.agreement.sla.escalate
            )
    schedule(handoff, calendars)


def _known(engine: Engine) -> set[tuple[str, int, str]]:
    """The handoffs there are, by the name their person has today: people may have been found to be one."""
    made = list(Handoff.objects.values_list("person", "cycle_no", "stage"))
    sql = """
        SELECT actors.actor, people.person_id FROM actors JOIN people ON actors.person = people.person
        WHERE actors.actor IN (SELECT unnest(?)) AND actors.actor <> people.person_id
    """
    renamed = {
        row["actor"]: row["person_id"] for row in engine.query(sql, [[m[0] for m in made]]).to_pylist()
    }
    return {(renamed.get(person, person), cycle_no, stage) for person, cycle_no, stage in made}
