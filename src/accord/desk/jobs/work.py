"""The work that belongs to no page: building."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from accord import workspace
from accord.desk.hours.calendars import aware
from accord.desk.jobs.actions import OPEN, enqueue_once
from accord.desk.jobs.kinds import Arguments, Report, every_pass, work
from accord.desk.jobs.models import Job
from accord.desk.reading import settings_of
from accord.ledger.builds import NoBuild
from accord.pipeline import steps_version
from accord.workspace import Workspace

AGAIN = timedelta(hours=1)
"""A build that failed is not asked for again before."""


@work("build")
def build(arguments: Arguments, report: Report) -> Arguments:
    """Judge every lead by the agreement and publish the numbers."""
    built = Workspace(settings.WORKSPACE).build(progress=lambda step: report(f"Building: {step}"))
    return {"build_id": built.build_id}


@every_pass
def build_on_time() -> bool:
    """Ask for a build when the last is older than it may be, or was made by another Accord's steps; whether
    one was asked for.

    Before the first build there is none: it is made by hand, or after the first load.
    """
    space, now = Workspace(settings.WORKSPACE), workspace.now()
    try:
        about = space.builds.current().about
    except NoBuild:
        return False
    age = now - datetime.fromisoformat(about["built_at"])
    is_ours = about.get("steps") == steps_version()
    if is_ours and age < settings_of(settings.WORKSPACE).longest_between_builds:
        return False
    last = Job.objects.filter(kind="build").order_by("-pk").first()
    if last and (last.state in OPEN or aware(now) - last.made_at < AGAIN):
        return False
    enqueue_once("build")
    return True
