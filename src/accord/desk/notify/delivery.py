"""Sending what is due: claimed by lease, sent, marked; any number of workers may do it.

A worker that dies between sending and marking leaves a lease that runs out. What it sent is then sent again
under the same id: in the mailbox folder that is the same file, for a mail server the same Message-ID.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils.translation import gettext as _

from accord.desk.notify.actions.telling import tell
from accord.desk.notify.channels.protocol import Permanent, Transient
from accord.desk.notify.channels.registry import CHANNELS
from accord.desk.notify.envelopes import envelope, lead_names
from accord.desk.notify.models import Destination, Kind, Message
from accord.desk.notify.news import News
from accord.desk.rights import Role
from accord.desk.teams.models import User
from accord.errors import AccordError

MOST_AT_ONCE = 200
"""More messages than this at once are held until somebody has looked: it is more likely a mistake."""
SHARED_AN_HOUR = 20
"""So many single lines an hour a shared destination gets; the rest comes together when the hour is over."""
AT_ONCE = 50
"""As many envelopes are sent in one pass."""
LEASE = timedelta(minutes=3)
"""For so long an envelope is one worker's."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
"""What could not be sent waits twice as long after each try."""
GIVE_UP = timedelta(days=3)
"""What could not be sent for so long has failed."""
KEPT = timedelta(days=90)
"""For so long it is remembered what was told."""

log = logging.getLogger("accord.desk.notify")
State = Message.State


def deliver(now: datetime) -> bool:
    """Send what is due at `now` (aware UTC); whether there was anything."""
    _hold_if_too_many(now)
    _slow_down_shared(now)
    _make_digests(now)
    due = _due(now).values("parcel").annotate(first=Min("due_at")).order_by("first", "parcel")[:AT_ONCE]
    parcels = [row["parcel"] for row in due if row["parcel"] is not None]
    names = lead_names(Message.objects.filter(parcel__in=parcels).values_list("about", flat=True))
    for parcel in parcels:
        _send(parcel, names, now)
    return bool(parcels)


def drop_old(now: datetime) -> None:
    """Forget what was told long ago."""
    Message.objects.filter(at__lt=now - KEPT).exclude(state__in=[State.WAITING, State.HELD]).delete()


def _due(now: datetime) -> QuerySet[Message]:
    return _free(now).filter(due_at__lte=now, to__disabled_at=None)


def _free(now: datetime) -> QuerySet[Message]:
    """The messages no worker has in hand.

    What is claimed is claimed by these columns alone: PostgreSQL looks at a row again that another worker
    changed meanwhile, but not at the tables that an update is joined with.
    """
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    return Message.objects.filter(free, state=State.WAITING)


def _hold_if_too_many(now: datetime) -> None:
    """Hold what was never tried, if it is more than anybody expects. Digests are one a person and an hour."""
    fresh = _due(now).filter(tries=0, digest=False, confirmed=False)
    if fresh.count() > MOST_AT_ONCE:
        held = _free(now).filter(pk__in=fresh.values("pk")).update(state=State.HELD)
        log.warning("%s messages at once are held: confirm them on the page Messages", held)


def _slow_down_shared(now: datetime) -> None:
    """Put what a shared destination would get beyond its measure together until the hour is over."""
    due = _due(now).filter(to__user=None, digest=False, tries=0)
    for to in list(due.values_list("to", flat=True).distinct()):
        lately = Message.objects.filter(to=to, digest=False, sent_at__gt=now - timedelta(hours=1)).count()
        beyond = due.filter(to=to).order_by("at", "pk")[max(SHARED_AN_HOUR - lately, 0) :]
        keys = [message.pk for message in beyond.only("pk")]
        later = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        _free(now).filter(pk__in=keys).update(digest=True, parcel=None, due_at=later)


def _make_digests(now: datetime) -> None:
    """Put all that waits for one destination's digest into one parcel."""
    ready = _due(now).filter(digest=True, parcel=None)
    for to in list(ready.values_list("to", flat=True).distinct()):
        these = ready.filter(to=to).values("pk")
        _free(now).filter(pk__in=these, parcel=None).update(parcel=uuid.uuid4())


def _send(parcel: uuid.UUID, names: dict[str, str], now: datetime) -> None:
    """Claim a parcel, unless another worker has it, and send it."""
    until = now + LEASE
    if not _free(now).filter(parcel=parcel).update(leased_until=until, tries=F("tries") + 1):
        return
    mine = Message.objects.filter(parcel=parcel, state=State.WAITING, leased_until=until)
    messages = list(mine.select_related("to__user").order_by("at", "pk"))
    to = messages[0].to
    try:
        if to.channel not in CHANNELS:
            raise Permanent(f"There is no channel {to.channel}.", mend="Choose another for it.")
        CHANNELS[to.channel](envelope(messages, names), to)
    except Permanent as error:
        _fail(mine, to, str(error), now)
    except Transient as error:
        _put_off(mine, messages[0], error, now)
    except Exception:
        log.exception("parcel %s could not be sent", parcel)
        broke = AccordError(_("Something broke; the server’s log says what."))
        _put_off(mine, messages[0], broke, now)
    else:
        mine.update(state=State.SENT, sent_at=now, leased_until=None, why="")


def _put_off(mine: QuerySet[Message], first: Message, error: AccordError, now: datetime) -> None:
    why = str(error)[:300]
    if now - first.at > GIVE_UP:
        mine.update(state=State.FAILED, leased_until=None, why=why)
        return
    asked = error.wait if isinstance(error, Transient) else timedelta()
    wait = max(min(FIRST_WAIT * 2 ** min(first.tries - 1, 10), LONGEST_WAIT), asked)
    mine.update(due_at=now + wait, leased_until=None, why=why)


@transaction.atomic
def _fail(mine: QuerySet[Message], to: Destination, why: str, now: datetime) -> None:
    """The address takes nothing any more: nothing else is tried there, and operations hear of it."""
    mine.update(state=State.FAILED, leased_until=None, why=why[:300])
    if not Destination.objects.filter(pk=to.pk, disabled_at=None).update(disabled_at=now, why=why[:300]):
        return
    Message.objects.filter(to=to, state=State.WAITING, leased_until=None).update(
        state=State.FAILED, why=_("Its address was disabled.")
    )
    news = News(
        kind=Kind.OPERATIONS,
        key=f"disabled:{to.pk}:{now.isoformat()}",
        to=tuple(User.objects.filter(role=Role.OPERATIONS, is_active=True)),
        at=now,
        title=_("Messages do not reach %(whose)s by %(channel)s")
        % {"whose": to.whose, "channel": to.channel},
        lines=(why, _("Nothing more is sent there until you enable it again.")),
        path="/messages",
    )
    tell([news])
