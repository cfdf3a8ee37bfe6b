"""Tables held in memory: the same rows, the same comparisons and the same order as on file."""

from __future__ import annotations

from pathlib import Path

import pytest

from accord.ledger.engine import DuckDBEngine, Step
from accord.ledger.holding import FEW, hold
from world import rows

ROWS = f"""
SELECT i AS key, ['mql', 'new', NULL, 'SQL', 'it''s "so"'][1 + i % 5] AS stage, 'name ' || i AS "the name",
    CAST(NULL AS VARCHAR) AS nothing, i % 2 = 0 AS flag
FROM range({3 * FEW}) AS numbers(i)
"""

QUESTIONS = [
    "SELECT * FROM {} ORDER BY key",
    "SELECT key FROM {} WHERE stage = 'mql' AND flag ORDER BY key",
    "SELECT key FROM {} WHERE stage IN ('new', 'none of these') ORDER BY key",
    "SELECT key FROM {} WHERE stage = 'none of these'",
    "SELECT count(*) FROM {} WHERE contains(stage, 'q') OR \"the name\" = 'name 7'",
    'SELECT coalesce(nothing, stage, "the name") FROM {} ORDER BY key LIMIT 10',
    "SELECT stage, key FROM {} ORDER BY stage DESC NULLS LAST, key LIMIT 2000",
    "SELECT max(stage), min(stage), count(DISTINCT stage) FROM {}",
]


@pytest.fixture
def engine(tmp_path: Path) -> DuckDBEngine:
    made = DuckDBEngine(folders=[tmp_path])
    made.run([Step("made", ROWS)])
    made.write_parquet("made", tmp_path, ("key",))
    paths = [str(path) for path in tmp_path.glob("*.parquet")]
    made.read_parquet("filed", paths, {"*": ""})
    hold(made, "held", paths)
    return made


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_held_table_answers_as_the_file_does(engine: DuckDBEngine, question: str) -> None:
    on_file = rows(engine, question.format("filed"))
    assert rows(engine, question.format("held")) == on_file


def test_only_text_of_few_values_is_coded(engine: DuckDBEngine) -> None:
    types = dict(rows(engine, "SELECT column_name, column_type FROM (DESCRIBE held)"))
    assert types["stage"].startswith("ENUM") and types["the name"] == "VARCHAR"
    assert types["key"] == "BIGINT" and types["flag"] == "BOOLEAN"


def test_nothing_on_file_is_an_empty_table(tmp_path: Path) -> None:
    made = DuckDBEngine(folders=[tmp_path])
    made.run([Step("made", f"{ROWS} LIMIT 0")])
    made.write_parquet("made", tmp_path)
    hold(made, "held", [str(tmp_path / "part-0.parquet")])
    assert rows(made, "SELECT stage FROM held WHERE stage = 'mql'") == []
