"""What the worker does for connections: looks into their folders, and loads what came."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db.models import F, QuerySet

from accord import workspace
from accord.desk.connections.folder import NoFolder
from accord.desk.connections.models import Delivery
from accord.desk.connections.watching import JOB, folder_of, tell_failed, tell_silent, watch
from accord.desk.hours.calendars import aware
from accord.desk.jobs.actions import enqueue_once
from accord.desk.jobs.kinds import Arguments, Report, every_pass, work
from accord.desk.reading import agreement_of, settings_of
from accord.errors import AccordError
from accord.sources.shipped import mapping_file
from accord.workspace import Workspace

State = Delivery.State
log = logging.getLogger("accord.desk.connections")
_missing: set[str] = set()
"""The connections whose folder was not there at the last look."""


class ConnectionGone(AccordError):
    """A connection was taken out of accord.toml while it brought something."""

    code = "connection_gone"


@every_pass
def read_folders() -> bool:
    """Ask for loads of what has come into the folders; whether anything had."""
    own, now, asked = settings_of(settings.WORKSPACE), workspace.now(), False
    for name, connection in own.connections.items():
        try:
            asked |= watch(name, folder_of(settings.WORKSPACE, connection), aware(now)) is not None
        except NoFolder as error:
            if name not in _missing:  # said once, not every three seconds
                log.warning("connection %s: %s", name, error)
            _missing.add(name)
        else:
            _missing.discard(name)
        tell_silent(name, connection, now, agreement_of(settings.WORKSPACE).calendar.zone)
    return asked


@work(JOB)
def read_folder(arguments: Arguments, report: Report) -> Arguments:
    """Load what a connection brought, and ask for a build.

    Entries that cannot be loaded together are loaded one by one, so that one of them keeps no other out.
    """
    mine = Delivery.objects.filter(job=arguments["job"], state=State.LOADING)
    names = list(mine.order_by("name").values_list("name", flat=True))
    try:
        loads = [_load(arguments["connection"], mine, report)]
    except AccordError as error:
        if len(names) < 2:
            _fail(arguments, mine, error)
            raise
        loads = [
            load
            for name in names
            if (load := _load_alone(arguments, mine.filter(name=name), report)) is not None
        ]
    return {"load_id": loads[-1], "build": enqueue_once("build").pk} if loads else {}


def _load(name: str, mine: QuerySet[Delivery], report: Report) -> str:
    """Load these entries together; the load's id."""
    connection = settings_of(settings.WORKSPACE).connections.get(name)
    if connection is None:
        raise ConnectionGone(f"There is no connection {name} any more.", mend="Look at accord.toml.")
    folder = folder_of(settings.WORKSPACE, connection)
    paths = [folder / one for one in mine.order_by("name").values_list("name", flat=True)]
    mapping = mapping_file(connection.mapping, settings.WORKSPACE)
    receipt = Workspace(settings.WORKSPACE).load(paths, mapping, by=f"connection {name}", progress=report)
    mine.update(state=State.LOADED, load_id=receipt.load_id, read_until=F("until"), error="")
    return receipt.load_id


def _load_alone(arguments: Arguments, mine: QuerySet[Delivery], report: Report) -> str | None:
    try:
        return _load(arguments["connection"], mine, report)
    except AccordError as error:
        _fail(arguments, mine, error)
        return None


def _fail(arguments: Arguments, mine: QuerySet[Delivery], error: AccordError) -> None:
    mine.update(state=State.FAILED, error=str(error))
    tell_failed(arguments["connection"], arguments["job"], str(error), workspace.now())
