"""A lead's handoffs as its page shows them: clocks with receipts, the assignment explained, the verdicts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accord.desk.handoff.actions.contests import last_return
from accord.desk.handoff.clocks import Calendars
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.handoff.people import may_answer, may_contest, may_decide
from accord.desk.handoff.queue import mark, ring_of
from accord.desk.handoff.receipts import receipt
from accord.desk.hours.calendars import naive
from accord.desk.reading import Reading
from accord.desk.rights import Right


def handoffs_on(reading: Reading, name: str, now: datetime) -> dict[str, Any]:
    """What is shown of the handoffs of whoever has the name (`crm:person:17`), newest first; `now` naive UTC.

    None without personal data, and none that the reader may not know of. `mark` changes with what is shown.
    """
    names = _names(reading, name) if reading.may(Right.PERSONAL) else []
    calendars, won = Calendars(reading.agreement, now), _won_at(reading, names)
    found = Handoff.objects.filter(person__in=names)
    said = ("verdicts__by", "contests__by", "contests__decided_by")
    rows = found.select_related("owner", "covers", "team").prefetch_related(
        "clocks", "holds", "assignments__owner", *said
    )
    return {
        "name": name,
        "zone": reading.agreement.calendar.zone,
        "mark": mark(found, reading.build.build_id),
        "handoffs": [
            {**_shown(row, calendars, reading.user, now), "then_won": rejected_then_won(row, won)}
            for row in rows.order_by("-decided_at")
            if may_know(reading, row)
        ],
    }


def may_know(reading: Reading, handoff: Handoff) -> bool:
    """Whether somebody may know of a handoff: one they may answer, or whose lead they may see."""
    owns = handoff.owner is not None and handoff.owner.email in (reading.owners or ())
    return reading.owners is None or owns or may_answer(reading.user, handoff)


def _names(reading: Reading, name: str) -> list[str]:
    """All names of the person who has one of them."""
    sql = "SELECT actor FROM actors WHERE person IN (SELECT person FROM actors WHERE actor = ?)"
    return [row["actor"] for row in reading.rows(sql, [name])]


def _won_at(reading: Reading, names: list[str]) -> datetime | None:
    """When somebody bought, the last time; None if they never did."""
    sql = """
        SELECT max(leads.closed_at) AS at FROM leads JOIN actors ON leads.person = actors.person
        WHERE actors.actor IN (SELECT unnest(?)) AND leads.closed_by = 'won'
    """
    at: datetime | None = reading.rows(sql, [names])[0]["at"] if names else None
    return at


def rejected_then_won(handoff: Handoff, won_at: datetime | None) -> bool:
    """Whether the person bought after sales had returned or disqualified the lead."""
    rejected = [v for v in handoff.verdicts.all() if v.verdict in ("returned", "disqualified")]
    return won_at is not None and any(naive(verdict.at) < won_at for verdict in rejected)


def _shown(handoff: Handoff, calendars: Calendars, user: Any, now: Any) -> dict[str, Any]:
    clocks = []
    for clock in handoff.clocks.all():
        running = clock.state == Clock.State.RUNNING
        ring = ring_of(clock, handoff, calendars, now) if running else None
        clock.handoff = handoff
        clocks.append({"clock": clock, "ring": ring, "receipt": receipt(clock, calendars, now)})
    return {
        "handoff": handoff,
        "clocks": clocks,
        "hold": next((hold for hold in handoff.holds.all() if hold.until is None), None),
        "may_answer": handoff.is_open and may_answer(user, handoff),
        "assignments": list(handoff.assignments.all()),
        "verdicts": list(handoff.verdicts.all()),
        "contests": list(handoff.contests.all()),
        "may_contest": may_contest(user) and _is_contestable(handoff),
        "may_decide": may_decide(user, handoff),
    }


def _is_contestable(handoff: Handoff) -> bool:
    returned = last_return(handoff)
    return returned is not None and all(c.verdict_id != returned.pk for c in handoff.contests.all())
