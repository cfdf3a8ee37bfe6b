"""The Spark engine without Spark: what steps are written as, and mistakes in naming it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from accord.ledger.spark import NoSpark, connect, given, in_spark, megabytes
from accord.settings import Settings, UnknownEngine, load_settings
from accord.workspace import Workspace


@pytest.mark.parametrize(
    ("duckdb", "spark"),
    [
        ("SELECT * FROM facts.people", "SELECT * FROM facts__people"),
        ("SELECT a / b AS c FROM t", "SELECT CAST((a) AS DOUBLE) / b AS c FROM t"),
        ("SELECT CAST(a AS DOUBLE) / b AS c FROM t", "SELECT CAST(a AS DOUBLE) / b AS c FROM t"),
        (
            "SELECT CAST(CAST(a AS DECIMAL(38, 9)) AS TEXT) AS c FROM t",
            "SELECT FORMAT_NUMBER(CAST(a AS DECIMAL(38, 9)), '0.000000000') AS c FROM t",
        ),
        ("SELECT a::TEXT AS c FROM t", "SELECT CAST(a AS STRING) AS c FROM t"),
        (
            "SELECT row_number() OVER (ORDER BY a) AS n FROM t",
            "SELECT CAST(ROW_NUMBER() OVER (ORDER BY a NULLS LAST) AS BIGINT) AS n FROM t",
        ),
    ],
)
def test_a_step_means_the_same_in_spark(duckdb: str, spark: str) -> None:
    assert in_spark(duckdb) == spark


def test_parameters_are_values_whatever_they_hold() -> None:
    hostile = "x' OR '1' = '1"
    found = given("SELECT * FROM t WHERE a = $2 AND b < $1 AND c = $2", [datetime(2026, 3, 1), hostile])
    assert found == (
        "SELECT * FROM t WHERE a = 'x'' OR ''1'' = ''1' AND b < CAST('2026-03-01 00:00:00' AS TIMESTAMP) "
        "AND c = 'x'' OR ''1'' = ''1'"
    )
    # A backslash escapes a quote on Spark, and does not on DuckDB.
    assert in_spark(given("SELECT $1 AS a", ["x\\' OR 1"])) == "SELECT 'x\\\\\\' OR 1' AS a"
    assert given("SELECT $1 AS a, $2 AS b", [None, 3]) == "SELECT NULL AS a, 3 AS b"


@pytest.mark.parametrize(
    ("memory", "found"), [("3GB", 3072), ("1.5 GiB", 1536), ("512MB", 512), ("1TB", 1048576)]
)
def test_memory_is_told_in_megabytes(memory: str, found: int) -> None:
    assert megabytes(memory) == found


def test_without_pyspark_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(NoSpark, match=r"pip install 'accord\[spark\]'"):
        connect("local[2]", "1GB")


@pytest.mark.parametrize(
    "engine", ["duckdb", "spark", "local", "local[*]", "local[4]", "spark://host:7077", "yarn"]
)
def test_engines_that_there_are(engine: str, tmp_path: Path) -> None:
    assert Settings().on(engine).engine == engine
    (tmp_path / "accord.toml").write_text(f'engine = "{engine}"\n')
    assert load_settings(tmp_path / "accord.toml").engine == engine


@pytest.mark.parametrize("engine", ["", "sparks", "local[0]", "spark://", "http://host", "duckdb; DROP"])
def test_engines_that_there_are_not(engine: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownEngine, match="There is no engine"):
        Settings().on(engine)
    Workspace.create(tmp_path / "company")
    found = CliRunner().invoke(app, ["build", "-w", str(tmp_path / "company"), "--engine", engine])
    assert isinstance(found.exception, UnknownEngine) or found.exit_code
