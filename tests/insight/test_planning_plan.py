"""A revenue target's plan against companies whose chances are known, and against slow arithmetic."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from planning_world import DAY, NOW, company
from typer.testing import CliRunner

from accord.cli.main import app
from accord.insight.planning import Asked, NoTarget, Scenario, outlook
from accord.insight.planning.capacity import Capacity
from accord.insight.planning.chances import DAYS, chances
from accord.insight.planning.history import Deal, History, Lead
from accord.insight.planning.plan import Aim, Plan, plan
from accord.insight.planning.speed import speed
from demo_company import demo_workspace, truth
from proof import CAMPAIGN, SEED

COMPANIES = 200 if CAMPAIGN else 30
END = NOW + timedelta(days=60)


def aim(target: float, start: datetime = NOW, end: datetime = END, booked: float = 0.0) -> Aim:
    return Aim("next", start, end, target, booked, 0.0)


def planned(history: History, target: float, scenario: Scenario = Scenario(), **options: Any) -> Plan:  # noqa: B008
    made = plan(history, aim(target, **options), scenario)
    assert made is not None
    return made


def test_what_comes_lies_where_the_forecast_says() -> None:
    within, above, missed = 0, 0, []
    for seed in range(COMPANIES):
        history, came = company(SEED + seed, days=400, per_day=1.0)
        forecast = planned(history, came or 1.0).forecast
        within += forecast.low <= came <= forecast.high
        above += came > forecast.middle
        missed.append(came - forecast.mean)
    assert 0.62 * COMPANIES <= within <= 0.95 * COMPANIES  # said: eight of ten
    assert 0.25 * COMPANIES <= above <= 0.75 * COMPANIES
    assert abs(np.mean(missed)) < 3 * np.std(missed) / COMPANIES**0.5  # right on average


def test_open_leads_are_not_taken_for_lost_ones() -> None:
    history, _ = company(SEED, days=90, per_day=40, deal_days=30, deal_chance=0.5)
    known = chances(history, 1, np.random.default_rng(0))
    by_30_days = 0.5 * (1 - np.exp(-1))
    assert abs(known.dealt[0, 30] - by_30_days) < 0.03
    flat = sum(lead.deal_at is not None for lead in history.leads) / len(history.leads)
    assert flat < 0.5 - 0.08 and abs(known.dealt[0, 80] - 0.5 * (1 - np.exp(-80 / 30))) < 0.04


def test_chances_equal_slow_sums_over_days() -> None:
    history, _ = company(SEED, days=300, per_day=3)
    known = chances(history, 3, np.random.default_rng(SEED))
    dealt_on = np.diff(known.dealt, axis=1, prepend=0.0)
    for draw in range(3):
        for days in (1, 20, 60):
            new = sum(dealt_on[draw, d] * known.won[draw, days - d] for d in range(days))
            assert known.new_lead(days)[draw] == pytest.approx(new, abs=1e-12)
            for age in (0, 7, 40):
                later = sum(dealt_on[draw, age + d] * known.won[draw, days - d] for d in range(1, days + 1))
                share = later / known.waiting[draw, age]
                assert known.waiting_lead(age, days)[draw] == pytest.approx(min(share, 1.0), abs=1e-12)
    assert (known.new_lead(0) == 0).all() and (known.open_deal(5, 0) == 0).all()
    assert (known.open_deal(DAYS + 500, 30) >= 0).all()


def test_without_open_leads_the_chance_is_the_plain_share() -> None:
    leads = [lead(n, 200, deal_after=n % 4 * 10 if n % 2 else None) for n in range(40)]
    known = chances(History("mql", leads, [], NOW), 1, np.random.default_rng(0))
    assert known.dealt[0, 10] == pytest.approx(10 / 40) and known.dealt[0, 100] == pytest.approx(0.5)


def lead(number: int, days_ago: int, *, deal_after: int | None = None, contact: float | None = 2.0) -> Lead:
    """A lead that came so many days ago; without a deal it was closed after five."""
    at = NOW - DAY * days_ago
    deal = None if deal_after is None else at + DAY * deal_after
    first = None if contact is None else at + timedelta(hours=contact)
    return Lead(number, at, "mid", "Email", first, deal, None if deal else at + 5 * DAY)


def steady(deal_after: int = 10, win_after: int = 20) -> History:
    """Every second lead comes to a deal after as many days, every deal is won after as many more."""
    leads = [lead(n, n + 60, deal_after=deal_after if n % 2 else None) for n in range(300)]
    made = [one for one in leads if one.deal_at]
    deals = [
        Deal(one.lead, one.lead, one.deal_at, one.deal_at + win_after * DAY, "won", 5000.0, "mid", "Email")
        for one in made
        if one.deal_at
    ]
    return History("mql", leads, deals, NOW)


def test_the_last_week_that_matters_is_as_long_before_the_end_as_a_sale_takes() -> None:
    made = planned(steady(10, 20), 1e6)
    assert made.last_week is not None
    assert timedelta(days=30) <= END - (made.last_week + timedelta(days=3.5)) < timedelta(days=38)
    chances_of = [week.chance for week in made.weeks]
    assert chances_of[0] == pytest.approx(0.5) and chances_of[-1] == 0.0
    assert [week.needed for week in made.weeks][-1] == 0.0


def test_the_leads_needed_bring_what_is_missing() -> None:
    history, _ = company(SEED + 3)
    low = planned(history, 1.0)
    assert low.forecast.probability == 1.0 and low.needed["leads_per_week"] == 0.0 and not low.unrealistic
    high = planned(history, 3 * low.forecast.mean)
    assert high.unrealistic and high.forecast.probability < 0.1
    times = high.needed["leads_per_week"] / high.per_week
    reached = planned(history, 3 * low.forecast.mean, Scenario(volume=times)).forecast
    assert reached.mean == pytest.approx(3 * low.forecast.mean, rel=0.06)


def test_a_scenario_changes_what_it_says() -> None:
    history, _ = company(SEED + 4)
    base = planned(history, 5e5).forecast
    more = planned(history, 5e5, Scenario(volume=2)).forecast
    assert more.parts["new_leads"] == pytest.approx(2 * base.parts["new_leads"], rel=0.1)
    assert more.parts["open_deals"] == base.parts["open_deals"]
    larger = planned(history, 5e5, Scenario(deal_size=1.5)).forecast
    assert larger.mean == pytest.approx(1.5 * base.mean, rel=0.02)
    assert larger.probability >= base.probability
    none = planned(history, 5e5, Scenario(conversion=0)).forecast
    assert none.parts["new_leads"] == none.parts["waiting_leads"] == 0.0 < none.parts["open_deals"]


def test_a_period_to_come_counts_only_what_is_won_in_it() -> None:
    history = steady(10, 20)
    later = planned(history, 1e6, start=END, end=END + timedelta(days=60))
    early = [week for week in later.weeks if week.start + timedelta(days=34) < END]
    assert early and all(week.chance == 0 for week in early)
    assert max(week.chance for week in later.weeks) == pytest.approx(0.5)
    assert later.forecast.parts["booked"] == 0.0


def test_too_few_won_deals_and_a_period_that_is_over_have_no_plan() -> None:
    history, _ = company(SEED)
    few = replace(history, deals=[deal for deal in history.deals if not deal.won])
    assert plan(few, aim(1e5), Scenario()) is None
    assert plan(history, aim(1e5, NOW - timedelta(days=90), NOW), Scenario()) is None


def test_hours_are_leads_times_acts_times_minutes() -> None:
    there = Capacity(sellers=4, open_hours=160.0, acts_per_lead=3.0, minutes=20, share=0.5)
    assert there.hours == 80 and there.leads_per_week == pytest.approx(80.0)
    assert there.for_leads(100).hours_needed == pytest.approx(100.0)


def test_what_speed_is_worth_is_told_by_bands_and_only_of_leads_that_had_their_time() -> None:
    fast = [lead(n, 200, deal_after=10 if n % 2 else None, contact=0.5) for n in range(20)]
    slow = [lead(100 + n, 200, deal_after=30 if n % 10 == 0 else None, contact=60) for n in range(20)]
    never = [lead(200 + n, 200, contact=None) for n in range(5)]
    fresh = [lead(300 + n, 10, deal_after=5, contact=0.5) for n in range(9)]
    bands = speed(History("mql", [*fast, *slow, *never, *fresh], [], NOW), timedelta(days=90))
    told = {(band.within, band.never): (band.dealt.count, band.dealt.of) for band in bands}
    assert told[timedelta(hours=1), False] == (10, 20)
    assert told[timedelta(days=3), False] == (2, 20)
    assert told[None, True] == (0, 5)
    assert sum(band.dealt.of for band in bands) == 45


def test_the_demo_company_has_a_plan_for_the_running_quarter() -> None:
    space = demo_workspace()
    found = outlook(space.builds.current().open(), space.agreement, Asked())
    assert found.plan is not None and found.gap is None
    made = found.plan
    assert found.label in found.periods and found.target == made.aim.target
    assert 0 <= made.forecast.probability <= 1 and made.forecast.low <= made.forecast.middle
    assert sum(made.forecast.parts.values()) == pytest.approx(made.forecast.mean)
    assert [one.stage for one in found.stages][:2] == ["leads", "mql"]
    assert sum(one.per_week for one in made.sources) == pytest.approx(made.per_week)
    assert made.capacity is not None and made.capacity.sellers > 0


def test_a_period_without_a_target_is_refused_unless_one_is_given() -> None:
    space = demo_workspace()
    engine = space.builds.current().open()
    with pytest.raises(NoTarget, match="2027Q3"):
        outlook(engine, space.agreement, Asked(period="2027Q3"))
    year = outlook(engine, space.agreement, Asked(period="2026", target=2e6))
    assert year.target == 2e6 and year.plan is not None


def test_the_command_prints_plans_and_misses_and_gives_them_as_json() -> None:
    space = demo_workspace()
    folder, missed = str(space.folder), truth(space)["diseases"]["missed_quarter"]["quarter"]
    shown = CliRunner().invoke(app, ["plan", "-w", folder, "--volume", "2"])
    assert shown.exit_code == 0 and "likely to be reached" in shown.stdout, shown.output
    gap = CliRunner().invoke(app, ["plan", "-w", folder, "--period", missed])
    assert "deals per lead" in gap.stdout and "against the target" in gap.stdout
    told = json.loads(CliRunner().invoke(app, ["plan", "-w", folder, "--format", "json"]).stdout)
    assert {"label", "target", "plan", "gap", "stages", "speed", "periods"} <= set(told)
    assert told["speed"][0]["within"] == 1.0 and told["plan"]["weeks"]
    refused = CliRunner().invoke(app, ["plan", "-w", folder, "--period", "2031Q1"])
    assert isinstance(refused.exception, NoTarget) or "2031Q1" in refused.output
