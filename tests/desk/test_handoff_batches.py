"""Many at once: leads are handed over and swept in batches, and one that fails keeps no other waiting."""

from __future__ import annotations

import shutil
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from handoff_world import MONDAY, demo_requests, live_company, people

from accord.desk.handoff.actions import breaches, make, sweep, taking
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.handoff.settling import run_once, settle
from accord.desk.hours.actions import set_working_time
from accord.desk.jobs import kinds, worker
from accord.desk.outbox.models import OutboxFact
from accord.desk.teams.actions import add_team
from accord.desk.teams.models import Team, User
from accord.workspace import Workspace

__all__ = ["live_company"]

TWO_MINUTES = timedelta(minutes=2)


@pytest.fixture
def company(live_company: Path, tmp_path: Path, db: None) -> Path:
    return Path(shutil.copytree(live_company, tmp_path / "company"))


@pytest.fixture
def cast(company: Path) -> dict[str, User]:
    return people()


def steps(move: str) -> list[str]:
    """Whose handoffs took a step, as the outbox has it."""
    facts = OutboxFact.objects.filter(table="handoff_moves", row__move=move)
    return sorted(fact.row["actor"] for fact in facts)


def test_leads_that_cannot_be_handed_over_keep_no_other_waiting(
    company: Path, cast: dict[str, User], caplog: pytest.LogCaptureFixture
) -> None:
    Team.objects.get(slug="key-accounts").delete()
    space = demo_requests(company, MONDAY, 1, 20, 2)
    assert not settle(space, space.agreement, MONDAY + TWO_MINUTES)
    assert steps("assigned") == ["crm:person:1", "crm:person:2"]
    assert "1 leads could not be handed over. The agreement hands leads to the team key-acc" in caplog.text
    add_team("key-accounts", "Key accounts", Team.Side.SALES)
    assert settle(space, space.agreement, MONDAY + TWO_MINUTES)
    assert steps("assigned") == ["crm:person:1", "crm:person:2", "crm:person:20"]


def test_turns_are_fair_over_batches_as_in_one(
    company: Path, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "AT_ONCE", 3)
    set_working_time(cast["ann"], by=None, weight=3)
    space = demo_requests(company, MONDAY, 1, 2, 3, 4, 5, 6, 7)
    settle(space, space.agreement, MONDAY + TWO_MINUTES)
    owners = Handoff.objects.order_by("person").values_list("owner__name", flat=True)
    # Of every four Ann has three: hers are due after a half, one and a half, ... of Ben's.
    assert list(owners) == ["Ann", "Ann", "Ben", "Ann", "Ann", "Ann", "Ben"]


def test_a_capacity_holds_within_a_batch(company: Path, cast: dict[str, User]) -> None:
    set_working_time(cast["ann"], by=None, capacity=1)
    set_working_time(cast["ben"], by=None, capacity=2)
    space = demo_requests(company, MONDAY, 1, 2, 3, 4)
    settle(space, space.agreement, MONDAY + TWO_MINUTES)
    owners = [h.owner.name if h.owner else None for h in Handoff.objects.order_by("person")]
    assert owners == ["Ann", "Ben", "Ben", None]


def test_the_worker_goes_on_while_more_is_due_than_one_sweep_takes(
    company: Path, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", 2)
    space = demo_requests(company, MONDAY, 1, 2, 3, 4, 5)
    settle(space, space.agreement, MONDAY + TWO_MINUTES)
    late = MONDAY + timedelta(hours=9)
    monkeypatch.setattr(kinds, "PASSES", [lambda: sweep.sweep(space.agreement, late, None).anything])
    passes = 0
    while worker.do_passes():
        passes += 1
    assert passes == 5  # ten rungs in twos; five breaches meanwhile
    assert steps("breached") == [f"crm:person:{n}" for n in range(1, 6)]
    assert not Clock.objects.filter(promise="accept", noticed_at=None).exists()


def test_a_clock_that_cannot_be_swept_is_tried_again_later_and_the_others_are_noticed(
    company: Path, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    space = demo_requests(company, MONDAY, 1, 2, 3)
    settle(space, space.agreement, MONDAY + TWO_MINUTES)
    step = breaches.step

    def broken(handoff: Handoff, what: str, *given: object) -> OutboxFact:
        if handoff.person == "crm:person:2" and what == "breached":
            raise RuntimeError("broken on purpose")
        return step(handoff, what, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(breaches, "step", broken)
    late = MONDAY + timedelta(hours=9)
    assert sweep.sweep(space.agreement, late, None).broken == 2
    assert steps("breached") == ["crm:person:1", "crm:person:3"]
    clock = Clock.objects.get(handoff__person="crm:person:2", promise="accept")
    assert (clock.broken_at, clock.noticed_at) == (None, None)
    monkeypatch.undo()
    assert sweep.sweep(space.agreement, late, None).broken == 0
    assert sweep.sweep(space.agreement, late + taking.RETRY, None).broken == 1
    clock.refresh_from_db()
    assert clock.broken_at == MONDAY.replace(tzinfo=UTC) + timedelta(hours=4)


def test_many_unconfirmed_clocks_keep_no_other_waiting(
    company: Path, cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "AT_ONCE", 1)
    space = demo_requests(company, MONDAY, 1, 2, 3)
    settle(space, space.agreement, MONDAY + TWO_MINUTES)
    late = MONDAY + timedelta(hours=9)
    assert sweep.sweep(space.agreement, late, MONDAY).unconfirmed == 3
    assert run_once(Workspace(company), late)
    assert Clock.objects.filter(unconfirmed=True).count() == 3
    assert not sweep.sweep(space.agreement, late, MONDAY).unconfirmed
