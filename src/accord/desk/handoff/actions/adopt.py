"""Going live: the leads that qualified before, or came with a first load, taken over or left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from accord.desk.handoff.actions.evidence import take_in
from accord.desk.handoff.actions.make import Qualified, make_all, qualified
from accord.desk.handoff.actions.tool_verdicts import take_verdicts
from accord.desk.handoff.clocks import Calendars
from accord.desk.handoff.models import Handoff
from accord.desk.teams.actions import note

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.teams.models import User
    from accord.ledger.engine import Engine


def open_before(engine: Engine) -> list[Qualified]:
    """The open leads that qualified in history and nobody has taken over yet, newest first."""
    known = set(Handoff.objects.values_list("person", "cycle_no", "stage"))
    return [lead for lead in reversed(qualified(engine, live=False)) if lead.key not in known]


def adopt(
    engine: Engine,
    agreement: Agreement,
    leads: Iterable[Qualified],
    now: datetime,
    *,
    fresh: bool,
    by: User | None,
) -> int:
    """Take leads over; how many. `fresh`: their clocks start now; else they have run since each qualified,
    and what the tools show of them counts."""
    calendars = Calendars(agreement, now)
    origin = Handoff.Origin.ADOPTED_FRESH if fresh else Handoff.Origin.ADOPTED_RUNNING
    made = make_all(leads, calendars, now, origin, started_at=now if fresh else None)
    if not fresh:
        take_in(engine, agreement, now)
        take_verdicts(engine, agreement, now)
    note(by, "leads taken over", f"{made} leads, {'fresh' if fresh else 'in progress'}")
    return made
