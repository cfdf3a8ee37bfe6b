"""What a page is asked for in its address: a period of the agreement's calendar, a channel, a segment.

`?period=2026Q4` names a week (2026-W46), month (2026-11), fiscal quarter (2026Q4) or fiscal year (2026);
`?from=2026-10-01&to=2026-11-01` any span of local days (half-open). Without either: the running quarter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from accord.desk.shell.formats import day, local
from accord.insight.metrics.targets import Period
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accord.desk.reading import Reading

KINDS = ("week", "month", "quarter", "year")
DEFAULT_KIND = "quarter"
SHOWN = 14
"""How many periods of a kind the picker lists."""


@dataclass(frozen=True)
class Filters:
    """What was asked for. `period` is a calendar period, or one of kind `days` made from two days."""

    period: Period
    zone: str
    now: datetime
    channel: str | None = None
    segment: str | None = None
    previous: Period | None = None
    following: Period | None = None
    kept: Mapping[str, str] = field(default_factory=dict)
    """What else the page's address asks for (an attribution model, an order) and its links keep."""

    def asked(self) -> dict[str, Any]:
        """As options of the library's reports."""
        return {
            "start": self.period.start,
            "end": self.period.end,
            "channel": self.channel,
            "segment": self.segment,
        }

    def address(self, **changes: str | None) -> str:
        """The query string of these filters, with some changed or, by None, taken away."""
        if self.period.kind == "days":
            span = {"from": self.first_day.isoformat(), "to": self.day_after.isoformat()}
        else:
            span = {"period": self.period.label}
        if "period" in changes:
            span = {}
        named = {**self.kept, **span, "channel": self.channel, "segment": self.segment} | changes
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def plain(self) -> str:
        """The query string of the period, channel and segment alone, for the address of another page."""
        return self.address(**dict.fromkeys(self.kept))

    @property
    def first_day(self) -> date:
        """The period's first local day."""
        return local(self.period.start, self.zone).date()

    @property
    def day_after(self) -> date:
        """The local day after the period's last."""
        return local(self.period.end, self.zone).date()

    @property
    def last_day(self) -> date:
        """The period's last local day."""
        return self.day_after - timedelta(days=1)

    @property
    def is_running(self) -> bool:
        """Whether the period contains the moment of the build."""
        return self.period.start <= self.now < self.period.end

    @property
    def title(self) -> str:
        """The period in words: 2026 Q4, November 2026."""
        return title(self.period, self.zone)


def title(period: Period, zone: str) -> str:
    """A period in words."""
    start = local(period.start, zone).date()
    last = local(period.end, zone).date() - timedelta(days=1)
    if period.kind == "month":
        return f"{start:%B %Y}"
    if period.kind == "quarter":
        return f"{period.label[-2:]} {period.label[:-2]}"
    if period.kind == "week":
        return f"Week {period.label[-2:]}, {period.label[:4]}"
    if period.kind == "year":
        return period.label
    return f"{day(start)} – {day(last)}"


def filters_of(request: HttpRequest, reading: Reading, keep: Collection[str] = ()) -> Filters:
    """The filters in a request's address, and what the page itself wants kept of it; nonsense is left out."""
    zone = reading.agreement.calendar.zone
    period = (
        _days(request, zone) or _named(request, reading.periods) or _running(reading.periods, reading.now)
    )
    kin = [p for p in reading.periods if p.kind == period.kind]
    return Filters(
        period=period,
        zone=zone,
        now=reading.now,
        channel=request.GET.get("channel") or None,
        segment=request.GET.get("segment") or None,
        previous=next((p for p in kin if p.end == period.start), None),
        following=next((p for p in kin if p.start == period.end and p.start <= reading.now), None),
        kept={name: request.GET[name] for name in keep if request.GET.get(name)},
    )


def choices(filters: Filters, periods: list[Period], kind: str) -> list[Period]:
    """The periods of a kind to choose from, newest first, up to the running one."""
    known = [p for p in periods if p.kind == kind and p.start <= filters.now]
    return known[::-1][:SHOWN]


def same_time(filters: Filters, periods: list[Period], kind: str) -> Period | None:
    """The period of another kind that the picker changes to: the newest that lies in, or around, this one."""
    latest = min(filters.period.end, filters.now) - timedelta(microseconds=1)
    return next((p for p in periods if p.kind == kind and p.start <= latest < p.end), None)


def _days(request: HttpRequest, zone: str) -> Period | None:
    try:
        first = date.fromisoformat(request.GET.get("from", ""))
        after = date.fromisoformat(request.GET.get("to", ""))
        start, end = midnight(first, zone), midnight(after, zone)
    except (ValueError, OverflowError):
        return None
    return Period("days", f"{first}/{after}", start, end) if start < end else None


def _named(request: HttpRequest, periods: list[Period]) -> Period | None:
    label = request.GET.get("period")
    return next((p for p in periods if p.label == label and p.kind in KINDS), None) if label else None


def _running(periods: list[Period], now: datetime) -> Period:
    return next(p for p in periods if p.kind == DEFAULT_KIND and p.start <= now < p.end)
