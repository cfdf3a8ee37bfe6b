"""Workers as processes on one database: two at once, and killed ones, say each thing once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from handoff_world import live_company
from notify_mail import mailbox, serving

from proof import KILL_POINTS

__all__ = ["live_company"]

MESSAGES = 60
ONE = datetime(2026, 4, 20, 13, tzinfo=UTC)
LEASE = timedelta(minutes=4)
"""More than a worker's lease: what a dead one had in hand is free again."""
PREPARE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from accord.desk import serve
serve.setup(Path(sys.argv[1]))
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.models import Kind, Preference
from accord.desk.notify.news import News
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
people = ("ann@northwind.example", "ben@northwind.example")
ann, ben = (add_person(email, email[:3], Role.REP, password="robots and coffee") for email in people)
Preference.objects.create(user=ben, kind=Kind.WIN, how="hourly")
at = datetime(2026, 4, 20, 12, tzinfo=UTC)
tell(News(Kind.WIN, f"won:{n}", (ann, ben), at, "{lead} is won") for n in range(int(sys.argv[2])))
"""
WORK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from accord.desk import serve
serve.setup(Path(sys.argv[1]))
from accord.desk.notify.delivery import deliver
print("ready", flush=True)
while deliver(datetime.fromisoformat(sys.argv[2])):
    pass
"""


@pytest.fixture
def folder(live_company: Path, tmp_path: Path) -> Path:
    """A company in which sixty messages wait for one person, and a digest of as many for another."""
    copied = Path(shutil.copytree(live_company, tmp_path / "company"))
    subprocess.run([*_python(PREPARE), copied, str(MESSAGES)], check=True, env=_environment())
    return copied


def work(folder: Path, at: datetime) -> subprocess.Popen[str]:
    """A worker that sends what is due at a moment, and ends."""
    command = [*_python(WORK), str(folder), at.isoformat()]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment())


def states(folder: Path) -> dict[str, int]:
    """How many messages stand how."""
    with sqlite3.connect(folder / "desk.sqlite3") as opened:
        return dict(opened.execute("select state, count(*) from notify_message group by state").fetchall())


def test_two_workers_at_once_send_each_thing_once(folder: Path) -> None:
    with serving(folder) as server:
        workers = [work(folder, ONE) for _ in range(2)]
        assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
    ids = [mail["Message-ID"] for mail in server.took]
    assert len(ids) == len(set(ids)) == MESSAGES + 1
    assert states(folder) == {"sent": 2 * MESSAGES}


def test_a_killed_worker_doubles_nothing_and_loses_nothing(folder: Path) -> None:
    left = []
    for n in range(KILL_POINTS):
        worker = work(folder, ONE + n * LEASE)
        assert worker.stdout and worker.stdout.readline() == "ready\n"
        time.sleep(0.03 * (n + 1))
        worker.kill()
        worker.wait()
        left.append(states(folder).get("waiting", 0))
    assert left[0] > 0  # it was killed in the middle
    assert work(folder, ONE + (KILL_POINTS + 1) * LEASE).wait(timeout=120) == 0
    assert len(mailbox(folder)) == MESSAGES + 1
    assert states(folder) == {"sent": 2 * MESSAGES}


def _python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("ACCORD_", "DJANGO_"))}
