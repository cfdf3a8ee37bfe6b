"""Tables as CSV: the same rows as on the page, for people with the right to take them away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from accord.csv_text import csv_text
from accord.desk.reading import reading_of
from accord.desk.rights import Right
from accord.desk.teams.actions import note

if TYPE_CHECKING:
    import pyarrow as pa

    from accord.desk.teams.models import User


CSV = "text/csv; charset=utf-8"
WRITTEN_AT_ONCE = 1000


def wants_csv(request: HttpRequest) -> bool:
    """Whether the address asks for the table as a file (`?format=csv`)."""
    return request.GET.get("format") == "csv"


def csv_response(request: HttpRequest, name: str, rows: Sequence[dict[str, Any]]) -> HttpResponse:
    """The rows as a file called `name`.csv, with _ for any /, which stands in the labels of periods; logged.

    Raises PermissionDenied without the right to export.
    """
    name = _file_name(name)
    _log(request, name, len(rows))
    response = HttpResponse(csv_text(rows), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_batches(
    request: HttpRequest, name: str, batches: Iterable[pa.RecordBatch], total: int
) -> StreamingHttpResponse:
    """The same of a table too large to be held at once, of `total` rows. Raises PermissionDenied."""
    name = _file_name(name)
    _log(request, name, total)
    response = StreamingHttpResponse(_written(batches), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _file_name(name: str) -> str:
    return name.replace("/", "_")


def _log(request: HttpRequest, name: str, rows: int) -> None:
    """Write down who takes which table away, or refuse it."""
    reading = reading_of(request)
    if not reading.may(Right.EXPORT):
        raise PermissionDenied
    user: User = reading.user
    of_build = f" of build {reading.build.build_id}" if reading.has_build else ""
    note(user, "exported", f"{name}: {rows} rows{of_build}")


def _written(batches: Iterable[pa.RecordBatch]) -> Iterator[str]:
    header = True
    for batch in batches:
        for start in range(0, batch.num_rows, WRITTEN_AT_ONCE):
            yield csv_text(batch.slice(start, WRITTEN_AT_ONCE).to_pylist(), header=header)
            header = False
