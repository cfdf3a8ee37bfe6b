"""Teams, people, hours and absences from files: all or nothing, and every mistake told."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from accord import agreement, workspace
from accord.csv_text import FORMULA_STARTS, csv_text, harmless, unharmed
from accord.desk.hours.actions import add_absence, set_working_time
from accord.desk.hours.models import Absence, WorkingTime
from accord.desk.staff.files import COLUMNS, present, read
from accord.desk.staff.loading import load
from accord.desk.teams.models import AuditEntry, Team, User
from example import EXAMPLE
from proof import EXAMPLES

As = Callable[[str], Client]
AGREED = agreement.load(EXAMPLE / "agreement.yaml")

GOOD = {
    "teams.csv": "slug,name,side\nfield-sales,Field sales,sales\n",
    "people.csv": "email,name,role,teams\nNina@Northwind.example,Nina Neu,rep,field-sales mid-market-reps\n",
    "hours.csv": "email,zone,mon,tue,holidays,weight,capacity\n"
    'nina@northwind.example,Europe/Lisbon,"09:00-12:00, 13:00-17:00",10:00-16:00,PT,2,15\n',
    "absences.csv": "email,first,begins,last,ends,note\n"
    "nina@northwind.example,2027-03-01,,2027-03-05,,Lisbon\nnina@northwind.example,2027-03-08,13:00,,17:30,\n",
}


def post(client: Client, files: dict[str, str], **more: str) -> object:
    given = [SimpleUploadedFile(name, text.encode()) for name, text in files.items()]
    return client.post("/people/load", {"files": given, **more})


def everything() -> list[list[tuple[object, ...]]]:
    tables = (Team, User, WorkingTime, Absence, AuditEntry)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


def test_all_four_files_at_once_in_any_order_and_the_same_again_changes_nothing(as_role: As) -> None:
    client = as_role("operations")
    files = dict(reversed(GOOD.items()))
    before = everything()
    tried = post(client, files, **{"try": "1"})
    assert [r.loaded for r in tried.context["loaded"].receipts] == [2, 1, 1, 1]
    assert everything() == before
    page = post(client, files)
    nina = User.objects.get(email="nina@northwind.example")
    assert {team.slug for team in nina.teams.all()} == {"field-sales", "mid-market-reps"}
    own = WorkingTime.objects.get(user=nina)
    assert (own.zone, own.weight, own.capacity, own.holidays) == ("Europe/Lisbon", 2, 15, ["PT"])
    assert own.hours == {"mon": "09:00-12:00, 13:00-17:00", "tue": "10:00-16:00"}
    spans = [(a.since.replace(tzinfo=None), a.until.replace(tzinfo=None)) for a in nina.absences.all()]
    assert spans == [
        (datetime(2027, 3, 1), datetime(2027, 3, 6)),
        (datetime(2027, 3, 8, 13), datetime(2027, 3, 8, 17, 30)),
    ]
    ((person, link),) = page.context["links"]
    assert person == nina and Client().get(link).status_code == 200
    loaded = everything()
    again = post(client, files).context["loaded"].receipts
    assert [(r.received, r.loaded, r.unchanged, r.refused) for r in again] == [
        (2, 0, 2, 0), (1, 0, 1, 0), (1, 0, 1, 0), (1, 0, 1, 0),
    ]  # fmt: skip
    assert everything() == loaded


MISTAKES = {
    "forged team": ("people.csv", "email,name,role,teams\na@b.example,A,rep,no-such-team\n", 2, "teams"),
    "no role": ("people.csv", "email,name,role\na@b.example,A,king\n", 2, "role"),
    "no address": ("people.csv", "email,name,role\nnobody,A,rep\n", 2, "email"),
    "no name": ("people.csv", "email,name,role\na@b.example,,rep\n", 2, "name"),
    "twice": ("people.csv", "email,name,role\na@b.example,A,rep\nA@b.example,B,rep\n", 3, "email"),
    "no side": ("teams.csv", "slug,name,side\nnew,New,middle\n", 2, "side"),
    "no slug": ("teams.csv", "slug,name,side\nTwo words,New,sales\n", 2, "slug"),
    "endless slug": ("teams.csv", f"slug,name,side\n{'x' * 60},New,sales\n", 2, "slug"),
    "no zone": ("hours.csv", "email,zone\nrep@northwind.example,Mars/Base\n", 2, "zone"),
    "no hours": ("hours.csv", "email,mon\nrep@northwind.example,9 to 5\n", 2, "mon"),
    "no weight": ("hours.csv", "email,weight\nrep@northwind.example,heavy\n", 2, "weight"),
    "stranger": ("hours.csv", "email,weight\nwho@northwind.example,1\n", 2, "email"),
    "backwards": (
        "absences.csv",
        "email,first,last\nrep@northwind.example,2027-02-02,2027-02-01\n",
        2,
        "until",
    ),
    "no day": ("absences.csv", "email,first\nrep@northwind.example,soon\n", 2, "first"),
    "cells": ("absences.csv", "email,first\nrep@northwind.example,2027-02-02,x,y\n", 2, ""),
    "too few cells": ("people.csv", "email,name,role,teams\na@b.example,A,rep\n", 2, ""),
    "column": ("people.csv", "email,name,role,password\na@b.example,A,rep,x\n", 1, "password"),
    "missing column": ("people.csv", "email,role\na@b.example,rep\n", 1, "name"),
    "no kind": ("people.csv", "who,what\na,b\n", 0, ""),
    "not text": ("people.csv", "email,name,role\na@b.example,\udce9,rep\n", 0, ""),
    "not csv": ("people.csv", 'email,name,role\na@b.example,"A,rep\n', 0, ""),
}


@pytest.mark.parametrize(("name", "text", "line", "where"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place_and_nothing_at_all_is_loaded(
    cast: dict[str, User], name: str, text: str, line: int, where: str
) -> None:
    before = everything()
    others = [read(f"good-{n}", t.encode()) for n, t in GOOD.items()]
    bad = read(name, text.encode("utf-8", "surrogateescape"))
    loaded = load([*others, bad], AGREED, workspace.now(), by=cast["operations"])
    (mistake,) = loaded.mistakes
    assert (mistake.file, mistake.line, mistake.where) == (name, line, where)
    assert mistake.message and mistake.mend
    assert everything() == before
    for receipt in loaded.receipts:
        assert receipt.received == receipt.loaded + receipt.unchanged + receipt.refused
        assert receipt.loaded == 0


def test_all_mistakes_of_all_files_are_told_at_once(as_role: As) -> None:
    files = {"teams.csv": "slug,name,side\nx,,sales\ny,Y,up\n", "hours.csv": "email,zone\nno@body.example,\n"}
    answer = post(as_role("operations"), files)
    assert answer.status_code == 422
    told = [(m.file, m.line) for m in answer.context["loaded"].mistakes]
    assert told == [("hours.csv", 2), ("teams.csv", 2), ("teams.csv", 3)]


@pytest.mark.parametrize("role", ["manager", "marketing_manager", "rep", "outsider", "other_manager"])
def test_only_operations_load(as_role: As, role: str) -> None:
    client, before = as_role(role), everything()
    assert post(client, GOOD).status_code == 403
    assert client.get("/people/files/people.csv").status_code == 403
    assert everything() == before


def test_the_files_as_things_are_load_without_a_change(as_role: As, cast: dict[str, User]) -> None:
    set_working_time(cast["rep"], by=None, zone="Asia/Tokyo", hours={"mon-thu": "08:00-12:00"}, weight=0)
    now = workspace.now().replace(microsecond=0)
    add_absence(cast["rep"], now, now + timedelta(days=3, hours=2), "=away", by=None)
    add_absence(cast["manager"], datetime(2027, 1, 1, 23), datetime(2027, 1, 4, 23), by=None)
    client = as_role("operations")
    files = {f"{kind}.csv": client.get(f"/people/files/{kind}.csv").content.decode() for kind in COLUMNS}
    assert "'=away" in files["absences.csv"]
    receipts = post(client, files).context["loaded"].receipts
    people = User.objects.exclude(role="").count()
    assert [(r.kind, r.loaded, r.refused) for r in receipts[:2]] == [("teams", 0, 0), ("people", 0, 0)]
    assert receipts[1].received == people
    assert (receipts[3].unchanged, receipts[3].loaded) == (2, 0)
    empty = client.get("/people/files/hours.csv?empty=1").content.decode()
    assert empty == ",".join(COLUMNS["hours"]) + "\n"
    assert client.get("/people/files/secrets.csv").status_code == 404


@given(
    st.text(alphabet=st.one_of(st.sampled_from("'=+-@,\"\n ä"), st.characters(codec="utf-8")), max_size=30)
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_comes_back_from_a_file_as_it_was(text: str) -> None:
    assert unharmed(harmless(text)) == text
    assert not str(harmless(text)).startswith(FORMULA_STARTS)
    written = csv_text([{"email": "a@b.example", "name": text, "role": "rep"}])
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert unharmed(row["name"]) == lines
    ((_line, read_again),) = read("people.csv", written.encode()).rows
    assert read_again["name"] == lines.strip()


def test_what_is_present_has_the_columns_of_the_file(cast: dict[str, User]) -> None:
    set_working_time(cast["rep"], by=None, weight=2)
    add_absence(cast["rep"], datetime(2027, 1, 1), datetime(2027, 1, 2), by=None)
    for kind, columns in COLUMNS.items():
        assert tuple(present(kind, AGREED, workspace.now())[0]) == columns
