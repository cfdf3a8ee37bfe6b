"""`accord show decision`: a verdict a line, what it rests on as data, and mistakes told."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from demo_company import demo_workspace

RUN = CliRunner().invoke


@pytest.fixture(scope="module")
def folder() -> Path:
    return demo_workspace().folder


def shown(folder: Path, *options: str) -> str:
    found = RUN(app, ["show", "decision", "-w", str(folder), *options])
    assert found.exit_code == 0, found.output
    return found.stdout


def test_a_table_says_the_verdict_whether_models_agree_and_a_move(folder: Path) -> None:
    text = shown(folder, "--milestone", "mql", "--move", "0.2")
    assert "of spend" in text and "Paid Search" in text and "Moving 20% of what" in text
    assert "only an experiment tells that" in text


def test_json_and_csv_hold_every_model_with_its_bounds(folder: Path) -> None:
    found = json.loads(shown(folder, "--milestone", "mql", "--format", "json"))
    rows = list(csv.DictReader(io.StringIO(shown(folder, "--milestone", "mql", "--format", "csv"))))
    assert len(rows) == len(found["lines"]) * len(found["models"])
    for line in found["lines"]:
        for model, credit in line["credit"].items():
            row = next(r for r in rows if (r["channel"], r["model"]) == (line["label"], model))
            amount = credit["conversions"]
            assert float(row["conversions"]) == pytest.approx(amount["counted"])
            assert amount["low"] <= amount["high"]
    assert found["move"]["part"] == 0.1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--towards", "Radio"], "Radio has no spend in this period"),
        (["--milestone", "sqll"], "There is no stage"),
        (["--model", "best"], "No credits were made for best"),
    ],
)
def test_mistakes_are_told(folder: Path, options: list[str], told: str) -> None:
    found = RUN(app, ["show", "decision", "-w", str(folder), *options])
    assert found.exit_code != 0 and told in found.output + str(found.exception)
