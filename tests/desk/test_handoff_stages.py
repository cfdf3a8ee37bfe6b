"""Clocks of stages of kind sla; and promises fulfilled too late, whoever notices first."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from handoff_world import FIRST_LOAD, MONDAY, build, calls, demo_requests, live_company, people, verdicts

from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.actions.verdicts import accept, give_up
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.handoff.settling import run_once, settle
from accord.desk.outbox.models import OutboxFact
from accord.desk.promises.report import promised_by_sales
from accord.desk.teams.models import User
from accord.errors import MistakesError
from accord.workspace import Workspace

__all__ = ["live_company"]

SOON = MONDAY + timedelta(minutes=2)
HOUR = timedelta(hours=1)


@pytest.fixture
def company(live_company: Path, tmp_path: Path, db: None) -> Path:
    """A company in which a lead that sales has accepted must be qualified within two days."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    agreement = folder / "agreement.yaml"
    timed = "sal: {kind: sla, enter: accepted, within: 2 days, label: With sales}"
    agreement.write_text(agreement.read_text().replace("sal: {kind: sla, enter: accepted}", timed))
    build(folder, FIRST_LOAD + timedelta(days=2))
    return folder


@pytest.fixture
def cast(company: Path) -> dict[str, User]:
    return people()


def accepted(company: Path, when: datetime) -> Workspace:
    """One lead handed over on Monday, accepted in the tool at a moment."""
    space = demo_requests(company, MONDAY, 1)
    settle(space, space.agreement, SOON)
    space = verdicts(company, when + HOUR, (1, when, "accepted", ""))
    settle(space, space.agreement, when + HOUR)
    return space


def stage_clock() -> Clock:
    return Clock.objects.get(promise="stage:sal")


def test_the_clock_of_a_stage_runs_from_when_the_lead_enters_it(company: Path, cast: dict[str, User]) -> None:
    accepted(company, MONDAY + HOUR)
    clock = stage_clock()
    assert (clock.state, clock.started_at) == ("running", (MONDAY + HOUR).replace(tzinfo=UTC))
    assert clock.due_at == (MONDAY + HOUR + timedelta(days=2)).replace(tzinfo=UTC)
    assert [rung.percent for rung in clock.rungs.all()] == [50, 100, 150]
    assert clock.get_promise_display() == "Going on from SAL"


def test_it_is_kept_when_the_lead_goes_on_and_breaks_when_it_does_not(
    company: Path, cast: dict[str, User]
) -> None:
    space = accepted(company, MONDAY + HOUR)
    late = MONDAY + timedelta(days=3)
    sweep(space.agreement, late, None)
    clock = stage_clock()
    assert clock.broken_at == clock.due_at
    in_time = MONDAY + timedelta(days=1)
    space = verdicts(company, late + HOUR, (1, in_time, "qualified", ""))
    settle(space, space.agreement, late + HOUR)
    clock = stage_clock()
    assert (clock.state, clock.met_at) == ("met", in_time.replace(tzinfo=UTC))
    assert clock.withdrawn_at is not None  # the breach is taken back: it had gone on in time


def test_a_verdict_that_ends_the_lead_stops_it(company: Path, cast: dict[str, User]) -> None:
    space = accepted(company, MONDAY + HOUR)
    handoff = Handoff.objects.get()
    give_up(handoff, "disqualified", cast["ann"], MONDAY + 3 * HOUR, space.agreement)
    assert stage_clock().state == "stopped"


def test_each_runs_once_whatever_is_settled_again(company: Path, cast: dict[str, User]) -> None:
    space = accepted(company, MONDAY + HOUR)
    for n in range(3):
        demo_requests(company, MONDAY + timedelta(hours=3 + n), 2 + n)
        settle(space, space.agreement, MONDAY + timedelta(hours=3 + n, minutes=5))
    assert Clock.objects.filter(promise__startswith="stage:").count() == 1


def test_a_clock_keeps_the_time_it_was_started_with(company: Path, cast: dict[str, User]) -> None:
    accepted(company, MONDAY + HOUR)
    due, agreement = stage_clock().due_at, company / "agreement.yaml"
    agreement.write_text(agreement.read_text().replace("within: 2 days", "within: 1 day"))
    space = demo_requests(company, MONDAY + 4 * HOUR, 2)
    settle(space, space.agreement, MONDAY + 4 * HOUR)
    assert stage_clock().due_at == due


def test_leads_taken_over_afresh_have_the_whole_time_from_then_on(
    company: Path, cast: dict[str, User]
) -> None:
    from accord.desk.handoff.actions.adopt import adopt, open_before

    space = verdicts(company, FIRST_LOAD + timedelta(days=2), (8, datetime(2026, 3, 21, 9), "accepted", ""))
    engine = space.builds.current().reader()
    adopt(engine, space.agreement, open_before(engine), MONDAY, fresh=True, by=None)
    settle(space, space.agreement, SOON)
    assert stage_clock().started_at == MONDAY.replace(tzinfo=UTC)


def test_the_promises_name_it(company: Path) -> None:
    assert promised_by_sales(Workspace(company).agreement)["stage:sal"] == "On from With sales within 2 days"


def test_a_time_in_a_stage_without_a_clock_is_a_mistake(company: Path) -> None:
    agreement = company / "agreement.yaml"
    agreement.write_text(
        agreement.read_text().replace("mql: {kind: gate,", "mql: {kind: gate, within: 1 day,")
    )
    with pytest.raises(MistakesError, match=r"No clock runs in a stage of kind gate\. Remove within"):
        _ = Workspace(company).agreement


def breaches() -> list[tuple[str, datetime]]:
    facts = OutboxFact.objects.filter(row__move="breached").order_by("occurred_at")
    return [(fact.row["reason"], fact.occurred_at.replace(tzinfo=None)) for fact in facts]


def test_an_answer_too_late_broke_the_promise_though_no_sweep_came_by(
    company: Path, cast: dict[str, User]
) -> None:
    space = demo_requests(company, MONDAY, 1)
    settle(space, space.agreement, SOON)
    lead = Handoff.objects.get()
    accept(lead, cast["ann"], MONDAY + 6 * HOUR, space.agreement)
    clock = Clock.objects.get(promise="accept")
    assert (clock.state, clock.broken_at) == ("met", clock.due_at)
    assert breaches() == [("accept", MONDAY + 4 * HOUR)]


def test_a_call_made_too_late_and_read_before_the_breach_was_certain_is_no_kept_promise(
    company: Path, cast: dict[str, User]
) -> None:
    space = demo_requests(company, MONDAY, 1)
    settle(space, space.agreement, SOON)
    day = MONDAY + timedelta(days=1)
    run_once(space, day + HOUR)  # due, but the tools were last read on the first of April
    assert Clock.objects.get(promise="first_contact").unconfirmed
    space = calls(company, day + 3 * HOUR, (1, day + 2 * HOUR))
    settle(space, space.agreement, day + 3 * HOUR)
    clock = Clock.objects.get(promise="first_contact")
    assert (clock.state, clock.broken_at, clock.unconfirmed) == ("met", clock.due_at, False)
    assert ("first_contact", day) in breaches()


def test_a_verdict_of_a_tool_after_the_time_broke_the_promise(company: Path, cast: dict[str, User]) -> None:
    accepted(company, MONDAY + 5 * HOUR)
    clock = Clock.objects.get(promise="accept")
    assert (clock.state, clock.broken_at, clock.withdrawn_at) == ("met", clock.due_at, None)
