"""Scores and decisions against hand-made worlds and a second, naive solver."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord import agreement
from accord.insight import scoring
from accord.insight.scoring import lines, replay
from accord.ledger.engine import DuckDBEngine
from proof import EXAMPLES
from world import rows

START = datetime(2026, 1, 1)
FOREVER = datetime(9999, 12, 31)
TOUCH = (
    "path",
    "url",
    "form",
    "asset",
    "campaign",
    "channel",
    "origin",
    "medium",
    "direction",
    "session",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
)

YAML = """
agreement: Northwind Robotics
currency: EUR
calendar: {zone: Europe/Berlin, mon-fri: "09:00-17:30"}
audience:
  segments: [{name: large, where: "employees >= 500"}]
  exclude: [{name: own_staff, where: "email_domain = 'northwind.example'"}]
scoring:
  fit:
    size: {where: "employees >= 100", points: 20}
    role: {where: "role = 'operations'", points: 30}
    wrong_country: {where: "country = 'XX'", points: -35}
  engagement:
    pricing: {on: page_view, where: "path like '/pricing%'", points: 10, half_life: HALF, cap: 25}
    webinar: {on: webinar, points: 15}
    demo: {on: form_submit, where: "form = 'demo'", points: 40, half_life: 30d, hand_raiser: true}
  caps: {fit: 45, engagement: 60}
stages:
  mql: {kind: gate, when: "(fit >= 30 and engagement >= 20) or (hand_raiser and fit > 0)"}
  sal: {kind: sla, enter: accepted}
  customer: {kind: inventory, enter: deal_won}
handoff: {at: mql, otherwise: sdr-pool}
"""


def promised(half_life: str = "14d") -> agreement.Agreement:
    return agreement.parse(YAML.replace("HALF", half_life))


def touch(
    lead: int, day: float, kind: str = "page_view", known: float | None = None, **more: Any
) -> dict[str, Any]:
    at = START + timedelta(seconds=round(day * 86400))
    known_at = at if known is None else START + timedelta(seconds=round(known * 86400))
    row = {"person": lead, "at": at, "known_at": known_at}
    row |= {"team": "marketing", "kind": kind, "quality": "human", "counted": True}
    return row | ({"path": "/pricing"} if kind == "page_view" else {}) | more


def state(
    person: int, start: datetime = datetime(1, 1, 1), end: datetime = FOREVER, **more: Any
) -> dict[str, Any]:
    return {"person": person, "from_at": start, "until_at": end, **more}


def judge(
    touches: list[dict[str, Any]],
    states: list[dict[str, Any]],
    promised: agreement.Agreement,
    now_day: float = 365,
) -> DuckDBEngine:
    """Run the scoring steps over people who each have one cycle that never closes."""
    engine = DuckDBEngine()
    moment, text = pa.timestamp("us"), pa.string()
    timeline = {
        "person": pa.int64(),
        "at": moment,
        "known_at": moment,
        "team": text,
        "kind": text,
        "quality": text,
    }
    timeline |= {"counted": pa.bool_(), "duration_seconds": pa.float64(), **dict.fromkeys(TOUCH, text)}
    fields = {
        name: {"number": pa.float64(), "boolean": pa.bool_()}.get(kind, text)
        for name, kind in promised.lead_fields.items()
        if name not in promised.fields
    }
    known = {
        "person": pa.int64(),
        "from_at": moment,
        "until_at": moment,
        "fields": text,
        "account_fields": text,
    }

    def add(name: str, columns: dict[str, Any], given_rows: list[dict[str, Any]]) -> None:
        engine.add(name, pa.Table.from_pylist(given_rows, schema=pa.schema(list(columns.items()))))

    people = sorted({row["person"] for row in touches} | {row["person"] for row in states})
    opened = {p: min([t["at"] for t in touches if t["person"] == p], default=START) for p in people}
    cycles = [
        {
            "lead": p,
            "person": p,
            "cycle_no": 1,
            "opened_at": opened[p],
            "from_at": opened[p],
            "until_at": FOREVER,
        }
        for p in people
    ]
    whole = pa.int64()
    add("timeline", timeline, touches)
    add("person_states", known | fields, states)
    add(
        "cycles",
        {
            "lead": whole,
            "person": whole,
            "cycle_no": whole,
            "opened_at": moment,
            "from_at": moment,
            "until_at": moment,
        },
        cycles,
    )
    add("as_of", {"now": moment}, [{"now": START + timedelta(days=now_day)}])
    add("in_force", {"version": text, "from_at": moment}, [{"version": "v1", "from_at": datetime(1, 1, 1)}])
    engine.run(scoring.steps(promised))
    return engine


OPERATIONS = {"employees": 800.0, "role": "operations", "country": "DE"}
LINES = "SELECT part, rule, hits, points, missing FROM score_lines WHERE lead = 1 ORDER BY part, rule"


def test_a_score_is_told_line_by_line_and_names_what_is_missing() -> None:
    engine = judge(
        [touch(1, 0), touch(1, 14)], [state(1, employees=800.0, country="DE")], promised(), now_day=28
    )
    # 10 points twice with a half-life of 14 days, 28 and 14 days later: 2.5 + 5; the role is not known.
    assert rows(engine, LINES) == [
        ("engagement", "pricing", 2, Decimal("7.5"), None),
        ("fit", "role", 0, Decimal(0), "role"),
        ("fit", "size", 1, Decimal(20), None),
    ]
    assert rows(engine, "SELECT fit, engagement, score FROM scores") == [
        (20, Decimal("7.5"), Decimal("27.5"))
    ]


def test_every_missing_field_of_a_rule_is_named() -> None:
    both = YAML.replace(
        "role = 'operations'", "role = 'operations' and seniority = 'head' and country = 'DE'"
    )
    engine = judge([touch(1, 0)], [state(1, country="DE")], agreement.parse(both.replace("HALF", "14d")))
    told = dict(rows(engine, "SELECT rule, missing FROM score_lines WHERE part = 'fit'"))
    assert told == {"size": "employees", "role": "role, seniority"}


def test_no_name_of_an_own_field_collides_with_anything() -> None:
    names = ("nth", "fit_1", "points_1", "hits_1", "raw_1", "lead", "person", "known_at", "holds_mql", "now")
    declared = "fields:\n" + "".join(f"  {name}: {{on: person, type: boolean}}\n" for name in names)
    everything = " and ".join(names)
    text = YAML.replace("HALF", "14d").replace("audience:", declared + "audience:")
    text = text.replace("(fit >= 30 and engagement >= 20)", f"({everything} and fit >= 30)")
    owned = {"fields": json.dumps(dict.fromkeys(names, "true"))}
    engine = judge([touch(1, 0)], [state(1, **OPERATIONS, **owned)], agreement.parse(text))
    assert [row[:2] for row in rows(engine, DECISIONS)] == [(1, "mql")]


def test_caps_and_the_floor_are_lines_of_their_own() -> None:
    many = [touch(1, day, "webinar") for day in range(5)]
    engine = judge(many, [state(1, employees=800.0, role="operations", country="XX")], promised())
    # engagement 5 * 15 = 75, at most 60; fit 20 + 30 - 35 = 15
    found = {(part, rule): points for part, rule, _, points, _ in rows(engine, LINES)}
    assert found["engagement", "(cap)"] == -15
    assert ("fit", "(cap)") not in found
    engine = judge(many, [state(1, employees=80.0, role="x", country="XX")], promised())
    found = {(part, rule): points for part, rule, _, points, _ in rows(engine, LINES)}
    assert found["fit", "(cap)"] == 35
    assert rows(engine, "SELECT fit, engagement FROM scores") == [(0, 60)]


DECISIONS = "SELECT person, stage, decided_at, fit, engagement FROM decisions_computed ORDER BY person"


def test_a_gate_is_decided_at_the_first_moment_it_holds() -> None:
    # fit 50 capped to 45; the third view of pricing brings 10 + 10 * 2^(-1/14) + 10 * 2^(-2/14) > 20
    views = [touch(1, 0), touch(1, 1), touch(1, 2), touch(1, 3)]
    engine = judge(views, [state(1, **OPERATIONS)], promised())
    [(person, stage, decided_at, fit, engagement)] = rows(engine, DECISIONS)
    assert (person, stage, decided_at, fit) == (1, "mql", START + timedelta(days=2), 45)
    assert float(engagement) == pytest.approx(25)  # 10 + 9.517 + 9.057 = 28.57, capped at 25
    assert rows(engine, "SELECT hits, inputs FROM decisions_computed")[0][0].startswith('{"fit":{"size":20.0')


def test_points_that_fade_before_the_next_touch_do_not_qualify() -> None:
    assert (
        rows(
            judge([touch(1, 0), touch(1, 60), touch(1, 120)], [state(1, **OPERATIONS)], promised()), DECISIONS
        )
        == []
    )


def test_a_hand_raiser_needs_some_fit() -> None:
    demo = [touch(1, 0, "form_submit", form="demo"), touch(2, 0, "form_submit", form="demo")]
    engine = judge(demo, [state(1, employees=150.0), state(2, employees=10.0)], promised())
    assert [row[0] for row in rows(engine, DECISIONS)] == [1]


def test_what_became_known_later_counts_from_then_and_has_aged() -> None:
    # The webinar of day 1 reaches the ledger on day 40; only then do 15 + 15 points stand.
    engine = judge(
        [touch(1, 0, "webinar"), touch(1, 1, "webinar", known=40)], [state(1, **OPERATIONS)], promised()
    )
    assert rows(engine, DECISIONS)[0][2] == START + timedelta(days=40)
    late_view = [touch(1, 0), touch(1, 0.5), touch(1, 0.6, known=20)]
    # On day 20 the three views are worth 3 * 10 * 2^(-20/14) = 11: not enough
    assert rows(judge(late_view, [state(1, **OPERATIONS)], promised()), DECISIONS) == []


def test_an_attribute_learnt_later_decides_at_that_moment() -> None:
    learnt = START + timedelta(days=9, hours=3)
    states = [state(1, end=learnt, employees=800.0), state(1, start=learnt, **OPERATIONS)]
    engine = judge([touch(1, 0, "webinar"), touch(1, 1, "webinar")], states, promised())
    assert rows(engine, DECISIONS)[0][2] == learnt


def test_unknown_is_not_met_and_excluded_is_never_qualified() -> None:
    webinars = [touch(person, day, "webinar") for person in (1, 2) for day in (0, 1)]
    states = [state(1, role="operations", email_domain="northwind.example"), state(2)]
    engine = judge(webinars, states, promised())
    assert rows(engine, DECISIONS) == []
    assert rows(engine, "SELECT person, rule FROM excluded") == [(1, "own_staff")]


def test_machine_and_mirrored_touches_give_nothing() -> None:
    dead = [
        touch(1, 0, "webinar", quality="machine"),
        touch(1, 1, "webinar", counted=False),
        touch(1, 2, "webinar"),
    ]
    engine = judge(dead, [state(1, **OPERATIONS)], promised())
    assert rows(engine, "SELECT engagement FROM scores") == [(15,)]


def test_a_decision_waits_until_its_moment_has_come() -> None:
    webinars = [touch(1, 0, "webinar"), touch(1, 30, "webinar")]
    assert rows(judge(webinars, [state(1, **OPERATIONS)], promised(), now_day=29), DECISIONS) == []
    assert len(rows(judge(webinars, [state(1, **OPERATIONS)], promised(), now_day=30), DECISIONS)) == 1


def naive(views: list[tuple[int, int]], half_life: int, at: int) -> float:
    """Capped points of the pricing rule at an hour, by a loop over the touches known then; in hours."""
    known = [hour for hour, lag in views if hour + lag <= at]
    return min(25.0, sum(10 * 2 ** (-(at - hour) / half_life) for hour in known))


hours = st.integers(0, 3650 * 24)
views = st.lists(st.tuples(hours, st.integers(0, 2400)), min_size=1, max_size=15)


def pricing_views(given_views: list[tuple[int, int]]) -> list[dict[str, Any]]:
    return [touch(1, hour / 24, known=(hour + lag) / 24) for hour, lag in given_views]


@settings(max_examples=EXAMPLES, deadline=None)
@given(views, st.sampled_from(["1h", "1d", "7d", "14d", "365d"]))
def test_replay_and_score_equal_a_naive_loop_over_ten_years(
    given_views: list[tuple[int, int]], half: str
) -> None:
    half_life = {"1h": 1, "1d": 24, "7d": 168, "14d": 336, "365d": 8760}[half]
    engine = judge(pricing_views(given_views), [state(1, **OPERATIONS)], promised(half), now_day=3800)
    for moment, points in rows(engine, "SELECT known_at, points_1 FROM replay"):
        at = round((moment - START).total_seconds() / 3600)
        assert float(points) == pytest.approx(naive(given_views, half_life, at), abs=1e-7)
    [(now_points,)] = rows(engine, "SELECT engagement FROM scores") or [(0,)]
    assert float(now_points) == pytest.approx(naive(given_views, half_life, 3800 * 24), abs=1e-7)


EXPIRING = YAML.replace("half_life: HALF, cap: 25", "expires: 7d, cap: 25")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 720), st.integers(0, 240)), min_size=1, max_size=12))
def test_points_that_expire_equal_a_naive_loop(given_views: list[tuple[int, int]]) -> None:
    engine = judge(
        pricing_views(given_views), [state(1, **OPERATIONS)], agreement.parse(EXPIRING), now_day=20
    )
    for moment, points in rows(engine, "SELECT known_at, points_1 FROM replay"):
        at = round((moment - START).total_seconds() / 3600)
        known = [hour for hour, lag in given_views if hour + lag <= at < hour + 7 * 24]
        assert float(points) == min(25, 10 * len(known))
    now = [hour for hour, lag in given_views if hour + lag <= 480 < hour + 7 * 24]
    assert [float(p) for (p,) in rows(engine, "SELECT engagement FROM scores")] in (
        [min(25, 10 * len(now))],
        [],
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(views, st.randoms())
def test_the_order_of_rows_changes_nothing(given_views: list[tuple[int, int]], random: Any) -> None:
    touches = pricing_views(given_views)
    asked = ["SELECT * FROM replay ORDER BY ALL", "SELECT * FROM score_lines ORDER BY ALL", DECISIONS]
    one = judge(touches, [state(1, **OPERATIONS)], promised("7d"))
    two = judge(random.sample(touches, len(touches)), [state(1, **OPERATIONS)], promised("7d"))
    assert [rows(one, sql) for sql in asked] == [rows(two, sql) for sql in asked]


def test_every_step_is_named_after_the_table_it_makes() -> None:
    names = [step.name for step in (*replay.steps(promised()), *lines.steps(promised()))]
    assert names[0] == "lead_events"
    assert names[-2:] == ["score_lines", "scores"]
