"""The hidden truth: each disease of the demo company is seen on the page where a user would look for it.

Looked at on the day after the data ends. The wrong audience is in `test_desk_campaigns`, content that nobody
uses and the two prices in `test_desk_content`.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from accord.insight.exceptions import plain
from accord.workspace import Workspace
from demo_company import UNTIL, demo_workspace, rows, truth

PEOPLE = 6_000
"""Enough for samples of every disease."""


@pytest.fixture(scope="module")
def northwind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company as it was built on the morning after its last day."""
    folder = tmp_path_factory.mktemp("truth") / "northwind"
    without = shutil.ignore_patterns("builds", "exports")
    shutil.copytree(demo_workspace(PEOPLE).folder, folder, ignore=without)
    morning = datetime(UNTIL.year, UNTIL.month, UNTIL.day) + timedelta(days=1, hours=6)
    with patch("accord.workspace.now", lambda: morning):
        Workspace(folder).build()
    return folder


@pytest.fixture
def planted(northwind: Path, settings: Any) -> dict[str, Any]:
    """The company is shown; what is wrong in it."""
    settings.WORKSPACE = northwind
    return dict(truth(demo_workspace(PEOPLE))["diseases"])


@pytest.fixture
def marketer(as_role: Callable[[str], Client], planted: dict[str, Any]) -> Client:
    """Somebody who sees all leads, with names."""
    return as_role("marketer")


def exceptions(client: Client) -> dict[str, list[dict[str, Any]]]:
    """What the scoreboard opens with, by kind."""
    told = client.get("/").context["exceptions"]
    return {kind: [row for row in told if row["kind"] == kind] for kind in {row["kind"] for row in told}}


def test_leads_never_contacted_head_the_scoreboard_and_are_listed(
    marketer: Client, planted: dict[str, Any]
) -> None:
    [told] = exceptions(marketer)["never_contacted"]
    assert told["state"] == "bad"
    listed = marketer.get(told["address"]).context["found"]
    assert listed.total == told["data"]["count"] > 0
    whole = marketer.get("/leads?flag=never_contacted").content.decode()
    assert planted["never_contacted"]["rep"] in whole


def test_the_team_that_calls_late_is_named(marketer: Client, planted: dict[str, Any]) -> None:
    [told] = exceptions(marketer)["slow_contact"]
    assert planted["slow_follow_up"]["team"] in plain(told["why"])


def test_the_missed_quarter_says_so_and_why(marketer: Client, planted: dict[str, Any]) -> None:
    missed = planted["missed_quarter"]
    page = marketer.get(f"/?period={missed['quarter']}")
    tile = page.context["tiles"]["revenue"]
    assert tile.state == "bad" and tile.row["target"] == missed["target"]
    assert tile.row["value"] == pytest.approx(missed["revenue"], rel=0.01)
    assert "missed its target" in page.content.decode()
    told = [row for row in exceptions(marketer)["target_missed"] if row["data"]["kpi"] == "revenue"]
    assert told[0]["data"]["cause"] == "acceptance"


def test_the_cheap_channel_that_works_is_told_and_shown(marketer: Client, planted: dict[str, Any]) -> None:
    [told] = exceptions(marketer)["cheap_channel"]
    assert planted["good_cheap_channel"]["channel"] in plain(told["title"])
    assert (
        planted["good_cheap_channel"]["campaign"] in marketer.get("/campaigns?period=2026").content.decode()
    )


def test_what_a_mail_scanner_clicked_is_greyed_on_the_leads_page(
    marketer: Client, northwind: Path, planted: dict[str, Any]
) -> None:
    sql = """
        SELECT listed.person_id FROM timeline JOIN lead_list AS listed ON timeline.person = listed.person
        WHERE timeline.kind = 'email_click' AND timeline.quality = 'machine' AND listed.domain = '{}'
        ORDER BY timeline.at DESC LIMIT 1
    """
    found = [rows(Workspace(northwind), sql.format(domain)) for domain in planted["mail_scanner"]["domains"]]
    person = next(hit[0]["person_id"] for hit in found if hit)
    story = marketer.get(f"/leads/{person}", follow=True).content.decode()
    assert re.search(r"machine|scanner", story, re.IGNORECASE)


def test_duplicates_worked_by_two_are_listed(marketer: Client, planted: dict[str, Any]) -> None:
    page = marketer.get("/leads?flag=worked_by_two")
    assert page.context["found"].total > 0
    one, other = planted["duplicates"]["pairs"][0]
    story = marketer.get(f"/leads/{one}", follow=True).content.decode()
    assert one in story and other in story
