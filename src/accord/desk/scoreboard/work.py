"""What the worker does for the scoreboard again and again."""

from __future__ import annotations

from accord import workspace
from accord.desk.jobs.kinds import every_pass
from accord.desk.scoreboard.weekly import tell_week


@every_pass
def tell_weekly_numbers() -> bool:
    """Tell the week's numbers on Monday morning."""
    return tell_week(workspace.now())
