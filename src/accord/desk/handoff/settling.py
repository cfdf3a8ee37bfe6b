"""What the desk does by itself: takes in every new build, sweeps what is due, hands facts to the ledger.

Nothing here trusts an offset: a build is taken in by looking for what is missing, so a worker that was killed
half-way, or a desk database restored from an older copy, is healed by the next pass.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from accord.desk.handoff.actions.evidence import close_ended, take_in
from accord.desk.handoff.actions.make import TooManyHandoffs, hand_over
from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.actions.tool_verdicts import take_verdicts
from accord.desk.handoff.models import SettledBuild
from accord.desk.outbox.actions import drain, drop_old
from accord.desk.reading import agreement_of
from accord.errors import AccordError
from accord.ledger.builds import NoBuild

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.workspace import Workspace

SHOWING = ("activities", "feedback", "stage_moves")
"""The fact tables in which tools show what sales did."""

log = logging.getLogger("accord.desk.handoff")


def run_once(workspace: Workspace, now: datetime) -> bool:
    """One pass of a live workspace; whether there was anything to do. `now` is naive UTC."""
    drained = drain(workspace, now)
    drop_old()
    if workspace.settings.mode != "live":
        return bool(drained)
    agreement = agreement_of(workspace.folder)
    settled = settle(workspace, agreement, now)
    swept = sweep(agreement, now, read_until(workspace))
    return bool(drained) or settled or swept.anything


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
    SettledBuild.objects.all().delete()
    SettledBuild.objects.create(build_id=build.build_id)
    return True


@cache
def _complain(build_id: str, error: str) -> None:
    """Say once a build that its leads cannot be handed over; it is tried again at every pass."""
    log.error("leads of build %s cannot be handed over: %s", build_id, error)


def read_until(workspace: Workspace) -> datetime | None:
    """Up to when all tools that show what sales did have been read: the oldest of their newest loads.

    None if no tool has shown any, so that the desk alone knows.
    """
    newest: dict[str, datetime] = {}
    for load in workspace.ledger.loads():
        tables = {table["table"] for table in load["receipt"].get("tables", [])}
        if tables & set(SHOWING):
            newest[load["receipt"]["source"]] = load["finished_at"]
    return min(newest.values(), default=None)
