"""What every page needs besides itself: icons, the chart library, and the pages for what went wrong."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from accord.desk.shell import charts
from accord.desk.shell.icons import sprite


@cache_control(public=True, max_age=31_536_000, immutable=True)
def icons(request: HttpRequest) -> HttpResponse:
    """The sprite of all icons."""
    return HttpResponse(sprite(), content_type="image/svg+xml")


@cache_control(public=True, max_age=31_536_000, immutable=True)
def chart_library(request: HttpRequest, version: str) -> FileResponse:
    """Vega, Vega-Lite and vegaEmbed in one file, kept in the workspace."""
    return FileResponse(charts.library().open("rb"), content_type="text/javascript")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The person may not see this."""
    return render(request, "shell/refused.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page, or none this person may know of."""
    return render(request, "shell/not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke; the log says what."""
    return render(request, "shell/failed.html", status=500)
