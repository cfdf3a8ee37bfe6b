from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accord.desk.journey.summary import summary
from accord.insight.exceptions import plain
from accord.workspace import Workspace
from demo_company import demo_workspace

QUARTER = {"start": date(2026, 2, 1), "end": date(2026, 5, 1)}
FUNNEL = ("stage", "entered", "converted", "conversion", "median_days", "dropped", "open")


@pytest.mark.parametrize("asked", [{}, {"channel": "Paid Search"}, {"segment": "mid_market"}])
def test_stages_equal_the_command_lines(
    as_role: Callable[[str], Client], served: Path, asked: dict[str, str]
) -> None:
    stages = as_role("viewer").get("/journey", {"period": "2026Q1", **asked}).context["stages"]
    shown = [{name: stage[name] for name in FUNNEL} for stage in stages]
    assert shown == Workspace(served).rows("funnel", **QUARTER, **asked)


@pytest.mark.parametrize("by", ["channel", "campaign", "segment", "month"])
def test_the_split_equals_the_command_lines(as_role: Callable[[str], Client], served: Path, by: str) -> None:
    found = as_role("viewer").get(f"/journey?period=2026Q1&by={by}").context["splits"]
    rows = Workspace(served).rows("funnel", by=by, **QUARTER)
    assert {split.value: split.stages for split in found} == {
        value: [row for row in rows if row[by] == value] for value in {row[by] for row in rows}
    }


def test_agreement_and_tools_stand_side_by_side(as_role: Callable[[str], Client], served: Path) -> None:
    found = as_role("viewer").get("/journey?period=2026Q1").context["differences"]
    for basis in ("agreement", "tools"):
        rows = Workspace(served).rows("funnel", basis=basis, **QUARTER)
        assert [row[basis] for row in found] == [row["entered"] for row in rows[1:]]
    for row in found:
        missing = row["never_recorded"] + row["recorded_elsewhen"]
        assert row["difference"] == missing - row["never_agreed"] - row["agreed_elsewhen"]


@pytest.mark.parametrize(
    ("table", "column"),
    [("", "stage"), ("split", "channel"), ("differences", "tools"), ("waiting", "oldest_at")],
)
def test_every_table_comes_as_a_file(as_role: Callable[[str], Client], table: str, column: str) -> None:
    answer = as_role("marketer").get(f"/journey?period=2026Q1&table={table}&format=csv")
    assert column in next(csv.reader(io.StringIO(answer.content.decode())))


def test_a_viewer_gets_no_file(as_role: Callable[[str], Client]) -> None:
    text = as_role("viewer").get("/journey?period=2026Q1").content.decode()
    assert "format=csv" not in text


def stage(label: str, entered: int, conversion: float | None, dropped: int | None) -> dict[str, Any]:
    return {
        "stage": label.lower(),
        "label": label,
        "kpi": label.lower(),
        "entered": entered,
        "conversion": conversion,
        "dropped": dropped,
    }


def test_the_sentence_names_the_greatest_loss_and_the_greatest_change() -> None:
    now = [stage("MQL", 100, 0.6, 20), stage("SAL", 60, 0.3, 30), stage("Customer", 18, None, None)]
    before = [stage("MQL", 90, 0.65, 9), stage("SAL", 50, 0.5, 9), stage("Customer", 9, None, None)]
    assert plain(summary(now, before)) == (
        "Most leads are lost after SAL: 30 of 60 ended there, 30.0% went on. "
        "From SAL to Customer fewer go on than in the period before: 30.0%, after 50.0%."
    )


def test_few_leads_say_nothing_about_change() -> None:
    now, before = [stage("MQL", 19, 0.6, 0), stage("SAL", 9, None, None)], [stage("MQL", 90, 0.1, 0)]
    assert summary(now, before) == []


def test_the_demo_company_shows_why_sales_returned_leads(
    settings: Any, as_role: Callable[[str], Client]
) -> None:
    settings.WORKSPACE = demo_workspace().folder
    page = as_role("marketer").get("/journey?period=2026")
    handoff = page.context["stages"][1]
    assert handoff["detours"][0] == {"label": "returned by sales", "leads": page.context["returned_total"]}
    assert page.context["course"] is not None
