from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client

from accord import agreement
from accord.desk.agreement import tables
from accord.desk.agreement.versions import versions
from accord.desk.hours.words import opening_hours
from accord.ledger.store import BEGINNING
from accord.workspace import Workspace
from example import EXAMPLE

AGREED = agreement.load(EXAMPLE / "agreement.yaml")
As = Callable[[str], Client]


def text(client: Client) -> str:
    """The words of the page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/agreement").content.decode()))


def test_the_agreement_reads_in_plain_words(as_role: As) -> None:
    page = text(as_role("viewer"))
    for sentence in (
        "Marketing owes 2 accepted MQL leads a month; sales promises to accept or return each lead within "
        "4 business hours and make first contact within 1 day.",
        "Try 6 times within 14 days",
        "Mon – Fri 9:00 AM – 5:30 PM",
        "SQL when sales qualifies it budget and timeline in (&#x27;now&#x27;, &#x27;this_quarter&#x27;) "
        "a meeting was held A clock runs",
        "Company size employees &gt;= 100 20",
        "Pricing page page_view: path like &#x27;/pricing%&#x27; 10 30 half are gone after 14 days",
        "2026Q2 €90,000 €300,000",
        "the rest to sdr-pool",
    ):
        assert sentence in page


def test_every_target_opens_its_number(as_role: As) -> None:
    page = as_role("marketer").get("/agreement").content.decode()
    assert '<a class="n" href="/numbers/revenue?period=2026Q2">€90,000</a>' in page


def test_the_file_itself_is_shown_as_text(as_role: As) -> None:
    answer = as_role("rep").get("/agreement.yaml")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert b"".join(answer.streaming_content) == (EXAMPLE / "agreement.yaml").read_bytes()


def test_the_page_shows_the_version_in_force_until_the_next_build(
    as_role: As, tmp_path: Path, settings: object
) -> None:
    space = Workspace.create(tmp_path / "own")
    shutil.copy(EXAMPLE / "agreement.yaml", space.folder)
    settings.WORKSPACE = space.folder  # type: ignore[attr-defined]
    client = as_role("manager")
    assert "Not in force yet" in text(client)
    space.load([EXAMPLE / "export"], EXAMPLE / "crm.yaml")
    first = Workspace(space.folder).build().about["version"]
    file = space.folder / "agreement.yaml"
    file.write_text(file.read_text().replace("deliver: 2", "deliver: 9"))
    page = text(client)
    assert "owes 2 accepted" in page and "agreement.yaml has changed since the last build" in page
    assert f"Version {first} , in force since" in page
    Workspace(space.folder).build()
    page = text(client)
    assert "owes 9 accepted" in page and "has changed" not in page
    assert first in page


@pytest.mark.parametrize(
    ("change", "hours"),
    [
        ('mon-fri: "09:00-17:30"', [("Mon – Fri", "9:00\u202fAM – 5:30\u202fPM")]),
        ('mon: "09:00-12:00, 13:00-17:00", wed: "00:00-24:00"', [
            ("Mon", "9:00\u202fAM – 12:00\u202fPM, 1:00\u202fPM – 5:00\u202fPM"),
            ("Wed", "12:00\u202fAM – 12:00\u202fAM"),
        ]),
    ],
)  # fmt: skip
def test_opening_hours(change: str, hours: list[tuple[str, str]]) -> None:
    file = (EXAMPLE / "agreement.yaml").read_text()
    changed = agreement.parse(file.replace('mon-fri: "09:00-17:30"', change))
    assert opening_hours(changed.calendar.open) == hours


def test_a_version_judges_until_the_next_and_a_replaced_one_nothing() -> None:
    def registered(version: str, day: int, start: datetime) -> dict[str, object]:
        at = datetime(2026, 9, day)
        return {"version": version, "registered_at": at, "from_at": start, "agreement": ""}

    known = versions(
        [
            registered("draft", 1, BEGINNING),
            registered("first", 2, BEGINNING),
            registered("second", 3, datetime(2026, 9, 3)),
        ]
    )
    assert [(v.version, v.start, v.end, v.replaced) for v in known] == [
        ("second", datetime(2026, 9, 3), None, False),
        ("first", None, datetime(2026, 9, 3), False),
        ("draft", None, None, True),
    ]


@pytest.mark.parametrize("table", [*tables.TABLES, "versions"])
def test_each_table_is_downloaded_as_it_is_written(as_role: As, table: str) -> None:
    answer = as_role("marketer").get(f"/agreement?format=csv&table={table}")
    assert answer["Content-Disposition"] == f'attachment; filename="agreement-{table}.csv"'
    found = list(csv.DictReader(io.StringIO(answer.content.decode())))
    expected = tables.TABLES[table](AGREED) if table in tables.TABLES else None
    assert len(found) == len(expected) if expected is not None else len(found) >= 1


def test_a_condition_is_in_the_file_as_it_is_in_the_agreement(as_role: As) -> None:
    text = as_role("marketer").get("/agreement?format=csv&table=stages").content.decode()
    rows = {row["stage"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["mql"]["when"] == AGREED.stage("mql").when.text
