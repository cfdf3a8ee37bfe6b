"""From a decision to a verdict: owners, clocks, evidence, escalation, and every step a fact."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from handoff_world import MONDAY, calls, demo_requests, live_company, people, verdicts

from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.actions.verdicts import AnswerRefused, accept, give_up, hold, resume
from accord.desk.handoff.models import Clock, Handoff, SettledBuild
from accord.desk.handoff.settling import read_until, run_once, settle
from accord.desk.hours.actions import add_absence
from accord.desk.outbox.actions import drain
from accord.desk.outbox.models import OutboxFact
from accord.desk.teams.models import User
from accord.ledger.current import current_facts
from accord.workspace import Workspace

__all__ = ["live_company"]


@pytest.fixture
def company(live_company: Path, tmp_path: Path, db: None) -> Path:
    return Path(shutil.copytree(live_company, tmp_path / "company"))


@pytest.fixture
def cast(company: Path) -> dict[str, User]:
    return people()


def at(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def facts(space: Workspace, table: str) -> list[dict[str, object]]:
    rows = [row for row in current_facts(space.ledger, table).to_pylist() if row["source"] == "accord"]
    return sorted(rows, key=lambda row: (row["occurred_at"], str(row.get("move"))))


def handed_over(company: Path, *persons: int) -> list[Handoff]:
    space = demo_requests(company, MONDAY, *persons)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    return list(Handoff.objects.order_by("decided_at", "person"))


def test_a_lead_that_qualifies_live_gets_an_owner_and_clocks(company: Path, cast: dict[str, User]) -> None:
    (handoff,) = handed_over(company, 1)
    assert (handoff.person, handoff.stage, handoff.team.slug) == ("crm:person:1", "mql", "reps")
    assert handoff.owner == cast["ann"]
    assert handoff.decided_at == at(MONDAY)
    clocks = {clock.promise: clock for clock in handoff.clocks.all()}
    assert clocks["accept"].due_at == at(MONDAY + timedelta(hours=4))
    assert clocks["first_contact"].due_at == at(MONDAY + timedelta(hours=24))
    assert clocks["follow_up"].due_at == at(MONDAY + timedelta(days=14))
    assert {clock.version for clock in clocks.values()} == {Workspace(company).agreement.behaviour_hash}


def test_what_qualified_in_a_first_load_is_history_and_never_handed_over(
    company: Path, cast: dict[str, User]
) -> None:
    assert settle(Workspace(company), Workspace(company).agreement, MONDAY)
    assert not Handoff.objects.exists()


def test_routes_owners_and_turns(company: Path, cast: dict[str, User]) -> None:
    handoffs = {h.person: h for h in handed_over(company, 1, 2, 3, 4, 20, 30)}
    reps = [handoffs[f"crm:person:{n}"].owner.name for n in (1, 2, 3, 30, 4)]
    assert reps == ["Ann", "Ben", "Ann", "Ben", "Ann"]
    assert handoffs["crm:person:20"].owner == cast["kim"]
    zoes = handoffs["crm:person:30"].assignments.get()
    assert zoes.considered[0] == {"name": "zoe@northwind.example", "reason": "no_account", "owed": ""}
    assert zoes.owner in (cast["ann"], cast["ben"])


def test_settling_again_or_after_a_lost_row_makes_what_is_missing_and_nothing_twice(
    company: Path, cast: dict[str, User]
) -> None:
    handed_over(company, 1, 2)
    space = Workspace(company)
    assert not settle(space, space.agreement, MONDAY + timedelta(minutes=3))
    SettledBuild.objects.all().delete()
    Handoff.objects.get(person="crm:person:2").delete()
    assert settle(space, space.agreement, MONDAY + timedelta(minutes=4))
    assert Handoff.objects.count() == 2


def test_a_verdict_ends_the_answer_clock_and_becomes_one_fact(company: Path, cast: dict[str, User]) -> None:
    (handoff,) = handed_over(company, 1)
    space, now = Workspace(company), MONDAY + timedelta(hours=1)
    accept(handoff, cast["ann"], now, space.agreement)
    clock = handoff.clocks.get(promise="accept")
    assert (clock.state, clock.met_at) == ("met", at(now))
    for _ in range(2):
        run_once(space, now + timedelta(seconds=5))
        OutboxFact.objects.update(appended_at=None)  # the worker died before it could note the append
    (verdict,) = facts(space, "feedback")
    assert (verdict["verdict"], verdict["occurred_at"]) == ("accepted", now)
    assert [fact["move"] for fact in facts(space, "handoff_moves")] == ["assigned"]


def test_facts_long_appended_are_dropped_from_the_outbox_and_waiting_ones_kept(
    company: Path, cast: dict[str, User]
) -> None:
    handed_over(company, 1, 2)
    space = Workspace(company)
    run_once(space, MONDAY + timedelta(hours=1))
    old, recent = OutboxFact.objects.order_by("id")[:2]
    OutboxFact.objects.filter(pk=old.pk).update(appended_at=timezone.now() - timedelta(days=91))
    run_once(space, MONDAY + timedelta(hours=2))
    kept = set(OutboxFact.objects.values_list("pk", flat=True))
    assert old.pk not in kept and recent.pk in kept
    assert len(facts(space, "handoff_moves")) >= 2  # the ledger keeps them all


def test_of_two_who_answer_at_once_one_wins_and_the_other_is_told(
    company: Path, cast: dict[str, User]
) -> None:
    (handoff,) = handed_over(company, 1)
    stale = Handoff.objects.get()
    space = Workspace(company)
    accept(handoff, cast["ann"], MONDAY + timedelta(hours=1), space.agreement)
    with pytest.raises(AnswerRefused, match="Somebody has answered meanwhile: accepted"):
        accept(stale, cast["ben"], MONDAY + timedelta(hours=1), space.agreement)
    assert Handoff.objects.get().owner == cast["ann"]
    assert handoff.verdicts.count() == 1


def test_only_the_team_may_answer(company: Path, cast: dict[str, User]) -> None:
    (handoff,) = handed_over(company, 1)
    with pytest.raises(AnswerRefused, match="not yours"):
        accept(handoff, cast["kim"], MONDAY, Workspace(company).agreement)
    assert (
        Handoff.objects.get().state == "waiting" and not OutboxFact.objects.filter(table="feedback").exists()
    )


@pytest.mark.parametrize(("reason", "note"), [("", ""), ("no such reason", "x"), ("other", "  ")])
def test_a_return_needs_a_reason_of_the_agreement(
    company: Path, cast: dict[str, User], reason: str, note: str
) -> None:
    (handoff,) = handed_over(company, 1)
    with pytest.raises(AnswerRefused):
        give_up(
            handoff, "returned", cast["ann"], MONDAY, Workspace(company).agreement, reason=reason, note=note
        )
    assert Handoff.objects.get().state == "waiting"


def test_a_return_ends_all_clocks(company: Path, cast: dict[str, User]) -> None:
    (handoff,) = handed_over(company, 1)
    now = MONDAY + timedelta(hours=2)
    give_up(handoff, "returned", cast["ann"], now, Workspace(company).agreement, reason="too_small")
    states = dict(handoff.clocks.values_list("promise", "state"))
    assert states == {"accept": "met", "first_contact": "stopped", "follow_up": "stopped"}


def test_a_broken_promise_is_found_though_nobody_touches_the_lead(
    company: Path, cast: dict[str, User]
) -> None:
    (handoff,) = handed_over(company, 1)
    space = Workspace(company)
    late = MONDAY + timedelta(hours=9)
    assert sweep(space.agreement, late, None).broken == 1
    clock = handoff.clocks.get(promise="accept")
    assert (clock.broken_at, clock.noticed_at) == (at(MONDAY + timedelta(hours=4)), at(late))
    assert sweep(space.agreement, late, None).broken == 0
    run_once(space, late)
    assert [f["occurred_at"] for f in facts(space, "handoff_moves") if f["move"] == "breached"] == [
        MONDAY + timedelta(hours=4)
    ]


def test_no_breach_is_called_before_the_tools_were_read_past_it(company: Path, cast: dict[str, User]) -> None:
    (handoff,) = handed_over(company, 1)
    space = Workspace(company)
    accept(handoff, cast["ann"], MONDAY + timedelta(hours=1), space.agreement)
    due = MONDAY + timedelta(hours=24)
    assert read_until(space) == datetime(2026, 4, 1, 8)  # the calls were loaded then, and not since
    assert sweep(space.agreement, due + timedelta(hours=1), read_until(space)).unconfirmed == 1
    clock = handoff.clocks.get(promise="first_contact")
    assert clock.unconfirmed and not clock.is_broken
    told = {rung.action: rung.done_at is not None for rung in clock.rungs.all()}
    assert told == {"tell owner": True, "tell manager": False, "reassign": False}
    space = calls(company, due + timedelta(hours=2), (1, due - timedelta(hours=3)))
    run_once(space, due + timedelta(hours=2, minutes=5))
    clock.refresh_from_db()
    assert (clock.state, clock.met_at, clock.broken_at) == ("met", at(due - timedelta(hours=3)), None)


def test_a_call_found_late_but_made_in_time_takes_the_breach_back(
    company: Path, cast: dict[str, User]
) -> None:
    (handoff,) = handed_over(company, 1)
    space, due = Workspace(company), MONDAY + timedelta(hours=24)
    sweep(space.agreement, due + timedelta(hours=1), None)
    clock = handoff.clocks.get(promise="first_contact")
    assert clock.is_broken
    space = calls(company, due + timedelta(days=1), (1, due - timedelta(minutes=5)))
    settle(space, space.agreement, due + timedelta(days=1, minutes=5))
    clock.refresh_from_db()
    assert not clock.is_broken and clock.broken_at == at(due)
    assert (clock.state, clock.met_at) == ("met", at(due - timedelta(minutes=5)))
    # Too late a call only ends the measuring.
    assert clock.withdrawn_at == at(due + timedelta(days=1, minutes=5))


def test_a_call_too_late_ends_the_clock_and_leaves_the_breach(company: Path, cast: dict[str, User]) -> None:
    (handoff,) = handed_over(company, 1)
    space, due = Workspace(company), MONDAY + timedelta(hours=24)
    sweep(space.agreement, due + timedelta(hours=1), None)
    space = calls(company, due + timedelta(days=1), (1, due + timedelta(hours=3)))
    settle(space, space.agreement, due + timedelta(days=1, minutes=5))
    clock = handoff.clocks.get(promise="first_contact")
    assert clock.is_broken and (clock.state, clock.met_at) == ("met", at(due + timedelta(hours=3)))


def test_escalation_climbs_each_rung_once_and_gives_the_lead_to_another(
    company: Path, cast: dict[str, User]
) -> None:
    (handoff,) = handed_over(company, 1)
    space = Workspace(company)
    sweep(space.agreement, MONDAY + timedelta(hours=2), None)
    clock = handoff.clocks.get(promise="accept")
    assert [(r.percent, r.done_at is not None) for r in clock.rungs.all()] == [
        (50, True),
        (100, False),
        (150, False),
    ]
    tuesday = MONDAY + timedelta(hours=23)  # 9 o'clock: 7 hours of Monday counted, and none of the night
    for _ in range(3):
        sweep(space.agreement, tuesday, None)
    handoff.refresh_from_db()
    assert handoff.owner == cast["ben"]
    assert [a.owner.email.split("@")[0] for a in handoff.assignments.all()] == ["ann", "ben"]
    assert all(rung.done_at for rung in clock.rungs.all())


def test_a_hold_lets_the_clocks_stand_still(company: Path, cast: dict[str, User]) -> None:
    (handoff,) = handed_over(company, 1)
    agreement = Workspace(company).agreement
    hold(handoff, "asked to call in summer", cast["ann"], MONDAY + timedelta(hours=1), agreement)
    assert handoff.clocks.get(promise="accept").due_at is None
    assert not sweep(agreement, MONDAY + timedelta(days=3), None).anything
    resume(handoff, cast["ann"], MONDAY + timedelta(days=1), agreement)
    # One hour had passed; of the four, three are left from ten o'clock on Tuesday.
    assert handoff.clocks.get(promise="accept").due_at == at(MONDAY + timedelta(days=1, hours=3))
    with pytest.raises(AnswerRefused, match="Its clocks run"):
        resume(handoff, cast["ann"], MONDAY + timedelta(days=1), agreement)


def test_an_absent_owner_is_covered_and_gets_the_lead_back(company: Path, cast: dict[str, User]) -> None:
    from accord.desk.rights import Role
    from accord.desk.teams.actions import add_person

    zoe = add_person("zoe@northwind.example", "Zoe", Role.REP, password="robots and coffee", teams=["reps"])
    add_absence(zoe, MONDAY - timedelta(days=1), MONDAY + timedelta(days=2), by=None)
    (handoff,) = handed_over(company, 30)
    assert handoff.owner in (cast["ann"], cast["ben"]) and handoff.covers == zoe
    assert handoff.returns_at == at(MONDAY + timedelta(days=2))
    agreement = Workspace(company).agreement
    assert sweep(agreement, MONDAY + timedelta(days=1), None).returned == 0
    assert sweep(agreement, MONDAY + timedelta(days=2), None).returned == 1
    handoff.refresh_from_db()
    assert (handoff.owner, handoff.covers, handoff.returns_at) == (zoe, None, None)


def test_with_nobody_there_the_lead_waits_in_the_pool_with_its_clocks_running(
    company: Path, cast: dict[str, User]
) -> None:
    add_absence(cast["kim"], MONDAY - timedelta(days=1), MONDAY + timedelta(days=2), by=None)
    (handoff,) = handed_over(company, 20)
    assert handoff.owner is None and handoff.clocks.count() == 3
    accept(handoff, cast["kim"], MONDAY + timedelta(hours=1), Workspace(company).agreement)
    assert Handoff.objects.get().owner == cast["kim"]


def test_a_recycled_lead_comes_back_with_fresh_clocks(company: Path, cast: dict[str, User]) -> None:
    (handoff,) = handed_over(company, 1)
    agreement = Workspace(company).agreement
    give_up(handoff, "recycled", cast["ann"], MONDAY, agreement)
    assert handoff.again_at == at(MONDAY + timedelta(days=30))
    assert sweep(agreement, MONDAY + timedelta(days=29), None).came_back == 0
    assert sweep(agreement, MONDAY + timedelta(days=30), None).came_back == 1
    handoff.refresh_from_db()
    assert handoff.state == "waiting"
    assert handoff.clocks.filter(state=Clock.State.RUNNING).count() == 3


def test_an_order_of_late_facts_gives_the_same_answer(company: Path, cast: dict[str, User]) -> None:
    (handoff,) = handed_over(company, 1)
    due = MONDAY + timedelta(hours=24)
    space = calls(company, due + timedelta(hours=1), (1, MONDAY + timedelta(hours=5)))
    settle(space, space.agreement, due + timedelta(hours=2))
    space = calls(company, due + timedelta(hours=3), (1, MONDAY + timedelta(hours=2)))
    settle(space, space.agreement, due + timedelta(hours=4))
    assert handoff.clocks.get(promise="first_contact").met_at == at(MONDAY + timedelta(hours=5))


def test_a_verdict_given_in_the_tool_counts_at_its_time_and_takes_a_breach_back(
    company: Path, cast: dict[str, User]
) -> None:
    (handoff,) = handed_over(company, 1)
    space, due = Workspace(company), MONDAY + timedelta(hours=4)
    sweep(space.agreement, due + timedelta(hours=1), None)
    assert handoff.clocks.get(promise="accept").is_broken
    said_at = due - timedelta(minutes=10)
    space = verdicts(company, due + timedelta(hours=2), (1, said_at, "accepted", ""))
    for _ in range(2):
        settle(space, space.agreement, due + timedelta(hours=3))
        SettledBuild.objects.all().delete()
    handoff.refresh_from_db()
    clock = handoff.clocks.get(promise="accept")
    assert (handoff.state, clock.state, clock.met_at) == ("accepted", "met", at(said_at))
    assert not clock.is_broken
    assert [(v.verdict, v.said_by, v.by) for v in handoff.verdicts.all()] == [("accepted", "Zoe", None)]


def test_of_two_verdicts_that_disagree_the_later_holds_and_both_are_shown(
    company: Path, cast: dict[str, User]
) -> None:
    first, second = handed_over(company, 1, 2)
    space = Workspace(company)
    for handoff in (first, second):
        accept(handoff, handoff.owner, MONDAY + timedelta(hours=1), space.agreement)
    space = verdicts(
        company,
        MONDAY + timedelta(hours=3),
        (1, MONDAY + timedelta(hours=2), "returned", "too_small"),
        (2, MONDAY + timedelta(minutes=30), "returned", "too_small"),
    )
    settle(space, space.agreement, MONDAY + timedelta(hours=4))
    states = dict(Handoff.objects.values_list("person", "state"))
    assert states == {"crm:person:1": "returned", "crm:person:2": "accepted"}
    assert first.verdicts.count() == second.verdicts.count() == 2
    running = Clock.objects.filter(state=Clock.State.RUNNING).values_list("handoff__person", flat=True)
    assert set(running) == {"crm:person:2"}


def test_a_lead_loaded_before_the_agreement_changed_and_built_after_is_not_lost(
    company: Path, cast: dict[str, User]
) -> None:
    agreement = company / "agreement.yaml"
    agreement.write_text(agreement.read_text().replace("points: 50", "points: 60"))
    space = demo_requests(company, MONDAY, 1)  # loaded, and a minute later built by the new version
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    made = Handoff.objects.get()
    assert (made.person, made.version) == ("crm:person:1", space.agreement.behaviour_hash)


def test_a_lead_that_came_back_and_qualifies_anew_is_in_hand_once_with_who_had_it(
    company: Path, cast: dict[str, User]
) -> None:
    (first,) = handed_over(company, 1)
    space, back = Workspace(company), MONDAY + timedelta(days=31)
    give_up(first, "recycled", cast["ann"], MONDAY + timedelta(hours=1), space.agreement)
    drain(space, MONDAY + timedelta(hours=1))
    sweep(space.agreement, back, None)
    first.refresh_from_db()
    assert first.state == "waiting"
    space = demo_requests(company, back + timedelta(hours=1), 1)
    settle(space, space.agreement, back + timedelta(hours=2))
    first.refresh_from_db()
    assert first.state == "closed"
    assert not first.clocks.filter(state=Clock.State.RUNNING).exists()
    second = Handoff.objects.get(state__in=Handoff.OPEN)
    assert (second.person, second.cycle_no, second.owner) == (first.person, 2, first.owner)
