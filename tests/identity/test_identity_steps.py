"""Each step of identity and of the journey can be said in Spark's words too (DESIGN 2d: one SQL)."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from identity_world import add_small_tables, agreement
from sqlglot import ErrorLevel, transpile

from accord.identity import resolve
from accord.insight import journey
from accord.ledger.engine import DuckDBEngine, Step
from world import world


def steps_run(agreed: Any) -> list[Step]:
    """The steps that resolving an empty world runs."""
    engine, ran = world(), []
    add_small_tables(engine, ("crm",))
    with pytest.MonkeyPatch.context() as patch:
        run = DuckDBEngine.run

        def recorded(self: DuckDBEngine, steps: Iterable[Step]) -> None:
            listed = list(steps)
            ran.extend(step for step in listed if "arrow_rows" not in step.sql)
            run(self, listed)

        patch.setattr(DuckDBEngine, "run", recorded)
        resolve(engine, agreed)
    return ran


def all_steps() -> list[Step]:
    agreed = agreement(budget="person", size="account")
    agreed.detours = SimpleNamespace(recycled=SimpleNamespace(again_after=None))
    agreed.handoff = None
    agreed.stages = []
    return [*steps_run(agreed), *journey.timeline_steps(agreed), *journey.stage_steps(agreed)]


@pytest.mark.parametrize("step", all_steps(), ids=lambda step: step.name)
def test_a_step_translates_to_spark(step: Step) -> None:
    assert transpile(step.sql, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)[0]


def test_no_two_steps_make_the_same_table() -> None:
    names = [step.name for step in all_steps()]
    assert sorted(names) == sorted(set(names))
