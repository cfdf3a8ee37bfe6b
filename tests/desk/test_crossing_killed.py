"""The crossing from people to facts, killed at its two open points: every verdict is one fact."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from handoff_world import FILES, FIRST_LOAD, MONDAY, demo_requests, live_company, load
from workers import Desk

from accord.ledger import facts
from accord.ledger.engine import DuckDBEngine
from accord.workspace import Workspace
from proof import CROSSINGS
from world import rows

__all__ = ["live_company"]

LEADS = 2 * CROSSINGS
LATER = MONDAY + timedelta(minutes=5)

PEOPLE = """
from handoff_world import people
people()
"""
HAND_OVER = """
from accord.desk.handoff.actions import make
from accord.desk.handoff.settling import run_once
make.MOST_AT_ONCE = 10_000
while run_once(workspace.Workspace(folder), moment):
    pass
"""
ACCEPT = """
from accord.desk.handoff.actions.verdicts import accept
from accord.desk.handoff.models import Handoff
from accord.desk.outbox import actions as outbox
from accord.desk.reading import agreement_of

def die(*_):
    os.kill(os.getpid(), 9)

space = workspace.Workspace(folder)
outbox.drain(space, moment)  # what the one killed before left
handoff = Handoff.objects.filter(state="waiting").order_by("pk").first()
accept(handoff, handoff.owner, moment, agreement_of(folder))
append = outbox._append
if sys.argv[3] == "before the append":
    outbox._append = die
else:
    outbox._append = lambda *given: (append(*given), die())
outbox.drain(space, moment)
"""
DRAIN = """
from accord.desk.outbox.actions import drain
print(drain(workspace.Workspace(folder), moment))
print(drain(workspace.Workspace(folder), moment))
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def desk(request: pytest.FixtureRequest, live_company: Path, tmp_path: Path) -> Iterator[Desk]:
    """A company whose desk has waiting leads, as many as there will be deaths."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    address = request.getfixturevalue("postgres").database() if request.param == "postgres" else ""
    numbers = range(100, 100 + LEADS)
    known = FILES["people.csv"].splitlines()[0]
    new = "".join(f"{n},q{n}@acme.example,Quinn {n},1\n" for n in numbers)
    load(folder, FIRST_LOAD + timedelta(days=1), **{"people.csv": f"{known}\n{new}"})
    demo_requests(folder, MONDAY, *numbers)
    made = Desk(folder, address)
    made.run(PEOPLE, LATER)
    made.run(HAND_OVER, LATER)
    return made


def test_a_verdict_is_one_fact_wherever_the_worker_dies(desk: Desk) -> None:
    for n in range(LEADS):
        point = ("before the append", "after the append")[n % 2]
        died = desk.start(ACCEPT, LATER, point)
        assert died.wait() == -9, died.errors
    left, none = desk.run(DRAIN, LATER).split()
    assert int(left) > 0
    assert none == "0"
    assert desk.ask("select count(*) from handoff_handoff where state = 'accepted'") == [(LEADS,)]
    verdicts = "SELECT actor, count(*) FROM facts.feedback WHERE verdict = 'accepted' GROUP BY actor"
    assert {n for _, n in ledger(desk.folder, verdicts)} == {1}
    assert len(ledger(desk.folder, verdicts)) == LEADS


def ledger(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """The rows of a query on the ledger's facts."""
    held = Workspace(folder).ledger
    engine = DuckDBEngine(folders=[held.folder])
    facts.attach(engine, held)
    found = rows(engine, sql)
    engine.close()
    return found
