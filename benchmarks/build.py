"""The time and memory of a build, beside DuckDB sorting the same touches and writing them as Parquet.

`python -m benchmarks.build FOLDER PEOPLE TOUCHES [MEMORY]`
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from accord import agreement
from accord.ledger import facts
from accord.ledger.builds import Builds
from accord.ledger.engine import DuckDBEngine, Step
from accord.ledger.writer import Ledger
from accord.pipeline import Request, build
from accord.settings import Settings
from benchmarks.world import NOW

MEMORY = "3GB"


def main(folder: Path, people: int, touches: int, memory: str = MEMORY) -> None:
    if not (folder / "ledger").exists():
        # In a process of its own, so that its memory does not count as the build's.
        subprocess.run(
            [sys.executable, "-m", "benchmarks.make", str(folder), str(people), str(touches)], check=True
        )
    ledger = Ledger(folder / "ledger")
    sorting = sort_and_write(ledger, folder, memory)
    seconds: dict[str, float] = {}
    started = last = time.monotonic()
    name = "start"

    def progress(step: str) -> None:
        nonlocal last, name
        seconds[name] = round(time.monotonic() - last, 1)
        print(f"{name}: {seconds[name]} s", file=sys.stderr)
        last, name = time.monotonic(), step

    shutil.rmtree(folder / "builds", ignore_errors=True)
    promised = agreement.load(Path(__file__).parent / "agreement.yaml")
    build(ledger, Builds(folder / "builds"), Request(promised, Settings(memory=memory), NOW), progress)
    progress("end")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    result = {"sort_and_write": sorting, "build": time.monotonic() - started, "peak_gib": peak, **seconds}
    print(json.dumps(result))


def sort_and_write(ledger: Ledger, folder: Path, memory: str = MEMORY) -> float:
    """Seconds DuckDB takes to sort the touches by person and time and write them as Parquet."""
    engine = DuckDBEngine(folder / "sorting", folders=[ledger.folder, folder], memory=memory)
    facts.attach(engine, ledger)
    started = time.monotonic()
    query = f"COPY (SELECT * FROM stored.touches ORDER BY actor, occurred_at) TO '{folder}/sorted.parquet'"
    engine.command(Step("sort", query))
    seconds = time.monotonic() - started
    engine.close()
    shutil.rmtree(folder / "sorting")
    (folder / "sorted.parquet").unlink()
    return seconds


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:5])
