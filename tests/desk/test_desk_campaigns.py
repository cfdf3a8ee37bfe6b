from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from accord.desk.campaigns.lines import Line
from accord.workspace import Workspace
from demo_company import demo_workspace, truth

QUARTER = {"start": date(2026, 2, 1), "end": date(2026, 5, 1)}
SUMS = {"cost": "spend", "leads": "leads", "mql": "mql", "sal": "sal", "sql": "sql"}


@pytest.mark.parametrize(
    "asked", [{}, {"model": "linear"}, {"channel": "Paid Search"}, {"segment": "mid_market"}]
)
def test_lines_equal_the_command_lines(
    as_role: Callable[[str], Client], served: Path, asked: dict[str, str]
) -> None:
    page = as_role("marketer").get("/campaigns", {"period": "2026Q1", **asked})
    found = {line.label: line.row for line in page.context["lines"]}
    assert found == {row["campaign"]: row for row in Workspace(served).rows("campaigns", **QUARTER, **asked)}


def test_returns_equal_the_command_lines(as_role: Callable[[str], Client], served: Path) -> None:
    page = as_role("marketer").get("/campaigns?period=2026Q1")
    found = {line.label: line.returns for line in page.context["lines"]}
    for row in Workspace(served).rows("models", **QUARTER):
        assert found[row["campaign"]] == {k: v for k, v in row.items() if k not in ("campaign", "cost")}


@pytest.mark.parametrize("model", ["first", "u_shaped", "time_decay"])
def test_the_sums_are_the_scoreboards_numbers(
    as_role: Callable[[str], Client], served: Path, model: str
) -> None:
    sums = as_role("marketer").get(f"/campaigns?period=2026Q1&model={model}").context["totals"]
    kpis = {row["kpi"]: row["value"] for row in Workspace(served).rows("scoreboard", **QUARTER)}
    assert {name: sums[name] for name in SUMS} == {name: round(kpis[kpi]) for name, kpi in SUMS.items()}
    assert sums["pipeline"] == round(kpis["pipeline"]) and sums["won_value"] == round(kpis["won_value"])


def test_columns_sum_as_printed(as_role: Callable[[str], Client]) -> None:
    context = as_role("marketer").get("/campaigns?period=2026Q1&model=linear").context
    for name in ("mql", "sql", "pipeline", "won_value"):
        assert sum(line.shown[name] for line in context["lines"]) == context["totals"][name]


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("", "trade-fair"),
        ("-cost", "trade-fair"),
        ("cost", "robot-cells"),
        ("-roi", "robot-cells"),
        ("name", "finance-leads"),
        ("nonsense", "trade-fair"),
    ],
)
def test_the_table_is_ordered_by_a_column(as_role: Callable[[str], Client], order: str, first: str) -> None:
    found = as_role("viewer").get(f"/campaigns?period=2026Q1&sort={order}").context["lines"]
    assert found[0].label == first
    assert [line.is_named for line in found] == sorted((line.is_named for line in found), reverse=True)


def test_a_heads_second_click_turns_the_order_round(as_role: Callable[[str], Client]) -> None:
    columns = as_role("viewer").get("/campaigns?period=2026Q1&sort=-roi").context["columns"]
    cost, roi = columns[1], columns[-1]
    assert (cost.sorted, roi.sorted) == ("", "descending")
    assert "sort=-cost" in cost.address and "sort=roi" in roi.address and "period=2026Q1" in roi.address


@pytest.mark.parametrize(
    ("returns", "standing"),
    [
        ({"first": 0.5, "last": 0.0}, "gains"),
        ({"first": 0.5, "last": -0.1}, "differs"),
        ({"first": -1.0, "last": None}, "loses"),
        ({"first": None}, None),
        ({}, None),
    ],
)
def test_a_campaign_pays_only_if_every_model_says_so(returns: dict[str, Any], standing: str | None) -> None:
    assert Line({"campaign": "x"}, {}, returns, None, None, None).standing == standing


def test_the_file_has_every_line_exact_with_every_models_return(as_role: Callable[[str], Client]) -> None:
    client = as_role("manager")
    rows = list(
        csv.DictReader(io.StringIO(client.get("/campaigns?period=2026Q1&format=csv").content.decode()))
    )
    found = client.get("/campaigns?period=2026Q1").context["lines"]
    assert [row["campaign"] for row in rows] == [line.label for line in found]
    assert Decimal(rows[0]["cost"]) == found[0].row["cost"]
    assert {"roi_first", "roi_time_decay"} <= rows[0].keys()


def test_the_model_stays_when_the_period_is_changed(as_role: Callable[[str], Client]) -> None:
    text = as_role("viewer").get("/campaigns?period=2026Q1&model=linear").content.decode()
    assert 'href="?model=linear&amp;period=2026' in text
    assert '<input type="hidden" name="model" value="linear">' in text


@pytest.fixture
def demo(settings: object) -> dict[str, Any]:
    """The demo company is shown; its hidden truth."""
    space = demo_workspace()
    settings.WORKSPACE = space.folder  # type: ignore[attr-defined]
    return truth(space)["diseases"]  # type: ignore[no-any-return]


def test_the_costly_campaign_for_the_wrong_people_is_the_first_to_stop(
    demo: dict[str, Any], as_role: Callable[[str], Client]
) -> None:
    planted, quarter = demo["wrong_audience"], demo["missed_quarter"]["quarter"]
    page = as_role("marketer").get(f"/campaigns?period={quarter}")
    first = page.context["advised"][0]
    assert (first.kind, first.line.name) == ("stop", planted["campaign"])
    assert first.line.misses_audience and first.line.row["return_reason"] == planted["reason"]
    assert f"Stop or change {planted['campaign']}" in page.content.decode()


def test_the_cheap_campaign_that_works_costs_least_for_a_qualified_lead(
    demo: dict[str, Any], as_role: Callable[[str], Client]
) -> None:
    found = as_role("marketer").get("/campaigns?period=2026").context["lines"]
    costing = [line for line in found if line.is_named and line.cost_each]
    assert min(costing, key=lambda line: line.cost_each).name == demo["good_cheap_channel"]["campaign"]


def sme(demo: dict[str, Any]) -> str:
    """The address of the campaign for the wrong people in the quarter missed."""
    quarter, name = demo["missed_quarter"]["quarter"], demo["wrong_audience"]["campaign"]
    return f"/campaigns?period={quarter}&campaign={quote(name.lower())}"


def test_one_campaign_opens_with_its_months_leads_returns_and_deals(
    demo: dict[str, Any], as_role: Callable[[str], Client]
) -> None:
    context = as_role("marketer").get(sme(demo)).context
    row = context["line"].row
    assert sum(each["leads"] for each in context["brought"]) == row["leads"]
    assert sum(each["leads"] for each in context["returns"]) == row["returned"]
    assert context["returns"][0]["name"] == "Company too small"
    assert context["advised"].kind == "stop"
    small = next(each for each in context["brought"] if each["name"] == "Small firms")
    assert small["leads"] > row["leads"] * 0.8


@pytest.mark.parametrize("role", ["marketer", "viewer"])
def test_a_campaigns_deals_add_up_to_its_credit(
    demo: dict[str, Any], as_role: Callable[[str], Client], role: str
) -> None:
    client = as_role(role)
    label = "palletising payback webinar"
    context = client.get(f"/campaigns?period=2026&campaign={label}").context
    credited: dict[str, Decimal] = {"deal_open": Decimal(0), "deal_won": Decimal(0)}
    for deal in context["deals"]:
        credited[deal["enter"]] += deal["value"]
    if not context["more"]:
        assert credited["deal_open"] == context["line"].row["pipeline"]
        assert credited["deal_won"] == context["line"].row["won_value"]


def test_a_campaigns_months_are_those_of_the_table(
    demo: dict[str, Any], as_role: Callable[[str], Client]
) -> None:
    client = as_role("marketer")
    month = client.get(sme(demo)).context["months"][-1]
    label = demo["wrong_audience"]["campaign"].lower()
    line = client.get(f"/campaigns?period={month['month']}&campaign={quote(label)}").context["line"]
    for name in ("cost", "leads", "returned", "pipeline", "won_value"):
        assert month[name] == (line.row[name] or 0), name


def test_a_rep_sees_no_deal_of_others_behind_a_campaign(
    demo: dict[str, Any], as_role: Callable[[str], Client]
) -> None:
    page = as_role("rep").get("/campaigns?period=2026&campaign=palletising+payback+webinar")
    assert page.status_code == 200 and page.context["deals"] == []


def test_a_campaign_nobody_knows_is_not_here(as_role: Callable[[str], Client]) -> None:
    assert as_role("viewer").get("/campaigns?campaign=nonsense").status_code == 404


def test_the_decision_is_the_command_lines(as_role: Callable[[str], Client], served: Path) -> None:
    page = as_role("marketer").get("/campaigns/decision?period=2026Q1&stage=mql&by=campaign")
    space = Workspace(served)
    assert page.context["found"] == space.decision(**QUARTER, by="campaign", milestone="mql")
    assert len(page.context["rows"]) == sum(line.cost is not None for line in page.context["found"].lines)
    shown = page.content.decode()
    assert "Thin data" in shown and "What moving money would do" in shown
    rows = csv.DictReader(
        io.StringIO(
            as_role("marketing_manager")
            .get(f"{page.request['PATH_INFO']}?period=2026Q1&format=csv")
            .content.decode()
        )
    )
    assert {row["model"] for row in rows} == set(page.context["found"].models)


def test_a_move_of_what_has_no_spend_is_told(as_role: Callable[[str], Client]) -> None:
    page = as_role("marketer").get("/campaigns/decision?period=2026Q1&source=Radio&part=x")
    assert "Radio has no spend in this period." in page.content.decode() and page.context["part"] == 10


def test_a_period_without_spend_is_told(as_role: Callable[[str], Client]) -> None:
    page = as_role("viewer").get("/campaigns/decision?period=2026-08")
    assert "Nothing was spent in this period" in page.content.decode()


def test_what_experiments_found_stands_on_the_page_whatever_a_note_holds(
    as_role: Callable[[str], Client], served: Path
) -> None:
    head = "channel,campaign,from,to,kind,cost,gained,gained_low,gained_high,note\n"
    file = served / "experiments.csv"
    try:
        file.write_text(f"{head}Paid Search,,2026-03-01,2026-04-01,geo,1000,1500,,,<script>x</script>\n")
        shown = as_role("marketer").get("/campaigns/decision?period=2026Q1").content.decode()
        assert (
            "1 Mar 2026 – 31 Mar 2026" in shown
            and "What experiments found" in shown
            and "&lt;script&gt;x" in shown
        )
        assert (
            "What experiments"
            not in as_role("viewer").get("/campaigns/decision?by=campaign").content.decode()
        )
        file.write_text("nonsense\n")
        assert as_role("marketer").get("/campaigns/decision?period=2026Q1").status_code == 200
    finally:
        file.unlink()
