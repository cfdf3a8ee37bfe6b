"""The pages of one lead, one account and one deal: what they tell, and to whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from accord.workspace import Workspace
from desk_people import known_names

SignedIn = Callable[[str], Client]

ADA, GINA, CARLA = "/leads/crm:person:1", "/leads/crm:person:7", "/leads/crm:person:3"


def text(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def key_of(served: Path, name: str) -> int:
    engine = Workspace(served).builds.current().open()
    found = f"SELECT max(lead) AS lead FROM lead_list WHERE name = '{name}'"
    [row] = engine.query(found).to_pylist()
    engine.close()
    return int(row["lead"])


def test_a_lead_tells_who_it_is_why_it_stands_here_and_what_to_do(as_role: SignedIn) -> None:
    page = as_role("operations").get(CARLA)
    told = page.context["advice"]
    assert told.changed == "Last seen by marketing 20 Mar 2026, 16:05; sales has not worked on it."
    assert told.why == "Reached MQL on 20 Mar 2026, 16:05 with fit 40 and engagement 60."
    assert (told.todo, told.state) == ("Call now: the promised time for a first contact is over.", "bad")
    written = page.content.decode()
    assert re.search(r"<time [^>]*>16:05</time>", written)
    for word in ("Carla Ruiz", "Plant Manager", "Dupont Emballage", "mailto:carla.ruiz", "Sam Tull"):
        assert word in written


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("operations", 200),
        ("marketer", 200),
        ("manager", 200),
        ("rep", 200),
        ("viewer", 404),
        ("outsider", 403),
    ],
)
def test_who_opens_the_page_of_a_named_person(as_role: SignedIn, role: str, status: int) -> None:
    assert as_role(role).get(ADA).status_code == status


def test_the_receipt_adds_up_to_the_printed_score(as_role: SignedIn) -> None:
    page = as_role("operations").get(GINA)
    engagement, fit = page.context["receipts"]
    assert [(line.label, str(line.points), line.missing) for line in fit.lines] == [
        ("Company size", "20.0", ""),
        ("Operations", "20.0", ""),
        ("Budget known", "0.0", "budget"),
    ]
    assert str(fit.total) == "40.0" and "not known: budget" in page.content.decode()
    assert sum(line.points for line in engagement.lines) == engagement.total


def test_a_gate_says_which_parts_hold_and_on_what(as_role: SignedIn) -> None:
    [gate] = as_role("operations").get(GINA).context["cycle"]["gates"]
    parts = {part["part"]: part["holds"] for part in gate["parts"]}
    assert parts == {"fit >= 40": True, "engagement >= 30": False, "hand_raiser": False, "fit > 0": True}
    assert gate["reached"] and not gate["holds_now"]


def test_the_story_holds_events_decisions_verdicts_and_deals_in_order(as_role: SignedIn) -> None:
    lines = as_role("operations").get(ADA).context["timeline"].lines
    told = [(line.happening.team, line.happening.title) for line in lines]
    for line in [
        ("s", "Deal won: Brenner cell 1"),
        ("", "The lead closes: won"),
        ("", "Enters SQL"),
        ("s", "Sales: Qualified"),
        ("s", "Meeting: held"),
        ("", "Reaches MQL"),
        ("m", "Attended a webinar: Robot cells without downtime"),
        ("", "The lead opens"),
    ]:
        assert line in told
    moments = [line.happening.at for line in lines]
    assert moments == sorted(moments, reverse=True)
    assert [line.day for line in lines if line.day] == sorted(
        {line.clock.date() for line in lines}, reverse=True
    )


def test_what_does_not_count_is_told_with_its_reason(as_role: SignedIn) -> None:
    unfit = [
        line.happening.unfit
        for person in range(1, 11)
        for line in as_role("operations").get(f"/leads/crm:person:{person}").context["timeline"].lines
        if line.happening.unfit
    ]
    assert unfit
    assert all(isinstance(reason, str) and reason for reason in unfit)


def test_each_time_somebody_was_a_lead_has_its_own_score_and_stage(as_role: SignedIn) -> None:
    client = as_role("operations")
    newest, first = client.get(GINA).context, client.get(f"{GINA}?cycle=1").context
    assert (newest["cycle"]["cycle_no"], newest["stage"]) == (2, "Opportunity")
    assert (first["cycle"]["cycle_no"], first["cycle"]["closed_by"]) == (1, "recycled")
    assert first["advice"].todo == "Nothing: this lead is closed, recycled."


def test_stages_stand_by_the_agreement_and_as_the_tools_recorded_them(as_role: SignedIn) -> None:
    rows = {row["title"]: row for row in as_role("operations").get(GINA).context["stages"]}
    assert list(rows) == ["MQL", "SAL", "SQL", "Opportunity", "Customer"]
    assert rows["MQL"]["agreement"]["by"] == "gate" and rows["MQL"]["tools"] is None
    assert rows["Opportunity"]["tools"]["source"] == "crm"


def test_an_address_that_builds_may_change_leads_to_one_that_lasts(as_role: SignedIn, served: Path) -> None:
    client, key = as_role("operations"), key_of(served, "Gina Moretti")
    assert client.get(f"/leads/lead={key}")["Location"] == GINA
    assert client.get("/leads/gina.moretti@fontana.example")["Location"] == GINA
    assert as_role("viewer").get(f"/leads/lead={key}").status_code == 200


def test_the_key_of_an_earlier_lead_leads_to_that_one(as_role: SignedIn, served: Path) -> None:
    earlier = key_of(served, "Gina Moretti") - 1
    assert (
        as_role("operations").get(f"/leads/lead={earlier}?before=x")["Location"] == f"{GINA}?before=x&cycle=1"
    )
    listed = as_role("operations").get("/leads?verdict=recycled").content.decode()
    assert f'href="{GINA}?cycle=1"' in listed


@pytest.mark.parametrize(
    "address",
    [CARLA, "/leads/carla.ruiz@dupont-emballage.example", "/leads/3", "/leads/nobody", "/leads/lead=x"],
)
def test_a_lead_of_other_owners_is_not_there(as_role: SignedIn, address: str) -> None:
    assert as_role("rep").get(address).status_code == 404


def test_a_lead_of_other_owners_is_not_there_by_its_key_either(as_role: SignedIn, served: Path) -> None:
    address = f"/leads/lead={key_of(served, 'Carla Ruiz')}"
    assert as_role("rep").get(address).status_code == 404
    assert as_role("operations").get(address).status_code == 302
    assert as_role("rep").get(GINA).status_code == 200


def test_a_viewer_sees_every_story_and_nobodys_name(as_role: SignedIn, served: Path) -> None:
    client = as_role("viewer")
    for name in ("Ada Brandt", "Gina Moretti", "Carla Ruiz"):
        written = text(client, f"/leads/lead={key_of(served, name)}")
        assert not {known for known in known_names() if known in written}
        assert "crm:person" not in written and "The whole story" in written
    assert client.get(ADA).status_code == 404
    assert client.get("/leads/ada.brandt@brenner.example").status_code == 404


def test_an_account_shows_its_leads_and_deals(as_role: SignedIn) -> None:
    page = as_role("operations").get("/accounts/crm:account:104")
    story = page.context["story"]
    assert story["account"]["name"] == "Fontana Motori"
    assert {row["label"] for row in page.context["rows"]} == {"Dan Weiss", "Gina Moretti"}
    assert [deal["name"] for deal in story["deals"]] == ["Fontana line 4"]
    assert as_role("operations").get(f"/accounts/{story['account']['account']}")["Location"] == (
        "/accounts/crm:account:104"
    )


def test_a_rep_sees_of_an_account_what_is_theirs(as_role: SignedIn) -> None:
    client = as_role("rep")
    assert {row["label"] for row in client.get("/accounts/crm:account:104").context["rows"]} == {
        "Gina Moretti"
    }
    assert client.get("/accounts/crm:account:102").status_code == 404
    assert client.get("/accounts/nobody").status_code == client.get("/accounts/0").status_code == 404


def test_a_deal_shows_its_value_and_who_takes_part(as_role: SignedIn) -> None:
    page = as_role("operations").get("/deals/crm:deal:d1")
    deal = page.context["deal"]
    assert (deal["status"], deal["company"], deal["value"]) == ("won", "Brenner Maschinenbau", 48000)
    assert [person["label"] for person in deal["people"]] == ["Ada Brandt"]
    assert "€48,000" in page.content.decode()
    assert as_role("operations").get("/deals/crm:deal:nothing").status_code == 404


def test_a_viewer_sees_accounts_and_deals_without_names(as_role: SignedIn) -> None:
    for address in ("/accounts/crm:account:104", "/deals/crm:deal:d1"):
        written = text(as_role("viewer"), address)
        assert not {known for known in known_names() if known in written}
