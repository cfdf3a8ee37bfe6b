"""A promise that was broken: so noted as of when it fell due, and told to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F

from accord.desk.handoff.actions.moves import step
from accord.desk.handoff.models import Clock
from accord.desk.hours.calendars import aware
from accord.desk.outbox.actions import put_all

if TYPE_CHECKING:
    from django.db.models import QuerySet


def break_promises(clocks: Sequence[Clock], now: datetime) -> None:
    """Each was broken when it fell due, and is noticed now (naive UTC)."""
    these = Clock.objects.filter(pk__in=[clock.pk for clock in clocks])
    these.update(broken_at=F("due_at"), noticed_at=aware(now), unconfirmed=False)
    put_all(step(c.handoff, "breached", _due(c), c.handoff.owner, c.promise) for c in clocks)


def break_those_late(running: QuerySet[Clock], done_at: datetime, now: datetime) -> None:
    """Of clocks about to be fulfilled at a moment, those that fell due before were broken: no sweep may have
    come by since, or it waited for the tools to be read. Both moments naive UTC."""
    late = running.filter(due_at__lt=aware(done_at), broken_at__isnull=True)
    break_promises(list(late.select_related("handoff__owner")), now)


def _due(clock: Clock) -> datetime:
    """The due moment of a clock that was found by it."""
    if clock.due_at is None:
        raise ValueError(f"clock {clock.pk} is on hold")
    return clock.due_at
