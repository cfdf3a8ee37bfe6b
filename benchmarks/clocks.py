"""How fast due clocks are found among many that run, and swept: on SQLite, and on PostgreSQL if installed.

Each database is filled and timed by a process of its own. A clock that falls due is noted as broken, its
manager is told, and both steps go into the outbox; the worker does the same, and nothing else, with them.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

NOW = datetime(2026, 9, 1, 12)
"""Naive UTC."""
PER_LEAD = 3
"""Clocks that run on one lead."""
REPS = 50
CHUNK = 5_000
LOOKS = 200
"""How often the due clocks are looked for."""
IN_THE_LAST_LOOK = timedelta(seconds=3)
"""A worker looks every three seconds: so many fell due since."""


def main(folder: Path, clocks: int, due: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, address in _databases():
        with TemporaryDirectory(dir=folder) as workspace, address as database:
            given = [workspace, str(clocks), str(due)]
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.clocks", "--measure", *given],
                env=os.environ | {"ACCORD_DATABASE": database},
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            found[name] = json.loads(done.stdout.splitlines()[-1])
    print(json.dumps({"clocks": found}))


def _databases() -> Iterator[tuple[str, Any]]:
    """Both databases, each as what starts it and gives its address."""

    @contextmanager
    def sqlite() -> Iterator[str]:
        yield ""

    @contextmanager
    def postgres(binaries: Path) -> Iterator[str]:
        from postgres_server import running

        with running(binaries, settings=()) as server:
            yield server.database()

    yield "sqlite", sqlite()
    sys.path.append(str(Path(__file__).parents[1] / "tests"))
    from postgres_server import installed

    if binaries := installed():
        yield "postgres", postgres(binaries)


def measure(folder: Path, clocks: int, due: int) -> dict[str, float]:
    """Fill a desk with running clocks, of which some are due, and time what a worker does with them.

    Gives the median of finding the due ones in milliseconds, and the seconds of sweeping those `due`.
    """
    from accord.desk import serve
    from accord.workspace import Workspace

    space = Workspace.create(folder)
    (folder / "agreement.yaml").write_text((Path(__file__).parent / "agreement.yaml").read_text())
    toml = folder / "accord.toml"
    toml.write_text(toml.read_text().replace('mode = "shadow"', 'mode = "live"'))
    serve.setup(folder)
    _fill(clocks, due)
    return {"find_ms": _finding(), "sweep_s": _sweeping(space, due)}


def _fill(clocks: int, due: int) -> None:
    from accord.desk.handoff.models import Clock, Handoff, Rung

    team, reps = _team()
    for first in range(0, clocks // PER_LEAD, CHUNK):
        numbers = range(first, min(first + CHUNK, clocks // PER_LEAD))
        handoffs = Handoff.objects.bulk_create(
            Handoff(
                person=f"crm:person:{n}",
                cycle_no=1,
                stage="mql",
                decided_at=_aware(NOW),
                version="0",
                team=team,
                owner=reps[n % REPS],
                state_at=_aware(NOW),
            )
            for n in numbers
        )
        begun = [
            Clock(
                handoff=handoff,
                promise=promise,
                within_seconds=86_400,
                version="0",
                started_at=_due_at(n, place, due) - timedelta(days=1),
                due_at=_due_at(n, place, due),
            )
            for n, handoff in zip(numbers, handoffs, strict=True)
            for place, promise in enumerate(Clock.Promise.values[:PER_LEAD])
        ]
        Clock.objects.bulk_create(begun)
        Rung.objects.bulk_create(
            Rung(clock=clock, percent=100, action="tell manager", due_at=clock.due_at) for clock in begun
        )


def _team() -> tuple[Any, list[Any]]:
    from accord.desk.rights import Role
    from accord.desk.teams.actions import add_person, add_team
    from accord.desk.teams.models import Team

    team = add_team("sdr-pool", "SDR pool", Team.Side.SALES)
    add_person("boss@bench.example", "Boss", Role.MANAGER, password="robots and coffee", teams=["sdr-pool"])
    reps = [
        add_person(
            f"rep{n}@bench.example", f"Rep {n}", Role.REP, password="robots and coffee", teams=["sdr-pool"]
        )
        for n in range(REPS)
    ]
    return team, reps


def _due_at(n: int, place: int, due: int) -> datetime:
    """The first `due` clocks fall due evenly in an hour that begins now, the others in the month after it."""
    number = n * PER_LEAD + place
    within_hour = timedelta(seconds=3600 * number / due)
    later = timedelta(hours=1, seconds=1 + number * 7919 % (30 * 86_400))
    return _aware(NOW) + (within_hour if number < due else later)


def _finding() -> float:
    from accord.desk.handoff.actions.sweep import due_clocks, due_rungs
    from accord.desk.handoff.actions.taking import AT_ONCE, ready

    moment = NOW + IN_THE_LAST_LOOK

    def look() -> None:
        assert list(ready(due_clocks(moment), moment)[:AT_ONCE])
        assert list(ready(due_rungs(moment), moment)[:AT_ONCE])

    return statistics.median(_seconds(look) for _ in range(LOOKS)) * 1000


def _sweeping(space: Any, due: int) -> float:
    from accord.desk.handoff.actions.sweep import sweep
    from accord.desk.handoff.models import Clock, Rung

    moment, agreement = NOW + timedelta(hours=1), space.agreement

    def work() -> None:
        while sweep(agreement, moment, None).anything:
            pass

    took = _seconds(work)
    assert Clock.objects.filter(broken_at__isnull=False).count() == due
    assert Rung.objects.filter(done_at__isnull=False).count() == due
    return took


def _seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    if sys.argv[1] == "--measure":
        print(json.dumps(measure(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
    else:
        main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
