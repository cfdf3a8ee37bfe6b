"""The audit of any moment that has passed finds what was true then, whatever happened in which order."""

from __future__ import annotations

import contextlib
import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from handoff_world import MONDAY, demo_requests, live_company, load, people
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.agreement import Agreement
from accord.desk.handoff.actions.contests import ContestRefused, contest, give_lead_back
from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.actions.verdicts import AnswerRefused, accept, give_up, hold, resume
from accord.desk.handoff.audit import Book, account, audit
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.past import past_of
from accord.desk.handoff.settling import settle
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
from accord.desk.teams.models import User
from accord.workspace import Workspace
from desk_cast import PASSWORD
from proof import EXAMPLES

__all__ = ["live_company"]

HOUR = timedelta(hours=1)
START = MONDAY + timedelta(minutes=2)
STEPS = (
    *("accept", "returned", "disqualified", "recycled", "hold", "resume", "sweep", "contest", "give back"),
    *("contacted", "won", "lost", "merged", "erased"),
)
GIVEN_UP = ("returned", "disqualified", "recycled")


@pytest.fixture
def cast(live_company: Path, tmp_path: Path, db: None, settings: object) -> dict[str, User]:
    settings.WORKSPACE = Path(shutil.copytree(live_company, tmp_path / "company"))  # type: ignore[attr-defined]
    return people() | {"lena": add_person("lena@northwind.example", "Lena", Role.MARKETER, password=PASSWORD)}


@pytest.fixture
def company(cast: dict[str, User], settings: object) -> Path:
    """Three leads in hand."""
    folder: Path = settings.WORKSPACE  # type: ignore[attr-defined]
    space = demo_requests(folder, MONDAY, 1, 2, 3)
    settle(space, space.agreement, START)
    return folder


class Told:
    """What the build would tell of the leads, and the naive solver's notes: how each stood when."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {
            h.person: {
                "lead": n,
                "name": h.person,
                "cycle_no": h.cycle_no,
                "stage": h.stage,
                "live": True,
                "decided_at": MONDAY,
                "merged": False,
                "erased_at": None,
                "closed_at": None,
                "closed_by": None,
                "first_contact_at": None,
            }
            for n, h in enumerate(Handoff.objects.order_by("person"), start=1)
        }
        self.notes: list[tuple[datetime, dict[str, str]]] = []

    def learn(self, name: str, step: str, at: datetime) -> None:
        row = self.rows[name]
        if step == "contacted" and row["first_contact_at"] is None:
            row["first_contact_at"] = at
        elif step == "erased" and row["erased_at"] is None:
            row["erased_at"] = at
        elif step in ("won", "lost") and row["closed_at"] is None:
            row |= {"closed_at": at, "closed_by": step}
        elif step == "merged" and name != min(self.rows):
            row |= {"lead": self.rows[min(self.rows)]["lead"], "merged": True}

    def note(self, at: datetime) -> None:
        self.notes.append((at, {h.person: self._state(h) for h in Handoff.objects.all()}))

    def _state(self, handoff: Handoff) -> str:
        row = self.rows[handoff.person]
        if row["erased_at"]:
            return "erased"
        if row["closed_by"]:
            return str(row["closed_by"])
        if handoff.state in GIVEN_UP:
            return str(handoff.state)
        return "contacted" if row["first_contact_at"] else "open"

    def book(self, at: datetime) -> Book:
        made = Handoff.objects.prefetch_related("clocks", "verdicts", "assignments__owner")
        pasts = {(h.person, h.cycle_no, h.stage): past_of(h) for h in made}
        return Book(list(self.rows.values()), {}, pasts, datetime(2026, 4, 2), at)


def act(handoff: Handoff, step: str, now: datetime, agreement: Agreement, cast: dict[str, User]) -> None:
    """Do a step as people do it; the desk refuses what cannot be."""
    manager = cast["max"]
    if step == "accept":
        accept(handoff, manager, now, agreement)
    elif step in GIVEN_UP:
        give_up(handoff, step, manager, now, agreement, reason="too_small", again_at=now + 5 * HOUR)
    elif step == "hold":
        hold(handoff, "fair", manager, now, agreement)
    elif step == "resume":
        resume(handoff, manager, now, agreement)
    elif step == "sweep":
        sweep(agreement, now, None)
    elif step == "contest":
        contest(handoff, "Look again.", cast["lena"], now, agreement)
    elif step == "give back" and (contested := handoff.contests.last()):
        give_lead_back(contested, "", manager, now, agreement)


@settings(
    max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(STEPS)), max_size=14))
def test_whatever_happens_every_lead_is_in_one_state_at_every_moment(
    company: Path, cast: dict[str, User], steps: list[tuple[int, str]]
) -> None:
    agreement = Workspace(company).agreement
    with transaction.atomic():
        told = Told()
        told.note(START)
        for number, (lead, step) in enumerate(steps, start=1):
            now, name = START + number * HOUR, f"crm:person:{lead}"
            with contextlib.suppress(AnswerRefused, ContestRefused):
                act(Handoff.objects.get(person=name), step, now, agreement, cast)
            told.learn(name, step, now)
            told.note(now)
        merged = {name for name, row in told.rows.items() if row["merged"]}
        for at, states in told.notes:
            found = account(told.book(at + HOUR / 2), datetime.min, datetime.max)
            expected = {n: "merged" if n in merged and s != "erased" else s for n, s in states.items()}
            assert {row["lead"]: row["state"] for row in found.leads} == expected
            assert found.findings == []
            assert found.live == Counter(expected.values()) and not found.history
            assert all(row["owner"] for row in found.leads if row["state"] == "open")
        transaction.set_rollback(True)


def test_the_end_of_the_period_decides_and_not_today(company: Path, cast: dict[str, User]) -> None:
    agreement, lead = Workspace(company).agreement, Handoff.objects.get(person="crm:person:1")
    give_up(lead, "returned", cast["max"], MONDAY + 30 * HOUR, agreement, reason="too_small")
    engine = Workspace(company).builds.current().reader()
    midnight = datetime(2026, 4, 20, 22)
    assert audit(engine, agreement, None, midnight).live == {"open": 3}
    open_then = {row["lead"]: row for row in audit(engine, agreement, None, midnight).leads}["crm:person:1"]
    assert open_then["owner"] == "ann@northwind.example"
    assert open_then["due_at"] == MONDAY + 4 * HOUR
    assert audit(engine, agreement).live == {"returned": 1, "open": 2}


def test_a_lead_found_to_be_another_is_merged_into_one_that_is_accounted_for(
    company: Path, cast: dict[str, User]
) -> None:
    text = "id,email,name,account\n2,p1@acme.example,Pat 2,1\n"
    space = load(company, MONDAY + 2 * HOUR, **{"people.csv": text})
    found = audit(space.builds.current().reader(), space.agreement)
    assert (found.live, found.findings, found.qualified) == ({"merged": 1, "open": 2}, [], 4)
    states = {row["lead"]: row["state"] for row in found.leads}
    pair = {"crm:person:1", "crm:person:2"}
    (merged,) = [name for name in pair if states[name] == "merged"]
    (head,) = pair - {merged}
    Handoff.objects.get(person=head).clocks.update(state="stopped")
    findings = audit(space.builds.current().reader(), space.agreement).findings
    assert {row["lead"]: row["wrong"] for row in findings} == {
        head: "it is open and no clock runs",
        merged: "the lead it was merged into: it is open and no clock runs",
    }


def test_an_erased_person_is_told_as_such_from_then_on(company: Path, cast: dict[str, User]) -> None:
    gone = "  - match: gone.csv\n    facts: [{table: people, id: id, deleted: gone, set: {email: email}}]\n"
    (company / "mapping.yaml").write_text((company / "mapping.yaml").read_text() + gone)
    space = load(company, MONDAY + 2 * HOUR, **{"gone.csv": "id,gone,email\n2,true,\n"})
    engine = space.builds.current().reader()
    assert audit(engine, space.agreement).live == {"erased": 1, "open": 2}
    assert audit(engine, space.agreement, None, MONDAY + HOUR).live == {"open": 3}
