"""What leads said brought them, against what was tracked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from read_models import read_models
from typer.testing import CliRunner

from accord.cli.main import app
from accord.insight import metrics
from accord.insight.attribution.self_reported import UnknownField, self_reported
from accord.ledger.engine import DuckDBEngine, Step
from demo_company import demo_workspace

LEADS: list[dict[str, Any]] = [
    {"lead": 1, "person": 1, "channel": "Direct", "lead_source": "Web", "qualified_at": "2026-03-05"},
    {"lead": 2, "person": 2, "channel": "Direct", "lead_source": "direct "},
    {"lead": 3, "person": 3, "channel": None, "lead_source": None, "segment": "large"},
    {"lead": 4, "person": 4, "channel": "Email", "lead_source": " ", "opened_at": "2026-05-01"},
    {"lead": 5, "person": 5, "channel": "Email", "known": False},
]
ANSWERS = {1: "A podcast", 2: "Direct", 4: 'it\'s "word" of mouth'}


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    deal = {"deal": 7, "person": 1, "status": "won", "amount": "100", "closed_at": "2026-04-01"}
    made = read_models(
        leads=[{"opened_at": "2026-03-01", **lead} for lead in LEADS],
        people=[{"person": lead["person"]} for lead in LEADS],
        deals_counted=[deal | {"created_at": "2026-03-20"}],
        deal_persons=[{"deal": 7, "person": 1}],
    )
    made.run(metrics.steps())
    made.run([Step("answered", _answered()), Step("people", "SELECT * FROM answered")])
    return made


def _answered() -> str:
    told = " ".join(
        f"WHEN {person} THEN to_json({{heard: '{text.replace(chr(39), chr(39) * 2)}'}})::VARCHAR"
        for person, text in ANSWERS.items()
    )
    return f"SELECT *, CASE person {told} END AS fields FROM people"


def cells(engine: DuckDBEngine, **asked: Any) -> dict[tuple[str, str], tuple[int, bool | None]]:
    rows = self_reported(engine, **asked)
    return {(row["reported"], row["tracked"]): (row["leads"], row["agree"]) for row in rows}


def test_answers_stand_against_channels(engine: DuckDBEngine) -> None:
    assert cells(engine, field="heard", fields=("heard",)) == {
        ("A podcast", "Direct"): (1, False),
        ("Direct", "Direct"): (1, True),
        ("(not said)", "(no touch)"): (1, None),
        ('it\'s "word" of mouth', "Email"): (1, False),
    }


def test_without_a_field_it_is_the_source_the_tool_keeps(engine: DuckDBEngine) -> None:
    assert cells(engine) == {
        ("Web", "Direct"): (1, False),
        ("direct", "Direct"): (1, True),
        ("(not said)", "(no touch)"): (1, None),
        ("(not said)", "Email"): (1, None),
    }


def test_what_they_won_is_counted_and_filters_hold(engine: DuckDBEngine) -> None:
    web = next(row for row in self_reported(engine) if row["reported"] == "Web")
    assert (web["qualified"], web["won"], web["won_value"]) == (1, 1, Decimal(100))
    assert cells(engine, segment="large") == {("(not said)", "(no touch)"): (1, None)}
    assert set(cells(engine, channel="Email")) == {("(not said)", "Email")}
    assert sum(count for count, _ in cells(engine, end=None).values()) == 4


def test_a_field_nobody_declared_is_told(engine: DuckDBEngine) -> None:
    with pytest.raises(UnknownField, match="no field 'heard_of' of people"):
        self_reported(engine, field="heard_of", fields=("heard",))


def test_the_command_prints_a_matrix() -> None:
    folder = str(demo_workspace().folder)
    shown = CliRunner().invoke(app, ["show", "sources", "-w", folder])
    assert shown.exit_code == 0 and "Sales outreach" in shown.stdout and "% agree." in shown.stdout
    wrong = CliRunner().invoke(app, ["show", "sources", "-w", folder, "--field", "nothing"])
    assert isinstance(wrong.exception, UnknownField) or "declares no field" in wrong.output
