"""The queue in a browser's hands: what a rep sees and does, and what others may not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client
from handoff_world import MONDAY, demo_requests, live_company, people

from accord.desk.handoff.models import Handoff
from accord.desk.handoff.settling import settle
from accord.desk.teams.models import User

__all__ = ["live_company"]


@pytest.fixture
def cast(live_company: Path, tmp_path: Path, db: None, settings: object) -> Iterator[dict[str, User]]:
    """Four leads handed over on Monday; it is an hour later."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    made = people()
    space = demo_requests(folder, MONDAY, 1, 2, 3, 20)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    settings.WORKSPACE = folder  # type: ignore[attr-defined]
    with patch("accord.workspace.now", lambda: MONDAY + timedelta(hours=1)):
        yield made


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_rep_sees_their_own_leads_with_the_time_left(cast: dict[str, User]) -> None:
    page = browser(cast["ann"]).get("/queue")
    (group,) = page.context["parts"]
    assert [(e.handoff.person, e.ring.left, e.ring.total) for e in group[3]] == [
        ("crm:person:1", 3 * 3600, 4 * 3600),
        ("crm:person:3", 3 * 3600, 4 * 3600),
    ]
    text = page.content.decode()
    assert "Pat 1" in text and "Pat 2" not in text and "Big" not in text
    assert 'data-left="10800"' in text and ">3:00<" in text


def test_the_whole_team_on_request_and_no_other_team(cast: dict[str, User]) -> None:
    text = browser(cast["max"]).get("/queue?of=team").content.decode()
    assert all(f"Pat {n}" in text for n in (1, 2, 3)) and "Big" not in text


def test_the_list_is_sent_again_only_when_something_changed(cast: dict[str, User]) -> None:
    client = browser(cast["ann"])
    first = client.get("/queue/list")
    again = client.get("/queue/list", headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    client.post(f"/handoffs/{Handoff.objects.get(person='crm:person:1').pk}/accept")
    assert client.get("/queue/list", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_accepting_from_the_queue(cast: dict[str, User]) -> None:
    handoff = Handoff.objects.get(person="crm:person:1")
    client = browser(cast["ann"])
    assert client.get(f"/handoffs/{handoff.pk}/accept").status_code == 405
    answer = client.post(f"/handoffs/{handoff.pk}/accept", follow=True)
    assert "The lead is yours" in answer.content.decode()
    handoff.refresh_from_db()
    assert handoff.state == "accepted"


def test_the_one_who_comes_second_is_told(cast: dict[str, User]) -> None:
    handoff = Handoff.objects.get(person="crm:person:1")
    browser(cast["ann"]).post(f"/handoffs/{handoff.pk}/accept")
    answer = browser(cast["ben"]).post(f"/handoffs/{handoff.pk}/accept", follow=True)
    assert "Somebody has answered meanwhile: accepted" in answer.content.decode()


def test_returning_needs_a_reason_and_keeps_what_was_written(cast: dict[str, User]) -> None:
    handoff = Handoff.objects.get(person="crm:person:1")
    client = browser(cast["ann"])
    address = f"/handoffs/{handoff.pk}/answer"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"verdict": "returned", "reason": "other", "note": " "})
    assert refused.status_code == 422 and "other needs a note" in refused.content.decode()
    client.post(address, {"verdict": "returned", "reason": "too_small", "note": "three people"})
    handoff.refresh_from_db()
    said = handoff.verdicts.get()
    assert (handoff.state, said.reason, said.note, said.attempted) == (
        "returned",
        "too_small",
        "three people",
        False,
    )


def test_a_hold_from_the_page(cast: dict[str, User]) -> None:
    handoff = Handoff.objects.get(person="crm:person:1")
    client = browser(cast["ann"])
    client.post(f"/handoffs/{handoff.pk}/hold", {"reason": "call in May"})
    text = client.get("/queue").content.decode()
    assert "On hold" in text and "call in May" in text
    client.post(f"/handoffs/{handoff.pk}/hold", {"resume": "1"})
    assert not handoff.holds.filter(until=None).exists()


@pytest.mark.parametrize("action", ["accept", "hold", "answer"])
def test_another_teams_rep_gets_nothing(cast: dict[str, User], action: str) -> None:
    handoff = Handoff.objects.get(person="crm:person:1")
    assert browser(cast["kim"]).post(f"/handoffs/{handoff.pk}/{action}").status_code == 404
    handoff.refresh_from_db()
    assert handoff.state == "waiting" and not handoff.holds.exists()


def test_a_receipt_as_json_adds_up(cast: dict[str, User]) -> None:
    handoff = Handoff.objects.get(person="crm:person:1")
    clocks = browser(cast["ann"]).get(f"/handoffs/{handoff.pk}/receipts.json").json()["clocks"]
    assert [clock["promise"] for clock in clocks] == ["accept", "first_contact", "follow_up"]
    for clock in clocks:
        assert sum(line["seconds"] for line in clock["lines"] if line["counts"]) == clock["counted_seconds"]
    assert clocks[0]["counted_seconds"] == 3600 and clocks[0]["due_at"] == "2026-04-20T12:00:00Z"


def test_a_lead_page_shows_clocks_with_receipts_and_why_it_went_there(cast: dict[str, User]) -> None:
    text = browser(cast["ann"]).get("/leads/crm:person:1").content.decode()
    assert "Pat 1" in text and "Why it went there" in text
    assert f"agreement version <code>{Handoff.objects.get(person='crm:person:1').version}</code>" in text
    assert "3:00" in text and "1:00" in text  # of four hours one is gone
    assert "ben@northwind.example (not their turn" in text


def test_who_was_handed_a_lead_sees_it_though_the_tools_name_no_owner(cast: dict[str, User]) -> None:
    listed = browser(cast["ann"]).get("/leads").content.decode()
    assert "Pat 1" in listed and "Big" not in listed
    assert browser(cast["kim"]).get("/leads/crm:person:1").status_code == 404
    assert browser(cast["kim"]).get("/leads/crm:person:20").status_code == 200


def test_the_handoff_on_a_leads_page_follows_by_itself_for_whoever_may_know_of_it(
    cast: dict[str, User],
) -> None:
    ann, address = browser(cast["ann"]), "/handoffs-of/crm:person:1"
    assert f'hx-get="{address}"' in ann.get("/leads/crm:person:1").content.decode()
    first = ann.get(address)
    assert "Waiting for an answer" in first.content.decode()
    assert ann.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    ann.post(f"/handoffs/{Handoff.objects.get(person='crm:person:1').pk}/accept")
    again = ann.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200 and "Accepted" in again.content.decode()
    other = browser(cast["kim"]).get(address)
    assert "Handoff" not in other.content.decode()
