"""Who is told of what: each thing once, in the transaction in which it happens, and nothing of the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.db import transaction
from handoff_world import MONDAY, calls, live_company, verdicts
from notify_world import TWO_MINUTES, cast, company, handed_over, told

from accord.desk.handoff.actions.adopt import adopt, open_before
from accord.desk.handoff.actions.assign import give
from accord.desk.handoff.actions.evidence import close_ended
from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.actions.verdicts import accept, give_up
from accord.desk.handoff.models import Handoff, SettledBuild
from accord.desk.handoff.settling import settle
from accord.desk.hours.actions import add_absence
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.models import Destination, Kind, Message
from accord.desk.notify.news import News
from accord.desk.teams.models import User
from accord.workspace import Workspace

__all__ = ["cast", "company", "live_company"]

PERSON = "crm:person:1"
Cast = dict[str, User]


def test_a_new_owner_is_told_who_asked_and_until_when_to_answer(company: Path, cast: Cast) -> None:
    handed_over(company, 1)
    assert told() == [("Ann", "hot_lead", PERSON)]
    message = Message.objects.get()
    assert message.title == "{lead} asked to be contacted, and is yours"
    assert message.lines == ["Answer until 20 Apr 2026, 14:00 (Europe/Berlin)."]
    assert message.path == f"/leads/{PERSON}" and message.to.channel == "mail"


def test_settling_again_tells_nothing_twice(company: Path, cast: Cast) -> None:
    handed_over(company, 1)
    SettledBuild.objects.all().delete()
    space = Workspace(company)
    assert settle(space, space.agreement, MONDAY + timedelta(minutes=5))
    assert told() == [("Ann", "hot_lead", PERSON)]


def test_nobody_is_told_in_shadow_mode(company: Path, cast: Cast) -> None:
    toml = company / "accord.toml"
    toml.write_text(toml.read_text().replace('mode = "live"', 'mode = "shadow"'))
    handed_over(company, 1)
    assert Handoff.objects.exists() and not Message.objects.exists()


def test_what_qualified_more_than_an_hour_ago_wakes_nobody(company: Path, cast: Cast) -> None:
    handed_over(company, 1, late=timedelta(minutes=61))
    assert Handoff.objects.exists() and told() == []


def test_with_nobody_there_the_manager_is_told(company: Path, cast: Cast) -> None:
    for name in ("ann", "ben"):
        add_absence(cast[name], MONDAY - timedelta(days=1), MONDAY + timedelta(days=1), by=None)
    handed_over(company, 1)
    assert told() == [("Max", "handover", PERSON)]


def test_a_lead_given_by_hand_tells_the_new_owner_alone(company: Path, cast: Cast) -> None:
    (handoff,) = handed_over(company, 1)
    give(handoff, cast["ben"], MONDAY + timedelta(hours=1), by=cast["max"])
    assert told("handover") == [("Ben", "handover", PERSON)]


def test_who_takes_a_lead_is_not_told_what_they_did(company: Path, cast: Cast) -> None:
    (handoff,) = handed_over(company, 1)
    accept(handoff, cast["ben"], MONDAY + timedelta(hours=1), Workspace(company).agreement)
    assert told("handover") == []


def test_what_is_undone_was_never_told(company: Path, cast: Cast) -> None:
    (handoff,) = handed_over(company, 1)
    with transaction.atomic():
        give(handoff, cast["ben"], MONDAY + timedelta(hours=1), by=cast["max"])
        transaction.set_rollback(True)
    assert told("handover") == []


def test_escalation_tells_owner_and_manager_each_rung_once(company: Path, cast: Cast) -> None:
    handed_over(company, 1)
    agreement = Workspace(company).agreement
    for _ in range(2):
        sweep(agreement, MONDAY + timedelta(hours=2), None)
    assert told("at_risk", "breach") == [("Ann", "at_risk", PERSON)]
    for _ in range(2):
        sweep(agreement, MONDAY + timedelta(hours=4), None)
    assert told("breach") == [("Max", "breach", PERSON)]
    breach = Message.objects.get(kind=Kind.BREACH)
    assert breach.title == "{lead}: answer is overdue"
    assert breach.lines == ["With Ann.", "Due 20 Apr 2026, 14:00."]


def test_an_unconfirmed_clock_tells_its_owner_alone(company: Path, cast: Cast) -> None:
    (handoff,) = handed_over(company, 1)
    agreement = Workspace(company).agreement
    accept(handoff, cast["ann"], MONDAY + timedelta(hours=1), agreement)
    late, read = MONDAY + timedelta(hours=25), datetime(2026, 4, 20, 11, 40)
    for _ in range(2):
        sweep(agreement, late, read)
    assert told("at_risk", "breach") == [("Ann", "at_risk", PERSON)]
    message = Message.objects.get(kind=Kind.AT_RISK)
    assert message.title == "{lead}: first contact is due, and nothing is seen of it"
    assert message.lines == [
        "The tools were last read 20 Apr 2026, 13:40. If you did it, nothing is left to do."
    ]


def test_what_was_due_before_the_desk_had_the_lead_is_told_to_nobody(company: Path, cast: Cast) -> None:
    handed_over(company, 1, late=timedelta(hours=30))
    sweep(Workspace(company).agreement, MONDAY + timedelta(hours=30), None)
    assert told() == [("Ben", "handover", PERSON)]  # to whom it was reassigned, now


def test_a_breach_taken_back_is_told_to_exactly_those_who_heard_of_it(company: Path, cast: Cast) -> None:
    handed_over(company, 1)
    due = MONDAY + timedelta(hours=24)
    sweep(Workspace(company).agreement, due + timedelta(hours=1), None)
    first_contact = Message.objects.get(kind=Kind.BREACH, title__contains="first contact")
    assert first_contact.to.user == cast["max"]
    Message.objects.filter(kind=Kind.BREACH).update(state=Message.State.SENT)
    space = calls(company, due + timedelta(days=1), (1, due - timedelta(minutes=5)))
    settle(space, space.agreement, due + timedelta(days=1, minutes=5))
    assert told("withdrawn") == [("Max", "withdrawn", PERSON)]


def test_a_breach_nobody_has_been_told_of_yet_is_never_sent(company: Path, cast: Cast) -> None:
    handed_over(company, 1)
    due = MONDAY + timedelta(hours=24)
    sweep(Workspace(company).agreement, due + timedelta(hours=1), None)
    space = calls(company, due + timedelta(days=1), (1, due - timedelta(minutes=5)))
    settle(space, space.agreement, due + timedelta(days=1, minutes=5))
    assert told("withdrawn") == []
    states = {m.title: m.state for m in Message.objects.filter(kind=Kind.BREACH)}
    assert states["{lead}: first contact is overdue"] == Message.State.WITHDRAWN


def test_a_return_is_told_to_marketing_with_its_reason(company: Path, cast: Cast) -> None:
    (handoff,) = handed_over(company, 1)
    now = MONDAY + timedelta(hours=1)
    give_up(
        handoff,
        "returned",
        cast["ann"],
        now,
        Workspace(company).agreement,
        reason="too_small",
        note="three people",
    )
    assert told("returned") == [("Mia", "returned", PERSON), ("Meg", "returned", PERSON)]
    message = Message.objects.filter(kind=Kind.RETURNED).first()
    assert (message.title, message.lines) == ("{lead} is returned: too small", ["three people"])


def test_a_return_in_the_tool_is_told_too_and_once(company: Path, cast: Cast) -> None:
    handed_over(company, 1)
    said = MONDAY + timedelta(hours=1)
    space = verdicts(company, said + TWO_MINUTES, (1, said, "returned", "too_small"))
    for _ in range(2):
        SettledBuild.objects.all().delete()
        settle(space, space.agreement, said + timedelta(minutes=5))
    assert told("returned") == [("Mia", "returned", PERSON), ("Meg", "returned", PERSON)]


def test_leads_taken_over_in_bulk_tell_each_owner_once(company: Path, cast: Cast) -> None:
    space = Workspace(company)
    engine = space.builds.current().reader(space.settings.memory)
    leads = open_before(engine)
    assert adopt(engine, space.agreement, leads, MONDAY, fresh=True, by=None) == len(leads) >= 1
    owners = {handoff.owner.name for handoff in Handoff.objects.select_related("owner")}
    assert {name for name, _kind, _about in told()} == owners
    assert len(told()) == len(owners) and {about for _n, _k, about in told()} == {""}


def test_shared_destinations_hear_of_their_team_and_of_what_they_chose(company: Path, cast: Cast) -> None:
    team = cast["ann"].teams.get()
    Destination.objects.create(channel="chat", address="#reps", team=team, kinds=["hot_lead"])
    Destination.objects.create(channel="chat", address="#all", kinds=["hot_lead", "win"])
    Destination.objects.create(channel="chat", address="#wins", kinds=["win"])
    Destination.objects.create(
        channel="chat", address="#old", kinds=["hot_lead"], disabled_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    handed_over(company, 1, 20)
    shared = sorted((name, about) for name, _kind, about in told() if name.startswith("#"))
    assert shared == [("#all", PERSON), ("#all", "crm:person:20"), ("#reps", PERSON)]


def test_an_event_is_told_to_a_person_once_however_often_it_is_said(company: Path, cast: Cast) -> None:
    one = News(Kind.WIN, "won:1", (cast["ann"], cast["ann"]), MONDAY.replace(tzinfo=UTC), "{lead} is won")
    for _ in range(2):
        tell([one, one])
    assert Message.objects.count() == 1


@pytest.mark.parametrize(("ended", "heard"), [("won", ["Ann", "Mia", "Meg"]), ("lost", [])])
def test_a_win_is_told_to_its_owner_and_marketing(
    company: Path, cast: Cast, ended: str, heard: list[str]
) -> None:
    (handoff,) = handed_over(company, 1)
    now = MONDAY + timedelta(days=2)
    row = {"name": PERSON, "cycle_no": handoff.cycle_no, "closed_at": now, "closed_by": ended}
    engine = Mock(query=Mock(return_value=Mock(to_pylist=Mock(return_value=[row]))))
    assert close_ended(engine, now) == 1
    assert [name for name, _kind, _about in told("win")] == heard
