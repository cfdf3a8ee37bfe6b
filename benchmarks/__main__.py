"""`make bench`: the ratios of the README, each measured within one run in a process of its own.

python -m benchmarks [--people N] [--touches N] [--clocks N] [--due N]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LIMITS = {
    "build_ratio": 10.0,
    "build_peak_gib": 6.0,
    "growth": 12.0,
    "replay_ratio": 3.0,
    "replay_gib": 6.0,
    "load_ratio": 15.0,
    "reading_ms": 40.0,
    "page_median_ms": 150.0,
    "page_p95_ms": 400.0,
    "page_kb": 300.0,
    "find_due_ms": 5.0,
    "sweep_s": 60.0,
    "rules_ratio": 1.0,
    "markov_ratio": 1.0,
    "draws_ratio": 20.0,
    "paths_ratio": 0.1,
    "paths_memory": 0.25,
}
"""What the project promises: builds, a replay under two versions, and loads as multiples of DuckDB's own work
on the same rows; the CPU time of the dearest number on a page; the slowest and the largest page with eight
users at once; finding the due ones among a million clocks, and sweeping twenty thousand of them, on the
slower database; credit by six rules, and by Markov, as multiples of DuckDB sorting and writing the touches; a
thousand draws of all models over one run; Markov of both orders for path strings over ChannelAttribution's of
one, in time and in memory."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--touches", type=int, default=10_000_000)
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=20_000)
    parser.add_argument("--folder", type=Path, help="Where to keep the made-up ledgers between runs.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        tenth = _measure("build", folder / "tenth", given.people // 10, given.touches // 10)
        whole = _measure("build", folder / "whole", given.people, given.touches)
        replay = _measure("replay", folder / "whole", given.people, given.touches)
        leads = _measure("leads", folder / "whole", given.people, given.touches)
        reading = _measure("reading", folder / "whole", given.people, given.touches)
        pages = _measure("pages", folder / "whole", given.people, given.touches)
        loading = _measure("load", folder / "load", given.people, given.touches)
        clocks = _measure("clocks", folder / "clocks", given.clocks, given.due)["clocks"]
        credit = _measure("credit", folder / "credit", given.people, given.touches * 28 // 10)
        draws = _measure("replicates")
        paths = _measure("attribution", folder / "paths", given.touches)
    found = {
        "build_ratio": whole["build"] / whole["sort_and_write"],
        "build_peak_gib": whole["peak_gib"],
        "growth": whole["build"] / tenth["build"],
        "replay_ratio": replay["replay"] / replay["sort_and_write"],
        "replay_gib": replay["peak_gib"],
        "load_ratio": loading["load"] / loading["read"],
        "reading_ms": max(cost for call, cost in reading.items() if call != "opening"),
        "page_median_ms": max(page["median_ms"] for page in pages["pages"].values()),
        "page_p95_ms": max(page["p95_ms"] for page in pages["pages"].values()),
        "page_kb": max(page["kb"] for page in pages["pages"].values()),
        "find_due_ms": max(database["find_ms"] for database in clocks.values()),
        "sweep_s": max(database["sweep_s"] for database in clocks.values()),
        "rules_ratio": credit["rules_ratio"],
        "markov_ratio": credit["markov_ratio"],
        "draws_ratio": draws["all"]["times"],
        "paths_ratio": paths["ours"]["seconds"] / paths["peer"]["seconds"],
        "paths_memory": paths["ours"]["peak_gib"] / paths["peer"]["peak_gib"],
    }
    parts = {
        "tenth": tenth,
        "whole": whole,
        "replay": replay,
        "load": loading,
        "leads": leads,
        "reading": reading,
        "clocks": clocks,
        "credit": credit,
        "draws": draws,
        "paths": paths,
    }
    print(json.dumps(parts | {"pages": pages}, indent=2))
    for name, value in found.items():
        print(f"{name:16} {value:8.2f}   at most {LIMITS[name]:g}")
    sys.exit(any(value > LIMITS[name] for name, value in found.items()))


def _measure(what: str, *given: Path | int) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.{what}", *map(str, given)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    main()
