"""Content nobody uses any more: what the ledger can tell of it, that is pieces used before and not since."""

from __future__ import annotations

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.finding import Finding, Look


def find(look: Look) -> list[Finding]:
    """One finding for all such pieces, the longest unused named; none where nothing at all is used."""
    rows = look.ask("content_uses")
    since = look.ago(at.SELDOM_DAYS)
    unused = [row for row in rows if row["last_at"] < since]
    if not unused or len(unused) == len(rows):
        return []
    data = {
        "count": len(unused),
        "of": len(rows),
        "days": at.SELDOM_DAYS,
        "examples": [row["asset"] for row in unused[: at.EXAMPLES]],
    }
    return [Finding("unused_content", "new", "marketing", data, "content", {}, len(unused))]
