"""The time and memory of a replay under two versions, beside DuckDB sorting and writing the touches."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from accord import agreement, identity, pipeline
from accord.insight import journey
from accord.insight.scoring import decisions, replay, states
from accord.ledger import facts
from accord.ledger.engine import DuckDBEngine
from accord.ledger.writer import Ledger
from accord.pipeline import Request
from accord.settings import Settings
from benchmarks.build import MEMORY, sort_and_write
from benchmarks.world import NOW


def main(folder: Path, people: int, touches: int) -> None:
    if not (folder / "ledger").exists():
        command = [sys.executable, "-m", "benchmarks.make", str(folder), str(people), str(touches)]
        subprocess.run(command, check=True)
    ledger = Ledger(folder / "ledger")
    sorting = sort_and_write(ledger, folder)
    text = (Path(__file__).parent / "agreement.yaml").read_text()
    versions = [agreement.parse(text), agreement.parse(text.replace("half_life: 14d", "half_life: 7d"))]
    assert versions[0].behaviour_hash != versions[1].behaviour_hash
    scratch = folder / "replaying"
    engine = DuckDBEngine(scratch, folders=[ledger.folder, folder], memory=MEMORY)
    facts.attach(engine, ledger)
    request = Request(versions[0], Settings(memory=MEMORY), NOW, alone=True)
    pipeline.add_small_tables(engine, ledger, request)
    identity.resolve(engine, versions[0])
    engine.run(journey.timeline_steps(versions[0]))
    seconds, decided = [], []
    for version in versions:
        started = time.monotonic()
        pipeline.add_small_tables(engine, ledger, replace(request, agreement=version))
        engine.run([*states.steps(version), *replay.steps(version), *decisions.steps(version)])
        seconds.append(round(time.monotonic() - started, 1))
        decided.append(engine.query("SELECT count(*) AS n FROM decisions_computed").to_pylist()[0]["n"])
    engine.close()
    shutil.rmtree(scratch)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    result = {"sort_and_write": sorting, "replay": sum(seconds), "each": seconds, "decided": decided}
    print(json.dumps({**result, "peak_gib": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
