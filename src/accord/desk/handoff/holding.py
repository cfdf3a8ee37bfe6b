"""What somebody holds: leads in hand or resting in their name, and leads others only cover for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accord.desk.handoff.models import Handoff

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accord.desk.teams.models import User

HELD = (*Handoff.OPEN, Handoff.State.RECYCLED)
"""States in which somebody has to be there for a lead, now or when it comes back."""


def held_by(person: User) -> QuerySet[Handoff]:
    """The handoffs somebody holds, oldest first."""
    theirs = Q(owner=person) | Q(covers=person)
    return Handoff.objects.filter(theirs, state__in=HELD).order_by("decided_at", "pk")
