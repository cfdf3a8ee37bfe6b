"""The time to load touches from CSV, beside DuckDB's own reading of the same file into a table."""

from __future__ import annotations

import json
import resource
import shutil
import sys
import time
from pathlib import Path

from accord.ledger.engine import DuckDBEngine, Step
from accord.ledger.writer import Ledger
from accord.sources.load import load
from accord.sources.mapping import load_mapping
from benchmarks.world import NOW, staged, touches_of

COLUMNS = ("source_id", "occurred_at", "actor", "kind", "path", "form", "message", "agent", "utm_source")
COLUMNS += ("utm_medium", "utm_campaign")
MAPPING = """
mapping: benchmark
source: crm
zone: UTC
files:
  - match: touches.csv
    facts:
      - table: touches
        id: source_id
        at: occurred_at
        actor: {visitor: actor}
        set: {kind: kind, path: path, form: form, message: message, agent: agent, utm_source: utm_source,
              utm_medium: utm_medium, utm_campaign: utm_campaign}
"""


def main(folder: Path, people: int, touches: int) -> None:
    file = folder / "touches.csv"
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        write_csv(file, people, touches)
    (folder / "mapping.yaml").write_text(MAPPING)
    reading = read(file)
    shutil.rmtree(folder / "ledger", ignore_errors=True)
    started = time.monotonic()
    mapping = load_mapping(folder / "mapping.yaml")
    receipt = load([file], mapping, Ledger(folder / "ledger"), history=True, now=NOW)
    seconds = time.monotonic() - started
    assert [table.loaded for table in receipt.tables] == [touches], receipt.tables
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"read": reading, "load": seconds, "peak_gib": peak}))


def write_csv(file: Path, people: int, touches: int) -> None:
    engine = DuckDBEngine(file.parent / "making", folders=[file.parent])
    engine.run([staged("touches", touches_of(touches), range(touches), people)])
    engine.command(Step("csv", f"COPY (SELECT {', '.join(COLUMNS)} FROM staged) TO '{file}' (HEADER)"))
    engine.close()
    shutil.rmtree(file.parent / "making")


def read(file: Path) -> float:
    """Seconds DuckDB takes to read the file into a table of a database file, with the types it finds."""
    engine = DuckDBEngine(file.parent / "reading", folders=[file.parent])
    started = time.monotonic()
    engine.run([Step("touches", f"SELECT * FROM read_csv('{file}')")])
    seconds = time.monotonic() - started
    engine.close()
    shutil.rmtree(file.parent / "reading")
    return seconds


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
