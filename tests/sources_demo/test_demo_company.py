"""The demo company: the same at every run, loaded without loss, its diseases visible in the read models."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from accord.cli.demo import MARKER, NotADemo, OtherDemo, TooFewPeople, make
from accord.sources import demo
from demo_company import PEOPLE, SEED, UNTIL, demo_workspace, rows, truth


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_parameters_give_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("two", 3), ("other", 4)):
        demo.write(tmp_path / name, demo.FEWEST, seed, date(2026, 5, 31))
    one, two, other = (files_of(tmp_path / name) for name in ("one", "two", "other"))
    assert one == two
    assert one["exports/crm/contacts.csv"] != other["exports/crm/contacts.csv"]


def test_nothing_is_lost_in_loading() -> None:
    workspace = demo_workspace()
    receipts = [entry["receipt"] for entry in workspace.ledger.loads()]
    assert sorted(receipt["source"] for receipt in receipts) == sorted(demo.SOURCES)
    for table in (table for receipt in receipts for table in receipt["tables"]):
        assert table["received"] == table["loaded"] + table["skipped"], table
        assert set(table["reasons"]) <= {"not selected by `only`"}, table


def test_mirrored_records_count_once() -> None:
    workspace = demo_workspace()
    [deals] = rows(workspace, "SELECT count(*) AS n FROM deals_counted")
    opportunities = (workspace.folder / "exports/crm/opportunities.csv").read_text().count("\n") - 1
    assert deals["n"] == opportunities
    [forms] = rows(
        workspace,
        "SELECT count(*) AS n FROM timeline WHERE kind = 'form_submit' AND counted",
    )
    sent = (workspace.folder / "exports/automation/form_submissions.csv").read_text().count("\n") - 1
    assert forms["n"] == sent
    [known] = rows(workspace, "SELECT count(*) AS n FROM people WHERE NOT anonymous")
    addresses = set()
    for name, column in (("automation", "email"), ("crm", "Email")):
        with (workspace.folder / f"exports/{name}/contacts.csv").open(encoding="utf-8") as file:
            addresses |= {row[column].lower() for row in csv.DictReader(file)}
    assert known["n"] == len(addresses)


def test_the_simulated_gate_is_the_agreement_s() -> None:
    workspace = demo_workspace()
    [decided] = rows(workspace, "SELECT count(*) AS n FROM decisions_made WHERE stage = 'mql'")
    assert decided["n"] == pytest.approx(truth(workspace)["qualified"], rel=0.05)


def test_a_demo_is_kept_and_made_anew_only_when_asked(tmp_path: Path) -> None:
    workspace = demo_workspace()
    before = files_of(workspace.folder / "ledger" / "builds")
    assert make(workspace.folder, PEOPLE, SEED, UNTIL).folder == workspace.folder
    with pytest.raises(OtherDemo, match="--again"):
        make(workspace.folder, PEOPLE, SEED + 1, UNTIL)
    assert files_of(workspace.folder / "ledger" / "builds") == before


@pytest.mark.parametrize(
    ("fill", "error", "people"),
    [
        (lambda folder: (folder / "mine.txt").write_text("mine"), NotADemo, PEOPLE),
        (lambda folder: None, TooFewPeople, 10),
    ],
)
def test_what_is_no_demo_is_left_alone(
    tmp_path: Path, fill: Callable[[Path], object], error: type[Exception], people: int
) -> None:
    fill(tmp_path)
    before = files_of(tmp_path)
    with pytest.raises(error):
        make(tmp_path, people, 7, UNTIL, again=True)
    assert files_of(tmp_path) == before
    assert not (tmp_path / MARKER).exists()
