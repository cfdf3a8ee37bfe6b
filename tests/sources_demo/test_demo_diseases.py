"""Each disease of the demo company's hidden truth is seen in the read models."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any

import pytest

from demo_company import demo_workspace, rows, truth


def disease(name: str) -> dict[str, Any]:
    return dict(truth(demo_workspace())["diseases"][name])


def people_of(names: list[str]) -> str:
    """Names of people as a list in SQL."""
    return ", ".join(f"'{name}'" for name in names)


def one(sql: str) -> dict[str, Any]:
    [row] = rows(demo_workspace(), sql)
    return row


def test_whom_nobody_contacted_has_no_first_contact() -> None:
    planted = disease("never_contacted")
    found = one(
        f"""
        SELECT count(*) AS n FROM leads JOIN actors ON leads.person = actors.person
        WHERE actors.actor IN ({people_of(planted["people"])})
            AND qualified_at IS NOT NULL AND first_contact_at IS NULL
        """
    )
    assert found["n"] >= 0.9 * len(planted["people"]) > 0


def test_the_silent_rep_leaves_more_than_others() -> None:
    planted = disease("never_contacted")
    sql = """
        SELECT owner_id = '{}' AS silent, avg((first_contact_at IS NULL)::INTEGER) AS alone
        FROM leads WHERE qualified_at IS NOT NULL GROUP BY 1
    """
    alone = {row["silent"]: row["alone"] for row in rows(demo_workspace(), sql.format(planted["owner_id"]))}
    assert alone[True] > 2 * alone[False]


def test_the_slow_team_answers_late_since_then_and_did_not_before() -> None:
    planted = disease("slow_follow_up")
    sql = f"""
        SELECT qualified_at >= TIMESTAMP '{planted["since"]}' AS slow,
            median(epoch(first_contact_at) - epoch(qualified_at)) / 3600 AS hours
        FROM leads
        WHERE owner_id IN ({people_of(planted["owner_ids"])}) AND first_contact_at IS NOT NULL
        GROUP BY 1
    """
    hours = {row["slow"]: row["hours"] for row in rows(demo_workspace(), sql)}
    assert hours[False] < planted["promised_hours"] < hours[True]


def test_the_costly_campaign_brings_small_firms_that_sales_returns() -> None:
    planted = disease("wrong_audience")
    brought = one(
        f"""
        SELECT count(*) AS leads, count(*) FILTER (WHERE segment = '{planted["segment"]}') AS small
        FROM leads WHERE campaign = '{planted["campaign_id"]}' AND known
        """
    )
    assert brought["small"] > 0.85 * brought["leads"] > 0
    shown = {row["name"]: row for row in demo_workspace().rows("campaigns")}
    worst = shown[planted["campaign"]]
    assert worst["return_reason"] == planted["reason"]
    assert worst["won_value"] < worst["cost"]


def test_the_cheap_channel_is_accepted_more_often_than_the_costly_one() -> None:
    good, bad = (disease(name)["campaign"] for name in ("good_cheap_channel", "wrong_audience"))
    shown = {row["name"]: row for row in demo_workspace().rows("campaigns")}
    share = {name: shown[name]["sal"] / shown[name]["mql"] for name in (good, bad)}
    assert share[good] > Decimal("1.3") * share[bad]
    assert shown[good]["cost"] < shown[bad]["cost"] / 3


def test_content_is_unused_and_contradicts_itself() -> None:
    workspace = demo_workspace()
    with (workspace.folder / "exports/content/content.csv").open(encoding="utf-8") as file:
        pieces = {row["title"]: row for row in csv.DictReader(file)}
    taken = {row["asset"] for row in rows(workspace, "SELECT DISTINCT asset FROM timeline")}
    used = {row["asset"] for row in workspace.table("facts.content_uses").to_pylist()}
    assert set(disease("unused_content")["titles"]) == pieces.keys() - taken - used
    prices = disease("two_prices")
    quoted = {row["price_quoted"] for row in pieces.values() if row["product"] == prices["product"]} - {""}
    assert quoted == {str(piece["price"]) for piece in prices["pieces"]}
    assert len(quoted) == 2


def test_only_scanners_click_everything_at_once() -> None:
    sql = """
        SELECT DISTINCT people.email_domain AS domain FROM timeline JOIN people USING (person)
        WHERE kind = 'email_click' AND quality = 'machine' ORDER BY 1
    """
    found = [row["domain"] for row in rows(demo_workspace(), sql)]
    assert found == disease("mail_scanner")["domains"]


def test_a_duplicate_is_one_person_worked_by_two_reps() -> None:
    for pair in disease("duplicates")["pairs"]:
        found = one(
            f"""
            SELECT count(DISTINCT actors.person) AS people, count(DISTINCT timeline.owner_id) AS reps
            FROM actors JOIN timeline USING (person)
            WHERE actor IN ({people_of(pair)}) AND timeline.team = 'sales' AND timeline.counted
            """
        )
        assert found == {"people": 1, "reps": 2}


def test_the_quarter_was_missed_and_no_earlier_one() -> None:
    planted = disease("missed_quarter")
    board = {
        row["period"]: row
        for row in demo_workspace().rows("scoreboard", by="quarter")
        if row["kpi"] == "revenue" and row["target"] is not None
    }
    missed = board[planted["quarter"]]
    assert missed["target"] == planted["target"]
    assert missed["value"] == pytest.approx(Decimal(planted["revenue"]), rel=Decimal("0.02"))
    assert missed["value"] < Decimal("0.9") * missed["target"]
    assert all(row["value"] >= row["target"] for period, row in board.items() if period < planted["quarter"])
