"""When somebody's working time changes, what is due by it moves: clocks, their rungs, and covers that end."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from accord import workspace
from accord.desk.handoff.actions.taking import lock
from accord.desk.handoff.clocks import Calendars, schedule
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.hours.calendars import aware, away_until
from accord.desk.hours.company_calendar import followed, in_force
from accord.desk.hours.followers import follows_hours
from accord.desk.reading import agreement_of
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.teams.models import User

log = logging.getLogger("accord.desk.handoff")


@follows_hours
def reschedule(user: User) -> None:
    """Store anew what is due on the leads that somebody has or had, while clocks run on them.

    Raises NoOpenTime if one of them would never be due; nothing is changed then.
    """
    timed = Handoff.objects.filter(assignments__owner=user, clocks__state=Clock.State.RUNNING).distinct()
    covered = Handoff.objects.filter(covers=user, state__in=Handoff.OPEN)
    now = workspace.now()
    for handoff in covered:
        _return(handoff, user, now)
    running = list(timed.prefetch_related("assignments__owner", "holds"))
    if running:
        calendars = Calendars(agreement_of(settings.WORKSPACE), now)
        for handoff in running:
            schedule(handoff, calendars)


def follow_calendar(agreement: Agreement, now: datetime) -> bool:
    """Store anew what is due where the agreement has another calendar than before; whether it has. Naive UTC.

    What was counted until now stays counted by the former one. A worker that dies half-way leaves it to the
    next; a lead whose clocks would never be due by the new calendar keeps its moments, and is reported.
    """
    row = in_force(agreement.calendar, aware(now))
    if row.followed:
        return False
    calendars = Calendars(agreement, now)
    running = Handoff.objects.filter(clocks__state=Clock.State.RUNNING).distinct().order_by("pk")
    for pk in list(running.values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                lock(pk)
                schedule(Handoff.objects.get(pk=pk), calendars)
        except AccordError as error:
            log.error("handoff %s keeps its moments: %s", pk, error)
    followed(row)
    return True


def _return(handoff: Handoff, owner: User, now: datetime) -> None:
    """A covered lead goes back when its owner is there again; at once if they are."""
    handoff.returns_at = aware(away_until(owner, now) or now)
    handoff.save(update_fields=["returns_at"])
