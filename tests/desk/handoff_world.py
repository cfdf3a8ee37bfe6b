"""A small live company whose leads are handed over: facts by file, moments by hand."""

from __future__ import annotations

import atexit
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest

from accord.desk.rights import Role
from accord.desk.teams.actions import add_person, add_team
from accord.desk.teams.models import Team, User
from accord.workspace import Workspace
from desk_cast import PASSWORD

FIRST_LOAD = datetime(2026, 4, 1, 8)
"""Naive UTC; what was loaded then is history."""

OWN = (".key",)
"""Files of a company that differ from copy to copy and that no load or build reads."""

MONDAY = datetime(2026, 4, 20, 8)
"""Ten o'clock in Berlin."""

AGREEMENT = """
agreement: Handoff tests
currency: EUR
year_starts: january
go_live: 2026-04-02
calendar: {zone: Europe/Berlin, mon-fri: "09:00-17:00"}
audience:
  segments:
    - {name: large, where: "employees >= 1000"}
    - {name: small, where: "employees < 1000"}
scoring:
  fit: {any: {where: "employees > 0", points: 20}}
  engagement:
    demo: {on: form_submit, where: "form = 'demo'", points: 50, half_life: 30d, hand_raiser: true}
stages:
  mql: {kind: gate, when: "hand_raiser and fit > 0"}
  sal: {kind: sla, enter: accepted}
  sql: {kind: sla, enter: qualified}
  opportunity: {kind: inventory, enter: deal_open}
  customer: {kind: inventory, enter: deal_won}
  detours: {recycled: {again_after: 30d}, disqualified: {}}
verdicts:
  return: [{reason: too_small, debits: fit}, {reason: other, note: required}]
handoff:
  at: mql
  route: [{where: "segment = 'large'", to: key-accounts}]
  otherwise: reps
sla:
  marketing: [{deliver: 10, of: mql, that: accepted, per: month}]
  sales:
    accept: {within: 4 business hours}
    first_contact: {within: 24 hours, evidence: human_outbound}
    follow_up: {attempts: 3, within: 14 days}
  escalate: [{at: 50%, tell: owner}, {at: 100%, tell: manager}, {at: 150%, do: reassign}]
"""

MAPPING = """
mapping: handoff_tests
source: crm
zone: UTC
files:
  - match: accounts.csv
    facts: [{table: accounts, id: id, set: {name: name, domain: domain, employees: employees,
             owner_id: {owner: owner}}}]
  - match: owners.csv
    facts: [{table: owners, id: id, set: {email: email, first_name: name}}]
  - match: people.csv
    facts: [{table: people, id: id, set: {email: email, first_name: name, account_id: {account: account}}}]
  - match: forms*.csv
    facts: [{table: touches, id: id, at: at, actor: {person: person},
             set: {kind: {constant: form_submit}, form: form}}]
  - match: verdicts*.csv
    facts: [{table: feedback, at: at, actor: {person: person},
             set: {kind: {constant: verdict}, verdict: verdict, reason: reason, owner_id: {owner: owner}}}]
  - match: calls*.csv
    facts: [{table: activities, id: id, at: at, actor: {person: person},
             set: {kind: kind, direction: {constant: outbound}, outcome: outcome, owner_id: {owner: owner}}}]
"""

FILES = {
    "accounts.csv": "id,name,domain,employees,owner\n1,Acme,acme.example,200,\n2,Bolt,bolt.example,5000,\n"
    "3,Cora,cora.example,300,zoe\n",
    "owners.csv": "id,email,name\nzoe,zoe@northwind.example,Zoe\n",
    "people.csv": "id,email,name,account\n"
    + "".join(f"{n},p{n}@acme.example,Pat {n},1\n" for n in range(1, 9))
    + "20,big@bolt.example,Big,2\n30,cora@cora.example,Cora,3\n",
    "forms-old.csv": "id,at,person,form\nf0,2026-03-20 10:00,8,demo\n",
    "calls-old.csv": "id,at,person,kind,outcome,owner\nc0,2026-03-21 10:00,8,call,no_answer,zoe\n",
}


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """The library's clock stands at a moment."""
    with patch("accord.workspace.now", lambda: moment):
        yield


def make_workspace(folder: Path) -> None:
    """The company after its first load, gone live."""
    Workspace.create(folder)
    (folder / "agreement.yaml").write_text(AGREEMENT)
    (folder / "mapping.yaml").write_text(MAPPING)
    load(folder, FIRST_LOAD, **FILES)
    toml = (folder / "accord.toml").read_text()
    (folder / "accord.toml").write_text(toml.replace('mode = "shadow"', 'mode = "live"'))


@pytest.fixture(scope="session")
def live_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company, made once for all tests; each works on a copy."""
    folder = tmp_path_factory.mktemp("handoff") / "company"
    make_workspace(folder)
    return folder


def load(folder: Path, moment: datetime, **files: str) -> Workspace:
    """Load files (name to text) at a moment and build a minute later."""
    with _once(folder, repr((moment, sorted(files.items())))) as first:
        if first:
            drop = folder / "drop" / f"{moment:%Y%m%dT%H%M%S}"
            drop.mkdir(parents=True)
            for name, text in files.items():
                (drop / name).write_text(text)
            with at(moment):
                Workspace(folder).load([drop], folder / "mapping.yaml")
            with at(moment + timedelta(minutes=1)):
                Workspace(folder).build()
    return Workspace(folder)


def build(folder: Path, moment: datetime) -> Workspace:
    """Build at a moment."""
    with _once(folder, repr(moment)) as first, at(moment):
        if first:
            Workspace(folder).build()
    return Workspace(folder)


@contextmanager
def _once(folder: Path, what: str) -> Iterator[bool]:
    """Whether this must be done to the folder; what was done to one of the same content is copied.

    Most tests begin alike, and a build takes as long as all else they do.
    """
    done = _done() / _content(folder, what)
    if done.exists():
        shutil.copytree(done, folder, dirs_exist_ok=True)
        yield False
    else:
        yield True
        shutil.copytree(folder, done, ignore=shutil.ignore_patterns(*OWN))


@cache
def _done() -> Path:
    folder = TemporaryDirectory(prefix="accord-loaded-")
    atexit.register(folder.cleanup)
    return Path(folder.name)


def _content(folder: Path, more: str) -> str:
    """One name for all in a folder: its texts, and the names of its Parquet files, never used twice."""
    found = hashlib.sha256(more.encode())
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in OWN):
        found.update(str(path.relative_to(folder)).encode())
        found.update(b"" if path.suffix == ".parquet" else path.read_bytes())
    return found.hexdigest()


def demo_requests(folder: Path, moment: datetime, *people: int) -> Workspace:
    """People ask for a demo a minute before a moment at which the ledger learns it."""
    rows = "".join(f"f{p}-{moment:%d%H%M},{moment - timedelta(minutes=1)},{p},demo\n" for p in people)
    return load(folder, moment, **{f"forms-{moment:%d%H%M}.csv": f"id,at,person,form\n{rows}"})


def calls(folder: Path, moment: datetime, *made: tuple[int, datetime]) -> Workspace:
    """Calls to people, each made at its own moment, loaded at a moment."""
    rows = "".join(f"c{p}-{at:%d%H%M},{at},{p},call,no_answer,zoe\n" for p, at in made)
    text = f"id,at,person,kind,outcome,owner\n{rows}"
    return load(folder, moment, **{f"calls-{moment:%d%H%M}.csv": text})


def verdicts(folder: Path, moment: datetime, *said: tuple[int, datetime, str, str]) -> Workspace:
    """What was said of people in the tool, each at its own moment, loaded at a moment."""
    rows = "".join(f"{at},{p},{verdict},{reason},zoe\n" for p, at, verdict, reason in said)
    name = f"verdicts-{moment:%d%H%M}.csv"
    return load(folder, moment, **{name: f"at,person,verdict,reason,owner\n{rows}"})


def people() -> dict[str, User]:
    """Two reps, their manager, a key accounts rep, and somebody of another team."""
    add_team("reps", "Reps", Team.Side.SALES)
    add_team("key-accounts", "Key accounts", Team.Side.SALES)
    return {
        name: add_person(f"{name}@northwind.example", name.title(), role, password=PASSWORD, teams=[team])
        for name, role, team in (
            ("ann", Role.REP, "reps"),
            ("ben", Role.REP, "reps"),
            ("max", Role.MANAGER, "reps"),
            ("kim", Role.REP, "key-accounts"),
        )
    }
