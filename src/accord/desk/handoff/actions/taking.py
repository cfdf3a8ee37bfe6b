"""How what is due is taken: locked, each by one worker, with none that fails keeping the others waiting."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models import Q, QuerySet

from accord.desk.handoff.models import Clock, Contest, Handoff, Rung
from accord.desk.hours.calendars import aware

AT_ONCE = 500
"""As many of a kind are taken at once; where there are more, the worker sweeps again without a pause."""
RETRY = timedelta(minutes=5)
"""What failed is tried again after this; its due moment stays what it was."""

WITH: dict[type[models.Model], tuple[str, ...]] = {
    Handoff: ("owner", "covers", "team"),
    Clock: ("handoff__owner", "handoff__team"),
    Rung: ("clock__handoff__owner", "clock__handoff__team"),
    Contest: ("handoff",),
}

log = logging.getLogger("accord.desk.handoff")

Item = TypeVar("Item", Handoff, Clock, Rung, Contest)


def together(due: QuerySet[Item], now: datetime, do: Callable[[Sequence[Item]], None]) -> int:
    """Do something with many items in one transaction; if that breaks, with each in one of its own."""
    try:
        with transaction.atomic():
            items = list(_taken(due, now)[:AT_ONCE])
            do(items)
            return len(items)
    except Exception:  # one of them is to blame
        return each(due, now, lambda item: do([item]))


def each(due: QuerySet[Item], now: datetime, do: Callable[[Item], object]) -> int:
    """Do something with one item after another; one that fails is reported, and left alone for a while."""
    done = 0
    for pk, handoff in list(ready(due, now).values_list("pk", _handoff_of(due.model))[:AT_ONCE]):
        try:
            with transaction.atomic():
                lock(handoff)
                for item in _taken(due.filter(pk=pk), now):
                    do(item)
                    done += 1
        except Exception:  # the others must not wait for this one
            log.exception("%s %s could not be swept", due.model.__name__, pk)
            due.model._default_manager.filter(pk=pk).update(retry_at=aware(now + RETRY))
    return done


def lock(handoff: int) -> None:
    """Let nobody else change a handoff, by its key, until the transaction ends.

    Who changes more than one row about a handoff locks it first, so that no two wait for each other.
    """
    list(Handoff.objects.select_for_update().filter(pk=handoff).values_list("pk"))


def ready(due: QuerySet[Item], now: datetime) -> QuerySet[Item]:
    """The items, but for those that failed a moment ago."""
    return due.filter(Q(retry_at__isnull=True) | Q(retry_at__lte=aware(now)))


def _taken(due: QuerySet[Item], now: datetime) -> QuerySet[Item]:
    """The items, locked, but for those that another worker has in hand."""
    related = ready(due, now).select_related(*WITH[due.model])
    return related.select_for_update(skip_locked=True, of=("self",))


def _handoff_of(model: type[models.Model]) -> str:
    return {Handoff: "pk", Clock: "handoff", Rung: "clock__handoff", Contest: "handoff"}[model]
