"""Each step of identity and of the journey can be said in Spark's words too (DESIGN 2d: one SQL)."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from identity_world import agreement
from sqlglot import ErrorLevel, transpile

from accord import identity
from accord.insight import journey
from accord.ledger.engine import Step


def all_steps() -> list[Step]:
    agreed = agreement(budget="person", size="account")
    agreed.detours = SimpleNamespace(recycled=SimpleNamespace(again_after=None))
    agreed.handoff = None
    agreed.stages = []
    return [*identity.steps(agreed), *journey.timeline_steps(agreed), *journey.stage_steps(agreed)]


@pytest.mark.parametrize("step", all_steps(), ids=lambda step: step.name)
def test_a_step_translates_to_spark(step: Step) -> None:
    assert transpile(step.sql, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)[0]


def test_no_two_steps_make_the_same_table() -> None:
    names = [step.name for step in all_steps()]
    assert sorted(names) == sorted(set(names))
