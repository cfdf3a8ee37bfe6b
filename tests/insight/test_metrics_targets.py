"""What was promised for a period: whole, pro rata, per month, per segment."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from read_models import STAGES, agreement

from accord.agreement import Target as Aim
from accord.agreement import parse
from accord.errors import MistakesError
from accord.insight.metrics.promises import promises_of
from accord.insight.metrics.targets import Period, Promise, Target, target
from example import EXAMPLE

TEXT = (EXAMPLE / "agreement.yaml").read_text()
Q1 = Period("quarter", "2026Q1", datetime(2026, 1, 1), datetime(2026, 4, 1))
Q2 = Period("quarter", "2026Q2", datetime(2026, 4, 1), datetime(2026, 7, 1))
MONTHS = [Period("month", f"2026-0{n}", datetime(2026, n, 1), datetime(2026, n + 1, 1)) for n in (1, 2, 3, 4)]
CALENDAR = [Q1, Q2, *MONTHS]


def test_a_whole_period_takes_the_whole_target() -> None:
    aims = [Promise("revenue", Decimal(900), "quarter", "2026Q1")]
    assert target(aims, CALENDAR, "revenue", Q1.start, Q1.end) == Target(Decimal(900), "target of 2026Q1")
    assert target(aims, CALENDAR, "pipeline", Q1.start, Q1.end) is None
    assert target(aims, CALENDAR, "revenue", Q2.start, Q2.end) is None


def test_a_part_of_a_period_takes_its_part_and_says_so() -> None:
    # January is 31 of the quarter's 90 days: 900 * 31 / 90.
    aims = [Promise("revenue", Decimal(900), "quarter", "2026Q1")]
    assert target(aims, CALENDAR, "revenue", datetime(2026, 1, 1), datetime(2026, 2, 1)) == Target(
        Decimal(310), "target of 2026Q1 pro rata (31 of 90 days)"
    )


def test_a_longer_period_than_the_target_says_what_it_covers() -> None:
    aims = [Promise("revenue", Decimal(900), "quarter", "2026Q1")]
    assert target(aims, CALENDAR, "revenue", Q1.start, Q2.end) == Target(
        Decimal(900), "target of 2026Q1, which does not cover the whole period"
    )


def test_a_delivery_per_month_is_owed_in_every_month() -> None:
    owed = [Promise("sal", Decimal(120), "month")]
    assert target(owed, CALENDAR, "sal", Q1.start, Q1.end) == Target(Decimal(360), "")
    # 15 of the 30 days of April.
    assert target(owed, CALENDAR, "sal", datetime(2026, 4, 1), datetime(2026, 4, 16)) == Target(
        Decimal(60), "target of 2026-04 pro rata (15 of 30 days)"
    )


def delivery(**clause: Any) -> SimpleNamespace:
    return SimpleNamespace(
        **({"deliver": 120, "of": "mql", "that": None, "per": "month", "segment": None} | clause)
    )


@pytest.mark.parametrize(
    ("clause", "kpi"),
    [({}, "mql"), ({"that": "accepted"}, "sal"), ({"that": "qualified"}, "sql")],
)
def test_a_delivery_counts_the_stage_its_verdict_opens(clause: dict[str, Any], kpi: str) -> None:
    agreed = agreement(deliveries=(delivery(**clause),))
    assert promises_of(agreed, STAGES) == [Promise(kpi, Decimal(120), "month")]


def test_a_delivery_of_a_segment_is_owed_for_that_segment_only() -> None:
    agreed = agreement(
        targets=(Aim(metric="revenue", value=5, kind="year", period="2026"),),
        deliveries=(delivery(segment="big"),),
    )
    assert promises_of(agreed, STAGES) == [Promise("revenue", Decimal(5), "year", "2026")]
    assert promises_of(agreed, STAGES, "big") == [Promise("mql", Decimal(120), "month")]


@pytest.mark.parametrize(("metric", "kpi"), [("customer", "wins"), ("opportunity", "opportunities")])
def test_a_target_of_a_deal_stage_counts_deals(metric: str, kpi: str) -> None:
    agreed = agreement(targets=(Aim(metric=metric, value=7, kind="quarter", period="2026Q1"),))
    assert promises_of(agreed, STAGES) == [Promise(kpi, Decimal(7), "quarter", "2026Q1")]


def test_a_target_of_a_segment_or_a_channel_is_held_against_these_alone() -> None:
    text = TEXT.replace(
        "targets: [",
        "targets: [{revenue: 50000, quarter: 2026Q2, segment: mid_market}, "
        "{mql: 7, quarter: 2026Q2, channel: Email}, ",
    )
    promised = parse(text)
    assert promised.behaviour_hash != parse(TEXT).behaviour_hash
    stages = [{"stage": one.name, "enter": one.enter, "label": one.title} for one in promised.stages]

    def aims(*among: str | None) -> set[tuple[str, Decimal]]:
        found = promises_of(promised, stages, *among)
        return {(one.kpi, one.amount) for one in found if one.label}

    assert aims() == {("revenue", Decimal(90000)), ("pipeline", Decimal(300000))}
    assert aims("mid_market") == {("revenue", Decimal(50000))}
    assert aims(None, "Email") == {("mql", Decimal(7))}
    assert aims("mid_market", "Email") == aims("small") == set()


def test_a_target_of_a_team_is_held_against_the_pipeline_it_found() -> None:
    text = TEXT.replace("targets: [", "targets: [{pipeline: 120000, quarter: 2026Q2, team: marketing}, ")
    promised = parse(text)
    assert promised.behaviour_hash != parse(TEXT).behaviour_hash
    assert Promise("pipeline_marketing", Decimal(120000), "quarter", "2026Q2") in promises_of(promised, [])
    with pytest.raises(MistakesError, match="A team's target is of pipeline"):
        parse(text.replace("{pipeline: 120000", "{revenue: 120000"))
