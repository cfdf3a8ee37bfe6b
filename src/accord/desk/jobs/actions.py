"""What changes jobs: asked for, claimed, reported, ended. Each is one filtered UPDATE or one INSERT."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accord.desk.jobs.models import Job
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.desk.teams.models import User

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 3
"""How often a job is begun whose worker ended in the middle of it; then something in it kills workers."""

OPEN = (Job.State.WAITING, Job.State.RUNNING)


class LeaseLost(AccordError):
    """Another worker has taken the job over."""

    code = "lease_lost"


def enqueue(
    kind: str, arguments: dict[str, Any] | None = None, *, by: User | None = None, at: datetime | None = None
) -> Job:
    """Ask for a job, now or at a later moment."""
    return Job.objects.create(kind=kind, arguments=arguments or {}, by=by, due_at=at or timezone.now())


@transaction.atomic
def enqueue_once(kind: str, arguments: dict[str, Any] | None = None, *, by: User | None = None) -> Job:
    """Ask for a job unless the same one waits already, which then is meant."""
    same = Job.objects.filter(kind=kind, arguments=arguments or {}, state=Job.State.WAITING)
    return same.order_by("pk").first() or enqueue(kind, arguments, by=by)


def claim(only: int | None = None) -> Job | None:
    """Take the job that is due first, or one whose worker is gone. None if there is none to take.

    `only`: take that job or none.
    """
    now = timezone.now()
    waiting = Q(state=Job.State.WAITING, due_at__lte=now)
    abandoned = Q(state=Job.State.RUNNING, lease_until__lt=now)
    open_ones = Job.objects.filter(waiting | abandoned)
    if only is not None:
        open_ones = open_ones.filter(pk=only)
    for job in open_ones.order_by("due_at", "pk")[:10]:
        if job.attempts >= MOST_ATTEMPTS:
            _fail(job, f"The worker ended {job.attempts} times in the middle of it.")
        elif _still(job).update(
            state=Job.State.RUNNING, lease_until=now + LEASE, attempts=F("attempts") + 1, error=""
        ):
            job.refresh_from_db()
            return job
    return None


def renew(job: Job) -> None:
    """Hold on to a claimed job. Raises LeaseLost."""
    _change(job, lease_until=timezone.now() + LEASE)


def report(job: Job, step: str, share: float | None) -> None:
    """Note how far a claimed job is. Raises LeaseLost."""
    _change(job, step=step[:200], share=share, lease_until=timezone.now() + LEASE)


def finish(job: Job, result: dict[str, Any]) -> None:
    """End a claimed job well. Raises LeaseLost."""
    _change(job, state=Job.State.DONE, share=1.0, result=result, lease_until=None, finished_at=timezone.now())


def fail(job: Job, error: str) -> None:
    """End a claimed job with what was wrong. Raises LeaseLost."""
    _change(job, **_failed(error))


def _still(job: Job) -> Any:
    """The job, as long as it stands as it was seen."""
    return Job.objects.filter(pk=job.pk, state=job.state, attempts=job.attempts, lease_until=job.lease_until)


def _change(job: Job, **values: Any) -> None:
    held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    if held.update(**values) != 1:
        raise LeaseLost(f"Job {job.pk} is another worker's now.")


def _fail(job: Job, error: str) -> None:
    _still(job).update(**_failed(error))


def _failed(error: str) -> dict[str, Any]:
    return {
        "state": Job.State.FAILED,
        "error": error,
        "lease_until": None,
        "finished_at": timezone.now(),
    }
