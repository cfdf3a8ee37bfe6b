"""When a look is due: once on a Monday, early in the morning, in a live workspace with a build."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from accord.desk.hours.calendars import aware
from accord.desk.lessons.models import Look
from accord.desk.reading import agreement_of, settings_of
from accord.desk.shell.formats import local
from accord.insight.periods import midnight
from accord.ledger.builds import NoBuild
from accord.workspace import Workspace

HOUR, DAY = timedelta(hours=5), timedelta(days=1)


def look_is_due(now: datetime) -> bool:
    """Whether it is Monday, five o'clock or later, and none has begun since then."""
    zone = agreement_of(settings.WORKSPACE).calendar.zone
    today = local(now, zone).date()
    monday = midnight(today - timedelta(days=today.weekday()), zone) + HOUR
    if settings_of(settings.WORKSPACE).mode != "live" or not monday <= now < monday + DAY:
        return False
    return not Look.objects.filter(at__gte=aware(monday)).exists() and _has_build()


def _has_build() -> bool:
    try:
        return bool(Workspace(settings.WORKSPACE).builds.current())
    except NoBuild:
        return False
