"""Killed at any moment, nothing is torn or lost, readers go on, and the next run finishes the work."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from accord.ledger.current import fact_summary
from accord.ledger.writer import Ledger
from example import EXPORT, content, differing, judge
from proof import KILL_POINTS, SEED

ROWS = 20_000

LOADING = """
import sys
from pathlib import Path
from example import take
from accord.ledger.writer import Ledger
take(Ledger(Path(sys.argv[1])), sorted(Path(sys.argv[2]).glob("*.csv")))
"""
BUILDING = """
import sys
from pathlib import Path
from example import judge
from accord.ledger.writer import Ledger
judge(Ledger(Path(sys.argv[1])))
"""


def start(script: str, *arguments: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=Path(__file__).parent, stderr=subprocess.PIPE)


def run_whole(script: str, *arguments: Path) -> float:
    """Run to the end; returns the seconds it took."""
    began = time.monotonic()
    process = start(script, *arguments)
    _, errors = process.communicate()
    assert process.returncode == 0, errors.decode()
    return time.monotonic() - began


def moments(seconds: float) -> list[float]:
    """Random moments of a run that takes so long."""
    chosen = random.Random(SEED)
    return [chosen.uniform(0.2, 0.98) * seconds for _ in range(KILL_POINTS)]


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's export with many more page views, so that loading takes a while."""
    folder = tmp_path_factory.mktemp("export")
    for file in EXPORT:
        shutil.copy(file, folder)
    with (folder / "web.csv").open("a") as web:
        for n in range(ROWS):
            hour = f"2026-0{4 + n % 3}-{1 + n % 28:02d} {n % 24:02d}:30"
            web.write(f"x{n},{hour},v-{n % 900},,page_view,https://www.northwind.example/p{n % 50},,,,,,\n")
    return folder


@pytest.fixture(scope="module")
def whole(export: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ledger, float, float]:
    """A ledger loaded and built without a fault, with the seconds both took."""
    ledger = Ledger(tmp_path_factory.mktemp("whole") / "ledger")
    loading = run_whole(LOADING, ledger.folder, export)
    return ledger, loading, run_whole(BUILDING, ledger.folder)


def test_a_load_killed_at_any_moment_goes_on(
    whole: tuple[Ledger, float, float], export: Path, tmp_path: Path
) -> None:
    ledger, seconds, _ = whole
    interrupted = 0
    for number, moment in enumerate(moments(seconds)):
        victim = Ledger(tmp_path / str(number))
        process = start(LOADING, victim.folder, export)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        interrupted += process.returncode == -signal.SIGKILL
        for table in ("touches", "people", "deals"):
            # A batch is there as a whole or not at all, and always readable.
            assert fact_summary(victim, table)["rows"] in (0, fact_summary(ledger, table)["rows"])
        run_whole(LOADING, victim.folder, export)
        for table in ("touches", "people", "deals", "feedback", "links"):
            assert fact_summary(victim, table) == fact_summary(ledger, table), f"killed after {moment:.2f} s"
        assert len({entry["load_id"] for entry in victim.loads()}) == 1
    assert interrupted > 0


def test_a_build_killed_at_any_moment_leaves_the_published_one(
    whole: tuple[Ledger, float, float], tmp_path: Path
) -> None:
    ledger, _, seconds = whole
    expected = content(judge(ledger))
    victim = Ledger(tmp_path / "ledger")
    shutil.copytree(ledger.folder, victim.folder)
    published = judge(victim)
    reader = published.open()
    interrupted = 0
    for moment in moments(seconds):
        process = start(BUILDING, victim.folder)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        interrupted += process.returncode == -signal.SIGKILL
        pointed = (victim.folder / "builds" / "current").read_text()
        assert (victim.folder / "builds" / pointed / "build.json").is_file()
        assert reader.query("SELECT count(*) AS n FROM leads").to_pylist()[0]["n"] > 0
    assert differing(expected, content(judge(victim))) == []
    assert interrupted > 0
