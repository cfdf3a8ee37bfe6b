"""A contested return, a reassignment undone, and a recycled lead that comes back to somebody who is there."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from django.test import Client
from handoff_world import MONDAY, calls, demo_requests, live_company, people, verdicts

from accord.desk.handoff.actions.contests import ContestRefused, contest, give_lead_back, uphold
from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.actions.verdicts import accept, give_up
from accord.desk.handoff.models import Contest, Debt, Handoff
from accord.desk.handoff.settling import settle
from accord.desk.hours.actions import add_absence
from accord.desk.outbox.models import OutboxFact
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
from accord.desk.teams.models import User
from accord.workspace import Workspace
from desk_cast import PASSWORD

__all__ = ["live_company"]

HOUR = timedelta(hours=1)
DUE = datetime(2026, 4, 27, 15)
"""Five working days after MONDAY close at 17:00 in Berlin."""


@pytest.fixture
def company(live_company: Path, tmp_path: Path, db: None) -> Path:
    return Path(shutil.copytree(live_company, tmp_path / "company"))


@pytest.fixture
def cast(company: Path) -> dict[str, User]:
    return people() | {"lena": add_person("lena@northwind.example", "Lena", Role.MARKETER, password=PASSWORD)}


def at(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def handed_over(company: Path, *persons: int) -> list[Handoff]:
    space = demo_requests(company, MONDAY, *persons)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    return list(Handoff.objects.order_by("decided_at", "person"))


def returned(company: Path, cast: dict[str, User]) -> Handoff:
    (handoff,) = handed_over(company, 1)
    give_up(handoff, "returned", cast["ann"], MONDAY + HOUR, Workspace(company).agreement, reason="too_small")
    return handoff


def moves() -> list[str]:
    rows = OutboxFact.objects.filter(table="handoff_moves").order_by("occurred_at", "id")
    return [row.row["move"] for row in rows]


def test_a_contested_return_that_nobody_upholds_lapses_for_marketing(
    company: Path, cast: dict[str, User]
) -> None:
    handoff, agreement = returned(company, cast), Workspace(company).agreement
    made = contest(handoff, "They have 200 people.", cast["lena"], MONDAY + 2 * HOUR, agreement)
    assert made.due_at == at(DUE)
    assert not sweep(agreement, DUE - timedelta(seconds=1), None).lapsed
    assert sweep(agreement, DUE + HOUR, None).lapsed == 1
    made.refresh_from_db()
    assert (made.outcome, made.decided_at) == ("lapsed", at(DUE))
    assert moves()[-2:] == ["contested", "delivered"]
    with pytest.raises(ContestRefused, match="decided already"):
        uphold(made, "Too small all the same.", cast["max"], DUE + HOUR)


def test_the_manager_upholds_a_return_or_gives_the_lead_back_with_fresh_clocks(
    company: Path, cast: dict[str, User]
) -> None:
    handoff, agreement = returned(company, cast), Workspace(company).agreement
    made = contest(handoff, "They have 200 people.", cast["lena"], MONDAY + 2 * HOUR, agreement)
    give_lead_back(made, "You are right.", cast["max"], MONDAY + 3 * HOUR, agreement)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.owner) == ("waiting", cast["ann"])
    running = handoff.clocks.filter(state="running")
    assert {(c.promise, c.started_at) for c in running} == {
        (promise, at(MONDAY + 3 * HOUR)) for promise in ("accept", "first_contact", "follow_up")
    }
    give_up(handoff, "returned", cast["ann"], MONDAY + 4 * HOUR, agreement, reason="too_small")
    again = contest(handoff, "Look again.", cast["lena"], MONDAY + 5 * HOUR, agreement)
    uphold(again, "They have 12 people.", cast["max"], MONDAY + 6 * HOUR)
    handoff.refresh_from_db()
    assert handoff.state == "returned"
    assert moves()[-2:] == ["contested", "upheld"]


@pytest.mark.parametrize(
    ("who", "reason", "said"),
    [("ann", "No.", "Only marketing"), ("lena", "  ", "needs a reason")],
)
def test_a_contest_that_is_refused_changes_nothing(
    company: Path, cast: dict[str, User], who: str, reason: str, said: str
) -> None:
    handoff, agreement = returned(company, cast), Workspace(company).agreement
    before = moves()
    with pytest.raises(ContestRefused, match=said):
        contest(handoff, reason, cast[who], MONDAY + 2 * HOUR, agreement)
    assert not Contest.objects.exists() and moves() == before


def test_a_return_is_contested_once_and_decided_by_its_own_manager(
    company: Path, cast: dict[str, User]
) -> None:
    handoff, agreement = returned(company, cast), Workspace(company).agreement
    made = contest(handoff, "Look again.", cast["lena"], MONDAY + 2 * HOUR, agreement)
    with pytest.raises(ContestRefused, match="no return to contest"):
        contest(handoff, "And again.", cast["lena"], MONDAY + 2 * HOUR, agreement)
    for outsider in ("ann", "lena", "kim"):
        with pytest.raises(ContestRefused, match="sales manager"):
            uphold(made, "No.", cast[outsider], MONDAY + 3 * HOUR)
    with pytest.raises(ContestRefused, match="needs an answer"):
        uphold(made, " ", cast["max"], MONDAY + 3 * HOUR)
    made.refresh_from_db()
    assert made.outcome == "open"


def test_contesting_and_deciding_on_the_page(company: Path, cast: dict[str, User], settings: object) -> None:
    settings.WORKSPACE = company  # type: ignore[attr-defined]
    handoff = returned(company, cast)
    sign_in = {name: Client() for name in ("lena", "max", "ann")}
    for name, client in sign_in.items():
        client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
    page = sign_in["lena"].get("/leads/crm:person:1")
    assert f"/handoffs/{handoff.pk}/contest" in page.content.decode()
    assert sign_in["lena"].get(f"/handoffs/{handoff.pk}/contest").status_code == 405
    assert sign_in["ann"].post(f"/handoffs/{handoff.pk}/contest", {"reason": "x"}).status_code == 403
    sign_in["lena"].post(f"/handoffs/{handoff.pk}/contest", {"reason": "They have 200 people."})
    made = Contest.objects.get()
    assert "They have 200 people." in sign_in["max"].get("/leads/crm:person:1").content.decode()
    decision = {"decision": "uphold", "answer": "No project."}
    assert sign_in["ann"].post(f"/contests/{made.pk}/decide", decision).status_code == 404
    assert sign_in["lena"].post(f"/contests/{made.pk}/decide", decision).status_code == 403
    # The page decides at the clock's own time, long after the contest of this test's calendar is over or not.
    Contest.objects.update(due_at=datetime(2099, 1, 1, tzinfo=UTC))
    sign_in["max"].post(f"/contests/{made.pk}/decide", decision)
    made.refresh_from_db()
    assert (made.outcome, made.answer, made.decided_by) == ("upheld", "No project.", cast["max"])


def reassigned(company: Path, cast: dict[str, User]) -> Handoff:
    """Ann's lead, taken from her at 150% of the first contact's time."""
    (handoff,) = handed_over(company, 1)
    accept(handoff, cast["ann"], MONDAY + HOUR, Workspace(company).agreement)
    for hours in (25, 37):
        sweep(Workspace(company).agreement, MONDAY + hours * HOUR, None)
    handoff.refresh_from_db()
    assert handoff.owner == cast["ben"]
    return handoff


def test_a_breach_withdrawn_gives_the_lead_back_and_the_turn(company: Path, cast: dict[str, User]) -> None:
    handoff = reassigned(company, cast)
    space = calls(company, MONDAY + 40 * HOUR, (1, MONDAY + 3 * HOUR))
    settle(space, space.agreement, MONDAY + 41 * HOUR)
    handoff.refresh_from_db()
    assert handoff.owner == cast["ann"]
    assert handoff.assignments.last().rule == "reassignment undone: the promise was kept in time"
    owed = {debt.user.name: Fraction(debt.owed) for debt in Debt.objects.all()}
    assert owed == {"Ann": Fraction(-1, 2), "Ben": Fraction(1, 2)}  # as after Ann's one turn


def test_a_reassignment_that_somebody_acted_on_stands(company: Path, cast: dict[str, User]) -> None:
    handoff = reassigned(company, cast)
    give_up(handoff, "recycled", cast["ben"], MONDAY + 38 * HOUR, Workspace(company).agreement, note="later")
    space = calls(company, MONDAY + 40 * HOUR, (1, MONDAY + 3 * HOUR))
    settle(space, space.agreement, MONDAY + 41 * HOUR)
    handoff.refresh_from_db()
    assert (handoff.owner, handoff.state) == (cast["ben"], "recycled")


def recycled(company: Path, cast: dict[str, User]) -> Handoff:
    (handoff,) = handed_over(company, 1)
    again = MONDAY + timedelta(days=3)
    give_up(handoff, "recycled", cast["ann"], MONDAY + HOUR, Workspace(company).agreement, again_at=again)
    return handoff


@pytest.mark.parametrize("gone", ["away", "left"])
def test_a_recycled_lead_comes_back_to_somebody_who_is_there(
    company: Path, cast: dict[str, User], gone: str
) -> None:
    handoff, agreement = recycled(company, cast), Workspace(company).agreement
    back = MONDAY + timedelta(days=3)
    if gone == "away":
        add_absence(cast["ann"], back - HOUR, back + timedelta(days=5), by=cast["ann"])
    else:
        User.objects.filter(pk=cast["ann"].pk).update(is_active=False)
    assert sweep(agreement, back, None).came_back == 1
    handoff.refresh_from_db()
    assert (handoff.state, handoff.owner) == ("waiting", cast["ben"])
    assert handoff.covers == (cast["ann"] if gone == "away" else None)
    assert handoff.clocks.filter(state="running").count() == 3


def test_a_recycled_lead_that_came_back_is_not_closed_by_its_own_rest(
    company: Path, cast: dict[str, User]
) -> None:
    handoff = recycled(company, cast)
    space = Workspace(company)
    sweep(space.agreement, MONDAY + timedelta(days=3), None)
    space = verdicts(company, MONDAY + timedelta(days=4), (1, MONDAY + HOUR, "recycled", ""))
    settle(space, space.agreement, MONDAY + timedelta(days=4))
    handoff.refresh_from_db()
    assert handoff.state == "waiting"


def test_a_recycled_lead_handed_over_anew_does_not_come_back(company: Path, cast: dict[str, User]) -> None:
    handoff, agreement = recycled(company, cast), Workspace(company).agreement
    Handoff.objects.create(
        person=handoff.person,
        cycle_no=2,
        stage="mql",
        decided_at=at(MONDAY + timedelta(days=2)),
        version="v",
        team=handoff.team,
        state_at=at(MONDAY),
    )
    sweep(agreement, MONDAY + timedelta(days=3), None)
    handoff.refresh_from_db()
    assert handoff.state == "closed"
