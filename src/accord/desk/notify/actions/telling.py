"""Telling people: a row for each destination, written in the transaction of what happened."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from accord.desk.hours.models import WorkingTime
from accord.desk.notify.kinds import unchosen
from accord.desk.notify.models import Destination, Kind, Message, Preference, QuietHours
from accord.desk.notify.news import News
from accord.desk.notify.times import Quiet, when
from accord.desk.reading import agreement_of, settings_of
from accord.desk.teams.models import User

OWN = "mail"
"""The channel by which everybody can be reached."""

_untold: ContextVar[bool] = ContextVar("untold", default=False)


@contextmanager
def untold() -> Iterator[None]:
    """What happens within is told by whoever does it, as one thing; `tell` tells nobody."""
    before = _untold.set(True)
    try:
        yield
    finally:
        _untold.reset(before)


def tell(news: Iterable[News]) -> None:
    """Tell people what happened, each thing once; in a workspace in shadow mode, nothing.

    Who wants to hear of such a thing not at all, or has left, is not told; nor is a disabled destination.
    """
    told = list(news)
    if not told or _untold.get() or settings_of(settings.WORKSPACE).mode != "live":
        return
    people = {user for one in told for user in one.to if user.is_active}
    own, wishes = _own(people), _Wishes(people)
    shared = list(Destination.objects.filter(user=None, disabled_at=None, wanted=True))
    rows = [
        message
        for one in told
        for to in _heard_by(one, own, shared)
        if (message := _message(one, to, wishes)) is not None
    ]
    Message.objects.bulk_create(rows, ignore_conflicts=True)


def take_back(keys: str, news: News) -> None:
    """What begins with `keys` was not so: what has not been sent yet never is, and who was told hears `news`.

    Nobody else does; whom `news` names is not looked at.
    """
    if settings_of(settings.WORKSPACE).mode != "live":
        return
    said = Message.objects.filter(key__startswith=keys)
    unsent = said.filter(state__in=[Message.State.WAITING, Message.State.HELD], leased_until=None)
    unsent.update(state=Message.State.WITHDRAWN)
    told = said.filter(Q(state=Message.State.SENT) | Q(leased_until__isnull=False))
    to = Destination.objects.filter(pk__in=told.values("to"), disabled_at=None).select_related("user")
    people = {one.user for one in to if one.user is not None}
    wishes = _Wishes(people)
    rows = [message for one in to if (message := _message(news, one, wishes)) is not None]
    Message.objects.bulk_create(rows, ignore_conflicts=True)


@dataclass(frozen=True)
class _Wish:
    """How and when one person wants to hear of things."""

    by_kind: dict[str, str]
    quiet: Quiet | None

    def due(self, one: News) -> tuple[datetime, bool] | None:
        """From when on, and whether in a digest; None for not at all."""
        how = self.by_kind.get(one.kind, unchosen(one.kind))
        if how == Preference.How.OFF:
            return None
        return when(one.at, hourly=how == Preference.How.HOURLY, quiet=self.quiet)


class _Wishes:
    """The wishes of some people, read at once."""

    def __init__(self, people: Iterable[User]) -> None:
        ids = [user.pk for user in people]
        quiet = {row.user_id: row for row in QuietHours.objects.filter(user__in=ids)}
        zones = dict(WorkingTime.objects.filter(user__in=quiet).values_list("user", "zone"))
        kinds: dict[int, dict[str, str]] = {pk: {} for pk in ids}
        for row in Preference.objects.filter(user__in=ids):
            kinds[row.user_id][row.kind] = row.how
        self._of = {pk: _Wish(kinds[pk], _quiet(quiet.get(pk), zones.get(pk, ""))) for pk in ids}

    def due(self, one: News, to: Destination) -> tuple[datetime, bool] | None:
        """When a destination hears of something; a shared one, at once."""
        return (one.at, False) if to.user_id is None else self._of[to.user_id].due(one)


def _quiet(row: QuietHours | None, zone: str) -> Quiet | None:
    if row is None:
        return None
    return Quiet(row.begins, row.ends, zone or agreement_of(settings.WORKSPACE).calendar.zone)


def _own(people: set[User]) -> dict[int, list[Destination]]:
    """The destinations in use of each of the people; with none in use it is their mail, wanted or not."""
    known = Destination.objects.filter(user__in=people)
    without = people - {one.user for one in known.filter(channel=OWN).select_related("user")}
    Destination.objects.bulk_create(
        [Destination(user=user, channel=OWN) for user in without], ignore_conflicts=True
    )
    able: dict[int, list[Destination]] = {user.pk: [] for user in people}
    for one in Destination.objects.filter(user__in=people, disabled_at=None):
        if one.user_id is not None:
            able[one.user_id].append(one)
    return {
        user: [one for one in those if one.wanted] or [one for one in those if one.channel == OWN]
        for user, those in able.items()
    }


def _heard_by(
    one: News, own: dict[int, list[Destination]], shared: Sequence[Destination]
) -> Iterator[Destination]:
    for user in dict.fromkeys(one.to):
        yield from own.get(user.pk, [])
    for to in shared:
        of_all = to.team_id is None or one.kind == Kind.WEEKLY_NUMBERS
        if one.kind in to.kinds and (of_all or (one.team and to.team_id == one.team.pk)):
            yield to


def _message(one: News, to: Destination, wishes: _Wishes) -> Message | None:
    due = wishes.due(one, to)
    if due is None:
        return None
    due_at, digest = due
    return Message(
        to=to,
        key=one.key,
        kind=one.kind,
        about=one.about,
        thread=one.thread,
        title=one.title,
        lines=list(one.lines),
        path=one.path,
        buttons=[list(button) for button in one.buttons],
        at=one.at,
        due_at=due_at,
        digest=digest,
        parcel=None if digest else uuid.uuid4(),
    )
