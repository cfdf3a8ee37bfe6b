"""The steps of the leads list can be said in Spark's words too (DESIGN 2d: one SQL)."""

from __future__ import annotations

import pytest
from sqlglot import ErrorLevel, transpile

from accord import agreement
from accord.insight.leads import steps
from accord.ledger.engine import Step
from insight.leads_world import PROMISED


@pytest.mark.parametrize("step", steps(agreement.parse(PROMISED)), ids=lambda step: step.name)
def test_a_step_translates_to_spark(step: Step) -> None:
    assert transpile(step.sql, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)[0]
