"""Reports as if one version had judged all of the past: built in the background, shown to who asks for them.

Who looks at them sees them on the pages of reports until they go back; lists of leads and promises stay as
they are, for what is owed today follows from what was decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accord.desk.jobs.actions import enqueue
from accord.desk.jobs.models import Job

if TYPE_CHECKING:
    from accord.desk.teams.models import User
    from accord.ledger.builds import Build
    from accord.workspace import Workspace

JOB = "as if judged"


def asked_for(version: str) -> Job | None:
    """The newest job that judges by a version, unless it failed."""
    found = Job.objects.filter(kind=JOB, arguments__version=version)
    return found.exclude(state=Job.State.FAILED).order_by("-pk").first()


def ask(version: str, *, by: User) -> Job:
    """Have all of the past judged by a version, unless that is under way."""
    before = asked_for(version)
    return before if before is not None and before.is_open else enqueue(JOB, {"version": version}, by=by)


def build_of(space: Workspace, job: Job | None) -> Build | None:
    """The build a job has made, while it is there."""
    made = job.result.get("build") if job is not None and not job.is_open else None
    return space.as_if_builds.find(made) if made else None
