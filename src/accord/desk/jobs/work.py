"""The work that belongs to no page: building."""

from __future__ import annotations

from django.conf import settings

from accord.desk.jobs.kinds import Arguments, Report, work
from accord.workspace import Workspace


@work("build")
def build(arguments: Arguments, report: Report) -> Arguments:
    """Judge every lead by the agreement and publish the numbers."""
    built = Workspace(settings.WORKSPACE).build(progress=lambda step: report(f"Building: {step}"))
    return {"build_id": built.build_id, "remarks": built.about["remarks"]}
