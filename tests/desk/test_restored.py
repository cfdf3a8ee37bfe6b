"""A store comes back from an older copy: the next pass brings back what it has lost, and the audit passes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from handoff_world import MONDAY, calls, demo_requests, live_company
from test_crossing_killed import HAND_OVER, PEOPLE, ledger
from test_workers_killed import AUDIT
from workers import Desk

__all__ = ["live_company"]

BEFORE = MONDAY + timedelta(minutes=5)
WITHIN = MONDAY + timedelta(minutes=30)
AFTER = MONDAY + timedelta(hours=1)
LATE = MONDAY + timedelta(hours=6)

LIVE_ON = """
from accord.desk.handoff.actions.contests import contest
from accord.desk.handoff.actions.verdicts import accept, give_up, hold
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.settling import run_once
from accord.desk.reading import agreement_of
from accord.desk.teams.models import User
from accord.desk.handoff.actions.assign import give
agreement = agreement_of(folder)
mia = User.objects.get(email="mia@northwind.example")
leads = {h.person[-1]: h for h in Handoff.objects.order_by("pk")}
accept(leads["1"], leads["1"].owner, moment, agreement)
give_up(leads["2"], "returned", leads["2"].owner, moment, agreement, reason="too_small")
contest(leads["2"], "It has grown.", mia, moment, agreement)
give_up(leads["3"], "recycled", leads["3"].owner, moment, agreement)
hold(leads["4"], "On holiday until May", leads["4"].owner, moment, agreement)
other = User.objects.get(email="max@northwind.example")
give(leads["5"], other, moment, by=other)
while run_once(workspace.Workspace(folder), moment):
    pass
"""
MARKETER = """
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
add_person("mia@northwind.example", "Mia", Role.MARKETER, password="robots and coffee")
"""
STATES = {
    "leads": "select person, cycle_no, stage, state, owner_id, decided_at from handoff_handoff order by 1",
    "clocks": "select person, promise, c.state, due_at, broken_at, met_at from handoff_clock c "
    "join handoff_handoff h on h.id = c.handoff_id order by 1, 2, started_at",
    "verdicts": "select person, verdict, reason, by_id, v.at from handoff_verdict v "
    "join handoff_handoff h on h.id = v.handoff_id order by 1, 5",
    "holds": "select person, since, until, reason from handoff_hold d "
    "join handoff_handoff h on h.id = d.handoff_id order by 1",
    "contests": "select person, reason, c.at, c.due_at, outcome from handoff_contest c "
    "join handoff_handoff h on h.id = c.handoff_id order by 1",
    "rungs": "select person, promise, percent, action, r.done_at is null from handoff_rung r "
    "join handoff_clock c on c.id = r.clock_id join handoff_handoff h on h.id = c.handoff_id "
    "order by 1, 2, 3, 4",
}
FACTS = "SELECT source_id, actor, occurred_at FROM facts.{} WHERE source = 'accord' ORDER BY source_id"

Copies = tuple[Callable[[], Any], Callable[[Any], None]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def desk(request: pytest.FixtureRequest, live_company: Path, tmp_path: Path) -> Iterator[Desk]:
    """A company with five leads in hand."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    address = request.getfixturevalue("postgres").database() if request.param == "postgres" else ""
    demo_requests(folder, MONDAY, 1, 2, 3, 4, 5)
    made = Desk(folder, address)
    made.run(PEOPLE, BEFORE)
    made.run(MARKETER, BEFORE)
    made.run(HAND_OVER, BEFORE)
    return made


def an_hour(desk: Desk) -> None:
    """Answers, a hold, a lead given away, two more leads, and promises that break."""
    desk.run(LIVE_ON, WITHIN)
    demo_requests(desk.folder, WITHIN + timedelta(minutes=5), 6, 7)
    calls(desk.folder, LATE - timedelta(minutes=2), (8, WITHIN))
    desk.run(HAND_OVER, LATE)


def how_it_stands(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    facts = {table: ledger(desk.folder, FACTS.format(table)) for table in ("feedback", "handoff_moves")}
    return {name: desk.ask(sql) for name, sql in STATES.items()} | facts


def audit_passes(desk: Desk) -> None:
    qualified, accounted, findings = map(int, desk.run(AUDIT, LATE + timedelta(minutes=2)).split())
    assert (qualified - accounted, findings) == (1, 0)  # one is of history


def test_a_desk_put_back_by_an_hour_remembers_what_the_ledger_knows(
    desk: Desk, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if desk.address:
        server = request.getfixturevalue("postgres")
        copy = server.database(desk.address)
    else:
        shutil.copy(desk.folder / "desk.sqlite3", tmp_path / "copy")
    an_hour(desk)
    before = how_it_stands(desk)
    assert {state for *_, state, _, _ in before["leads"]} == {"waiting", "accepted", "returned", "recycled"}
    if desk.address:
        desk.address = copy
    else:
        shutil.copy(tmp_path / "copy", desk.folder / "desk.sqlite3")
        for leftover in desk.folder.glob("desk.sqlite3-*"):
            leftover.unlink()
    assert how_it_stands(desk) != before
    desk.run(HAND_OVER, LATE + timedelta(minutes=1))
    after = how_it_stands(desk)
    for part in before:
        assert after[part] == before[part], part
    origins = desk.ask("select person from handoff_handoff where origin = 'recovered' order by person")
    assert origins == [("crm:person:6",), ("crm:person:7",)]
    audit_passes(desk)


def test_a_ledger_put_back_by_an_hour_is_told_again(desk: Desk, tmp_path: Path) -> None:
    shutil.copytree(desk.folder / "ledger", tmp_path / "copy")
    an_hour(desk)
    before = how_it_stands(desk)
    shutil.rmtree(desk.folder / "ledger")
    shutil.copytree(tmp_path / "copy", desk.folder / "ledger")
    assert how_it_stands(desk) != before
    demo_requests(desk.folder, LATE, 6, 7)  # the tools' exports are loaded again
    desk.run(HAND_OVER, LATE + timedelta(minutes=1))
    after = how_it_stands(desk)
    for part in ("feedback", "handoff_moves", "verdicts", "leads"):
        assert after[part] == before[part], part
    audit_passes(desk)
