"""The worker as a process: it says what it does, ends with nothing left half done, and shares the work."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from accord.desk import serve
from accord.desk.jobs import worker

PATIENCE_SECONDS = 120
ENQUEUE = """
import sys
from pathlib import Path
from accord.desk import serve
serve.setup(Path(sys.argv[1]))
from accord.desk.jobs.actions import enqueue
for _ in range(int(sys.argv[2])):
    enqueue("build")
"""


@pytest.fixture
def folder(example_workspace: Path, tmp_path: Path) -> Path:
    """A copy of the example company, with a desk database of its own."""
    return Path(shutil.copytree(example_workspace, tmp_path / "northwind"))


def enqueue_builds(folder: Path, count: int) -> None:
    subprocess.run([sys.executable, "-c", ENQUEUE, str(folder), str(count)], check=True, env=_environment())


def jobs(folder: Path) -> list[tuple[str, int]]:
    """State and attempts of every job, oldest first."""
    (database,) = folder.glob("*.sqlite3")
    with sqlite3.connect(database) as opened:
        return opened.execute("select state, attempts from jobs_job order by id").fetchall()


class Running:
    """`accord worker` in a process, its log read line by line."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-c", "from accord.cli import main; main()", "worker", "-w", str(folder)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=_environment())
        self.lines: list[str] = []
        self._limit = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        self._limit.start()

    def until(self, text: str) -> str:
        """Read on until a line with that text; it."""
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line)
            if text in line:
                return line
        raise AssertionError(f"no line with {text!r} in:\n{''.join(self.lines)}")

    def end(self, number: signal.Signals) -> int:
        """Ask it to end; its exit code."""
        self.process.send_signal(number)
        return self.rest()

    def rest(self) -> int:
        """Read what it still says, once it has ended; its exit code."""
        assert self.process.stderr
        self.lines += self.process.stderr.readlines()
        self.close()
        return self.process.returncode

    def close(self) -> None:
        self._limit.cancel()
        if self.process.poll() is None:
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("ACCORD_", "DJANGO_"))}


@pytest.fixture
def working(folder: Path) -> Iterator[list[Running]]:
    """Where a test puts its workers, so that none outlives it."""
    started: list[Running] = []
    yield started
    for one in started:
        if one.process.poll() is None:
            one.process.kill()
        one.close()


def test_a_worker_asked_to_end_finishes_the_job_in_hand_and_begins_no_other(
    folder: Path, working: list[Running]
) -> None:
    enqueue_builds(folder, 2)
    working.append(one := Running(folder))
    said = one.until("worker on")
    assert str(folder.resolve()) in said and "build" in said and "settle_and_sweep" in said
    one.until("job 1 (build) begins")
    assert one.end(signal.SIGTERM) == 0
    assert any("job 1 (build) done in" in line for line in one.lines)
    assert "worker ended" in one.lines[-1]
    assert jobs(folder) == [("done", 1), ("waiting", 0)]


def test_an_idle_worker_ends_on_ctrl_c(folder: Path, working: list[Running]) -> None:
    working.append(one := Running(folder))
    one.until("worker on")
    assert one.end(signal.SIGINT) == 0
    assert not any("Traceback" in line for line in one.lines)


def test_two_workers_share_the_jobs_and_neither_does_one_of_the_others(
    folder: Path, working: list[Running]
) -> None:
    working += [Running(folder), Running(folder)]
    for one in working:
        one.until("worker on")
    enqueue_builds(folder, 12)
    for one in working:
        one.until("begins")
    assert [one.end(signal.SIGTERM) for one in working] == [0, 0]
    begun = [line.split("job ")[1] for one in working for line in one.lines if "begins" in line]
    assert len(begun) == len(set(begun)) >= 2
    assert sorted(jobs(folder)) == [("done", 1)] * len(begun) + [("waiting", 0)] * (12 - len(begun))


def test_a_long_job_keeps_no_clock_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    swept, ended = threading.Event(), worker._End()

    def long_job() -> bool:
        assert swept.wait(PATIENCE_SECONDS)  # it goes on until the clocks have been looked at meanwhile
        ended.asked = True
        return False

    def one_pass() -> bool:
        swept.set()
        return False

    monkeypatch.setattr("django.db.close_old_connections", lambda: None)  # there is no database
    monkeypatch.setattr(worker, "run_next", long_job)
    monkeypatch.setattr(worker, "do_passes", one_pass)
    monkeypatch.setattr(worker, "_say_what", lambda: None)
    work = threading.Thread(target=worker._work, args=(ended,))  # a browser test may leave a loop in this one
    work.start()
    work.join(PATIENCE_SECONDS)
    assert swept.is_set() and not work.is_alive()
    assert not any(thread.name == "passes" for thread in threading.enumerate())


@pytest.mark.parametrize("wanted", [True, False])
def test_the_pages_are_served_with_a_worker_or_without(wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    class Server:
        def __init__(self, *arguments: object, **options: object) -> None: ...

        def serve(self) -> None:
            done.append("served")

    monkeypatch.setattr("granian.Granian", Server)
    monkeypatch.setattr(multiprocessing, "set_start_method", lambda *arguments, **options: None)
    monkeypatch.setattr(worker, "start", lambda: done.append("worker"))
    serve.run("127.0.0.1", 8000, with_worker=wanted)
    assert done == (["worker", "served"] if wanted else ["served"])
