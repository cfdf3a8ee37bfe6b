"""The Promises page, its leads, its files and the command tell the same, at every moment."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client
from handoff_world import MONDAY, at, demo_requests, live_company, people
from typer.testing import CliRunner

from accord.cli.main import app
from accord.desk.handoff.actions.contests import contest
from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.actions.verdicts import accept, give_up
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.settling import settle
from accord.desk.promises.report import Report, UnknownPeriod, period_of, report
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
from accord.desk.teams.models import User
from accord.workspace import Workspace
from desk_cast import PASSWORD

__all__ = ["live_company"]

HOUR = timedelta(hours=1)
LATER = datetime(2026, 4, 28, 8)
"""A day after the contest's five working days."""


@pytest.fixture
def cast(live_company: Path, tmp_path: Path, db: None, settings: object) -> dict[str, User]:
    settings.WORKSPACE = Path(shutil.copytree(live_company, tmp_path / "company"))  # type: ignore[attr-defined]
    marketer = add_person("lena@northwind.example", "Lena", Role.MARKETER, password=PASSWORD)
    return people() | {"lena": marketer}


@pytest.fixture
def company(cast: dict[str, User], settings: object) -> Path:
    """Five leads: one accepted and called too late, one let lie, three returned, one of these contested and
    one later bought all the same."""
    folder: Path = settings.WORKSPACE  # type: ignore[attr-defined]
    space = demo_requests(folder, MONDAY, 1, 2, 3, 4, 5)
    agreement = space.agreement
    settle(space, agreement, MONDAY + timedelta(minutes=2))
    by = {handoff.person[-1]: handoff for handoff in Handoff.objects.select_related("owner")}
    accept(by["1"], by["1"].owner, MONDAY + HOUR, agreement)
    for n in "345":
        give_up(
            by[n], "returned", by[n].owner, MONDAY + HOUR, agreement, reason="too_small", attempted=n != "4"
        )
    contest(by["3"], "They have 200 people.", cast["lena"], MONDAY + 2 * HOUR, agreement)
    for moment in (MONDAY + 5 * HOUR, MONDAY + 25 * HOUR, LATER):
        sweep(agreement, moment, None)
    return folder


def april(folder: Path, moment: datetime) -> Report:
    space = Workspace(folder)
    engine = space.builds.current().reader()
    return report(engine, space.agreement, period_of(engine, space.agreement, "2026-04", moment), moment)


@pytest.mark.parametrize(
    ("moment", "delivered", "counts"),
    [
        (MONDAY + HOUR / 2, 0, {"awaiting": 5}),
        (MONDAY + 3 * HOUR, 1, {"accepted": 1, "awaiting": 1, "in_dispute": 1, "never_accepted": 2}),
        (MONDAY + 5 * HOUR, 2, {"accepted": 1, "deemed": 1, "in_dispute": 1, "never_accepted": 2}),
        (LATER, 3, {"accepted": 1, "deemed": 1, "contested": 1, "never_accepted": 2}),
    ],
)
def test_what_marketing_delivered_at_every_moment(
    company: Path, moment: datetime, delivered: int, counts: dict[str, int]
) -> None:
    (promise,) = april(company, moment).marketing
    assert (promise.pace.done, dict(promise.counts)) == (delivered, counts)


def test_what_sales_kept_broke_and_owes_and_what_is_left_out(company: Path) -> None:
    found = {promise.promise: promise for promise in april(company, LATER).sales}
    assert dict(found["accept"].counts) == {"kept": 2, "broken": 1, "excluded": 2}
    # Nobody called 1 and 2; the clocks of what was returned were stopped.
    assert dict(found["first_contact"].counts) == {"broken": 2, "stopped": 1, "excluded": 2}
    assert (found["accept"].owed, found["first_contact"].owed, found["accept"].state) == (1, 2, "broken")
    reasons = {answer.reason for answer in found["accept"].answers if answer.state == "excluded"}
    assert reasons == {"returned"}


def test_a_shortfall_and_open_clocks_are_carried_over(company: Path) -> None:
    space = demo_requests(company, datetime(2026, 5, 4, 8), 6)
    engine, moment = space.builds.current().reader(), datetime(2026, 5, 4, 9)
    found = report(engine, space.agreement, period_of(engine, space.agreement, "2026-05", moment), moment)
    (promise,) = found.marketing
    # April is owed from the second on, so not as a whole month: nothing was short of it.
    assert (promise.carried_in, promise.pace.owed, promise.pace.done) == (0, 10, 0)
    contacts = next(p for p in found.sales if p.promise == "first_contact")
    assert contacts.counts["carried_over"] == 2 and contacts.owed == 2


def test_rejected_untried_and_rejected_then_won_are_flagged(company: Path) -> None:
    assert [(lead.person_id, flag) for lead, flag in april(company, LATER).flagged()] == [
        ("crm:person:4", "untried")
    ]
    with patch("accord.desk.promises.given._WON", "SELECT person, TIMESTAMP '2026-04-25' AS at FROM leads"):
        flags = [(lead.person_id, flag) for lead, flag in april(company, LATER).flagged()]
    assert ("crm:person:5", "then_won") in flags


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_its_leads_its_files_and_the_command_tell_the_same(
    company: Path, cast: dict[str, User]
) -> None:
    with at(LATER):
        page = signed_in(cast["lena"]).get("/promises?period=2026-04")
        file = signed_in(cast["lena"]).get("/promises?period=2026-04&format=csv")
        asked = "/promises/leads?period=2026-04&promise=marketing-0"
        leads = signed_in(cast["lena"]).get(f"{asked}&applies=contested")
        listed = signed_in(cast["lena"]).get(f"{asked}&format=csv")
        told = CliRunner().invoke(app, ["promises", "-w", str(company), "--period", "2026-04", "-f", "json"])
    rows = json.loads(told.output)
    assert [(row["side"], row["done"], row["open_debt"]) for row in rows] == [
        ("marketing", 3, 0),
        ("sales", 2, 1),
        ("sales", 0, 2),
        ("sales", 0, 0),
    ]
    read = list(csv.DictReader(io.StringIO(file.content.decode())))
    assert [row["done"] for row in read] == [str(row["done"]) for row in rows]
    assert "10 accepted MQL per month" in page.content.decode()
    assert "Sales owes marketing 3 answers" in page.content.decode()
    assert "Pat 3" in leads.content.decode() and "Pat 1" not in leads.content.decode()
    applies = sorted(row["applies"] for row in csv.DictReader(io.StringIO(listed.content.decode())))
    assert applies == ["accepted", "contested", "deemed", "never_accepted", "never_accepted"]


def test_names_are_for_those_with_rights_alone(company: Path, cast: dict[str, User]) -> None:
    viewer = add_person("vic@northwind.example", "Vic", Role.VIEWER, password=PASSWORD)
    with at(LATER):
        asked = "/promises/leads?period=2026-04&promise=marketing-0"
        seen = signed_in(viewer).get(asked).content.decode()
        other = signed_in(cast["kim"]).get(asked).content.decode()
    assert "Pat" not in seen and "Delivered: accepted" in seen
    assert "Pat" not in other and "5 are not yours to see" in other


@pytest.mark.parametrize("query", ["promise=none", "promise=marketing-9", ""])
def test_there_is_no_page_for_an_unknown_promise(company: Path, cast: dict[str, User], query: str) -> None:
    with at(LATER):
        assert signed_in(cast["lena"]).get(f"/promises/leads?{query}").status_code == 404


def test_an_unknown_period_is_named_with_the_mend(company: Path) -> None:
    space = Workspace(company)
    with pytest.raises(UnknownPeriod, match="no period 2026-13"):
        period_of(space.builds.current().reader(), space.agreement, "2026-13", LATER)


def test_the_page_follows_what_happens_by_itself(company: Path, cast: dict[str, User]) -> None:
    client = Client()
    client.force_login(cast["max"])
    with at(LATER):
        assert (
            'hx-get="/promises/now?period=2026-04"' in client.get("/promises?period=2026-04").content.decode()
        )
        first = client.get("/promises/now?period=2026-04")
        assert client.get("/promises/now", headers={"if-none-match": first["ETag"]}).status_code == 304
        waiting = Handoff.objects.get(state=Handoff.State.WAITING)
        accept(waiting, cast["max"], LATER, Workspace(company).agreement)
        assert client.get("/promises/now", headers={"if-none-match": first["ETag"]}).status_code == 200
    with at(LATER + timedelta(minutes=1)):
        assert client.get("/promises/now", headers={"if-none-match": first["ETag"]}).status_code == 200
    assert "hx-get" not in client.get("/promises?at=2026-04-20T12:00").content.decode().split("<main", 1)[1]
