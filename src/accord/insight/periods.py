"""The `periods` table: local days, weeks, months, quarters and years of the agreement as spans of UTC.

Made here with zoneinfo, so that no SQL needs a time zone (DESIGN 2d). A fiscal year carries the number of
the calendar year it starts in; `2027Q1` is its first quarter.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import pyarrow as pa


def periods(zone: str, first: date, last: date, fiscal_start: int) -> pa.Table:
    """All periods touching the days `first` to `last`; `fiscal_start` is the month the fiscal year begins in.

    Columns zone, kind (day, week, month, quarter, year), label, starts_utc, ends_utc (naive, half-open).
    """
    import pyarrow as pa

    rows = []
    for kind, label, starts, ends in _spans(first, last, fiscal_start):
        spans = {"starts_utc": midnight(starts, zone), "ends_utc": midnight(ends, zone)}
        rows.append({"zone": zone, "kind": kind, "label": label, **spans})
    moment = pa.timestamp("us")
    names = [("zone", pa.string()), ("kind", pa.string()), ("label", pa.string())]
    return pa.Table.from_pylist(
        rows, schema=pa.schema([*names, ("starts_utc", moment), ("ends_utc", moment)])
    )


def midnight(day: date, zone: str) -> datetime:
    """The naive UTC moment at which a local day begins."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def _spans(first: date, last: date, fiscal_start: int) -> Iterator[tuple[str, str, date, date]]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        yield "day", day.isoformat(), day, day + timedelta(days=1)
    monday = first - timedelta(days=first.weekday())
    while monday <= last:
        year, week, _ = monday.isocalendar()
        yield "week", f"{year}-W{week:02d}", monday, monday + timedelta(days=7)
        monday += timedelta(days=7)
    month = first.replace(day=1)
    while month <= last:
        yield "month", f"{month:%Y-%m}", month, _months_on(month, 1)
        month = _months_on(month, 1)
    year_start = date(first.year if first.month >= fiscal_start else first.year - 1, fiscal_start, 1)
    while year_start <= last:
        yield "year", str(year_start.year), year_start, _months_on(year_start, 12)
        for number in range(4):
            quarter = _months_on(year_start, 3 * number)
            yield "quarter", f"{year_start.year}Q{number + 1}", quarter, _months_on(quarter, 3)
        year_start = _months_on(year_start, 12)


def _months_on(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
