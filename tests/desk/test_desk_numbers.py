from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from accord.insight.metrics import KPIS
from accord.workspace import Workspace


@pytest.mark.parametrize("kpi", [kpi.name for kpi in KPIS])
def test_every_number_opens_its_facts(as_role: Callable[[str], Client], kpi: str) -> None:
    context = as_role("operations").get(f"/numbers/{kpi}?period=2026Q1").context
    shown = {table.facts.measure: table.facts.total for table in context["beneath"]}
    assert shown == context["row"]["facts"]
    for table in context["beneath"]:
        assert table.title and sum(row.get("facts", 1) for row in table.facts.rows) == table.facts.total


def test_the_trend_is_the_scoreboards(as_role: Callable[[str], Client], served: Path) -> None:
    rows = as_role("viewer").get("/numbers/mql?period=2026-04").context["trend"].rows
    expected = Workspace(served).rows("scoreboard", by="month")
    values = {row["period"]: row["value"] for row in expected if row["kpi"] == "mql"}
    assert rows[-1]["period"] == "2026-04"
    assert {row["period"]: row["value"] for row in rows} == {
        row["period"]: values[row["period"]] for row in rows
    }


def test_the_split_by_segment_adds_up(as_role: Callable[[str], Client]) -> None:
    context = as_role("viewer").get("/numbers/mql?period=2026Q1").context
    assert sum(row["value"] for row in context["by_segment"]) == context["row"]["value"]
    filtered = as_role("viewer").get("/numbers/mql?period=2026Q1&segment=mid_market").context
    assert filtered["by_segment"] == []


def test_all_facts_come_as_a_file(as_role: Callable[[str], Client]) -> None:
    client = as_role("marketer")
    answer = client.get("/numbers/win_rate?period=2026&facts=deals.closed&format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    facts = client.get("/numbers/win_rate?period=2026").context["row"]["facts"]
    assert len(rows) == facts["deals.closed"]
    assert client.get("/numbers/win_rate?facts=leads.opened&format=csv").status_code == 404


def test_a_viewer_sees_no_name_among_the_facts(as_role: Callable[[str], Client]) -> None:
    named = as_role("operations").get("/numbers/mql?period=2026Q1").context["beneath"][0].facts.rows
    names = {row["name"] for row in named if row["name"]}
    text = as_role("viewer").get("/numbers/mql?period=2026Q1").content.decode()
    assert names and not any(name in text for name in names)


def test_a_rep_sees_the_number_and_not_the_leads_of_others(as_role: Callable[[str], Client]) -> None:
    page = as_role("rep").get("/numbers/leads?period=2026Q1")
    table = page.context["beneath"][0]
    assert table.facts.total == page.context["row"]["value"]
    assert table.more == table.facts.total - len(table.facts.rows) > 0
    assert f"{table.more} that are not yours to see" in page.content.decode()
