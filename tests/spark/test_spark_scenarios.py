"""Scenarios of small worlds, told by hand, run again with their steps on Spark."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import spark_machine
from proof import CAMPAIGN

pytestmark = pytest.mark.xdist_group("spark")

TESTS = Path(__file__).parent.parent
INSIGHT = "insight/test_"
ATTRIBUTION = ("cohorts", "decision", "from_data", "goals", "models", "report", "sources")
FEW = [
    "identity/test_identity_steps.py",
    f"{INSIGHT}attribution_from_data.py::test_every_deal_and_every_company_without_one_is_a_journey",
]
ALL = [
    "identity/test_identity_steps.py",
    *(f"{INSIGHT}attribution_{name}.py" for name in ATTRIBUTION),
    *(f"{INSIGHT}metrics_{name}.py" for name in ("money", "scoreboard")),
]


def test_what_holds_on_the_embedded_engine_holds_on_spark() -> None:
    spark_machine.required()
    with spark_machine.master() as address:
        command = [sys.executable, "-m", "pytest", "-n", "0", "-x", *(ALL if CAMPAIGN else FEW)]
        done = subprocess.run(
            command,
            cwd=TESTS,
            env={**os.environ, "ACCORD_ENGINE": address},
            stdout=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout
