"""A lead added by hand becomes facts the agreement judges; notes stay at the desk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from handoff_world import MONDAY, at, live_company
from notify_world import cast, company, handed_over

from accord.desk.handoff.models import Handoff
from accord.desk.handoff.settling import settle
from accord.desk.jobs.models import Job
from accord.desk.leads.models import LeadNote
from accord.desk.outbox.actions import drain
from accord.desk.outbox.models import OutboxFact
from accord.desk.teams.models import AuditEntry, User
from accord.workspace import Workspace

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
NOW = MONDAY + timedelta(hours=1)
GIVEN = {
    "email": " Nia@Acme.example",
    "first_name": "Nia",
    "last_name": "Okafor",
    "company": "Acme",
    "kind": "form_submit",
    "what": "demo",
    "day": "2026-04-20",
}


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def add(person: User, **given: Any) -> Any:
    with at(NOW):
        return client_of(person).post("/leads/add", GIVEN | given)


def built(company: Path) -> None:
    """The worker hands the facts over, and builds."""
    with at(NOW + timedelta(seconds=10)):
        drain(Workspace(company), NOW + timedelta(seconds=5))
        space = Workspace(company)
        space.build()
        settle(space, space.agreement, NOW + timedelta(seconds=20))


@pytest.mark.parametrize("who", ["mia", "ben"])
def test_a_lead_added_by_hand_is_judged_and_handed_over(company: Path, cast: Cast, who: str) -> None:
    answer = add(cast[who], mine="1")
    assert answer["Location"] == "/leads"
    assert Job.objects.get().kind == "build"
    built(company)
    (handoff,) = Handoff.objects.all()
    assert handoff.person.startswith("accord:person:")
    text = client_of(cast["max"]).get(f"/leads/{handoff.person}").content.decode()
    assert "Nia Okafor" in text and "nia@acme.example" in text
    owns = handoff.assignments.get().considered[0]["reason"] == "owns_account"
    assert (handoff.owner == cast["ben"] and owns) if who == "ben" else handoff.owner is not None


def test_somebody_known_already_stays_one_person(company: Path, cast: Cast) -> None:
    add(cast["mia"], email="p1@acme.example")
    built(company)
    (handoff,) = Handoff.objects.all()
    text = client_of(cast["max"]).get(f"/leads/{handoff.person}").content.decode()
    assert "Why these are one person" in text and "crm:person:1" in text


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ({"email": "nia"}, "This is no e-mail address."),
        ({"first_name": "", "last_name": " "}, "A person needs a name."),
        ({"kind": "telepathy"}, "This is no way to have met."),
        ({"day": "soon"}, "soon is not a day."),
        ({"day": "2026-04-22"}, "This day is still to come."),
        ({"company": "x" * 301}, "This is longer than 300 letters."),
    ],
)
def test_a_mistake_is_told_and_nothing_is_added(cast: Cast, mistake: dict[str, str], told: str) -> None:
    answer = add(cast["mia"], **mistake)
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not OutboxFact.objects.exists() and not Job.objects.exists()


def test_notes_are_written_seen_and_removed_by_who_wrote_them(company: Path, cast: Cast) -> None:
    (handoff,) = handed_over(company, 1)
    address = f"/leads/{handoff.person}"
    ann, max_ = client_of(cast["ann"]), client_of(cast["max"])
    ann.post(f"/lead-notes/{handoff.person}", {"text": " Prefers <b>mornings</b>\nand tea "})
    shown = max_.get(address).content.decode()
    assert "Prefers &lt;b&gt;mornings&lt;/b&gt;<br>and tea" in shown
    note = LeadNote.objects.get()
    assert AuditEntry.objects.get(action="note written").about == f"note {note.pk}"
    max_.post(f"/lead-notes/{note.pk}/remove/{handoff.person}")
    assert LeadNote.objects.exists()
    ann.post(f"/lead-notes/{note.pk}/remove/{handoff.person}")
    assert not LeadNote.objects.exists()
    assert not OutboxFact.objects.filter(row__icontains="tea").exists()


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001])
def test_an_empty_or_endless_note_is_refused(company: Path, cast: Cast, text: str) -> None:
    (handoff,) = handed_over(company, 1)
    client_of(cast["ann"]).post(f"/lead-notes/{handoff.person}", {"text": text})
    assert not LeadNote.objects.exists()


def test_nobody_writes_or_reads_notes_of_leads_they_may_not_see(company: Path, cast: Cast) -> None:
    (handoff,) = handed_over(company, 20)  # of the key accounts
    assert client_of(cast["ann"]).post(f"/lead-notes/{handoff.person}", {"text": "Hello"}).status_code == 404
    assert client_of(cast["mia"]).post(f"/lead-notes/{handoff.person}", {"text": "Hello"}).status_code == 302
    viewer = User.objects.create(email="vic@northwind.example", name="Vic", role="viewer")
    assert client_of(viewer).post(f"/lead-notes/{handoff.person}", {"text": "Hello"}).status_code == 403
    assert "Hello" not in client_of(viewer).get("/leads/lead=1").content.decode()
    assert LeadNote.objects.get().by == cast["mia"]
