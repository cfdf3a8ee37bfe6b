"""Content: every piece, who took it, which sellers used it; what contradicts and what nobody uses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accord.desk.content.news import never_used, news, summary
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell import formats
from accord.desk.shell.filters import filters_of
from accord.desk.shell.pages import page
from accord.desk.shell.tables import csv_response, wants_csv

SUMMED = ("touches", "people", "uses")


@needs(Right.NUMBERS)
def content(request: HttpRequest) -> HttpResponse:
    """All content, with what a period and channel have of it."""
    reading = reading_of(request)
    if not reading.has_build:
        return page(request, "shell/not_built.html", title=_("Content"))
    filters = filters_of(request, reading)
    rows = reading.content(filters)
    if wants_csv(request):
        return csv_response(request, f"content-{filters.period.label}", rows)
    currency = reading.agreement.currency
    found = news(rows, currency)
    return page(
        request,
        "content/content.html",
        filters,
        rows=[_shown(row, currency) for row in rows],
        sums={name: sum(row[name] for row in rows) for name in SUMMED},
        found=found,
        summary=summary(found, rows),
        personal=reading.may(Right.PERSONAL),
    )


def _shown(row: dict[str, Any], currency: str) -> dict[str, Any]:
    """The row with its price written, and how it stands: never used, idle in the period, or neither."""
    idle = not row["touches"] and not row["uses"]
    price = formats.exact(row["price"], "money", row["currency"] or currency)
    return {**row, "price_shown": price, "standing": "never" if never_used(row) else "idle" if idle else ""}
