"""The worker does one due job after another. `accord serve` runs one in a process of its own."""

from __future__ import annotations

import logging
import multiprocessing
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


def start() -> multiprocessing.process.BaseProcess:
    """Start a worker in a process of its own; it ends with the one that started it."""
    process = multiprocessing.get_context("spawn").Process(target=_main, name="accord-worker", daemon=True)
    process.start()
    return process


def _main() -> None:
    import django

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends on it, and then this process
    django.setup()
    parent = multiprocessing.parent_process()
    next_pass = 0.0
    while parent is None or parent.is_alive():
        try:
            busy = run_next()
            if time.monotonic() >= next_pass:
                more = do_passes()
                busy = busy or more
                next_pass = time.monotonic() + (0 if more else PASS_EVERY)
        except Exception:  # a database that cannot be reached for a while must not end the worker
            log.exception("looking for work failed")
            busy = False
        if not busy:
            time.sleep(TICK)


def do_passes() -> bool:
    """Do once what is to be done again and again; whether there was anything. One that breaks is reported."""
    from accord.desk.jobs.kinds import PASSES

    busy = False
    for one in PASSES:
        try:
            busy = one() or busy
        except Exception:  # the others, and the jobs, must go on
            log.exception("a pass broke")
    return busy


def run_next() -> bool:
    """Do the next due job, if there is one; whether there was."""
    from django.db import close_old_connections

    from accord.desk.jobs.actions import LeaseLost, claim

    close_old_connections()
    job = claim()
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

    try:
        result = KINDS[job.kind](job.arguments, _Reporter(job))
    except LeaseLost:
        raise
    except AccordError as error:
        fail(job, str(error))
    except Exception:
        log.exception("job %s (%s) broke", job.pk, job.kind)
        fail(job, "Something broke; the server's log says what.")
    else:
        finish(job, result or {})


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
