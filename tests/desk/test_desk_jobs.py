"""Background jobs: none is lost, none is done by two workers, and a page can watch one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accord.desk.jobs import actions, worker
from accord.desk.jobs.kinds import KINDS, Report
from accord.desk.jobs.models import Job
from accord.errors import AccordError

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Registers a function as the work of kind `test`."""
    return lambda function: monkeypatch.setitem(KINDS, "test", function)


def test_a_job_is_done_once_with_its_arguments_and_keeps_its_result(kind: Any) -> None:
    seen = []

    def double(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
        report("doubling", 1, 4)
        seen.append(Job.objects.get().step)
        return {"doubled": arguments["number"] * 2}

    kind(double)
    job = actions.enqueue("test", {"number": 21})
    assert worker.run_next()
    assert not worker.run_next()
    job.refresh_from_db()
    assert (job.state, job.result, job.share, job.error) == ("done", {"doubled": 42}, 1.0, "")
    assert seen == ["doubling"]


def test_only_one_worker_gets_a_job_and_the_earliest_due_comes_first() -> None:
    later = actions.enqueue("test", {"n": 2})
    first = actions.enqueue("test", {"n": 1}, at=timezone.now() - timedelta(hours=1))
    actions.enqueue("test", {"n": 3}, at=timezone.now() + timedelta(hours=1))
    assert actions.claim() == first
    assert actions.claim() == later
    assert actions.claim() is None


def test_a_job_that_changed_since_it_was_seen_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.enqueue("test")
    still = actions._still

    def beaten(job: Job) -> Any:
        Job.objects.update(state="running", attempts=1, lease_until=timezone.now() + actions.LEASE)
        return still(job)

    monkeypatch.setattr(actions, "_still", beaten)
    assert actions.claim() is None
    assert Job.objects.get().attempts == 1


def test_a_dead_workers_job_is_taken_over_and_the_dead_one_cannot_report() -> None:
    actions.enqueue("test")
    dead = actions.claim()
    assert dead is not None
    assert actions.claim() is None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    taken = actions.claim()
    assert taken is not None
    assert (taken.pk, taken.attempts) == (dead.pk, 2)
    for late in (lambda: actions.report(dead, "x", None), lambda: actions.finish(dead, {})):
        with pytest.raises(actions.LeaseLost):
            late()
    assert Job.objects.get().state == "running"
    actions.finish(taken, {})
    assert Job.objects.get().state == "done"


def test_a_job_that_kills_its_workers_is_given_up() -> None:
    actions.enqueue("test")
    for _ in range(actions.MOST_ATTEMPTS):
        assert actions.claim()
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert actions.claim() is None
    job = Job.objects.get()
    assert (job.state, job.error) == ("failed", "The worker ended 3 times in the middle of it.")


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (AccordError("There is no file.", mend="Load it."), "There is no file. Load it."),
        (ZeroDivisionError("secret"), "Something broke; the server's log says what."),
    ],
)
def test_a_failing_job_says_why_and_does_not_stop_the_next(kind: Any, raised: Exception, told: str) -> None:
    def fail(arguments: dict[str, Any], report: Report) -> None:
        if arguments:
            raise raised

    kind(fail)
    actions.enqueue("test", {"n": 1})
    actions.enqueue("test")
    assert worker.run_next()
    assert worker.run_next()
    assert list(Job.objects.order_by("pk").values_list("state", "error")) == [("failed", told), ("done", "")]


def test_the_same_waiting_job_is_asked_for_once() -> None:
    first = actions.enqueue_once("build")
    assert actions.enqueue_once("build") == first
    assert actions.enqueue_once("build", {"of": "yesterday"}) != first
    actions.claim()
    assert actions.enqueue_once("build") != first


def test_a_page_watches_a_job_and_is_loaded_anew_when_it_ends(as_role: Any) -> None:
    client: Client = as_role("operations")
    job = actions.enqueue("test")
    first = client.get(f"/jobs/{job.pk}")
    assert "Waiting for its turn" in first.content.decode()
    assert "HX-Refresh" not in first
    again = client.get(f"/jobs/{job.pk}", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    claimed = actions.claim()
    assert claimed is not None
    actions.report(claimed, "reading leads.csv", 0.25)
    running = client.get(f"/jobs/{job.pk}", headers={"If-None-Match": first["ETag"]}).content.decode()
    assert "Reading leads.csv" in running
    assert 'value="0.250"' in running
    actions.finish(claimed, {})
    assert client.get(f"/jobs/{job.pk}")["HX-Refresh"] == "true"


@pytest.mark.parametrize("role", ["marketer", "rep", "manager", "viewer", "outsider"])
def test_only_operations_watch_jobs(as_role: Any, role: str) -> None:
    job = actions.enqueue("test")
    assert as_role(role).get(f"/jobs/{job.pk}").status_code == 403
