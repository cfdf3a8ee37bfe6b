"""The worker does one due job after another, and beside them what is done again and again.

`accord serve` runs one in a process of its own, `accord worker` is one; any number may work on a workspace.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.desk.jobs.models import Job

TICK = 1.0
"""Seconds between two looks for work."""
PASS_EVERY = 3.0
"""Seconds between two passes over what is done again and again."""
REPORTED = 0.5
"""Seconds between two written reports."""

log = logging.getLogger("accord.desk.jobs")


class _End:
    """Whether the worker was asked to end. A plain flag: a signal may come while a lock is held."""

    asked = False

    def on(self, *numbers: signal.Signals) -> None:
        """Be asked by these signals; a second of the same kind ends at once."""
        for number in numbers:
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        self.asked = True


def start() -> multiprocessing.process.BaseProcess:
    """Start a worker in a process of its own; it ends with the one that started it."""
    process = multiprocessing.get_context("spawn").Process(target=_beside, name="accord-worker", daemon=True)
    process.start()
    return process


def run() -> None:
    """Work until SIGTERM or SIGINT, and then finish what is in hand; Django must be set up."""
    end = _End()
    end.on(signal.SIGTERM, signal.SIGINT)
    _work(end)


def _beside() -> None:
    import django

    end = _End()
    end.on(signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends on it, and then asks this process
    django.setup()
    _work(end)


def _work(end: _End) -> None:
    """Jobs in this thread; in another what is done again and again, so that a long job delays no clock."""
    _say_what()
    parent = multiprocessing.parent_process()

    def goes_on() -> bool:
        return not end.asked and (parent is None or parent.is_alive())

    passes = threading.Thread(target=_go_on, args=(do_passes, PASS_EVERY, goes_on), name="passes")
    passes.start()
    _go_on(run_next, TICK, goes_on)
    passes.join()
    log.info("worker ended")


def _go_on(do: Callable[[], bool], pause: float, goes_on: Callable[[], bool]) -> None:
    """Do something as long as there is anything to do, and look again after a pause of so many seconds."""
    from django.db import close_old_connections, connection

    while goes_on():
        try:
            close_old_connections()
            busy = do()
        except Exception:  # a database that cannot be reached for a while must not end the worker
            log.exception("looking for work failed")
            busy = False
        until = time.monotonic() + pause
        while not busy and goes_on() and time.monotonic() < until:
            time.sleep(min(TICK, pause))
    connection.close()


def _say_what() -> None:
    from django.conf import settings

    from accord.desk.jobs.kinds import KINDS, PASSES

    passes = ", ".join(one.__name__ for one in PASSES)
    log.info(
        "worker on %s: jobs (%s); every %g s %s", settings.WORKSPACE, ", ".join(KINDS), PASS_EVERY, passes
    )


def do_passes() -> bool:
    """Do once what is to be done again and again; whether there was anything. One that breaks is reported."""
    from accord.desk.jobs.kinds import PASSES

    busy = False
    for one in PASSES:
        try:
            did = one()
        except Exception:  # the others, and the jobs, must go on
            log.exception("the pass %s broke", one.__name__)
        else:
            busy = busy or did
            if did:
                log.info("the pass %s did what was due", one.__name__)
    return busy


def run_next(only: int | None = None) -> bool:
    """Do the next due job, or `only` that one, if there is one to do; whether there was."""
    from accord.desk.jobs.actions import LeaseLost, claim

    job = claim(only)
    if job is None:
        return False
    try:
        with _held(job):
            _do(job)
    except LeaseLost:
        log.warning("job %s was taken over by another worker", job.pk)
    return True


def _do(job: Job) -> None:
    from accord.desk.jobs.actions import LeaseLost, fail, finish
    from accord.desk.jobs.kinds import KINDS

    log.info("job %s (%s) begins", job.pk, job.kind)
    began = time.monotonic()
    try:
        result = KINDS[job.kind](job.arguments, _Reporter(job))
    except LeaseLost:
        raise
    except AccordError as error:
        fail(job, str(error))
        log.warning("job %s (%s) failed: %s", job.pk, job.kind, error.code)
    except Exception:
        log.exception("job %s (%s) broke", job.pk, job.kind)
        fail(job, "Something broke; the server's log says what.")
    else:
        finish(job, result or {})
        log.info("job %s (%s) done in %.1f s", job.pk, job.kind, time.monotonic() - began)


class _Reporter:
    """Writes a job's reports, not more than two a second."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._at = 0.0

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        from accord.desk.jobs.actions import report

        if time.monotonic() - self._at >= REPORTED:
            report(self._job, step, done / total if total else None)
            self._at = time.monotonic()


@contextmanager
def _held(job: Job) -> Iterator[None]:
    """Renews the job's lease while the work goes on."""
    from accord.desk.jobs.actions import LEASE

    ended = threading.Event()

    def hold() -> None:
        from django.db import DatabaseError, connection

        from accord.desk.jobs.actions import LeaseLost, renew

        while not ended.wait(LEASE.total_seconds() / 3):
            try:
                renew(job)
            except LeaseLost:
                break  # the work learns it at its next report
            except DatabaseError:  # the next renewal still comes in time
                log.warning("the lease of job %s could not be renewed", job.pk, exc_info=True)
        connection.close()

    thread = threading.Thread(target=hold, name=f"job-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
