"""Sales' promise of a first contact: leads nobody called, and calls that come late.

Time is plain elapsed time, also where the promise speaks of business hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accord.insight.exceptions import thresholds as at
from accord.insight.exceptions.finding import Finding, Look, State


def find(look: Look) -> list[Finding]:
    """Leads never contacted, and slow first contact; nothing without such a promise in the agreement."""
    promise = look.agreement.sla.sales.first_contact
    if promise is None:
        return []
    seconds = promise.within.seconds
    flag = "never_contacted" if promise.within.business else "overdue"
    return [*_never_contacted(look, seconds, flag), *_slow(look, seconds)]


def _never_contacted(look: Look, seconds: int, flag: str) -> list[Finding]:
    since = max(look.ago(at.SPAN_DAYS), look.live_since)
    due = look.now - timedelta(seconds=seconds)
    rows = look.ask("contacts", "owner", since, due, seconds)
    count = sum(row["waiting"] for row in rows)
    if not count:
        return []
    owned = (row for row in rows if row["label"] is not None and row["waiting"])
    worst = next(owned, {"label": None, "name": None, "waiting": None})
    oldest = min(row["oldest_waiting"] for row in rows if row["waiting"])
    filters = {"flag": flag, "status": "open", "by": "qualified", **look.days(since)}
    data = {
        "count": count,
        "of": sum(row["qualified"] for row in rows),
        "days": at.SPAN_DAYS,
        "promised_hours": seconds / 3600,
        "oldest_hours": _hours(due - oldest),
        "owner": worst["label"],
        "owner_name": worst["name"],
        "owner_count": worst["waiting"],
        "owner_filters": {**filters, "owner": worst["label"]} if "@" in (worst["label"] or "") else None,
    }
    return [Finding("never_contacted", "bad", "sales", data, "leads", filters, count)]


def _slow(look: Look, seconds: int) -> list[Finding]:
    until, days = look.now - timedelta(seconds=seconds), at.RECENT_DAYS
    found = _speed(look, None, look.ago(days), until, seconds)
    if not found or found[0]["qualified"] < at.PLENTY:
        days = at.SPAN_DAYS
        found = _speed(look, None, look.ago(days), until, seconds)
    if not found or found[0]["qualified"] < at.ENOUGH:
        return []
    [speed], since = found, look.ago(days)
    state = _state(_share(speed))
    if state is None:
        return []
    before = _speed(look, None, look.ago(2 * days), since, seconds)
    compared = bool(before) and before[0]["qualified"] >= at.ENOUGH
    data = {
        "in_time": speed["in_time"],
        "of": speed["qualified"],
        "share": _share(speed),
        "days": days,
        "promised_hours": seconds / 3600,
        "median_hours": speed["median_hours"],
        "before_share": _share(before[0]) if compared else None,
        **_slowest(look, since, until, seconds),
    }
    filters = {"by": "qualified", **look.days(since), "sort": "-hours_to_contact"}
    return [Finding("slow_contact", state, "sales", data, "leads", filters, 1 - _share(speed))]


def _speed(
    look: Look, split: str | None, since: datetime, until: datetime, seconds: int
) -> list[dict[str, Any]]:
    """First contacts of the leads qualified in the span; those decided before going live have no clock."""
    return look.ask("contacts", split, max(since, look.live_since), until, seconds)


def _slowest(look: Look, since: datetime, until: datetime, seconds: int) -> dict[str, Any]:
    """The team that kept the promise least, else (with fewer than two teams) the owner."""
    for split in ("team", "owner"):
        rows = [
            row
            for row in _speed(look, split, since, until, seconds)
            if row["label"] is not None and row["qualified"] >= at.ENOUGH
        ]
        if len(rows) > 1:
            slowest = min(rows, key=lambda row: (_share(row), row["label"]))
            return {
                "slowest": split,
                "slowest_name": slowest["name"],
                "slowest_share": _share(slowest),
                "slowest_median_hours": slowest["median_hours"],
            }
    return dict.fromkeys(("slowest", "slowest_name", "slowest_share", "slowest_median_hours"))


def _state(share: float) -> State | None:
    if share < at.KEPT_BAD:
        return "bad"
    return "risk" if share < at.KEPT_RISK else None


def _share(row: dict[str, Any]) -> float:
    return float(row["in_time"] / row["qualified"])


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
