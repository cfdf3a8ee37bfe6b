"""The demo company's diseases are told, on the day after its last and with the names of its hidden truth."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import accord
from accord.insight import attribution, leads
from accord.insight.periods import midnight
from accord.ledger.builds import Builds
from accord.workspace import Workspace
from demo_company import UNTIL, demo_workspace, truth

PEOPLE = 6_000
"""Enough for samples of every disease."""

Told = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A copy of a demo company's workspace, without its builds."""
    folder = tmp_path_factory.mktemp("demo") / "space"
    shutil.copytree(demo_workspace(PEOPLE).folder, folder, ignore=shutil.ignore_patterns("builds", "exports"))
    return accord.open(folder)


@pytest.fixture(scope="module")
def told(space: Workspace) -> Told:
    """Its exceptions by kind, as known when its last day was over."""
    after = datetime(UNTIL.year, UNTIL.month, UNTIL.day) + timedelta(days=1)
    rows = space.exceptions(as_of=after)
    assert [row["no"] for row in rows] == list(range(1, len(rows) + 1))
    states = [row["state"] for row in rows]
    assert states == sorted(states, key=["bad", "risk", "new"].index)
    return {kind: [row for row in rows if row["kind"] == kind] for kind in {row["kind"] for row in rows}}


@pytest.fixture(scope="module")
def planted() -> dict[str, Any]:
    return dict(truth(demo_workspace(PEOPLE))["diseases"])


def test_leads_are_left_alone_and_the_slow_team_is_named(told: Told, planted: dict[str, Any]) -> None:
    assert told["never_contacted"][0]["state"] == "bad"
    [slow] = told["slow_contact"]
    assert slow["data"]["slowest_name"] == planted["slow_follow_up"]["team"]
    assert slow["data"]["promised_hours"] == planted["slow_follow_up"]["promised_hours"]


def test_the_quarter_was_missed_because_sales_accepted_less(told: Told, planted: dict[str, Any]) -> None:
    [missed] = [row for row in told["target_missed"] if row["data"]["kpi"] == "revenue"]
    assert missed["data"]["period"] == planted["missed_quarter"]["quarter"]
    assert missed["data"]["target"] == planted["missed_quarter"]["target"]
    assert missed["data"]["cause"] == "acceptance"


def test_the_dearest_losing_campaign_brings_the_wrong_audience(told: Told, planted: dict[str, Any]) -> None:
    worst, wrong = told["losing_campaign"][0]["data"], planted["wrong_audience"]
    assert (worst["name"], worst["reason"]) == (wrong["campaign"], wrong["reason"])
    assert worst["in_audience"] < 0.2 * worst["leads"]
    assert worst["returned"] > 0.5 * worst["handed"]


def test_the_cheap_channel_is_found(told: Told, planted: dict[str, Any]) -> None:
    [channel] = told["cheap_channel"]
    assert channel["data"]["channel"] == planted["good_cheap_channel"]["channel"]


def test_scanners_and_duplicates_are_found_and_no_others(told: Told, planted: dict[str, Any]) -> None:
    [scanner] = told["mail_scanner"]
    named = {example["domain"] for example in scanner["data"]["examples"]}
    assert named <= set(planted["mail_scanner"]["domains"])
    assert told["split_records"][0]["data"]["count"] == len(planted["duplicates"]["pairs"])
    assert told["worked_by_two"][0]["data"]["count"] <= len(planted["duplicates"]["pairs"])


def test_what_runs_well_stays_quiet(told: Told) -> None:
    assert not told.keys() & {"source_silent", "nameless_facts", "loose_spend", "machine_touches"}


def test_counts_are_those_of_the_pages_they_lead_to(told: Told, space: Workspace) -> None:
    engine = Builds(space.ledger.folder / "as-of").current().open()

    def span(row: dict[str, Any]) -> tuple[datetime, datetime]:
        zone = space.agreement.calendar.zone
        start, end = (midnight(date.fromisoformat(row["filters"][side]), zone) for side in ("from", "to"))
        return start, end

    [never] = told["never_contacted"]
    late = leads.Filters(flags=frozenset({"overdue"}), closed=False, qualified=span(never))
    assert leads.leads(engine, leads.EVERYTHING, filters=late).total == never["data"]["count"]
    [two] = told["worked_by_two"]
    both = leads.Filters(flags=frozenset({"worked_by_two"}), closed=False)
    assert leads.leads(engine, leads.EVERYTHING, filters=both).total == two["data"]["count"]
    losing = told["losing_campaign"][0]
    start, end = span(losing)
    rows = attribution.campaigns(engine, start=start, end=end)
    [campaign] = [row for row in rows if row["campaign"] == losing["data"]["campaign"]]
    names = {"leads": "leads", "returned": "returned", "reason": "return_reason", "channel": "channel"}
    for mine, theirs in names.items():
        assert losing["data"][mine] == campaign[theirs]
    assert losing["data"]["cost"] == float(campaign["cost"])
    assert losing["data"]["in_audience"] / losing["data"]["leads"] == campaign["in_audience"]
