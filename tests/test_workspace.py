"""A workspace beyond the example: odd folders, first loads, versions of the past, words it checks."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

import accord
from accord.cli.main import app
from accord.errors import MistakesError
from accord.ledger import writer
from accord.ledger.store import UnusableFolder
from accord.ledger.writer import Ledger
from accord.settings import load_settings
from accord.workspace import Workspace
from example import EXAMPLE, EXPORT, take


def northwind(folder: Path) -> Workspace:
    """A workspace with the example's agreement and facts, not built yet."""
    space = Workspace.create(folder)
    shutil.copy(EXAMPLE / "agreement.yaml", folder)
    space.load(EXPORT, EXAMPLE / "crm.yaml")
    return space


@pytest.mark.parametrize("name", ["with space", "größe", "it's a#b", 'a"b', "50% off"])
def test_a_workspace_may_lie_in_any_folder(name: str, tmp_path: Path) -> None:
    space = northwind(tmp_path / name)
    space.build()
    assert len(space.rows("funnel")) == 6
    assert space.facts("deals")["rows"] == 3


@pytest.mark.parametrize("name", ["[raum]", "100%20x", "a?b"])
def test_a_folder_that_tables_cannot_lie_in_is_refused_with_the_mend(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableFolder, match="Choose a folder"):
        northwind(tmp_path / name)


def test_what_a_source_brings_first_is_history_table_by_table(tmp_path: Path) -> None:
    space = Workspace.create(tmp_path / "space")
    shutil.copy(EXAMPLE / "agreement.yaml", space.folder)
    for file in EXPORT:
        space.load([file], EXAMPLE / "crm.yaml")
    touches = space.table("facts.touches").to_pylist()
    assert all(touch["known_at"] == touch["occurred_at"] for touch in touches)
    more = tmp_path / "web.csv"
    more.write_text((EXAMPLE / "export" / "web.csv").read_text().replace("e027,", "e028,"))
    space.load([more], EXAMPLE / "crm.yaml")
    [new] = [touch for touch in space.table("facts.touches").to_pylist() if touch["source_id"] == "e028"]
    assert new["known_at"] == new["recorded_at"] > new["occurred_at"]


def test_a_look_at_the_past_uses_the_agreement_in_force_then(tmp_path: Path) -> None:
    space = northwind(tmp_path / "space")
    first = space.build().about["version"]
    (space.folder / "accord.toml").write_text('mode = "live"\n')
    text = (EXAMPLE / "agreement.yaml").read_text()
    (space.folder / "agreement.yaml").write_text(text.replace("engagement >= 30", "engagement >= 90"))
    live = accord.open(space.folder)
    second = live.build().about["version"]
    assert first != second
    assert live.build(as_of=datetime(2026, 6, 1)).about["version"] == first
    # What was decided under the first version stands, and nothing of the past is judged by the second.
    assert {row["version"] for row in live.table("decisions_made").to_pylist()} == {first}


def test_in_shadow_a_changed_agreement_judges_the_past_anew(tmp_path: Path) -> None:
    space = northwind(tmp_path / "space")
    space.build()
    text = (EXAMPLE / "agreement.yaml").read_text()
    (space.folder / "agreement.yaml").write_text(text.replace("engagement >= 30", "engagement >= 1"))
    changed = accord.open(space.folder)
    version = changed.build().about["version"]
    made = changed.table("decisions_made").to_pylist()
    assert len(made) > 4
    assert {row["version"] for row in made} == {version}


def test_a_late_loss_does_not_decide_a_lead_twice(tmp_path: Path) -> None:
    ledger = northwind(tmp_path / "space").ledger
    accord.open(tmp_path / "space").build()
    deals = tmp_path / "deals.csv"
    header = (EXAMPLE / "export" / "deals.csv").read_text().splitlines()[0]
    deals.write_text(
        f"{header}\nd0,Old,104,4,sam,1,EUR,Closed lost,2025-03-01,2025-04-01,price,2025-04-01 09:00\n"
    )
    take(ledger, [deals])
    space = accord.open(tmp_path / "space")
    space.build()
    made = [(row["person"], row["stage"]) for row in space.table("decisions_made").to_pylist()]
    assert len(made) == len(set(made)) == 4


def test_a_verdict_without_the_agreed_evidence_enters_nothing_and_is_told(tmp_path: Path) -> None:
    space = northwind(tmp_path / "space")
    calls = tmp_path / "calls.csv"
    calls.write_text(
        (EXAMPLE / "export" / "calls.csv").read_text().replace("meeting,outbound,held", "call,outbound,held")
    )
    without = Workspace.create(tmp_path / "without")
    shutil.copy(EXAMPLE / "agreement.yaml", without.folder)
    without.load([*(f for f in EXPORT if f.name != "calls.csv"), calls], EXAMPLE / "crm.yaml")
    entered = {}
    for each in (space, without):
        each.build()
        entered[each.folder.name] = {row["stage"]: row["entered"] for row in each.rows("funnel")}["sql"]
    assert entered == {"space": 2, "without": 0}
    [cycle] = without.lead("ada.brandt@brenner.example")["cycles"]
    [told] = cycle["verdicts_without_evidence"]
    assert (told["stage"], told["evidence"]) == ("sql", "meeting_held")
    printed = CliRunner().invoke(app, ["show", "lead", "1", "-w", str(without.folder)]).output
    assert "no meeting held is on record" in printed


def test_words_are_checked_where_they_enter(tmp_path: Path) -> None:
    for arguments in (
        ["funnel", "--basis", "foo"],
        ["scoreboard", "--by", "foo"],
        ["attribution", "--by", "foo"],
    ):
        result = CliRunner().invoke(app, ["show", *arguments])
        assert result.exit_code == 2
        assert "foo" in result.output
    settings = tmp_path / "accord.toml"
    for text in ('memory = "banana"', '[master]\ndeels = "crm"', "mode = 1", "nonsense = 3"):
        settings.write_text(text)
        with pytest.raises(MistakesError, match=r"accord\.toml"):
            load_settings(settings)
    settings.write_bytes(b"mode = '\xff'")
    with pytest.raises(MistakesError, match="TOML"):
        load_settings(settings)


def test_many_small_files_become_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MANY_FILES", 3)
    ledger = Ledger(tmp_path / "ledger")
    for number in range(5):
        deals = tmp_path / "deals.csv"
        rows = (EXAMPLE / "export" / "deals.csv").read_text().replace("\nd", f"\nx{number}-d")
        deals.write_text(rows)
        take(ledger, [deals])
    assert len(ledger.files("deals")) <= 3
    assert len(ledger.loads()) == 5


def test_a_dry_run_prints_what_the_load_would_do_and_loads_nothing(tmp_path: Path) -> None:
    space = northwind(tmp_path / "space")
    deals = (EXAMPLE / "export" / "deals.csv").read_text()
    changed = tmp_path / "deals.csv"
    changed.write_text(deals.replace("120000", "130000"))
    command = ["load", str(changed), "-m", str(EXAMPLE / "crm.yaml"), "-w", str(space.folder), "--dry-run"]
    shown = CliRunner().invoke(app, command)
    assert shown.exit_code == 0
    assert "Nothing was loaded" in shown.output
    assert len(space.loads()) == 1
    counted = json.loads(CliRunner().invoke(app, [*command, "--format", "json"]).output)
    [table] = [one for one in counted["tables"] if one["table"] == "deals"]
    assert (table["new"], table["changed"], table["known"]) == (0, 1, 2)
    assert table["changed_rows"][0]["new"] == {"amount": 130000}
