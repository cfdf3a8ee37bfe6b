"""The leads list: what it shows, to whom, and views of it kept under a name."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from accord.desk.leads.models import SavedView
from accord.desk.teams.models import AuditEntry, User
from desk_people import known_names

SignedIn = Callable[[str], Client]

RITAS = {"Ada Brandt", "Ben Okafor", "Gina Moretti", "Hugo Keller"}
"""Her own leads, and Hugo, who is her team mate's."""


def names(client: Client, address: str) -> list[str]:
    return [row["label"] for row in client.get(address).context["rows"]]


@pytest.mark.parametrize(("role", "seen"), [("operations", 10), ("marketer", 10), ("viewer", 10), ("rep", 5)])
def test_each_role_sees_its_leads(as_role: SignedIn, role: str, seen: int) -> None:
    page = as_role(role).get("/leads")
    assert page.context["found"].total == len(page.context["rows"]) == seen


@pytest.mark.parametrize("role", ["rep", "manager"])
def test_own_and_team_mates_leads_are_seen_and_no_others(as_role: SignedIn, role: str) -> None:
    client = as_role(role)
    assert set(names(client, "/leads")) == RITAS
    assert names(client, "/leads?q=carla") == names(client, "/leads?owner=sam@northwind.example") == []
    text = client.get("/leads").content.decode()
    others = {"Carla Ruiz", "Dan Weiss", "Eva Eriksson", "Ines Falk", "Jonas Meier", "Sam Tull"}
    assert not {name for name in others if name in text}


def test_a_viewer_sees_no_name_and_finds_nobody_by_it(as_role: SignedIn) -> None:
    client = as_role("viewer")
    page = client.get("/leads?q=ada&owner=sam@northwind.example")
    assert page.context["found"].total == 10
    text = page.content.decode()
    assert not {name for name in known_names() if name in text}
    assert "Lead 1" in names(client, "/leads")


def test_somebody_without_leads_is_told_why(as_role: SignedIn, cast: dict[str, User]) -> None:
    cast["rep"].teams.clear()
    User.objects.filter(pk=cast["rep"].pk).update(email="new@northwind.example")
    text = as_role("rep").get("/leads").content.decode()
    assert "No leads are yours yet" in text and "new@northwind.example" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("stage=mql", ["Carla Ruiz"]),
        ("stage=mql&stage=customer&sort=name", ["Ada Brandt", "Carla Ruiz"]),
        ("status=closed&sort=name", ["Ada Brandt", "Gina Moretti", "Jonas Meier"]),
        ("channel=Paid+Search&sort=name", ["Ada Brandt", "Carla Ruiz"]),
        ("channel=-&segment=mid_market&sort=name", ["Jonas Meier"]),
        ("campaign=trade-fair&sort=-score", ["Jonas Meier", "Dan Weiss"]),
        ("owner=sam@northwind.example&sort=name", ["Carla Ruiz", "Dan Weiss"]),
        ("flag=never_contacted&flag=overdue", ["Carla Ruiz"]),
        ("verdict=recycled", ["Gina Moretti"]),
        ("score=50&sort=name", ["Ada Brandt", "Jonas Meier"]),
        ("q=brenner&sort=name", ["Ada Brandt", "Hugo Keller"]),
        ("period=2026-04&sort=name", ["Eva Eriksson", "Hugo Keller", "Ines Falk", "Jonas Meier"]),
        ("from=2026-03-01&to=2026-04-01&by=qualified&sort=qualified_at", ["Ada Brandt", "Carla Ruiz"]),
        ("stage=nonsense", []),
    ],
)
def test_the_address_says_which_leads_in_which_order(as_role: SignedIn, query: str, found: list[str]) -> None:
    client = as_role("operations")
    assert names(client, f"/leads?{query}") == found
    assert all(chip["address"] != query for chip in client.get(f"/leads?{query}").context["chips"])


@pytest.mark.parametrize(
    "query", ["sort=nonsense", "flag=nonsense", "page=x", "score=nan", "period=nonsense"]
)
def test_what_makes_no_sense_in_the_address_is_left_out(as_role: SignedIn, query: str) -> None:
    page = as_role("operations").get(f"/leads?{query}")
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("sent", "cleaned"),
    [
        ("q=&stage=mql&channel=", "/leads?stage=mql"),
        ("from=2026-03-01&to=2026-04-01&period=2026Q1", "/leads?period=2026Q1"),
        ("from=2026-03-01&to=2026-04-01&period=", "/leads?from=2026-03-01&to=2026-04-01"),
        ("q=&period=", "/leads"),
        ("status=open&page=9", "/leads?status=open&page=1"),
    ],
)
def test_what_the_form_sends_in_vain_leaves_the_address(as_role: SignedIn, sent: str, cleaned: str) -> None:
    assert as_role("operations").get(f"/leads?{sent}")["Location"] == cleaned


def test_what_the_address_says_in_vain_does_not_hide_which_view_it_is(as_role: SignedIn) -> None:
    page = as_role("operations").get("/leads?by=opened&sort=-stage_at&page=1")
    assert [view["name"] for view in page.context["views"] if view["here"]] == ["all"]


def test_a_chip_takes_its_filter_away_and_a_heading_turns_the_order(as_role: SignedIn) -> None:
    page = as_role("operations").get("/leads?stage=mql&status=open&sort=-score&page=1")
    addresses = {str(chip["words"]): chip["address"] for chip in page.context["chips"]}
    assert addresses == {"Stage: MQL": "status=open&sort=-score", "Open": "stage=mql&sort=-score"}
    score = next(h for h in page.context["headings"] if h["heading"] == "Score")
    assert (score["sort"], score["address"]) == ("descending", "stage=mql&status=open&sort=score")


def test_the_ready_views_count_what_they_show(as_role: SignedIn) -> None:
    client = as_role("operations")
    views = {view["name"]: view for view in client.get("/leads").context["views"]}
    assert {name: view["leads"] for name, view in views.items()} == {
        "all": 10,
        "open": 7,
        "never_contacted": 1,
        "overdue": 1,
        "worked_by_two": 0,
        "missing": 0,
        "returned": 0,
    }
    for view in views.values():
        page = client.get(f"/leads?{view['address']}")
        assert page.context["found"].total == view["leads"]
        assert [v["name"] for v in page.context["views"] if v["here"]] == [view["name"]]


def test_the_file_holds_all_that_match_and_is_logged(as_role: SignedIn) -> None:
    answer = as_role("marketer").get("/leads?status=closed&sort=name&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert [row["name"] for row in rows] == ["Ada Brandt", "Gina Moretti", "Jonas Meier"]
    assert rows[0]["hours_to_contact"] == "19.5"
    assert AuditEntry.objects.get(action="exported").about.startswith("leads: 3 rows of build ")


def test_the_managers_file_holds_their_teams_leads_alone(as_role: SignedIn) -> None:
    answer = as_role("manager").get("/leads?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode())))
    assert {row["name"] for row in rows} == RITAS


def keep(client: Client, name: str, query: str, **more: str) -> str:
    return str(client.post("/lead-views", {"name": name, "query": query, **more})["Location"])


def test_a_view_is_kept_under_a_name_replaced_and_removed(as_role: SignedIn) -> None:
    client = as_role("rep")
    assert keep(client, "My  hot ones", "sort=-score&status=open&page=3&nonsense=1") == (
        "/leads?status=open&sort=-score"
    )
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared) == ("My hot ones", "status=open&sort=-score", False)
    assert "My hot ones" in client.get("/leads").content.decode()
    keep(client, "My hot ones", "stage=sal")
    assert SavedView.objects.get().query == "stage=sal"
    client.post(f"/lead-views/{view.pk}/forget")
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_refused(as_role: SignedIn) -> None:
    client = as_role("rep")
    assert parse_qs(urlsplit(keep(client, "  ", "stage=sal")).query) == {"stage": ["sal"]}
    assert not SavedView.objects.exists()
    assert "A view needs a name." in client.get("/leads").content.decode()


def test_team_mates_see_shared_views_and_nobody_else(as_role: SignedIn, cast: dict[str, User]) -> None:
    keep(as_role("rep"), "For us all", "stage=sal", shared="on")
    keep(as_role("rep"), "Mine", "stage=mql")
    seen = {role: as_role(role).get("/leads").content.decode() for role in ("manager", "marketer")}
    assert "For us all" in seen["manager"] and "Mine" not in seen["manager"]
    assert "For us all" not in seen["marketer"]


def test_nobody_removes_anothers_view_and_none_is_shared_without_a_team(as_role: SignedIn) -> None:
    keep(as_role("rep"), "For us all", "stage=sal", shared="on")
    view = SavedView.objects.get()
    assert as_role("manager").post(f"/lead-views/{view.pk}/forget").status_code == 302
    assert as_role("manager").get(f"/lead-views/{view.pk}/forget").status_code == 405
    assert SavedView.objects.get() == view
    keep(as_role("operations"), "Alone", "stage=sal", shared="on")
    assert not SavedView.objects.get(name="Alone").shared
