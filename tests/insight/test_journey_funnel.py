"""The funnel: counts, conversion and time, with leads still open taken for what they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journey_world import FLAG, MOMENT, TEXT, WHOLE, add

from accord.insight.journey import UnknownSplit, funnel
from accord.insight.journey.funnel import FUNNEL_DAYS
from accord.insight.journey.survival import CONVERTED, DROPPED, OPEN, median_time
from accord.ledger.engine import DuckDBEngine, Step
from proof import EXAMPLES

DAY = {n: datetime(2026, 1 + (n - 1) // 31, 1 + (n - 1) % 31) for n in range(1, 60)}
STAGES = ("mql", "sal", "customer")


def built(leads: list[dict[str, Any]], now: int = 41) -> DuckDBEngine:
    """An engine with these leads: `opened`, `closed` and stages by day number, `sal_by_tool` for the tool."""
    engine = DuckDBEngine()
    add(engine, "as_of", [{"now": DAY[now]}], now=MOMENT)
    add(
        engine,
        "stages",
        [{"stage_no": n, "stage": s} for n, s in enumerate(STAGES, 1)],
        stage_no=WHOLE,
        stage=TEXT,
    )
    months = [{"kind": "month", "label": "2026-01", "starts_utc": DAY[1], "ends_utc": DAY[32]}]
    months.append(
        {"kind": "month", "label": "2026-02", "starts_utc": DAY[32], "ends_utc": datetime(2026, 3, 1)}
    )
    days = [
        {"kind": "day", "label": f"{day:%Y-%m-%d}", "starts_utc": day, "ends_utc": day + timedelta(days=1)}
        for day in DAY.values()
    ]
    add(engine, "periods", months + days, kind=TEXT, label=TEXT, starts_utc=MOMENT, ends_utc=MOMENT)
    rows, entries = [], []
    for number, lead in enumerate(leads, start=1):
        row = {"lead": number, "known": True, **lead, "opened_at": DAY[lead["opened"]]}
        row["closed_at"] = DAY[lead["closed"]] if "closed" in lead else None
        rows.append({key: value for key, value in row.items() if key in COLUMNS})
        for stage_no, stage in enumerate(STAGES, start=1):
            for basis, key in (("agreement", stage), ("tools", f"{stage}_by_tool")):
                if key in lead:
                    entries.append(
                        {"lead": number, "stage_no": stage_no, "basis": basis, "at": DAY[lead[key]]}
                    )
    engine.add("leads", pa.Table.from_pylist(rows, schema=pa.schema(list(COLUMNS.items()))))
    add(engine, "stage_entries", entries, lead=WHOLE, stage_no=WHOLE, basis=TEXT, at=MOMENT)
    engine.run([FUNNEL_DAYS.step()])
    return engine


COLUMNS = {
    "lead": WHOLE,
    "opened_at": MOMENT,
    "closed_at": MOMENT,
    "channel": TEXT,
    "campaign": TEXT,
    "segment": TEXT,
    "known": FLAG,
}


def counts(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    keys = ("stage", "entered", "converted", "conversion", "median_days", "dropped", "open")
    return [tuple(row[key] for key in keys) for row in found]


def test_each_stage_says_how_many_went_on_dropped_or_are_open() -> None:
    engine = built(
        [
            {"opened": 1, "mql": 3, "sal": 5, "customer": 20, "closed": 20},
            {"opened": 1, "mql": 3, "customer": 13, "closed": 13},
            {"opened": 2, "mql": 3, "closed": 9},
            {"opened": 2, "mql": 31},
            {"opened": 40},
        ]
    )
    assert counts(funnel(engine)) == [
        ("new", 5, 4, 0.8, 2.0, 0, 1),
        ("mql", 4, 2, 0.5, 10.0, 1, 1),
        ("sal", 1, 1, 1.0, 15.0, 0, 0),
        ("customer", 2, None, None, None, None, None),
    ]


def test_the_cohort_is_who_entered_in_the_period_whenever_they_went_on() -> None:
    engine = built([{"opened": 1, "mql": 2, "sal": 39}, {"opened": 1, "mql": 5}])
    found = counts(funnel(engine, start=DAY[2], end=DAY[5]))
    assert [row[:4] for row in found[:3]] == [("new", 0, 0, None), ("mql", 1, 1, 1.0), ("sal", 0, 0, None)]


def test_as_the_tools_recorded_it() -> None:
    engine = built([{"opened": 1, "mql": 2, "mql_by_tool": 1, "sal_by_tool": 4}])
    assert [row["entered"] for row in funnel(engine, basis="tools")] == [1, 1, 1, 0]
    assert [row["entered"] for row in funnel(engine)] == [1, 1, 0, 0]


def test_leads_that_are_not_known_are_not_at_its_mouth() -> None:
    leads = [{"opened": 1, "known": False}, {"opened": 1}]
    assert funnel(built(leads))[0]["entered"] == 1


def test_split_and_filtered() -> None:
    engine = built(
        [
            {"opened": 1, "mql": 40, "channel": "Direct", "segment": "big", "campaign": "a"},
            {"opened": 2, "channel": "Email", "segment": "big"},
            {"opened": 3, "segment": "small"},
        ]
    )
    by_channel = [(row["channel"], row["stage"], row["entered"]) for row in funnel(engine, by="channel")]
    assert by_channel[::4] == [("Direct", "new", 1), ("Email", "new", 1), (None, "new", 1)]
    assert [
        (row["month"], row["entered"]) for row in funnel(engine, by="month") if row["stage"] == "mql"
    ] == [
        ("2026-01", 0),
        ("2026-02", 1),
    ]
    assert {row["campaign"] for row in funnel(engine, by="campaign")} == {"a", None}
    assert [row["segment"] for row in funnel(engine, by="segment")][::4] == ["big", "small"]
    assert funnel(engine, segment="big")[0]["entered"] == 2
    assert funnel(engine, segment="big", channel="Email")[0]["entered"] == 1


def test_like_leads_are_counted_together_not_read_one_by_one() -> None:
    engine = built([{"opened": 1, "mql": 3}] * 500 + [{"opened": 1}])
    assert counts(funnel(engine))[0] == ("new", 501, 500, 500 / 501, 2.0, 0, 1)
    rows_read = []
    ask = engine.query
    engine.query = lambda *asked: rows_read.append(len(found := ask(*asked))) or found  # type: ignore
    funnel(engine)
    assert max(rows_read) == 3


@pytest.mark.parametrize("asked", [{}, {"segment": "big"}, {"channel": "Email"}, {"basis": "tools"}])
@pytest.mark.parametrize("by", [None, "channel", "campaign", "segment", "month"])
def test_what_the_build_made_and_what_is_counted_on_the_spot_agree(
    by: Any, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    where = [("Email", "big", "a"), ("Email", "small", None), ("Direct", "big", "b"), (None, None, None)]
    names = [dict(zip(("channel", "segment", "campaign"), place, strict=True)) for place in where]
    ways = [{"opened": 1, "mql": 3, "sal": 8}, {"opened": 20, "mql": 35, "closed": 39}, {"opened": 2}]
    engine = built([{**way, **name, "mql_by_tool": 36} for way in ways for name in names])
    spans = [{}, {"start": DAY[2], "end": DAY[36]}, {"start": DAY[3]}, {"end": DAY[35]}]
    made = [funnel(engine, by=by, **span, **asked) for span in spans]
    monkeypatch.setattr("accord.insight.rollups.is_whole", lambda *_: False)
    assert [funnel(engine, by=by, **span, **asked) for span in spans] == made


def test_a_span_may_begin_and_end_within_a_day() -> None:
    engine = built([{"opened": 1, "mql": 31}, {"opened": 2, "mql": 32}, {"opened": 3, "mql": 33}])
    noons = {"start": DAY[1] + timedelta(hours=12), "end": DAY[32] + timedelta(hours=12)}
    assert [row["entered"] for row in funnel(engine, **noons)] == [2, 2, 0, 0]
    months = [(row["month"], row["entered"]) for row in funnel(engine, by="month", **noons)]
    assert months[0:2] == [("2026-01", 2), ("2026-01", 1)]
    assert months[4:6] == [("2026-02", 0), ("2026-02", 1)]


def test_times_are_told_to_the_hour_at_first_and_later_to_the_day() -> None:
    engine = built([{"opened": 1, "mql": 3}])

    def median_after(**late: int) -> Any:
        engine.run(
            [
                Step(
                    "stage_entries",
                    f"SELECT 1 AS lead, 1 AS stage_no, 'agreement' AS basis, "
                    f"TIMESTAMP '2026-01-01' + INTERVAL {late['minutes']} MINUTE AS at",
                )
            ]
        )
        engine.run([FUNNEL_DAYS.step()])
        return funnel(engine)[0]["median_days"]

    assert median_after(minutes=5 * 60 + 59) == 5 / 24
    assert median_after(minutes=71 * 60) == 71 / 24
    assert median_after(minutes=5 * 1440 - 1) == 4


def test_an_empty_funnel_has_its_stages() -> None:
    assert counts(funnel(built([])))[1] == ("mql", 0, 0, None, None, 0, 0)


def test_a_split_that_is_not_known_is_refused() -> None:
    with pytest.raises(UnknownSplit, match="Choose channel, campaign, segment or month"):
        funnel(built([]), by="colour")  # type: ignore[arg-type]


def median(*pairs: tuple[float, int]) -> float | None:
    times, outcomes = zip(*pairs, strict=True)
    """Each pair is one lead; like leads counted together must come out the same."""
    found = median_time(np.array(times, dtype=float), np.array(outcomes), np.ones(len(times), dtype=int))
    grouped = [(*pair, pairs.count(pair)) for pair in sorted(set(pairs))]
    assert found == median_time(*(np.array(column) for column in zip(*grouped, strict=True)))
    return found


def test_the_median_by_hand() -> None:
    assert median((1, CONVERTED), (2, CONVERTED), (9, CONVERTED)) == 2
    assert median((1, CONVERTED), (3, CONVERTED), (1, DROPPED), (2, DROPPED)) == 3
    assert median((1, CONVERTED), (1, DROPPED), (2, DROPPED)) is None
    # Two open leads leave after 5 days: 1/6 by day 1, (5/6)(1/3) more on day 6, (5/9)(1/2) on day 7.
    six = ((1, CONVERTED), (5, OPEN), (5, OPEN), (6, CONVERTED), (7, CONVERTED), (8, DROPPED))
    assert median(*six) == 7
    assert median((5, OPEN)) is None
    assert median_time(np.array([]), np.array([]), np.array([])) is None


def test_dropped_leads_do_not_count_as_if_they_might_still_convert() -> None:
    """Plain Kaplan-Meier would censor them and find a median of 10."""
    assert median((1, DROPPED), (1, DROPPED), (10, CONVERTED)) is None


@given(
    told=st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([CONVERTED, DROPPED, OPEN])), min_size=1, max_size=30
    )
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_the_median_is_that_of_exact_fractions(told: list[tuple[int, int]]) -> None:
    """The Aalen-Johansen sum written out with fractions, one day at a time."""
    from fractions import Fraction

    alive, incidence, expected = Fraction(1), Fraction(0), None
    for day in range(10):
        observed = sum(1 for time, _ in told if time >= day)
        here = [outcome for time, outcome in told if time == day]
        if observed:
            incidence += alive * Fraction(here.count(CONVERTED), observed)
            alive *= 1 - Fraction(len(here) - here.count(OPEN), observed)
        if expected is None and incidence >= Fraction(1, 2):
            expected = float(day)
    assert median(*told) == expected


@given(
    told=st.lists(st.tuples(st.integers(0, 9), st.sampled_from([CONVERTED, OPEN])), min_size=1, max_size=30)
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_without_dropped_leads_it_is_kaplan_meier(told: list[tuple[int, int]]) -> None:
    from scipy.stats import CensoredData, ecdf

    done = [float(time) for time, outcome in told if outcome == CONVERTED]
    still = [float(time) for time, outcome in told if outcome == OPEN]
    survival = ecdf(CensoredData(uncensored=done, right=still)).sf
    reached = [q for q, p in zip(survival.quantiles, survival.probabilities, strict=True) if p <= 0.5 + 1e-9]
    assert median(*told) == (reached[0] if reached else None)
