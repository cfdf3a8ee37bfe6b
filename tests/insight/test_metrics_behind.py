"""The facts behind every KPI: exactly as many as the scoreboard says, and only those one may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from accord.insight.leads import EVERYTHING, Scope
from accord.insight.metrics import kpis_of, scoreboard
from accord.insight.metrics.behind import KINDS, behind
from accord.ledger.engine import DuckDBEngine
from accord.workspace import Workspace
from demo_company import demo_workspace

QUARTER = {"start": datetime(2026, 4, 30, 22), "end": datetime(2026, 7, 31, 22)}
FILTERS = (
    {},
    {"channel": "Email"},
    {"segment": "mid_market"},
    {"channel": "Paid Search", "segment": "small"},
)


@pytest.fixture(scope="module")
def space() -> Workspace:
    return demo_workspace()


@pytest.fixture(scope="module")
def engine(space: Workspace) -> DuckDBEngine:
    return space.builds.current().open()


def kpis(engine: DuckDBEngine) -> dict[str, Any]:
    stages = engine.query("SELECT stage_no, stage, enter, label FROM stages ORDER BY stage_no").to_pylist()
    return {kpi.name: kpi for kpi in kpis_of(stages)}


@pytest.mark.parametrize("filters", FILTERS)
def test_facts_are_as_many_as_the_scoreboard_counts_for_every_kpi(
    space: Workspace, engine: DuckDBEngine, filters: dict[str, str]
) -> None:
    known = kpis(engine)
    for row in scoreboard(engine, space.agreement, **QUARTER, **filters):  # type: ignore[arg-type]
        found = behind(engine, known[row["kpi"]], EVERYTHING, **QUARTER, **filters)  # type: ignore[arg-type]
        assert {facts.measure: facts.total for facts in found} == row["facts"], row["kpi"]
        for facts in found:
            assert sum(each.get("facts", 1) for each in facts.rows) == facts.total, facts.measure


def test_every_kpi_names_its_facts_and_each_kind_is_found(engine: DuckDBEngine) -> None:
    measures = {measure for kpi in kpis(engine).values() for measure in kpi.facts}
    assert {measure.split(".")[0] for measure in measures} == set(KINDS)
    assert all(kpi.facts for kpi in kpis(engine).values())


def test_sums_of_the_facts_are_the_kpis_values(space: Workspace, engine: DuckDBEngine) -> None:
    values = {row["kpi"]: row["value"] for row in scoreboard(engine, space.agreement, **QUARTER)}
    for kpi in ("spend", "revenue", "won_value", "pipeline"):
        rows = behind(engine, kpis(engine)[kpi], EVERYTHING, **QUARTER)[0].rows
        assert sum(row["value"] for row in rows) == values[kpi]


def test_without_personal_data_no_row_has_a_name(engine: DuckDBEngine) -> None:
    shown = behind(engine, kpis(engine)["mql"], Scope(owners=None, personal=False), **QUARTER)[0]
    assert shown.rows and all(row["name"] is None for row in shown.rows)


def test_leads_deals_and_bookings_of_others_are_counted_and_not_shown(engine: DuckDBEngine) -> None:
    nobodys = Scope(owners=frozenset(), personal=True)
    for kpi in ("leads", "mql", "wins", "revenue", "clv"):
        facts = behind(engine, kpis(engine)[kpi], nobodys)[0]
        assert facts.total > 0 and facts.rows == []


def test_own_leads_are_shown(engine: DuckDBEngine) -> None:
    query = "SELECT min(owner_email) AS owner FROM lead_list WHERE never_contacted"
    owner = engine.query(query).to_pylist()[0]["owner"]
    facts = behind(engine, kpis(engine)["never_contacted"], Scope(frozenset({owner}), True))[0]
    assert 0 < len(facts.rows) < facts.total


def test_a_limit_keeps_the_newest_and_the_total(engine: DuckDBEngine) -> None:
    mql = kpis(engine)["mql"]
    whole, cut = (behind(engine, mql, EVERYTHING, **QUARTER, limit=limit)[0] for limit in (None, 3))
    assert cut.rows == whole.rows[:3] and cut.total == whole.total
    assert whole.rows == sorted(whole.rows, key=lambda row: (row["at"], -row["lead"]), reverse=True)
