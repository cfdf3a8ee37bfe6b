"""Builds on Spark: the same read models as the embedded engine's, from the same facts and steps."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pytest

import spark_machine
from accord.ledger.builds import Build
from accord.workspace import Workspace
from demo_company import UNTIL, demo_workspace
from example import EXAMPLE, content
from proof import CAMPAIGN
from same_rows import different

pytestmark = pytest.mark.xdist_group("spark")

PEOPLE = 1_500 if CAMPAIGN else 500
NOW = datetime(UNTIL.year, UNTIL.month, UNTIL.day, 22, tzinfo=UTC).replace(tzinfo=None)
DATA_MODELS = "models: [markov, shapley, "


@pytest.fixture(scope="module")
def master() -> Iterator[str]:
    spark_machine.required()
    with spark_machine.master() as address:
        yield address


def example(folder: Path) -> Workspace:
    """The example company with its ads, models from data among those it lists."""
    space = Workspace.create(folder)
    text = (EXAMPLE / "agreement.yaml").read_text(encoding="utf-8")
    assert "models: [" in text
    (folder / "agreement.yaml").write_text(text.replace("models: [", DATA_MODELS), encoding="utf-8")
    space.load([EXAMPLE / "export"], EXAMPLE / "crm.yaml")
    space.load([EXAMPLE / "ads"], EXAMPLE / "ads.yaml")
    return Workspace(folder)


def demo(folder: Path) -> Workspace:
    """The demo company, with all that its tools tell twice and otherwise."""
    shutil.copytree(demo_workspace(PEOPLE).folder, folder)
    return Workspace(folder)


def built(space: Workspace, engine: str | None = None) -> Build:
    with patch("accord.workspace.now", lambda: NOW):
        return Workspace(space.folder).build(engine=engine)


def decisions(space: Workspace) -> pa.Table:
    import duckdb

    files = space.ledger.files("decisions")
    return duckdb.connect().execute("SELECT * FROM read_parquet(?)", [files]).to_arrow_table()


@pytest.mark.parametrize("company", [example, demo])
def test_a_build_on_spark_is_the_embedded_one(
    company: Callable[[Path], Workspace], master: str, tmp_path: Path
) -> None:
    one = company(tmp_path / "one folder")
    two = Workspace(Path(shutil.copytree(one.folder, tmp_path / "two")))
    embedded, spread = built(one), built(two, master)
    assert different(content(embedded), content(spread)) == {}
    assert decisions(two).schema == decisions(one).schema
    made = len(decisions(one))
    assert len(decisions(two)) == made > 0
    assert not (spread.folder / "scratch").exists()
    # A company may change engines: what Spark decided stands for the embedded engine.
    assert different(content(built(one)), content(built(two))) == {}
    assert len(decisions(two)) == made
