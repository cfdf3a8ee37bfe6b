"""What the worker does about sealed reports: builds the past anew, cause by cause."""

from __future__ import annotations

import json

from django.conf import settings

from accord.csv_text import plain
from accord.desk.jobs.kinds import Arguments, Report, work
from accord.desk.rights import Right
from accord.desk.sealed.actions import JOB
from accord.desk.sealed.models import Comparison
from accord.restating import as_dict
from accord.workspace import Workspace


@work(JOB, seen_by=Right.NUMBERS)
def restate(arguments: Arguments, report: Report) -> None:
    """Itemise a sealed report's changes, and keep them with the build they are of."""
    asked = Comparison.objects.get(pk=arguments["comparison"])
    found = as_dict(Workspace(settings.WORKSPACE).restate(asked.report, lambda step: report(step)))
    kept = json.loads(json.dumps(found, default=plain))
    # A newer build may have been published meanwhile: then the numbers are that one's.
    Comparison.objects.update_or_create(
        report=asked.report, build_id=found["build"], defaults={"found": kept, "job": asked.job}
    )
