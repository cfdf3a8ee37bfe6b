"""Looking into the folders: what has come and stands still is loaded, and who has fallen silent is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from accord.desk.connections.folder import Entry, entries
from accord.desk.connections.models import Delivery
from accord.desk.connections.standing import silent_since
from accord.desk.hours.calendars import aware
from accord.desk.jobs.actions import enqueue
from accord.desk.jobs.models import Job
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.models import Kind
from accord.desk.notify.news import News
from accord.desk.rights import Role
from accord.desk.shell.formats import moment
from accord.desk.teams.models import User
from accord.settings import Connection

JOB = "read folder"
STILL = timedelta(seconds=5)
"""What has not changed for so long is whole."""
State = Delivery.State


def folder_of(workspace: Path, connection: Connection) -> Path:
    """The folder of a connection; a relative one lies in the workspace."""
    return workspace / connection.folder


def watch(name: str, folder: Path, now: datetime, *, still: timedelta = STILL) -> Job | None:
    """Look into a connection's folder, and ask for a load of what is new and whole. `now` is aware UTC.

    All that is ready at once is loaded together: files of one export may need each other. Raises NoFolder.
    """
    found = entries(folder)
    _note(name, found, now)
    _give_up_dead(name)
    ready = Delivery.objects.filter(connection=name, state=State.SEEN, seen_at__lte=now - still)
    return _claim(name, [delivery.pk for delivery in ready])


def tell_silent(name: str, connection: Connection, now: datetime, zone: str) -> None:
    """Tell operations, once, that a connection has brought nothing for longer than it should. Naive UTC."""
    since = silent_since(name, connection, now)
    if since is None:
        return
    title = _("Nothing new from %(name)s since %(at)s") % {"name": name, "at": moment(since, zone)}
    line = _("Promises that only it can show as kept stay unconfirmed. Look at what writes into its folder.")
    _to_operations(f"silent:{name}:{since.isoformat()}", now, title, line)


def tell_failed(name: str, load: int, error: str, now: datetime) -> None:
    """Tell operations that what a connection brought could not be loaded. Naive UTC."""
    title = _("What %(name)s brought could not be loaded") % {"name": name}
    _to_operations(f"not loaded:{name}:{load}", now, title, error[:300])


def _to_operations(key: str, now: datetime, title: str, line: str) -> None:
    people = tuple(User.objects.filter(role=Role.OPERATIONS, is_active=True))
    tell([News(Kind.OPERATIONS, key, people, aware(now), title, (line,), "/connections")])


@transaction.atomic
def _note(name: str, found: Sequence[Entry], now: datetime) -> None:
    """Keep what lies there: what has changed is to be loaded again, what is gone unread is forgotten."""
    known = {one.name: one for one in Delivery.objects.filter(connection=name)}
    changed = [entry for entry in found if entry.name not in known or known[entry.name].stamp != entry.stamp]
    for entry in changed:
        seen = {"stamp": entry.stamp, "until": entry.until, "seen_at": now, "state": State.SEEN, "error": ""}
        Delivery.objects.update_or_create(connection=name, name=entry.name, defaults=seen)
    gone = set(known) - {entry.name for entry in found}
    Delivery.objects.filter(connection=name, name__in=gone, state=State.SEEN).delete()


@transaction.atomic
def _claim(name: str, ready: Sequence[int]) -> Job | None:
    """Ask for a load of what no other worker has claimed meanwhile."""
    if not ready:
        return None
    job = enqueue(JOB, {"connection": name})
    unclaimed = Delivery.objects.filter(pk__in=ready, state=State.SEEN)
    if not unclaimed.update(state=State.LOADING, job=job):
        job.delete()
        return None
    job.arguments["job"] = job.pk
    job.save(update_fields=["arguments"])
    return job


def _give_up_dead(name: str) -> None:
    """What killed its workers again and again has failed."""
    dead = Delivery.objects.filter(connection=name, state=State.LOADING, job__state=Job.State.FAILED)
    for delivery in dead.select_related("job"):
        error = delivery.job.error if delivery.job else ""
        Delivery.objects.filter(pk=delivery.pk).update(state=State.FAILED, error=error)


def try_again(connection: str) -> int:
    """Load what has failed once more; how many entries."""
    return Delivery.objects.filter(connection=connection, state=State.FAILED).update(state=State.SEEN)
