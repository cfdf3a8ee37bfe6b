"""Sources that have fallen silent: nothing came for much longer than it usually takes."""

from __future__ import annotations

from typing import Any

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.finding import Finding, Look, State


def find(look: Look) -> list[Finding]:
    """One finding a silent source, or one for all if all are silent.

    Those without a rhythm, and those that ended long ago while others still come, are none.
    """
    rows = look.ask("freshness")
    for row in rows:
        row["days"] = (look.now - row["newest_at"]).total_seconds() / 86400
    silent = [row for row in rows if _is_silent(row["days"], row["usual_days"])]
    freshest = min(rows, key=lambda row: row["days"], default=None)
    if len(silent) > 1 and freshest in silent:
        return [_finding(freshest, source=None)]
    if freshest is not None and freshest["days"] <= at.ENDED_DAYS:
        silent = [row for row in silent if row["days"] <= at.ENDED_DAYS]
    return [_finding(row, row["source"]) for row in silent]


def _is_silent(days: float, usual: float | None) -> bool:
    return usual is not None and days > max(at.SILENT_GAPS * usual, at.SILENT_DAYS)


def _finding(row: dict[str, Any], source: str | None) -> Finding:
    days, usual = row["days"], row["usual_days"]
    data = {"source": source, "days": days, "usual_days": usual}
    filters = {"source": source} if source else {}
    state: State = "bad" if days > at.BROKEN_GAPS * usual else "risk"
    return Finding("source_silent", state, "both", data, "imports", filters, days)
