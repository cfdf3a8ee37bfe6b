"""What falls due: broken promises, rungs of the escalation, covers that end, recycled leads that come back.

Each item is taken by one filtered UPDATE that must hit exactly one row, so any number of workers may sweep;
one that fails is reported and put off, and never keeps the others waiting.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from django.db import models, transaction

from accord.desk.handoff.actions.assign import give_back, route_again
from accord.desk.handoff.actions.make import start_clocks
from accord.desk.handoff.actions.moves import move
from accord.desk.handoff.clocks import Calendars
from accord.desk.handoff.models import Clock, Handoff, Rung
from accord.desk.hours.actions import pause_new_leads
from accord.desk.hours.calendars import aware, naive

if TYPE_CHECKING:
    from accord.agreement import Agreement

AT_ONCE = 500
PUT_OFF = timedelta(minutes=5)

log = logging.getLogger("accord.desk.handoff")

Item = TypeVar("Item", bound=models.Model)


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    broken: int = 0
    unconfirmed: int = 0
    rungs: int = 0
    returned: int = 0
    came_back: int = 0

    @property
    def anything(self) -> bool:
        """Whether anything was due."""
        return bool(self.broken or self.unconfirmed or self.rungs or self.returned or self.came_back)


def sweep(agreement: Agreement, now: datetime, read_until: datetime | None) -> Swept:
    """Do all that is due at `now` (naive UTC), at most AT_ONCE of a kind.

    `read_until`: up to when the tools that show evidence have been read; None if no tool shows any, so that
    the desk alone knows what was done.
    """
    broken, unconfirmed = _due_clocks(now, read_until)
    return Swept(
        broken=broken,
        unconfirmed=unconfirmed,
        rungs=_each(_due_rungs(now), lambda rung: _climb(rung, agreement, now)),
        returned=_each(_covers_that_end(now), lambda handoff: give_back(handoff, agreement, now)),
        came_back=_each(_recycled_until(now), lambda handoff: _come_back(handoff, agreement, now)),
    )


def _due_clocks(now: datetime, read_until: datetime | None) -> tuple[int, int]:
    """Note the promises that were broken, each at its due moment, and those nobody can tell of yet."""
    due = Clock.objects.filter(
        state=Clock.State.RUNNING, noticed_at__isnull=True, due_at__lte=aware(now)
    ).order_by("due_at")
    broken = unconfirmed = 0
    for clock in due.select_related("handoff", "handoff__owner")[:AT_ONCE]:
        if read_until is not None and naive(_due(clock)) > read_until:
            unconfirmed += Clock.objects.filter(pk=clock.pk, unconfirmed=False).update(unconfirmed=True)
            continue
        broken += _break(clock, now)
    return broken, unconfirmed


@transaction.atomic
def _break(clock: Clock, now: datetime) -> int:
    """The promise is broken: it became so when it fell due, and is noticed now."""
    same = Clock.objects.filter(pk=clock.pk, noticed_at__isnull=True, state=Clock.State.RUNNING)
    hit = same.update(broken_at=clock.due_at, noticed_at=aware(now), unconfirmed=False)
    if hit:
        move(clock.handoff, "breached", _due(clock), clock.handoff.owner, clock.promise)
    return hit


def _due_rungs(now: datetime) -> Iterable[Rung]:
    rungs = Rung.objects.filter(
        done_at__isnull=True, due_at__lte=aware(now), clock__state=Clock.State.RUNNING
    ).select_related("clock", "clock__handoff", "clock__handoff__owner", "clock__handoff__team")
    # What touches others than the owner waits until it is certain that the promise was broken.
    certain = rungs.exclude(
        clock__unconfirmed=True, action__in=["tell manager", "tell team", "reassign", "pause"]
    )
    return certain.order_by("due_at")[:AT_ONCE]


@transaction.atomic
def _climb(rung: Rung, agreement: Agreement, now: datetime) -> None:
    """Do one rung, once."""
    if Rung.objects.filter(pk=rung.pk, done_at__isnull=True).update(done_at=aware(now)) != 1:
        return
    handoff = rung.clock.handoff
    silent = handoff.owner
    if rung.action == "reassign":
        route_again(handoff, agreement, now, rule=f"{rung.clock.promise} at {rung.percent}%")
    elif rung.action == "pause" and silent is not None:
        pause_new_leads(silent, by=None)
    move(handoff, "escalated", aware(now), silent, f"{rung.clock.promise} {rung.percent}%: {rung.action}")


def _covers_that_end(now: datetime) -> Iterable[Handoff]:
    ended = Handoff.objects.filter(returns_at__lte=aware(now), state__in=Handoff.OPEN)
    return ended.select_related("covers", "team").order_by("returns_at")[:AT_ONCE]


def _recycled_until(now: datetime) -> Iterable[Handoff]:
    rested = Handoff.objects.filter(state=Handoff.State.RECYCLED, again_at__lte=aware(now))
    return rested.select_related("owner", "team").order_by("again_at")[:AT_ONCE]


@transaction.atomic
def _come_back(handoff: Handoff, agreement: Agreement, now: datetime) -> None:
    """A recycled lead is its owner's again, with fresh clocks."""
    rested = Handoff.objects.filter(pk=handoff.pk, state=Handoff.State.RECYCLED)
    if rested.update(state=Handoff.State.WAITING, state_at=aware(now), again_at=None) == 1:
        handoff.refresh_from_db()
        start_clocks(handoff, Calendars(agreement, now), now)
        move(handoff, "resumed", aware(now), handoff.owner, "back from nurture")


def _each(items: Iterable[Item], do: Callable[[Item], object]) -> int:
    """Do something with every item; how many it was done with. One that fails is reported."""
    done = 0
    for item in items:
        try:
            do(item)
            done += 1
        except Exception:  # the others must not wait for this one
            log.exception("%s %s could not be swept", type(item).__name__, item.pk)
            _put_off(item)
    return done


def _put_off(item: models.Model) -> None:
    """Look at an item again later."""
    for field in ("due_at", "returns_at", "again_at"):
        if (moment := getattr(item, field, None)) is not None:
            type(item)._default_manager.filter(pk=item.pk).update(**{field: moment + PUT_OFF})
            return


def _due(clock: Clock) -> datetime:
    """The due moment of a clock that was found by it."""
    if clock.due_at is None:
        raise ValueError(f"clock {clock.pk} is on hold")
    return clock.due_at
