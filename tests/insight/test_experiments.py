"""Holdouts and lift tests: read from a file, mistakes told by line and column, shown beside the models."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from accord.errors import MistakesError
from accord.insight.attribution.experiments import COLUMNS, experiments
from accord.workspace import Workspace
from demo_company import demo_workspace

HEAD = ",".join(COLUMNS)
GOOD = 'Paid Search,,2026-03-01,2026-05-01,geo,1000,1500,900,2100,"Bavaria, Saxony"'


def read(*lines: str) -> list[object]:
    return list(experiments("\n".join((HEAD, *lines)), "tests.csv"))


def test_a_test_is_read_with_its_return() -> None:
    older = ",webinar,2026-01-01,2026-02-01,pause,200,0,,,"
    newest, oldest = experiments(f"\ufeff{HEAD}\r\n{older}\r\n{GOOD}\r\n", "tests.csv")
    assert (newest.by, newest.label, newest.start, newest.end) == (
        "channel", "Paid Search", date(2026, 3, 1), date(2026, 5, 1)
    )  # fmt: skip
    assert (newest.roi, newest.roi_low, newest.roi_high) == pytest.approx((0.5, -0.1, 1.1))
    assert newest.note == "Bavaria, Saxony" and newest.cost == Decimal(1000)
    assert (oldest.by, oldest.label, oldest.roi, oldest.roi_low) == ("campaign", "webinar", -1, None)
    assert read() == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("a,b,2026-03-01,2026-05-01,geo,1,1,,,", "tests.csv:2:1: channel: Either a channel or a campaign"),
        (",,2026-03-01,2026-05-01,geo,1,1,,,", "Fill one of the two"),
        ("a,,1 March,2026-05-01,geo,1,1,,,", "tests.csv:2:3: from: '1 March' is no day"),
        ("a,,2026-03-01,2026-03-01,geo,1,1,,,", "to: It does not lie after the first day"),
        ("a,,2026-03-01,2026-05-01,guess,1,1,,,", "'guess' is no kind of test. Write holdout, geo"),
        ("a,,2026-03-01,2026-05-01,geo,0,1,,,", "cost: A test of no spend"),
        ("a,,2026-03-01,2026-05-01,geo,-5,1,,,", "cost: A test of no spend"),
        ("a,,2026-03-01,2026-05-01,geo,NaN,1,,,", "'NaN' is no amount"),
        ("a,,2026-03-01,2026-05-01,geo,1,lots,,,", "gained: 'lots' is no amount"),
        ("a,,2026-03-01,2026-05-01,geo,1,5,6,7,", "gained: It does not lie between its bounds"),
        ("a,,2026-03-01,2026-05-01,geo,1,5,,,a,b", "more fields than the first line"),
        ("a,,2026-03-01", "to: '' is no day"),
    ],
)
def test_mistakes_name_line_and_column(line: str, told: str) -> None:
    with pytest.raises(MistakesError) as mistakes:
        read(line)
    assert told in str(mistakes.value)


def test_all_mistakes_are_told_at_once_and_a_file_that_is_none() -> None:
    with pytest.raises(MistakesError) as mistakes:
        read("a,,x,y,z,1,1,,,", GOOD, "a,b,2026-03-01,2026-05-01,geo,1,1,,,")
    assert len(mistakes.value.mistakes) == 4
    with pytest.raises(MistakesError, match="Columns are missing: campaign, from"):
        experiments("channel\nx\n", "tests.csv")
    with pytest.raises(MistakesError, match="This is not CSV"):
        read('a,"b')


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("tests") / "demo"
    return Workspace(Path(shutil.copytree(demo_workspace().folder, folder)))


def test_kept_tests_stand_beside_the_models(space: Workspace, tmp_path: Path) -> None:
    run: Callable[..., object] = CliRunner().invoke
    none = CliRunner().invoke(app, ["experiments", "-w", str(space.folder)])
    assert "No tests are kept" in none.stdout
    file = tmp_path / "lift.csv"
    file.write_text(f"{HEAD}\n{GOOD}\nRadio,,2026-03-01,2026-05-01,lift,1,2,,,\n")
    kept = CliRunner().invoke(app, ["experiments", str(file), "-w", str(space.folder)])
    assert kept.exit_code == 0 and "Paid Search" in kept.stdout
    radio, search = sorted(space.experiments_beside_models(), key=lambda row: row["label"], reverse=True)
    rows = space.rows("attribution", start=date(2026, 3, 1), end=date(2026, 5, 1))
    returns = [row["roi"] for row in rows if row["channel"] == "Paid Search"]
    assert (search["models_low"], search["models_high"]) == (min(returns), max(returns))
    assert radio["models_low"] is None and radio["roi"] == 1
    file.write_text(f"{HEAD}\nwrong\n")
    assert run(app, ["experiments", str(file), "-w", str(space.folder)]).exit_code != 0  # type: ignore[attr-defined]
    assert len(space.experiments) == 2  # the kept ones stay
