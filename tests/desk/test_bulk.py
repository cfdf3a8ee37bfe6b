"""Many leads at once: a preview that is what then happens, one message each, and ten minutes to undo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from handoff_world import MONDAY, at, live_company
from notify_world import cast, company, handed_over, told

from accord.desk.bulk import actions
from accord.desk.bulk.models import Bulk, BulkItem
from accord.desk.handoff.models import Clock, Debt, Handoff, Hold, Verdict
from accord.desk.notify.models import Message
from accord.desk.outbox.actions import drain
from accord.desk.outbox.models import OutboxFact
from accord.desk.teams.models import AuditEntry, User
from accord.workspace import Workspace

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
NOW = MONDAY + timedelta(minutes=30)
RETURN = {"action": "returned", "reason": "too_small", "all": "1"}


@pytest.fixture
def leads(company: Path, cast: Cast) -> list[Handoff]:
    """Four leads of the reps, two with Ann and two with Ben."""
    return handed_over(company, 1, 2, 3, 4)


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(person: User, address: str = "/several", moment: datetime = NOW, **given: Any) -> Any:
    with at(moment):
        return client_of(person).post(address, given)


def state() -> dict[str, Any]:
    """All that a change touches."""
    return {
        "handoffs": list(Handoff.objects.order_by("pk").values("state", "state_at", "owner", "again_at")),
        "clocks": list(Clock.objects.order_by("pk").values("state", "met_at", "ended_at", "due_at")),
        "verdicts": Verdict.objects.count(),
        "debts": list(Debt.objects.order_by("pk").values("user", "owed")),
        "feedback": OutboxFact.objects.filter(table="feedback").count(),
    }


def test_a_preview_says_what_would_happen_and_changes_nothing(leads: list[Handoff], cast: Cast) -> None:
    before, messages = state(), Message.objects.count()
    shown = post(cast["max"], **RETURN).content.decode()
    assert "4 leads would change." in shown and "Pat 1 (Acme)" in shown
    assert (state(), Message.objects.count(), Bulk.objects.count()) == (before, messages, 0)


def test_leads_are_returned_at_once_and_marketing_hears_once(leads: list[Handoff], cast: Cast) -> None:
    answer = post(cast["max"], **RETURN, do="1")
    bulk = Bulk.objects.get()
    assert answer["Location"] == f"/several/{bulk.pk}"
    assert set(Handoff.objects.values_list("state", flat=True)) == {Handoff.State.RETURNED}
    assert {said.reason for said in Verdict.objects.all()} == {"too_small"}
    assert sorted(told("returned")) == [("Meg", "returned", ""), ("Mia", "returned", "")]
    assert Message.objects.filter(kind="returned").first().title == "Max returned 4 leads: too small"  # type: ignore[union-attr]
    assert AuditEntry.objects.get(action="bulk returned").about == f"bulk {bulk.pk}: 4 leads"


def test_what_was_done_is_undone_and_nothing_of_it_reaches_the_ledger(
    company: Path, leads: list[Handoff], cast: Cast
) -> None:
    before = state()
    post(cast["max"], **RETURN, do="1")
    drain(Workspace(company), NOW + timedelta(minutes=9))
    later = NOW + timedelta(minutes=9)
    post(cast["max"], f"/several/{Bulk.objects.get().pk}/undo", later)
    assert state() == before
    assert set(Message.objects.filter(kind="returned").values_list("state", flat=True)) == {"withdrawn"}
    drain(Workspace(company), NOW + timedelta(hours=1))
    assert not OutboxFact.objects.filter(table="feedback").exists()
    assert "Taken back" in client_of(cast["max"]).get(f"/several/{Bulk.objects.get().pk}").content.decode()


def test_a_verdict_goes_to_the_ledger_when_it_can_no_longer_be_undone(
    company: Path, leads: list[Handoff], cast: Cast
) -> None:
    post(cast["max"], **RETURN, do="1")
    facts = OutboxFact.objects.filter(table="feedback")
    drain(Workspace(company), NOW + timedelta(minutes=9))
    assert not facts.filter(appended_at__isnull=False).exists()
    drain(Workspace(company), NOW + actions.UNDO)
    assert facts.filter(appended_at__isnull=False).count() == 4
    answer = post(cast["max"], f"/several/{Bulk.objects.get().pk}/undo", NOW + timedelta(minutes=11))
    assert answer.status_code == 302
    assert Verdict.objects.count() == 4 and Bulk.objects.get().undone_at is None


def test_leads_are_given_to_one_person_and_back_again(leads: list[Handoff], cast: Cast) -> None:
    before = state()
    post(cast["max"], action="assign", to=str(cast["ben"].pk), all="1", do="1")
    assert set(Handoff.objects.values_list("owner", flat=True)) == {cast["ben"].pk}
    left = BulkItem.objects.exclude(why="").values_list("why", flat=True)
    assert list(left) == ["Ben has it already."] * 2
    (news,) = Message.objects.filter(key__startswith="bulk:")
    assert (news.to.user, news.title) == (cast["ben"], "2 leads are yours now")
    post(cast["max"], f"/several/{Bulk.objects.get().pk}/undo", NOW + timedelta(minutes=1))
    assert [row["owner"] for row in state()["handoffs"]] == [row["owner"] for row in before["handoffs"]]
    rules = [handoff.assignments.last().rule for handoff in Handoff.objects.filter(owner=cast["ann"])]  # type: ignore[union-attr]
    assert rules == ["given by hand, taken back"] * 2


def test_turns_given_by_hand_are_owed_to_nobody_after_an_undo(leads: list[Handoff], cast: Cast) -> None:
    before = state()["debts"]
    post(cast["max"], action="assign", to="turns", lead=[str(leads[0].pk)], do="1")
    assert Handoff.objects.get(pk=leads[0].pk).owner != leads[0].owner
    post(cast["max"], f"/several/{Bulk.objects.get().pk}/undo")
    assert Handoff.objects.get(pk=leads[0].pk).owner == leads[0].owner
    assert state()["debts"] == before


def test_what_somebody_has_acted_on_since_stays(leads: list[Handoff], cast: Cast) -> None:
    post(cast["max"], action="assign", to=str(cast["ben"].pk), all="1", do="1")
    taken = BulkItem.objects.filter(why="").first()
    assert taken is not None
    with at(NOW + timedelta(minutes=1)):
        client_of(cast["ben"]).post(f"/handoffs/{taken.handoff.pk}/accept")
    answer = post(
        cast["max"], f"/several/{Bulk.objects.get().pk}/undo", NOW + timedelta(minutes=2), follow=True
    )
    assert answer.status_code == 302
    shown = client_of(cast["max"]).get(answer["Location"])
    assert Handoff.objects.get(pk=taken.handoff.pk).owner == cast["ben"]
    assert shown.status_code == 200
    assert Handoff.objects.filter(owner=cast["ann"]).count() == 1


def test_clocks_rest_and_run_again(leads: list[Handoff], cast: Cast) -> None:
    before = state()["clocks"]
    post(cast["ann"], action="pause", note="Trade fair", lead=[str(one.pk) for one in leads], do="1")
    assert Hold.objects.filter(until__isnull=True, reason="Trade fair").count() == 4
    post(cast["ann"], f"/several/{Bulk.objects.get().pk}/undo")
    assert not Hold.objects.filter(until__isnull=True).exists()
    assert state()["clocks"] == before


def test_leads_are_recycled_until_a_day(leads: list[Handoff], cast: Cast) -> None:
    post(cast["max"], action="recycled", again="2026-06-01", lead=[str(leads[0].pk)], do="1")
    changed = Handoff.objects.get(pk=leads[0].pk)
    assert changed.again_at == datetime(2026, 5, 31, 22, tzinfo=UTC)
    assert Handoff.objects.filter(state=Handoff.State.RECYCLED).count() == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"all": "1"}, "Nothing was chosen to be done."),
        ({"action": "returned", "reason": "too_small"}, "No lead was chosen."),
        ({"action": "assign", "all": "1"}, "Nobody was chosen."),
        ({"action": "assign", "to": "999", "all": "1"}, "Nobody was chosen."),
        ({"action": "recycled", "again": "soon", "all": "1"}, "soon is not a day."),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(
    leads: list[Handoff], cast: Cast, given: dict[str, str], said: str
) -> None:
    before = state()
    answer = post(cast["max"], **given, do="1")
    assert answer.status_code == 422 and said in answer.content.decode()
    assert state() == before


def test_marketing_cannot_be_given_leads(leads: list[Handoff], cast: Cast) -> None:
    answer = post(cast["max"], action="assign", to=str(cast["mia"].pk), all="1", do="1")
    assert "Mia cannot take leads." in answer.content.decode()


def test_a_reason_that_is_none_leaves_every_lead_with_why(leads: list[Handoff], cast: Cast) -> None:
    shown = post(cast["max"], action="returned", reason="other", all="1").content.decode()
    assert "0 leads would change." in shown and "4: other needs a note." in shown
    assert "Do it" not in shown


def test_many_must_be_typed(leads: list[Handoff], cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ASKED", 3)
    assert "type 4 to confirm" in post(cast["max"], **RETURN).content.decode()
    answer = post(cast["max"], **RETURN, typed="3", do="1")
    assert answer.status_code == 422 and not Verdict.objects.exists()
    assert post(cast["max"], **RETURN, typed="4", do="1").status_code == 302
    assert Verdict.objects.count() == 4


def test_more_than_a_thousand_are_refused(
    leads: list[Handoff], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST", 2)
    assert "4 leads are too many at once." in post(cast["max"], **RETURN, do="1").content.decode()
    assert not Verdict.objects.exists()


def test_nobody_reaches_leads_of_other_teams_or_the_changes_of_others(
    company: Path, leads: list[Handoff], cast: Cast
) -> None:
    answer = post(cast["kim"], action="returned", reason="too_small", lead=[str(leads[0].pk)], do="1")
    assert "No lead in hand matches" in answer.content.decode() and not Verdict.objects.exists()
    shown = post(cast["ann"], action="assign", to=str(cast["ben"].pk), all="1").content.decode()
    assert "0 leads would change." in shown
    assert client_of(cast["mia"]).get("/several").status_code == 403
    post(cast["max"], **RETURN, do="1")
    bulk = Bulk.objects.get()
    assert client_of(cast["ann"]).get(f"/several/{bulk.pk}").status_code == 404
    assert post(cast["ann"], f"/several/{bulk.pk}/undo").status_code == 404


def test_the_leads_page_narrows_what_is_chosen(leads: list[Handoff], cast: Cast) -> None:
    client = client_of(cast["max"])
    assert "1 lead in hand matches." in client.get("/several?q=Pat+1").content.decode()
    assert "No lead in hand matches" in client.get("/several?q=nobody").content.decode()
    with at(NOW):
        client.post("/several?q=Pat+1", RETURN | {"do": "1"})
    assert Handoff.objects.filter(state=Handoff.State.RETURNED).count() == 1
