"""The page Team: who has how much, what is late, whose turn it is, and for whose eyes."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client
from handoff_world import MONDAY, demo_requests, live_company, people

from accord.agreement import Agreement
from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.actions.verdicts import accept
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.settling import settle
from accord.desk.handoff.teams_now import Work, spread
from accord.desk.hours.actions import pause_new_leads, set_working_time
from accord.desk.hours.models import Absence
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
from accord.desk.teams.models import Team, User
from accord.workspace import Workspace

__all__ = ["live_company"]

NOON = MONDAY + timedelta(hours=5)
"""An hour past the four business hours for an answer."""


@pytest.fixture
def cast(live_company: Path, tmp_path: Path, db: None, settings: object) -> Iterator[dict[str, User]]:
    """Five leads handed over on Monday, one answered, the others too late; three hours were closed."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    made = people()
    set_working_time(made["ann"], by=None, capacity=3)
    space = demo_requests(folder, MONDAY, 1, 2, 3, 4, 20)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    first = Handoff.objects.filter(owner=made["ann"]).order_by("pk")[0]
    accept(first, made["ann"], MONDAY + timedelta(hours=1), space.agreement)
    sweep(space.agreement, NOON, None)
    settings.WORKSPACE = folder  # type: ignore[attr-defined]
    with patch("accord.workspace.now", lambda: NOON):
        yield made


@pytest.fixture
def agreement(live_company: Path) -> Agreement:
    return Workspace(live_company).agreement


def seen_by(user: User, address: str = "/team") -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(address).content.decode()


def test_each_has_what_they_have_in_hand_and_what_is_late(
    cast: dict[str, User], agreement: Agreement
) -> None:
    found = spread(Team.objects.get(slug="reps"), agreement, NOON)
    lines = {line.user.name: line for line in found.lines}
    assert lines["Ann"].work == Work(open=2, waiting=1, late=1, today=0, broken=1)
    assert lines["Ben"].work == Work(open=2, waiting=2, late=2, today=0, broken=2)
    assert (lines["Ann"].taken, lines["Ann"].capacity) == (2, 3)
    assert found.pool == Work()
    assert (found.open, found.late) == (4, 3)


def test_a_first_contact_due_by_midnight_is_due_today(cast: dict[str, User], agreement: Agreement) -> None:
    tuesday = MONDAY + timedelta(hours=20)
    found = spread(Team.objects.get(slug="reps"), agreement, tuesday)
    assert [line.work.today for line in found.lines] == [2, 2]


def test_what_nobody_has_lies_in_the_pool_and_turns_are_told(
    cast: dict[str, User], agreement: Agreement
) -> None:
    Handoff.objects.filter(owner=cast["ben"]).update(owner=None)
    found = spread(Team.objects.get(slug="reps"), agreement, NOON)
    assert found.pool == Work(open=2, waiting=2, late=2, today=0, broken=2)
    assert abs(sum(line.owed for line in found.lines)) < 1e-9
    assert all(abs(line.owed) < 1 for line in found.lines)


def test_who_is_away_paused_or_gone_is_marked(cast: dict[str, User]) -> None:
    since = NOON.replace(tzinfo=UTC)
    Absence.objects.create(user=cast["ann"], since=since - timedelta(days=1), until=since + timedelta(days=1))
    pause_new_leads(cast["ben"], by=None)
    text = seen_by(cast["max"])
    assert "Away until 21 Apr 2026, 15:00" in text and "Gets no new leads" in text and "Away: Ann." in text
    User.objects.filter(pk=cast["ben"].pk).update(is_active=False)
    assert "Has left" in seen_by(cast["max"])  # who still has leads is not forgotten


def test_a_manager_sees_their_own_teams_operations_all_a_rep_none(cast: dict[str, User]) -> None:
    priya = add_person("priya@northwind.example", "Priya", Role.OPERATIONS, password="robots and coffee")
    assert "Key accounts" not in seen_by(cast["max"]) and "Ann" in seen_by(cast["max"])
    assert "Key accounts" in seen_by(priya)
    client = Client()
    client.force_login(cast["ann"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/team").status_code == 403


def test_the_list_is_sent_again_only_when_it_reads_otherwise(cast: dict[str, User]) -> None:
    client = Client()
    client.force_login(cast["max"], backend="django.contrib.auth.backends.ModelBackend")
    first = client.get("/team/list")
    assert client.get("/team/list", headers={"If-None-Match": first["ETag"]}).status_code == 304
    Handoff.objects.filter(owner=cast["ben"]).update(owner=cast["ann"])
    assert client.get("/team/list", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_the_file_has_a_row_a_person_and_one_a_pool(cast: dict[str, User]) -> None:
    rows = list(csv.DictReader(io.StringIO(seen_by(cast["max"], "/team?format=csv"))))
    assert [(row["person"], row["open"], row["late"]) for row in rows] == [
        ("Ann", "2", "1"),
        ("Ben", "2", "2"),
        ("(pool)", "0", "0"),
    ]
