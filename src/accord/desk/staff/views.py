"""Teams, people, hours and absences from CSV files: tried, loaded, and the present state to begin with."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from accord import workspace
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.pages import page
from accord.desk.shell.tables import CSV, csv_response
from accord.desk.staff.files import COLUMNS, LARGEST_BYTES, present, read
from accord.desk.staff.loading import load
from accord.desk.teams.actions import invite


@needs(Right.PEOPLE)
def load_staff(request: HttpRequest) -> HttpResponse:
    """Loads the files, or only tries them; shows every mistake, and once the links of new people."""
    if request.method != "POST":
        return page(request, "staff/load.html", columns=COLUMNS)
    reading = reading_of(request)
    given = request.FILES.getlist("files")
    files = [read(file.name or "file", file.read(LARGEST_BYTES + 1)) for file in given]
    tried = "try" in request.POST
    loaded = load(files, reading.agreement, workspace.now(), by=reading.user, dry_run=tried)
    links = []
    if not tried and not loaded.mistakes:
        links = [
            (person, request.build_absolute_uri(invite(person, by=reading.user))) for person in loaded.added
        ]
    return page(
        request,
        "staff/load.html",
        status=422 if loaded.mistakes else 200,
        columns=COLUMNS,
        loaded=loaded,
        tried=tried,
        links=links,
    )


@needs(Right.PEOPLE)
def file(request: HttpRequest, kind: str) -> HttpResponse:
    """A file of the kind: its header alone with `?empty=1`, else filled with the present state."""
    if kind not in COLUMNS:
        raise Http404
    rows = [] if "empty" in request.GET else present(kind, reading_of(request).agreement, workspace.now())
    if rows:
        return csv_response(request, kind, rows)
    answer = HttpResponse(",".join(COLUMNS[kind]) + "\n", content_type=CSV)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return answer
