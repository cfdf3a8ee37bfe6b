"""Tables as CSV: the same rows as on the page, for people with the right to take them away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accord.csv_text import csv_text
from accord.desk.reading import reading_of
from accord.desk.rights import Right
from accord.desk.teams.actions import note

if TYPE_CHECKING:
    from accord.desk.teams.models import User


def wants_csv(request: HttpRequest) -> bool:
    """Whether the address asks for the table as a file (`?format=csv`)."""
    return request.GET.get("format") == "csv"


def csv_response(request: HttpRequest, name: str, rows: Sequence[dict[str, Any]]) -> HttpResponse:
    """The rows as a file called `name`.csv; logged. Raises PermissionDenied without the right to export."""
    reading = reading_of(request)
    if not reading.may(Right.EXPORT):
        raise PermissionDenied
    user: User = reading.user
    note(user, "exported", f"{name}: {len(rows)} rows of build {reading.build.build_id}")
    response = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
