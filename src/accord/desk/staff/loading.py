"""Loads files of staff by the same actions as the pages: all of them, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accord.agreement.models import DAYS
from accord.desk.hours import forms
from accord.desk.hours.actions import KNOWN, add_absence, remove_absence, set_working_time
from accord.desk.hours.calendars import aware, open_time_of
from accord.desk.hours.models import Absence, WorkingTime
from accord.desk.rights import Role
from accord.desk.staff.files import COLUMNS, Row, StaffFile
from accord.desk.teams import actions
from accord.desk.teams.models import Team, User
from accord.errors import AccordError, Mistake

if TYPE_CHECKING:
    from accord.agreement import Agreement


@dataclass(frozen=True)
class Receipt:
    """What became of the rows of a file: `received` is the sum of the others."""

    file: str
    kind: str
    received: int
    loaded: int
    unchanged: int
    refused: int


@dataclass
class Loaded:
    """A load: with any mistake nothing was loaded. `added` are the people who are new."""

    receipts: list[Receipt] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    added: list[User] = field(default_factory=list)


@dataclass(frozen=True)
class _Load:
    agreement: Agreement
    now: datetime
    by: User | None
    added: list[User]


def load(
    files: Sequence[StaffFile], agreement: Agreement, now: datetime, *, by: User | None, dry_run: bool = False
) -> Loaded:
    """Load the files, teams first and absences last; with any mistake, or as a dry run, nothing stays."""
    found = Loaded(mistakes=[mistake for file in files for mistake in file.mistakes])
    work = _Load(agreement, now, by, found.added)
    kinds = list(COLUMNS)
    counted: dict[int, Counter[str]] = {}
    with transaction.atomic():
        for file in sorted(files, key=lambda file: kinds.index(file.kind) if file.kind else -1):
            counted[id(file)] = _load_file(file, work, found.mistakes)
        if found.mistakes or dry_run:
            transaction.set_rollback(True)
    for file in files:
        found.receipts.append(_receipt(file, counted[id(file)], refused=bool(found.mistakes)))
    found.mistakes.sort()
    return found


def _receipt(file: StaffFile, counted: Counter[str], *, refused: bool) -> Receipt:
    loaded = 0 if refused else counted["loaded"]
    rest = len(file.rows) - loaded - counted["unchanged"]
    return Receipt(file.name, file.kind, len(file.rows), loaded, counted["unchanged"], rest)


def _load_file(file: StaffFile, work: _Load, mistakes: list[Mistake]) -> Counter[str]:
    """Load a file's rows one by one; each mistake is noted, and the others are tried all the same."""
    counted: Counter[str] = Counter()
    seen: dict[str, int] = {}
    for line, row in file.rows:
        try:
            _check_once(file.kind, row, line, seen)
            with transaction.atomic():
                counted["loaded" if LOADERS[file.kind](row, work) else "unchanged"] += 1
        except AccordError as error:
            where = str(error.data.get("field", ""))
            mistakes.append(Mistake(file.name, line, 1, where, error.message, error.mend))
    return counted


def _check_once(kind: str, row: Row, line: int, seen: dict[str, int]) -> None:
    if kind == "absences":
        return
    name = "slug" if kind == "teams" else "email"
    key = row.get(name, "").lower()
    if key in seen:
        raise actions.PersonRefused(
            f"{key} stands in line {seen[key]}, too.", mend="Leave one of them.", field=name
        )
    seen[key] = line


def _team(row: Row, work: _Load) -> bool:
    if row["side"] not in Team.Side.values:
        raise actions.TeamRefused(
            f"{row['side'] or 'Nothing'} is not a side.", mend="Write marketing or sales.", field="side"
        )
    side, team = Team.Side(row["side"]), Team.objects.filter(slug=row["slug"]).first()
    if team is None:
        actions.add_team(row["slug"], row["name"], side, by=work.by)
        return True
    if (team.name, team.side) == (row["name"], side):
        return False
    actions.change_team(team, row["name"], side, by=work.by)
    return True


def _person(row: Row, work: _Load) -> bool:
    if row["role"] not in Role.values:
        raise actions.PersonRefused(
            f"{row['role'] or 'Nothing'} is not a role.",
            mend=f"Write one of {', '.join(Role.values)}.",
            field="role",
        )
    role, teams = Role(row["role"]), set(row.get("teams", "").replace(",", " ").split())
    person = User.objects.filter(email=row["email"].lower()).first()
    if person is None:
        work.added.append(actions.add_person(row["email"], row["name"], role, teams=teams, by=work.by))
        return True
    if not person.is_active:
        raise actions.PersonRefused(
            f"{person.name} is deactivated.", mend="Let them sign in again first.", field="email"
        )
    has = set(person.teams.values_list("slug", flat=True))
    if (person.name, person.role, has) == (row["name"], role, teams):
        return False
    actions.change_person(person, role, teams, name=row["name"], by=work.by)
    return True


def _hours(row: Row, work: _Load) -> bool:
    person = _known(row)
    own = "own" if any(row.get(day) for day in DAYS) else ""
    wanted = forms.working_time({**row, "hours": own}, share=True)
    present = WorkingTime.objects.filter(user=person).first() or WorkingTime(user=person)
    asked = {name: wanted[name] for name in KNOWN if name == "hours" or name in row}
    if present.pk and all(getattr(present, name) == value for name, value in asked.items()):
        return False
    set_working_time(person, by=work.by, **asked)
    return True


def _absence(row: Row, work: _Load) -> bool:
    person = _known(row)
    since, until = forms.span(row, open_time_of(person, work.agreement, work.now).zone)
    note = row.get("note", "")
    same = Absence.objects.filter(user=person, since=aware(since), until=aware(until)).first()
    if same is not None:
        if same.note == note:
            return False
        remove_absence(same, by=work.by)
    add_absence(person, since, until, note, by=work.by)
    return True


def _known(row: Row) -> User:
    person = User.objects.filter(email=row["email"].lower(), is_active=True).first()
    if person is None:
        raise actions.PersonRefused(
            f"{row['email'] or 'Nobody'} cannot sign in here.", mend="Add the person first.", field="email"
        )
    return person


LOADERS: dict[str, Callable[[Row, _Load], bool]] = {
    "teams": _team,
    "people": _person,
    "hours": _hours,
    "absences": _absence,
}
