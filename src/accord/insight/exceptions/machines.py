"""Touches no person made: more of them than usual, and companies whose scanner clicks every link."""

from __future__ import annotations

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.finding import Finding, Look


def find(look: Look) -> list[Finding]:
    """A share of machine touches far above the usual one, and the domains a scanner clicks for."""
    return [*_share(look), *_scanners(look)]


def _share(look: Look) -> list[Finding]:
    """The last days against the ninety before them."""
    recent = look.ago(at.RECENT_DAYS)
    [row] = look.ask("machine_touches", look.ago(at.RECENT_DAYS + at.SPAN_DAYS), recent)
    if min(row["touches"], row["touches_before"]) < at.MACHINE_TOUCHES:
        return []
    share = row["machine"] / row["touches"]
    usual = row["machine_before"] / row["touches_before"]
    if share < max(at.MACHINE_TIMES * usual, usual + at.MACHINE_MORE):
        return []
    data = {
        "machine": row["machine"],
        "touches": row["touches"],
        "share": share,
        "usual_share": usual,
        "days": at.RECENT_DAYS,
    }
    return [Finding("machine_touches", "risk", "marketing", data, "journey", {}, share)]


def _scanners(look: Look) -> list[Finding]:
    least = (at.SCANNED, at.SCANNED_CLICKS, at.SCANNED_PEOPLE)
    rows = look.ask("scanned_domains", look.ago(at.SPAN_DAYS), *least, at.EXAMPLES)
    if not rows:
        return []
    data = {
        "domains": rows[0]["domains"],
        "clicks": rows[0]["all_clicks"],
        "days": at.SPAN_DAYS,
        "examples": [{name: row[name] for name in ("domain", "clicks", "people")} for row in rows],
    }
    filters = {"q": rows[0]["domain"]}
    return [Finding("mail_scanner", "new", "marketing", data, "leads", filters, data["clicks"])]
