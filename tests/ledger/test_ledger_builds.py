"""Builds are published together; a reader keeps its build; the ledger's schema moves step by step."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from deltalake.schema import Field, PrimitiveType
from test_ledger_writer import append, deal

from accord.ledger.builds import Build, Builds, NoBuild
from accord.ledger.engine import DuckDBEngine, Step, StepError
from accord.ledger.migrations import LedgerTooNew, migrate
from accord.ledger.tables import FACTS
from accord.ledger.writer import Ledger
from world import rows


def build(builds: Builds, day: int) -> Build:
    folder = builds.start(datetime(2026, 1, 1) + timedelta(days=day))
    engine = DuckDBEngine(folders=[folder])
    engine.run([Step("numbers", f"SELECT {day} AS day")])
    engine.write_parquet("numbers", folder / "numbers")
    engine.close()
    return builds.publish(folder, {"day": day})


def test_no_build_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoBuild, match="accord build"):
        Builds(tmp_path).current()


def test_a_reader_keeps_its_build_and_the_last_five_stay(tmp_path: Path) -> None:
    builds = Builds(tmp_path)
    reader = build(builds, 1).open()
    killed = builds.start(datetime(2026, 1, 1))
    for day in range(2, 6):
        build(builds, day)
    assert rows(reader, "SELECT day FROM numbers") == [(1,)]
    assert rows(builds.current().open(), "SELECT day FROM numbers") == [(5,)]
    build(builds, 6)
    assert [b.about["day"] for b in builds.finished()] == [2, 3, 4, 5, 6]
    assert not killed.exists()


def test_builds_of_one_second_are_dropped_in_the_order_they_were_finished(tmp_path: Path) -> None:
    builds = Builds(tmp_path)
    made = [build(builds, 1).build_id for _ in range(9)]
    assert [b.build_id for b in builds.finished()] == made[-5:]
    assert builds.current().build_id == made[-1]


def test_readers_of_a_build_share_one_database(tmp_path: Path) -> None:
    builds = Builds(tmp_path)
    build(builds, 1)
    one, other = builds.current().reader(), builds.current().reader()
    one.run([Step("seen", "SELECT 1 AS n")])
    assert rows(other, "SELECT n FROM seen") == [(1,)]
    one.close()
    assert rows(other, "SELECT day FROM numbers") == [(1,)]
    assert rows(other, "SELECT current_setting('TimeZone')") == [("UTC",)]


def test_every_thread_reads_by_a_handle_of_its_own(tmp_path: Path) -> None:
    builds = Builds(tmp_path)
    build(builds, 3)

    def day(_: int) -> int:
        found: int = rows(builds.current().reader(), "SELECT day FROM numbers, range(100000)")[-1][0]
        return found

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(day, range(32))) == [3] * 32


def test_a_handle_outlives_the_builds_read_after_it(tmp_path: Path) -> None:
    builds = Builds(tmp_path)
    first = build(builds, 1).reader()
    for day in range(2, 9):
        assert rows(build(builds, day).reader(), "SELECT day FROM numbers") == [(day,)]
    assert rows(first, "SELECT day FROM numbers") == [(1,)]


def test_an_unfinished_build_is_not_seen(tmp_path: Path) -> None:
    builds = Builds(tmp_path)
    first = build(builds, 1)
    builds.start(datetime(2026, 2, 1))
    assert builds.current().build_id == first.build_id


def test_the_engine_reads_no_other_file_and_names_the_step_that_failed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    engine = DuckDBEngine(folders=[tmp_path / "builds"])
    with pytest.raises(StepError, match=r"Step peek failed[\s\S]*read_csv"):
        engine.run([Step("peek", f"SELECT * FROM read_csv('{secret}')")])
    with pytest.raises(StepError, match="configuration has been locked"):
        engine.query("SET enable_external_access = true")


def test_a_table_moves_to_its_next_version_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    append(ledger, "deals", [deal(100)])
    newer = {"deals": dataclasses.replace(FACTS["deals"], version=2)}
    steps = {"deals": (lambda table: table.alter.add_columns([Field("forecast", PrimitiveType("string"))]),)}
    assert migrate(ledger) == []
    assert migrate(ledger, newer, steps) == ["deals: version 1 to 2"]
    assert migrate(ledger, newer, steps) == []
    assert "forecast" in [field.name for field in ledger.delta("deals").schema().fields]
    with pytest.raises(LedgerTooNew, match="Upgrade Accord"):
        migrate(ledger)
