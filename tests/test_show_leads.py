"""`accord show leads` over the example company: the filters of the page, in every format."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from accord.workspace import Workspace
from example import EXAMPLE, EXPORT


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    space = Workspace.create(tmp_path_factory.mktemp("leads") / "northwind")
    shutil.copy(EXAMPLE / "agreement.yaml", space.folder)
    space.load(EXPORT, EXAMPLE / "crm.yaml")
    space.build()
    return space.folder


def show(company: Path, *options: str) -> str:
    result = CliRunner().invoke(app, ["show", "leads", "-w", str(company), *options], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def names(company: Path, *options: str) -> list[str]:
    rows = json.loads(show(company, "--format", "json", "--order", "name", *options))
    return [row["name"].split()[0] for row in rows]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--text", "FONTANA"], ["Dan", "Gina", "Gina"]),
        (["--stage", "mql", "--stage", "customer"], ["Ada", "Carla"]),
        (["--status", "closed"], ["Ada", "Gina", "Jonas"]),
        (["--flag", "never_contacted"], ["Carla"]),
        (["--segment", "small"], ["Eva"]),
        (["--segment", ""], ["Ines"]),
        (["--channel", "Paid Search", "--status", "open"], ["Carla"]),
        (["--score", "50"], ["Ada", "Jonas"]),
        (["--verdict", "recycled"], ["Gina"]),
        # Ada was qualified on 4 March, Carla on the 20th; Eva's lead was opened on 1 April at 7:45 in Berlin.
        (["--from", "2026-03-04", "--to", "2026-03-20", "--by", "qualified"], ["Ada"]),
        (["--from", "2026-04-01", "--to", "2026-04-02"], ["Eva"]),
    ],
)
def test_the_filters_of_the_page_are_options(company: Path, options: list[str], found: list[str]) -> None:
    assert names(company, *options) == found


def test_csv_holds_all_and_a_table_says_what_is_wrong(company: Path) -> None:
    written = list(csv.DictReader(io.StringIO(show(company, "--format", "csv", "--order", "-score"))))
    assert len(written) == 10
    assert (written[0]["name"], written[0]["stage"]) == ("Jonas Meier", "opportunity")
    [carla] = [line for line in show(company).splitlines() if "Carla Ruiz" in line]
    assert "never contacted, overdue" in carla
    assert show(company, "--text", "nobody") == "No lead matches.\n"


def test_a_lead_printed_can_be_shown_by_its_key(company: Path) -> None:
    [row] = json.loads(show(company, "--text", "ada brandt", "--format", "json"))
    told = CliRunner().invoke(app, ["show", "lead", f"lead={row['lead']}", "-w", str(company)])
    assert "Ada Brandt" in told.stdout


def test_an_unknown_flag_is_refused_with_the_mend(company: Path) -> None:
    result = CliRunner().invoke(app, ["show", "leads", "-w", str(company), "--flag", "nice"])
    assert "Choose from never_contacted" in str(result.exception)
