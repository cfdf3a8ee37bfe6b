"""How much each person has in hand, for the tables of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count

from accord.desk.handoff.models import Assignment, Handoff
from accord.desk.handoff.people import week_begins
from accord.desk.hours.calendars import aware

if TYPE_CHECKING:
    from accord.agreement import Agreement


@dataclass(frozen=True)
class Load:
    """`in_hand`: leads handed over that sales still has in hand; `this_week`: leads given since Monday."""

    in_hand: int = 0
    this_week: int = 0


def loads(agreement: Agreement, now: datetime) -> dict[int, Load]:
    """Everybody's load at `now` (naive UTC), by the key of the user; whoever has none is missing."""
    held = Handoff.objects.filter(state__in=Handoff.OPEN, owner__isnull=False).values("owner")
    since = aware(week_begins(agreement, now))
    given = Assignment.objects.filter(at__gte=since, owner__isnull=False).values("owner")
    in_hand = {row["owner"]: row["n"] for row in held.annotate(n=Count("id"))}
    this_week = {row["owner"]: row["n"] for row in given.annotate(n=Count("handoff", distinct=True))}
    return {pk: Load(in_hand.get(pk, 0), this_week.get(pk, 0)) for pk in in_hand.keys() | this_week.keys()}
