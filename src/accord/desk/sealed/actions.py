"""What is done about sealed reports: sealed, and compared with a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.jobs.actions import enqueue
from accord.desk.sealed.models import Comparison
from accord.desk.teams.actions import note

if TYPE_CHECKING:
    from accord.desk.reading import Reading
    from accord.desk.shell.filters import Filters
    from accord.sealing import Sealed

JOB = "restate"


def seal(reading: Reading, filters: Filters, name: str) -> Sealed:
    """Seal the numbers of the asked period in the person's name. Raises SealError."""
    sealed = reading.workspace.seal(name, filters.first_day, filters.day_after, sealed_by=reading.user.name)
    note(reading.user, "sealed", f"{name} of build {sealed.build_id}")
    return sealed


@transaction.atomic
def compare(reading: Reading, sealed: Sealed) -> Comparison:
    """Ask why the report's numbers are others in the published build, unless that is asked or known."""
    build_id = reading.build.build_id
    asked, _ = Comparison.objects.select_for_update().get_or_create(report=sealed.name, build_id=build_id)
    if asked.found is None and not (asked.job and asked.job.is_open):
        asked.job = enqueue(JOB, {"comparison": asked.pk}, by=reading.user)
        asked.save(update_fields=["job"])
    return asked
