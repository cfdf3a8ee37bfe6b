"""The CSV files of staff: their columns, how a file is read, and the present state in the same form."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from accord.agreement.models import DAYS
from accord.csv_text import unharmed
from accord.desk.hours.calendars import naive, open_time_of, week_of
from accord.desk.hours.models import Absence, WorkingTime
from accord.desk.shell.formats import local
from accord.desk.teams.models import Team, User
from accord.errors import Mistake

if TYPE_CHECKING:
    from accord.agreement import Agreement

COLUMNS = {
    "teams": ("slug", "name", "side"),
    "people": ("email", "name", "role", "teams"),
    "hours": ("email", "zone", *DAYS, "holidays", "weight", "capacity"),
    "absences": ("email", "first", "begins", "last", "ends", "note"),
}
"""The columns of each kind of file, in the order in which the kinds are loaded."""

TELLING = {"slug": "teams", "role": "people", "first": "absences", "email": "hours"}
"""The first of these columns that a file has tells its kind."""

NEEDED = {"teams": COLUMNS["teams"], "people": ("email", "name", "role"), "absences": ("email", "first")}
LARGEST_BYTES = 5_000_000

Row = dict[str, str]


@dataclass(frozen=True)
class StaffFile:
    """A file as it was read: its rows by line, and what is wrong with it as a whole."""

    name: str
    kind: str
    rows: list[tuple[int, Row]]
    mistakes: list[Mistake]


def read(name: str, content: bytes) -> StaffFile:
    """Read a file of any of the kinds."""

    def wrong(message: str, mend: str, line: int = 0, where: str = "") -> StaffFile:
        return StaffFile(name, "", [], [Mistake(name, line, 1 if line else 0, where, message, mend)])

    if len(content) > LARGEST_BYTES:
        return wrong("It is larger than 5 MB.", "Split it.")
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header = [column.strip().lower() for column in reader.fieldnames or []]
        reader.fieldnames = header
        kind = next((TELLING[column] for column in TELLING if column in header), "")
        known = COLUMNS.get(kind, ())
        if not kind:
            forms = "; ".join(f"{one}: {', '.join(columns)}" for one, columns in COLUMNS.items())
            return wrong("Its first line does not say what it holds.", f"Columns are {forms}.")
        for column in header:
            if column not in known or header.count(column) > 1:
                return wrong(
                    f"There is no place for {column!r}.", f"Columns are {', '.join(known)}.", 1, column
                )
        if missing := [column for column in NEEDED.get(kind, ()) if column not in header]:
            return wrong(f"The column {missing[0]} is missing.", "Add it.", 1, missing[0])
        return _rows(name, kind, reader)
    except UnicodeDecodeError:
        return wrong("This is not text in UTF-8.", "Save it as CSV in UTF-8.")
    except csv.Error as error:
        return wrong(f"This is not CSV: {error}.", "Save it as CSV, with commas between the columns.")


def _rows(name: str, kind: str, reader: csv.DictReader[str]) -> StaffFile:
    rows: list[tuple[int, Row]] = []
    mistakes = []
    header = list(reader.fieldnames or [])
    for row in reader:
        line = reader.line_num
        if None in row or None in row.values():
            told = "It has not as many cells as the first line."
            mistakes.append(Mistake(name, line, 1, "", told, "Give it a cell for each column."))
        rows.append((line, {column: unharmed(row.get(column) or "").strip() for column in header}))
    return StaffFile(name, kind, rows, mistakes)


def present(kind: str, agreement: Agreement, now: datetime) -> list[dict[str, Any]]:
    """What a file of the kind would say of the present state; loading it changes nothing."""
    return PRESENT[kind](agreement, now)


def _teams(agreement: Agreement, now: datetime) -> list[dict[str, Any]]:
    return [{"slug": t.slug, "name": t.name, "side": t.side} for t in Team.objects.order_by("slug")]


def _people(agreement: Agreement, now: datetime) -> list[dict[str, Any]]:
    people = User.objects.filter(is_active=True).exclude(role="").prefetch_related("teams").order_by("email")
    return [
        {
            "email": person.email,
            "name": person.name,
            "role": person.role,
            "teams": " ".join(sorted(team.slug for team in person.teams.all())),
        }
        for person in people
    ]


def _hours(agreement: Agreement, now: datetime) -> list[dict[str, Any]]:
    known = WorkingTime.objects.filter(user__is_active=True).select_related("user").order_by("user__email")
    return [
        {
            "email": own.user.email,
            "zone": own.zone,
            **week_of(own.hours),
            "holidays": " ".join(own.holidays),
            "weight": own.weight,
            "capacity": own.capacity,
        }
        for own in known
    ]


def _absences(agreement: Agreement, now: datetime) -> list[dict[str, Any]]:
    known = Absence.objects.filter(user__is_active=True).select_related("user")
    rows = []
    for absence in known.order_by("user__email", "since", "pk"):
        zone = open_time_of(absence.user, agreement, now).zone
        since, until = (local(naive(moment), zone) for moment in (absence.since, absence.until))
        whole_end = until.time() == time.min
        rows.append(
            {
                "email": absence.user.email,
                "first": since.date().isoformat(),
                "begins": "" if since.time() == time.min else since.time().isoformat(),
                "last": (until - timedelta(days=1) if whole_end else until).date().isoformat(),
                "ends": "" if whole_end else until.time().isoformat(),
                "note": absence.note,
            }
        )
    return rows


PRESENT: dict[str, Callable[[Agreement, datetime], list[dict[str, Any]]]] = {
    "teams": _teams,
    "people": _people,
    "hours": _hours,
    "absences": _absences,
}
