"""What the desk does by itself: takes in every new build, sweeps what is due, hands facts to the ledger.

Nothing here trusts an offset: a build is taken in by looking for what is missing, so the next pass goes on
where a worker was killed, and heals what a ledger or desk database restored from an older copy has lost.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accord.desk.connections.standing import loads_until, silent_since
from accord.desk.handoff.actions.evidence import close_ended, take_in
from accord.desk.handoff.actions.make import TooManyHandoffs, hand_over
from accord.desk.handoff.actions.recover import recover
from accord.desk.handoff.actions.reschedule import follow_calendar
from accord.desk.handoff.actions.stage_clocks import follow_stages
from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.actions.tool_verdicts import take_verdicts
from accord.desk.handoff.models import SettledBuild
from accord.desk.outbox.actions import drain, drop_old
from accord.desk.outbox.restoring import compare
from accord.desk.reading import agreement_of
from accord.errors import AccordError
from accord.ledger.builds import NoBuild

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.ledger.engine import Engine
    from accord.workspace import Workspace

SHOWING = ("activities", "feedback", "stage_moves")
"""The fact tables in which tools show what sales did."""

NEVER = datetime(1970, 1, 1)

log = logging.getLogger("accord.desk.handoff")


def run_once(workspace: Workspace, now: datetime) -> bool:
    """One pass of a live workspace; whether there was anything to do. `now` is naive UTC."""
    agreement = agreement_of(workspace.folder)
    healed = heal(workspace, agreement, now)
    drained = drain(workspace, now)
    drop_old()
    if workspace.settings.mode != "live":
        return healed or bool(drained)
    moved = follow_calendar(agreement, now)
    settled = settle(workspace, agreement, now)
    swept = sweep(agreement, now, read_until(workspace), told=not silent(workspace, now))
    return healed or bool(drained) or moved or settled or swept.anything


def heal(workspace: Workspace, agreement: Agreement, now: datetime) -> bool:
    """Make good what a restore of the ledger or of the desk took away; whether it did."""
    difference = compare(workspace, now)
    if not difference.heads:
        return False
    with transaction.atomic():
        if difference.forgotten:
            recover(difference.forgotten, _published(workspace), agreement, now)
            SettledBuild.objects.all().delete()  # what the tools show is looked at again, too
        difference.remember()
    return bool(difference.forgotten)


def _published(workspace: Workspace) -> Engine | None:
    try:
        return workspace.builds.current().reader(workspace.settings.memory)
    except NoBuild:
        return None


def settle(workspace: Workspace, agreement: Agreement, now: datetime) -> bool:
    """Take in the published build, unless it has been; whether it was."""
    try:
        build = workspace.builds.current()
    except NoBuild:
        return False
    if SettledBuild.objects.filter(build_id=build.build_id).exists():
        return False
    engine = build.reader(workspace.settings.memory)
    take_in(engine, agreement, now)
    take_verdicts(engine, agreement, now)
    close_ended(engine, now)
    try:
        hand_over(engine, agreement, now)
    except TooManyHandoffs as error:
        log.warning("%s", error)
    except AccordError as error:
        _complain(build.build_id, str(error))
        return False
    follow_stages(engine, agreement, now)
    SettledBuild.objects.all().delete()
    SettledBuild.objects.create(build_id=build.build_id)
    return True


@cache
def _complain(build_id: str, error: str) -> None:
    """Say once a build that its leads cannot be handed over; it is tried again at every pass."""
    log.error("leads of build %s cannot be handed over: %s", build_id, error)


def read_until(workspace: Workspace) -> datetime | None:
    """Up to when all tools that show what sales did have been read: the oldest of their newest loads.

    A load counts with the build that shows what it brought; one that a connection made, up to when the tool
    wrote it. None if no tool has shown any, so that the desk alone knows.
    """
    loads = [load for load in workspace.ledger.loads() if _shows_sales(load)]
    if not loads:
        return None
    built = _built_at(workspace)
    written = loads_until(load["load_id"] for load in loads)
    newest = {load["receipt"]["source"]: NEVER for load in loads}
    for load in loads:
        if load["finished_at"] <= built:
            source, known = load["receipt"]["source"], written.get(load["load_id"], load["finished_at"])
            newest[source] = max(newest[source], known)
    return min(newest.values())


def _built_at(workspace: Workspace) -> datetime:
    try:
        return datetime.fromisoformat(workspace.builds.current().about["built_at"])
    except NoBuild:
        return NEVER


def silent(workspace: Workspace, now: datetime) -> bool:
    """Whether a connection has brought nothing for longer than it should: operations know, and see to it."""
    connections = workspace.settings.connections.items()
    return any(silent_since(name, connection, now) for name, connection in connections)


def _shows_sales(load: dict[str, Any]) -> bool:
    return any(table["table"] in SHOWING for table in load["receipt"].get("tables", []))
