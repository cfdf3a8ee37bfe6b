"""What the worker does for handoffs again and again."""

from __future__ import annotations

from django.conf import settings

from accord import workspace
from accord.desk.handoff.settling import run_once
from accord.desk.jobs.kinds import every_pass


@every_pass
def settle_and_sweep() -> bool:
    """Take in new builds, sweep what is due, hand facts to the ledger."""
    return run_once(workspace.Workspace(settings.WORKSPACE), workspace.now())
