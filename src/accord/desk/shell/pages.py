"""Renders a page: its own context, and what every page shows about the build its numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from accord.desk.reading import reading_of
from accord.desk.shell import charts
from accord.desk.shell.picker import picker

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accord.desk.shell.filters import Filters


def page(
    request: HttpRequest, template: str, filters: Filters | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page; with `filters` it has the period picker and, at its foot, build and agreement version."""
    reading = reading_of(request)
    shown = {"zone": reading.agreement.calendar.zone, "currency": reading.agreement.currency, **context}
    if filters:
        shown |= {
            "filters": filters,
            "picker": picker(reading, filters),
            "build_id": reading.build.build_id,
            "version": reading.build.about["version"],
            "built_at": reading.now,
            "chart_version": charts.library_version(),
        }
    return render(request, template, shown, status=status)
