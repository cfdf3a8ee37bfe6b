"""What the period picker and the filter menu offer on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accord.desk.shell.filters import KINDS, Filters, choices, same_time, title

if TYPE_CHECKING:
    from accord.desk.reading import Reading

LABELS = {"week": _("Week"), "month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}


def picker(reading: Reading, filters: Filters) -> dict[str, Any]:
    """The picker's links: kinds, earlier, later, periods of the kind; channels and segments to filter by."""
    kind = filters.period.kind if filters.period.kind in KINDS else "quarter"
    same = {k: same_time(filters, reading.periods, k) for k in KINDS}
    return {
        "kinds": [
            {"label": LABELS[k], "here": k == filters.period.kind, "address": filters.address(period=p.label)}
            for k, p in same.items()
            if p
        ],
        "previous": filters.previous and filters.address(period=filters.previous.label),
        "following": filters.following and filters.address(period=filters.following.label),
        "periods": [
            {
                "label": title(p, filters.zone),
                "here": p == filters.period,
                "address": filters.address(period=p.label),
            }
            for p in choices(filters, reading.periods, kind)
        ],
        "span": span_of(filters),
        "kept": list(filters.kept.items()),
        "channels": reading.channels,
        "segments": [segment.name for segment in reading.agreement.audience.segments],
        "csv": filters.address(format="csv"),
    }


def span_of(filters: Filters) -> list[tuple[str, str]]:
    """The names and values by which an address asks for the filters' period."""
    if filters.period.kind == "days":
        return [("from", filters.first_day.isoformat()), ("to", filters.day_after.isoformat())]
    return [("period", filters.period.label)]
