"""What the worker does for messages again and again."""

from __future__ import annotations

from django.conf import settings

from accord import workspace
from accord.desk.hours.calendars import aware
from accord.desk.jobs.kinds import every_pass
from accord.desk.notify.delivery import deliver, drop_old
from accord.desk.reading import settings_of


@every_pass
def deliver_messages() -> bool:
    """Send what is due, in a live workspace."""
    if settings_of(settings.WORKSPACE).mode != "live":
        return False
    now = aware(workspace.now())
    drop_old(now)
    return deliver(now)
