"""What the numbers on the pages cost to read: CPU milliseconds a call, as the pages ask for them.

python -m benchmarks.reading FOLDER PEOPLE TOUCHES
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from accord import agreement
from accord.insight import attribution, journey, metrics
from accord.insight.periods import midnight
from accord.ledger.builds import Build, Builds
from accord.ledger.engine import DuckDBEngine

CALLS = 15
AGREEMENT = Path(__file__).parent / "agreement.yaml"


def main(folder: Path, people: int, touches: int) -> None:
    if not (folder / "builds" / "current").exists():
        command = [sys.executable, "-m", "benchmarks.build", str(folder), str(people), str(touches)]
        subprocess.run(command, check=True)
    build = Builds(folder / "builds").current()
    started = time.process_time()
    build.reader()
    opened = round((time.process_time() - started) * 1000)
    print(json.dumps({"opening": opened} | {name: _cost(build, call) for name, call in _calls().items()}))


def _calls() -> dict[str, Callable[[DuckDBEngine], Any]]:
    """What pages ask for, by name: a quarter, all of time, and days that are no calendar period."""
    promised = agreement.load(AGREEMENT)

    def days(first: date, after: date) -> dict[str, Any]:
        zone = promised.calendar.zone
        return {"start": midnight(first, zone), "end": midnight(after, zone)}

    quarter = days(date(2026, 4, 1), date(2026, 7, 1))
    half = days(date(2026, 3, 2), date(2026, 8, 31))
    filters: dict[str, Any] = {"channel": "Email", "segment": "mid_market"}
    return {
        "scoreboard": lambda e: metrics.scoreboard(e, promised, **quarter),
        "scoreboard filtered": lambda e: metrics.scoreboard(e, promised, **quarter, **filters),
        "scoreboard of all time": lambda e: metrics.scoreboard(e, promised),
        "scoreboard by week": lambda e: metrics.scoreboard(e, promised, by="week", **half),
        "scoreboard by month": lambda e: metrics.scoreboard(e, promised, by="month"),
        "revenue by day": lambda e: metrics.booked(e, **quarter),
        "funnel": lambda e: journey.funnel(e, **quarter),
        "funnel filtered": lambda e: journey.funnel(e, **half, **filters),
        "funnel of all time": lambda e: journey.funnel(e),
        "funnel of the tools": lambda e: journey.funnel(e, basis="tools", **quarter),
        "funnel by channel": lambda e: journey.funnel(e, by="channel", **quarter),
        "funnel by campaign": lambda e: journey.funnel(e, by="campaign", **quarter),
        "funnel by month": lambda e: journey.funnel(e, by="month", **half),
        "leavings": lambda e: journey.leavings(e, **quarter),
        "returned": lambda e: journey.returned(e, "mql", **quarter),
        "waiting": lambda e: journey.waiting(e),
        "differences": lambda e: journey.differences(e, **quarter),
        "attribution": lambda e: attribution.report(e, **quarter),
        "attribution of all time": lambda e: attribution.report(e, by="campaign"),
        "campaigns": lambda e: attribution.campaigns(e, **quarter),
        "campaigns of all time": lambda e: attribution.campaigns(e),
        "models": lambda e: attribution.compare_models(e, **quarter),
    }


def _cost(build: Build, call: Callable[[DuckDBEngine], Any]) -> float:
    """The median CPU time of a call in milliseconds, each by a handle of its own as a request has it."""
    call(build.reader())
    took = []
    for _ in range(CALLS):
        started = time.process_time()
        call(build.reader())
        took.append((time.process_time() - started) * 1000)
    return round(statistics.median(took), 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
