"""Leads flow to two workers, which are killed again and again: nothing is missed, lost or done twice."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from handoff_world import FILES, FIRST_LOAD, MONDAY, calls, demo_requests, live_company, load
from notify_mail import FOLDER
from test_crossing_killed import ledger
from workers import Desk, Running

from proof import FLOW, SEED

__all__ = ["live_company"]

LEADS, BUILDS, DEATHS = FLOW
EACH = LEADS // BUILDS
BETWEEN = timedelta(hours=3)
SOON = timedelta(minutes=5)
END = MONDAY + BUILDS * BETWEEN + timedelta(days=14)
NUMBERS = range(100, 100 + LEADS)
LONGEST_LIFE = min(2.0, EACH * 0.008)
"""Seconds a worker has, at most, from when it is ready until it is killed: less than the work takes."""

ESCALATE = "escalate: [{at: 50%, tell: owner}, {at: 100%, tell: manager}, {at: 150%, do: reassign}]"
SHORT = "escalate: [{at: 50%, tell: owner}, {at: 100%, tell: manager}]"

PEOPLE = """
from handoff_world import people
from accord.desk.notify.models import Kind, Preference
cast = people()
for kind in Kind:
    Preference.objects.create(user=cast["max"], kind=kind, how="hourly")
"""
WORK = """
import time
from accord.desk.handoff.actions import make
from accord.desk.jobs import worker
from accord.desk.notify import delivery
make.MOST_AT_ONCE = delivery.MOST_AT_ONCE = 1_000_000  # what asks for a look at many has its own tests
print("ready", flush=True)
while True:
    if not worker.do_passes():
        print("idle", flush=True)
        time.sleep(0.05)
"""
AUDIT = """
from dataclasses import asdict
from accord.cli.handoffs import audit
found = audit(folder, None, None)
print(found["qualified"], sum(found["live"].values()), len(found["findings"]))
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def desk(request: pytest.FixtureRequest, live_company: Path, tmp_path: Path) -> Iterator[Desk]:
    """A company that knows many people, of whom none has asked for anything yet."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    agreement = folder / "agreement.yaml"
    assert ESCALATE in agreement.read_text()
    agreement.write_text(agreement.read_text().replace(ESCALATE, SHORT))
    address = request.getfixturevalue("postgres").database() if request.param == "postgres" else ""
    header = FILES["people.csv"].splitlines()[0]
    new = "".join(f"{n},q{n}@acme.example,Quinn {n},1\n" for n in NUMBERS)
    load(folder, FIRST_LOAD + timedelta(days=1), **{"people.csv": f"{header}\n{new}"})
    made = Desk(folder, address)
    made.run(PEOPLE, MONDAY)
    return made


def test_two_workers_killed_at_random_points_miss_nothing(desk: Desk) -> None:
    chance, busy = random.Random(SEED), 0
    for n in range(BUILDS):
        moment = MONDAY + n * BETWEEN
        demo_requests(desk.folder, moment, *NUMBERS[n * EACH : (n + 1) * EACH])
        if n % 2:  # the calls were read too: what is due is certain, where else it awaits them
            calls(desk.folder, moment + timedelta(minutes=1), (8, moment))
        busy += lived_through(desk, moment + SOON, DEATHS, chance)
    assert busy >= BUILDS * DEATHS / 2  # most were killed while they worked
    demo_requests(desk.folder, END, 1)
    calls(desk.folder, END + timedelta(minutes=1), (8, END))
    for later in (SOON, 2 * SOON, 20 * SOON):  # leases of the dead run out, then the digest is due
        lived_through(desk, END + later, 0, chance)
    everything_happened_once(desk)


def lived_through(desk: Desk, moment: datetime, deaths: int, chance: random.Random) -> int:
    """Two workers work until neither finds more to do; how many of the killed ones were at work."""
    workers = [desk.start(WORK, moment), desk.start(WORK, moment)]
    busy = 0
    for _ in range(deaths):
        dying = chance.randrange(2)
        assert workers[dying].until("ready")
        busy += not workers[dying].until("idle", chance.uniform(0, LONGEST_LIFE))
        workers[dying].kill()
        broke_nothing(workers[dying])
        workers[dying] = desk.start(WORK, moment)
    for worker in workers:
        assert worker.until("idle")
    for worker in workers:
        worker.kill()
        broke_nothing(worker)
    return busy


def broke_nothing(worker: Running) -> None:
    assert "Traceback" not in worker.errors, worker.errors


def everything_happened_once(desk: Desk) -> None:
    """No lead without owner, no clock missed, no message twice, none lost, each step one fact."""
    leads = LEADS + 1
    assert desk.ask("select count(*), count(distinct person) from handoff_handoff") == [(leads, leads)]
    assert desk.ask("select count(*) from handoff_handoff where owner_id is null") == [(0,)]
    turns = [n for (n,) in desk.ask("select count(*) from handoff_handoff group by owner_id")]
    assert len(turns) == 2 and abs(turns[0] - turns[1]) <= 1  # fair, whoever died in between
    clocks = "select promise, count(*), count(distinct handoff_id) from handoff_clock group by promise"
    assert set(desk.ask(clocks)) == {(p, leads, leads) for p in ("accept", "first_contact", "follow_up")}
    due = f"due_at <= '{END:%Y-%m-%d %H:%M:%S}'"
    assert desk.ask(f"select count(*) from handoff_clock where {due} and noticed_at is null") == [(0,)]
    assert desk.ask(f"select count(*) from handoff_clock where {due} and broken_at <> due_at") == [(0,)]
    assert desk.ask(f"select count(*) from handoff_rung where {due} and done_at is null") == [(0,)]
    assert desk.ask("select count(*) from handoff_clock where broken_at is not null")[0][0] >= 2 * LEADS
    messages_arrived(desk)
    facts_are_there(desk)
    qualified, accounted, findings = map(int, desk.run(AUDIT, END + 20 * SOON).split())
    assert (qualified - accounted, findings) == (1, 0)  # one is of history


def messages_arrived(desk: Desk) -> None:
    """Each step of the escalation was told to one, and every message lies in the mailbox once."""
    assert desk.ask("select distinct state from notify_message") == [("sent",)]
    told = "select count(*), count(distinct key) from notify_message where key like '{}:%'"
    assert desk.ask(told.format("handover")) == [(LEADS + 1,) * 2]
    done = "select count(*) from handoff_rung where done_at is not null and percent = 100"
    assert desk.ask(told.format("breach")) == [(*desk.ask(done)[0], *desk.ask(done)[0])]
    parcels = desk.ask("select count(distinct parcel) from notify_message")[0][0]
    assert len(list((desk.folder / FOLDER).glob("*.eml"))) == parcels


def facts_are_there(desk: Desk) -> None:
    """What the desk put into its outbox is in the ledger, each once."""
    assert desk.ask("select count(*) from outbox_outboxfact where appended_at is null") == [(0,)]
    put = 'select count(*), count(distinct "key") from outbox_outboxfact where "table" = \'handoff_moves\''
    held = "SELECT count(*), count(DISTINCT source_id) FROM facts.handoff_moves WHERE source = 'accord'"
    assert ledger(desk.folder, held) == desk.ask(put)
