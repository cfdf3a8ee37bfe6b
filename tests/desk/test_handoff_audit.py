"""The audit accounts for every lead, the dry run changes nothing, and going live takes leads over."""

from __future__ import annotations

import shutil
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from handoff_world import MONDAY, calls, demo_requests, live_company, people

from accord.desk.handoff.actions.adopt import adopt, open_before
from accord.desk.handoff.actions.verdicts import accept, give_up
from accord.desk.handoff.audit import audit
from accord.desk.handoff.dry_run import UnknownLeads, dry_run
from accord.desk.handoff.models import Assignment, Clock, Debt, Handoff
from accord.desk.handoff.settling import settle
from accord.desk.outbox.models import OutboxFact
from accord.desk.teams.models import User
from accord.workspace import Workspace

__all__ = ["live_company"]


@pytest.fixture
def company(live_company: Path, tmp_path: Path, db: None) -> Path:
    return Path(shutil.copytree(live_company, tmp_path / "company"))


@pytest.fixture
def cast(company: Path) -> dict[str, User]:
    return people()


def test_every_lead_is_in_one_state_and_history_is_apart(company: Path, cast: dict[str, User]) -> None:
    space = demo_requests(company, MONDAY, 1, 2, 3, 4, 20)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    by_person = {handoff.person: handoff for handoff in Handoff.objects.all()}
    now, agreement = MONDAY + timedelta(hours=1), space.agreement
    for n, verdict in ((2, "returned"), (3, "recycled"), (4, "disqualified")):
        handoff = by_person[f"crm:person:{n}"]
        give_up(handoff, verdict, handoff.owner, now, agreement, reason="too_small")
    space = calls(company, MONDAY + timedelta(hours=5), (1, MONDAY + timedelta(hours=4)))
    settle(space, agreement, MONDAY + timedelta(hours=6))
    found = audit(space.builds.current().reader(), agreement)
    states = {"disqualified": 1, "recycled": 1, "returned": 1, "contacted": 1, "open": 1}
    assert (found.live, found.findings) == (states, [])
    assert found.history == {"contacted": 1}  # Pat 8, who qualified with the first load
    assert found.qualified == sum(found.live.values()) + sum(found.history.values()) == 6


def test_a_lead_never_handed_over_and_one_without_a_clock_are_found(
    company: Path, cast: dict[str, User]
) -> None:
    space = demo_requests(company, MONDAY, 1, 2)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    Handoff.objects.get(person="crm:person:1").delete()
    Clock.objects.update(state=Clock.State.STOPPED)
    found = audit(space.builds.current().reader(), space.agreement)
    assert [(finding["lead"], finding["wrong"]) for finding in found.findings] == [
        ("crm:person:1", "it was never handed over"),
        ("crm:person:2", "it is open and no clock runs"),
    ]


def test_after_a_restore_of_either_store_the_next_pass_heals_it(company: Path, cast: dict[str, User]) -> None:
    space = demo_requests(company, MONDAY, 1, 2)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    from accord.desk.handoff.models import SettledBuild

    # The desk database comes back from before the handoffs, and with it what it knew of the build.
    Assignment.objects.all().delete()
    Handoff.objects.all().delete()
    SettledBuild.objects.all().delete()
    assert audit(space.builds.current().reader(), space.agreement).findings
    settle(space, space.agreement, MONDAY + timedelta(hours=1))
    assert not audit(space.builds.current().reader(), space.agreement).findings


def test_a_dry_run_shows_everybody_considered_and_changes_nothing(
    company: Path, cast: dict[str, User]
) -> None:
    space = demo_requests(company, MONDAY, 1, 2, 20, 30)
    engine = space.builds.current().reader()
    names = ["p1@acme.example", "crm:person:2", "crm:person:20", "crm:person:30"]
    rows = dry_run(engine, space.agreement, names, MONDAY)
    assert [(row["lead"], row["team"], row["rule"], row["owner"].split("@")[0]) for row in rows] == [
        ("crm:person:1", "reps", "otherwise", "ann"),
        ("crm:person:2", "reps", "otherwise", "ben"),
        ("crm:person:20", "key-accounts", "segment = 'large'", "kim"),
        ("crm:person:30", "reps", "account owner", "ann"),
    ]
    turn, other = rows[0]["considered"].split("; ")
    assert turn == "ann@northwind.example: turn (+0.000)"
    assert other == "ben@northwind.example: not_their_turn (+0.000)"
    assert rows[3]["considered"].startswith("zoe@northwind.example: no_account; ")
    assert not (Handoff.objects.exists() or Debt.objects.exists() or OutboxFact.objects.exists())


def test_a_dry_run_of_somebody_unknown_names_them(company: Path, cast: dict[str, User]) -> None:
    space = Workspace(company)
    with pytest.raises(UnknownLeads, match=r"Nobody is called who@else\.example"):
        dry_run(space.builds.current().reader(), space.agreement, ["who@else.example"], MONDAY)


@pytest.mark.parametrize("fresh", [True, False])
def test_going_live_takes_open_leads_over_with_fresh_or_running_clocks(
    company: Path, cast: dict[str, User], fresh: bool
) -> None:
    space = Workspace(company)
    engine = space.builds.current().reader()
    (lead,) = open_before(engine)
    assert lead.person == "crm:person:8"
    assert adopt(engine, space.agreement, [lead], MONDAY, fresh=fresh, by=None) == 1
    handoff = Handoff.objects.get()
    started = MONDAY if fresh else lead.decided_at
    assert {clock.started_at for clock in handoff.clocks.all()} == {started.replace(tzinfo=UTC)}
    contact = handoff.clocks.get(promise="first_contact")
    assert contact.state == ("running" if fresh else "met")  # somebody called the day after it qualified
    assert open_before(engine) == []
    accept(handoff, handoff.owner, MONDAY, space.agreement)
