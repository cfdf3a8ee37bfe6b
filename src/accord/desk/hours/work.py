"""What the worker does for working time: it reads the calendars that are due."""

from __future__ import annotations

from accord import workspace
from accord.desk.hours.feeds import read_due
from accord.desk.jobs.kinds import every_pass


@every_pass
def read_calendars() -> bool:
    """Read a calendar that is due."""
    return read_due(workspace.now())
