"""Sources that have fallen silent: nothing came for much longer than it usually takes."""

from __future__ import annotations

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.finding import Finding, Look


def find(look: Look) -> list[Finding]:
    """One finding a silent source; those without a rhythm, and those that ended long ago, are none."""
    rows = [
        {**row, "days": (look.now - row["newest_at"]).total_seconds() / 86400}
        for row in look.ask("freshness")
    ]
    some_still_come = any(row["days"] <= at.ENDED_DAYS for row in rows)
    return [
        Finding(
            "source_silent",
            "bad" if row["days"] > at.BROKEN_GAPS * row["usual_days"] else "risk",
            "both",
            {name: row[name] for name in ("source", "days", "usual_days")},
            "imports",
            {"source": row["source"]},
            row["days"],
        )
        for row in rows
        if _is_silent(row["days"], row["usual_days"])
        and not (some_still_come and row["days"] > at.ENDED_DAYS)
    ]


def _is_silent(days: float, usual: float | None) -> bool:
    return usual is not None and days > max(at.SILENT_GAPS * usual, at.SILENT_DAYS)
