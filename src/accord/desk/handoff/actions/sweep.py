"""What falls due: broken promises, rungs, covers that end, recycled leads, contests nobody decided.

Items are locked as they are taken, those that another worker has in hand being passed over, so any number of
workers may sweep. What is only noted and told is taken many in a transaction; if that breaks, one by one. One
that fails is reported and put off, and never keeps the others waiting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accord.desk.handoff import announce
from accord.desk.handoff.actions.again import take_up_again
from accord.desk.handoff.actions.assign import give_back, reassigned_by, route_again
from accord.desk.handoff.actions.breaches import break_promises
from accord.desk.handoff.actions.closing import close_for_another
from accord.desk.handoff.actions.contests import lapse
from accord.desk.handoff.actions.moves import step
from accord.desk.handoff.actions.taking import each, together
from accord.desk.handoff.models import Clock, Contest, Handoff, Rung
from accord.desk.hours.actions import pause_new_leads
from accord.desk.hours.calendars import aware
from accord.desk.outbox.actions import put_all
from accord.desk.outbox.models import OutboxFact

if TYPE_CHECKING:
    from accord.agreement import Agreement


@dataclass(frozen=True)
class Swept:
    """What one sweep did."""

    broken: int = 0
    unconfirmed: int = 0
    rungs: int = 0
    returned: int = 0
    came_back: int = 0
    lapsed: int = 0

    @property
    def anything(self) -> bool:
        """Whether anything was due."""
        return any(astuple(self))


def sweep(agreement: Agreement, now: datetime, read_until: datetime | None, *, told: bool = True) -> Swept:
    """Do what is due at `now` (naive UTC), at most AT_ONCE of a kind.

    `read_until`: up to when the tools that show evidence have been read; None if no tool shows any, so that
    the desk alone knows what was done. `told`: whether owners hear that nothing was seen of a promise yet;
    they do not while it is a tool that is silent.
    """
    certain = now if read_until is None else min(now, read_until)
    due, rungs = due_clocks(now), due_rungs(now)
    tells, acts = rungs.filter(action__startswith="tell "), rungs.exclude(action__startswith="tell ")
    return Swept(
        broken=together(
            due.filter(due_at__lte=aware(certain)), now, lambda clocks: break_promises(clocks, now)
        ),
        unconfirmed=_await_all(due.filter(due_at__gt=aware(certain)), now, read_until, agreement, told),
        rungs=together(tells, now, lambda rungs: _climb(rungs, agreement, now))
        + each(acts, now, lambda rung: _act(rung, agreement, now)),
        returned=each(_covers_that_end(now), now, lambda handoff: give_back(handoff, agreement, now)),
        came_back=each(_recycled_until(now), now, lambda handoff: _come_back(handoff, agreement, now)),
        lapsed=each(_contests_over(now), now, lapse),
    )


def due_clocks(now: datetime) -> QuerySet[Clock]:
    """The clocks that fell due unnoticed by `now` (naive UTC), the longest due first."""
    return Clock.objects.filter(
        state=Clock.State.RUNNING, noticed_at__isnull=True, due_at__lte=aware(now)
    ).order_by("due_at")


def due_rungs(now: datetime) -> QuerySet[Rung]:
    """The steps of escalations that fell due by `now` (naive UTC), the longest due first."""
    rungs = Rung.objects.filter(
        done_at__isnull=True, due_at__lte=aware(now), clock__state=Clock.State.RUNNING
    )
    # What touches others than the owner waits until it is certain that the promise was broken.
    certain = rungs.exclude(
        clock__unconfirmed=True, action__in=["tell manager", "tell team", "reassign", "pause"]
    )
    return certain.order_by("due_at")


def _await_all(
    due: QuerySet[Clock], now: datetime, read_until: datetime | None, agreement: Agreement, told: bool
) -> int:
    """The promises are due, but what would show them kept has not been read yet; how many.

    All of them at once, however many: the rungs that come next must not take them for broken.
    """

    def wait(clocks: Sequence[Clock]) -> None:
        Clock.objects.filter(pk__in=[clock.pk for clock in clocks]).update(unconfirmed=True)
        if told:
            announce.awaited(clocks, now, read_until, agreement)

    noted, total = 1, 0
    while noted:
        noted = together(due.filter(unconfirmed=False), now, wait)
        total += noted
    return total


def _climb(rungs: Sequence[Rung], agreement: Agreement, now: datetime) -> None:
    """Do rungs, each once."""
    Rung.objects.filter(pk__in=[rung.pk for rung in rungs]).update(done_at=aware(now))
    put_all(_escalated(rung, now) for rung in rungs)
    announce.climbed(rungs, now, agreement)


def _act(rung: Rung, agreement: Agreement, now: datetime) -> None:
    """Do a rung that changes more than itself."""
    handoff, silent = rung.clock.handoff, rung.clock.handoff.owner
    _climb([rung], agreement, now)
    if rung.action == "reassign":
        route_again(handoff, agreement, now, rule=reassigned_by(rung))
    elif rung.action == "pause" and silent is not None:
        pause_new_leads(silent, by=None)


def _escalated(rung: Rung, now: datetime) -> OutboxFact:
    handoff, why = rung.clock.handoff, f"{rung.clock.promise} {rung.percent}%: {rung.action}"
    return step(handoff, "escalated", aware(now), handoff.owner, why)


def _covers_that_end(now: datetime) -> QuerySet[Handoff]:
    return Handoff.objects.filter(returns_at__lte=aware(now), state__in=Handoff.OPEN).order_by("returns_at")


def _recycled_until(now: datetime) -> QuerySet[Handoff]:
    rested = Handoff.objects.filter(state=Handoff.State.RECYCLED, again_at__lte=aware(now))
    return rested.order_by("again_at")


def _come_back(handoff: Handoff, agreement: Agreement, now: datetime) -> None:
    """A recycled lead is in hand again, unless its person has been handed over anew meanwhile."""
    if Handoff.objects.filter(person=handoff.person, cycle_no__gt=handoff.cycle_no).exists():
        close_for_another(handoff, now)
        return
    take_up_again(handoff, agreement, now, "back from nurture")


def _contests_over(now: datetime) -> QuerySet[Contest]:
    return Contest.objects.filter(outcome=Contest.Outcome.OPEN, due_at__lte=aware(now)).order_by("due_at")
