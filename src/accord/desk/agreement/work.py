"""What the worker does for the agreement's pages: judges all of the past by one version."""

from __future__ import annotations

from django.conf import settings

from accord.desk.agreement.as_if import JOB
from accord.desk.jobs.kinds import Arguments, Report, work
from accord.desk.rights import Right
from accord.workspace import Workspace


@work(JOB, seen_by=Right.NUMBERS)
def judge(arguments: Arguments, report: Report) -> Arguments:
    """Judge all of the past by one version."""
    built = Workspace(settings.WORKSPACE).build(
        as_if=arguments["version"], progress=lambda step: report(step)
    )
    return {"build": built.build_id}
