"""Replaying each version over the time it was in force gives the decisions made then; nothing sees ahead."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from accord.pipeline import Request, judged, versions_in_force
from accord.workspace import UnknownVersion, Workspace
from proof import ORDERS, SEED

AGREEMENT = """
agreement: Replay tests
currency: EUR
year_starts: january
scoring:
  fit: {known: {where: "has_email", points: 20}}
  engagement:
    demo: {on: form_submit, where: "form = 'demo'", points: 30, half_life: 5d}
    guide: {on: form_submit, where: "form = 'guide'", points: 12, half_life: 9d, cap: 36}
stages:
  mql: {kind: gate, when: "fit > 0 and engagement >= 29"}
  sal: {kind: sla, enter: accepted}
  opportunity: {kind: inventory, enter: deal_open}
  customer: {kind: inventory, enter: deal_won}
  detours: {recycled: {again_after: 30d}, disqualified: {}}
"""
VERSIONS = (
    AGREEMENT,
    AGREEMENT.replace("engagement >= 29", "engagement >= 22"),
    AGREEMENT.replace("points: 12, half_life: 9d, cap: 36", "points: 25, half_life: 30d"),
)
MAPPING = """
mapping: replay_tests
source: crm
zone: UTC
files:
  - match: people.csv
    facts: [{table: people, id: id, set: {email: email, first_name: name}}]
  - match: forms*.csv
    facts: [{table: touches, id: id, at: at, actor: {person: person},
             set: {kind: {constant: form_submit}, form: form}}]
"""
BEGINS = datetime(2026, 9, 1, 12)
STEP = timedelta(days=3)
LOADS, PEOPLE, EACH = 6, 60, 40


def at(moment: datetime) -> Any:
    return patch("accord.workspace.now", lambda: moment)


def forms(number: int, moment: datetime, chance: random.Random) -> str:
    """What was sent in lately, some of it weeks before it is known of."""
    lines = ["id,person,at,form"]
    for n in range(EACH):
        when = moment - timedelta(hours=chance.choice([1, 5, 30, 200, 500]))
        lines.append(f"{number}-{n},{chance.randrange(PEOPLE)},{when:%Y-%m-%d %H:%M},{chance.choice(FORMS)}")
    return "\n".join(lines) + "\n"


FORMS = ("demo", "guide", "other")


@pytest.mark.parametrize("number", range(ORDERS // 2))
def test_each_version_replayed_over_its_time_gives_its_decisions(number: int, tmp_path: Path) -> None:
    chance, folder = random.Random(SEED + number), tmp_path / "space"
    Workspace.create(folder)
    settings = (folder / "accord.toml").read_text()
    (folder / "accord.toml").write_text(settings.replace('mode = "shadow"', 'mode = "live"'))
    assert Workspace(folder).settings.mode == "live"
    mapping = tmp_path / "crm.yaml"
    mapping.write_text(MAPPING)
    people = tmp_path / "people.csv"
    people.write_text("id,name,email\n" + "".join(f"{n},P{n},p{n}@one.example\n" for n in range(PEOPLE)))
    files = [people]
    then: dict[datetime, list[Any]] = {}
    for place in range(LOADS):
        moment = BEGINS + place * STEP
        (folder / "agreement.yaml").write_text(VERSIONS[place // 2])
        files.append(tmp_path / f"forms-{place}.csv")
        files[-1].write_text(forms(place, moment, chance))
        with at(moment):
            Workspace(folder).load(files, mapping)
        files = []
        with at(moment + timedelta(hours=1)):
            Workspace(folder).build()
            if place in (1, 3):
                then[moment + timedelta(hours=1)] = decided(folder, moment + timedelta(hours=1))
    end = BEGINS + LOADS * STEP
    made = decided(folder)
    assert {row["version"] for row in made} == {one["version"] for one in Workspace(folder).ledger.versions()}
    expected = {(row["person_id"], row["cycle_no"]): (row["version"], row["decided_at"]) for row in made}
    assert replayed(folder, end) == expected
    with at(end):
        for moment, rows in then.items():
            assert rows and decided(folder, moment) == rows  # what came later changed no verdict of then


def decided(folder: Path, as_of: datetime | None = None) -> list[Any]:
    space = Workspace(folder)
    build = space.build(as_of=as_of) if as_of else space.builds.current()
    sql = """
        SELECT people.person_id, made.cycle_no, made.stage, made.decided_at, made.version, made.hits
        FROM decisions_made AS made JOIN people ON made.person = people.person ORDER BY ALL
    """
    return list(build.open().query(sql).to_pylist())


def replayed(folder: Path, end: datetime) -> dict[Any, Any]:
    """By lead the version and the first moment at which its gate held while it was in force; who had
    qualified under an earlier one is left to that."""
    space, found = Workspace(folder), dict[Any, Any]()
    for span in versions_in_force(space.ledger.versions()):
        agreement = space.agreement_of(span["version"])
        until = min(span["until_at"], end)
        with judged(space.ledger, Request(agreement, space.settings, end, until)) as engine:
            sql = """
                SELECT people.person_id, moments.cycle_no, min(moments.known_at) AS first_at
                FROM judged_moments AS moments
                JOIN people ON moments.person = people.person
                WHERE moments.holds_mql AND moments.known_at >= ? AND moments.known_at < ?
                GROUP BY people.person_id, moments.cycle_no
            """
            for row in engine.query(sql, [span["from_at"], until]).to_pylist():
                lead = (row["person_id"], row["cycle_no"])
                found.setdefault(lead, (span["version"], row["first_at"]))
    return found


def test_a_report_as_if_judged_by_a_version_counts_what_it_would_have_decided(tmp_path: Path) -> None:
    folder, mapping = tmp_path / "space", tmp_path / "crm.yaml"
    Workspace.create(folder)
    settings = (folder / "accord.toml").read_text()
    (folder / "accord.toml").write_text(settings.replace('mode = "shadow"', 'mode = "live"'))
    mapping.write_text(MAPPING)
    people = tmp_path / "people.csv"
    people.write_text("id,name,email\n" + "".join(f"{n},P{n},p{n}@one.example\n" for n in range(PEOPLE)))
    chance = random.Random(SEED)
    for place in (0, 2):
        moment = BEGINS + place * STEP
        (folder / "agreement.yaml").write_text(VERSIONS[place // 2])
        sent = tmp_path / f"forms-{place}.csv"
        sent.write_text(forms(place, moment, chance))
        with at(moment):
            Workspace(folder).load([people, sent] if not place else [sent], mapping)
        with at(moment + timedelta(hours=1)):
            Workspace(folder).build()
    space, end = Workspace(folder), BEGINS + 3 * STEP
    first, second = (one["version"] for one in space.ledger.versions())
    then = decided(folder)
    assert {row["version"] for row in then} == {first, second}
    kept = space.ledger.version("decisions")
    with at(end):
        for version in (first, second):
            rows = qualified(space.build(as_if=version[:6]).open())
            with judged(space.ledger, Request(space.agreement_of(version), space.settings, end)) as engine:
                sql = "SELECT count(*) AS n FROM decisions_computed WHERE stage = 'mql'"
                assert rows == {version: engine.query(sql).to_pylist()[0]["n"]}
        funnel = space.rows("funnel", as_if=second)
        assert next(row for row in funnel if row["stage"] == "mql")["entered"] == rows[second]
        with pytest.raises(UnknownVersion):
            space.rows("funnel", as_if="zzzz")
    assert space.ledger.version("decisions") == kept and decided(folder) == then


def qualified(engine: Any) -> dict[str, int]:
    """By version how many leads it qualified."""
    sql = "SELECT version, count(*) AS n FROM decisions_made GROUP BY version"
    return {row["version"]: row["n"] for row in engine.query(sql).to_pylist()}
