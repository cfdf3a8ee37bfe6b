"""Working time on its pages: everybody's own, a manager's team's, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from accord import workspace
from accord.desk.hours.actions import add_absence
from accord.desk.hours.models import Absence, WorkingTime
from accord.desk.teams.models import AuditEntry, User

As = Callable[[str], Client]
Cast = dict[str, User]

OWN = {
    "zone": "Europe/Lisbon",
    "hours": "own",
    "mon": "09:00-12:00, 13:00-17:30",
    "tue": "10:00-16:00",
    "holidays": "pt, ES",
}
WEEK_AWAY = {"first": "2027-03-01", "last": "2027-03-05", "note": "Lisbon"}


def test_a_rep_keeps_their_own_hours_but_not_their_share(as_role: As, cast: Cast) -> None:
    client = as_role("rep")
    assert client.post("/me", OWN | {"weight": "9", "capacity": "1"})["Location"] == "/me"
    own = WorkingTime.objects.get(user=cast["rep"])
    assert (own.zone, own.holidays) == ("Europe/Lisbon", ["PT", "ES"])
    assert own.hours == {"mon": "09:00-12:00, 13:00-17:30", "tue": "10:00-16:00"}
    assert (own.weight, own.capacity) == (1, None)
    page = client.get("/me")
    assert [text for _day, _name, text in page.context["week"]][:3] == [own.hours["mon"], "10:00-16:00", ""]
    assert AuditEntry.objects.get(action="working time set").about == f"user {cast['rep'].pk}"
    client.post("/me", {"hours": ""})
    own.refresh_from_db()
    assert (own.zone, own.hours, own.holidays) == ("", {}, [])


def test_a_manager_keeps_the_hours_and_share_of_their_team_alone(as_role: As, cast: Cast) -> None:
    rep = cast["rep"].pk
    assert (
        as_role("manager").post(f"/hours/{rep}", OWN | {"weight": "3", "capacity": "20"}).status_code == 302
    )
    own = WorkingTime.objects.get(user=rep)
    assert (own.weight, own.capacity) == (3, 20)
    for role, status in {"other_manager": 404, "rep": 200, "other_team": 404, "outsider": 403}.items():
        assert as_role(role).get(f"/hours/{rep}").status_code == status, role
    before = list(WorkingTime.objects.values())
    for role in ("other_manager", "other_team", "marketing_manager", "viewer", "marketer", "outsider"):
        client = as_role(role)
        assert client.post(f"/hours/{rep}", {"zone": "Asia/Tokyo"}).status_code in (403, 404)
        assert client.post(f"/hours/{rep}/absences", WEEK_AWAY).status_code in (403, 404)
        assert client.post(f"/hours/{rep}/pause").status_code in (403, 404)
    assert list(WorkingTime.objects.values()) == before and not Absence.objects.exists()


def test_nobody_pauses_their_own_new_leads(as_role: As, cast: Cast) -> None:
    assert as_role("rep").post(f"/hours/{cast['rep'].pk}/pause").status_code == 403
    manager = as_role("manager")
    manager.post(f"/hours/{cast['rep'].pk}/pause")
    assert WorkingTime.objects.get(user=cast["rep"]).paused_since
    manager.post(f"/hours/{cast['rep'].pk}/pause", {"resume": "1"})
    assert WorkingTime.objects.get(user=cast["rep"]).paused_since is None


def test_an_absence_is_noted_shown_and_taken_back(as_role: As, cast: Cast) -> None:
    client = as_role("rep")
    WorkingTime.objects.create(user=cast["rep"], zone="Europe/Lisbon")
    client.post(f"/hours/{cast['rep'].pk}/absences", WEEK_AWAY)
    absence = Absence.objects.get()
    assert absence.since.replace(tzinfo=None) == datetime(2027, 3, 1)
    assert absence.until.replace(tzinfo=None) == datetime(2027, 3, 6)
    assert "Mar 1, 2027 to Mar 5, 2027 <small>Lisbon" in client.get("/me").content.decode()
    assert client.get(f"/absences/{absence.pk}/remove").status_code == 405
    for role in ("other_team", "other_manager", "viewer", "outsider"):
        assert as_role(role).post(f"/absences/{absence.pk}/remove").status_code in (403, 404)
    assert Absence.objects.count() == 1
    client.post(f"/absences/{absence.pk}/remove")
    assert not Absence.objects.exists()


MISTAKES = {
    "no such zone": ("/me", {"zone": "Europe/Atlantis"}, "Write one like Europe/Berlin."),
    "no open time": ("/me", {"hours": "own"}, "Give at least one day hours"),
    "times crossed": ("/me", {"hours": "own", "mon": "17:00-09:00"}, "ends before it begins"),
    "no such holidays": ("/me", {"holidays": "ZZ"}, "There are no holidays known by ZZ"),
    "ends before it begins": (
        "absences",
        {"first": "2027-03-05", "last": "2027-03-01"},
        "ends after it begins",
    ),
    "no day": ("absences", {"first": "tomorrow"}, "Write it like 2026-12-24."),
    "no time": ("absences", {"first": "2027-03-05", "begins": "late"}, "Write it like 13:30."),
    "three years": ("absences", {"first": "2027-03-05", "last": "2030-03-05"}, "Deactivate the person"),
}


@pytest.mark.parametrize(("place", "given", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_mend_and_changes_nothing(
    as_role: As, cast: Cast, place: str, given: dict[str, str], told: str
) -> None:
    address = place if place == "/me" else f"/hours/{cast['rep'].pk}/absences"
    answer = as_role("rep").post(address, given)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not WorkingTime.objects.exists() and not Absence.objects.exists()


def test_the_roster_shows_who_is_away_of_those_one_keeps(as_role: As, cast: Cast) -> None:
    now = workspace.now()
    add_absence(cast["rep"], now - timedelta(hours=1), now + timedelta(days=2), by=None)
    page = as_role("manager").get("/hours")
    assert [line.person for line in page.context["gone"]] == [cast["rep"]]
    assert {line.person for line in page.context["lines"]} == {cast["rep"], cast["manager"]}
    everybody = as_role("operations").get("/hours").context["lines"]
    assert {line.person.role for line in everybody} >= {"rep", "manager", "viewer", "marketer"}
    table = as_role("manager").get("/hours?format=csv").content.decode()
    assert table.count("\n") == 3 and ",True,1,,0,0,True" in table
