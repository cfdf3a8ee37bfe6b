"""When somebody's working time changes, what is due by it moves: clocks, their rungs, and covers that end."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from accord import workspace
from accord.desk.handoff.clocks import Calendars, schedule
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.hours.calendars import aware, away_until
from accord.desk.hours.followers import follows_hours
from accord.desk.reading import agreement_of

if TYPE_CHECKING:
    from accord.desk.teams.models import User


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


def _return(handoff: Handoff, owner: User, now: datetime) -> None:
    """A covered lead goes back when its owner is there again; at once if they are."""
    handoff.returns_at = aware(away_until(owner, now) or now)
    handoff.save(update_fields=["returns_at"])
