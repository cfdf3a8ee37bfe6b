"""Runs the benchmarks, then every proof at full size, and writes the report: `make campaign`.

The report goes to `docs/campaigns/<day>.md`: versions, sizes, counts, failures, ratios.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
LIBRARIES = ("duckdb", "deltalake", "pyarrow", "sqlglot", "hypothesis", "pytest")
SLOWEST = 5


def main() -> int:
    os.environ["ACCORD_PROOF"] = "campaign"
    with TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        bench = subprocess.run(
            [sys.executable, "-m", "benchmarks"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        began = time.monotonic()
        tests = subprocess.run([sys.executable, "-m", "pytest", f"--junit-xml={results}"], cwd=ROOT)
        minutes = (time.monotonic() - began) / 60
        suite = ElementTree.parse(results).getroot().find("testsuite")
    assert suite is not None
    now = datetime.now(UTC)
    report = ROOT / "docs" / "campaigns" / f"{now:%Y-%m-%d}.md"
    report.write_text(written(suite, minutes, bench.stdout, now), encoding="utf-8")
    print(f"Wrote {report.relative_to(ROOT)}")
    return tests.returncode or bench.returncode


def written(suite: ElementTree.Element, minutes: float, ratios: str, now: datetime) -> str:
    """The report as Markdown."""
    from proof import EXAMPLES, KILL_POINTS, ORDERS, SEED

    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=ROOT, stdout=subprocess.PIPE, text=True).stdout.strip()
    cases = sorted(suite.findall("testcase"), key=seconds, reverse=True)
    failed = [
        name(case) for case in cases if any(case.find(kind) is not None for kind in ("failure", "error"))
    ]
    slow = "; ".join(f"{name(case)} {seconds(case):.0f} s" for case in cases[:SLOWEST])
    counts = (
        f"{len(cases)} tests in {minutes:.0f} minutes: {len(failed)} failed, {suite.get('skipped')} skipped."
    )
    libraries = ", ".join(f"{library} {version(library)}" for library in LIBRARIES)
    lines = [
        f"# Campaign of {now:%Y-%m-%d}",
        "",
        f"Accord {version('accord')} at {commit}, Python {platform.python_version()}, {libraries};",
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores.",
        "",
        f"Seed {SEED}; {EXAMPLES} examples a property, {KILL_POINTS} kill points, {ORDERS} loading orders.",
        "",
        counts,
        "",
        "Failures: " + ("; ".join(failed) or "none") + ".",
        "",
        f"Slowest: {slow}.",
        "",
        "## Ratios",
        "",
        "```",
        ratios.strip(),
        "```",
        "",
    ]
    return "\n".join(lines)


def seconds(case: ElementTree.Element) -> float:
    return float(case.get("time", "0"))


def name(case: ElementTree.Element) -> str:
    return f"{case.get('classname')}.{case.get('name')}"


if __name__ == "__main__":
    sys.exit(main())
