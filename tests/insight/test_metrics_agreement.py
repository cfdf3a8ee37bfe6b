"""Credit and KPIs read the agreement a user writes, not only the shape the other tests give them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from read_models import read_models

from accord.agreement import parse
from accord.insight import attribution, metrics
from world import rows

TEXT = """
agreement: Northwind Robotics
currency: EUR
year_starts: january
calendar: {zone: UTC, mon-fri: "09:00-17:00"}
scoring:
  engagement: {visit: {on: page_view, points: 10, half_life: 14d}}
stages:
  mql: {kind: gate, when: "engagement >= 10"}
  sal: {kind: sla, enter: accepted}
  customer: {kind: inventory, enter: deal_won}
handoff: {at: mql, otherwise: pool}
sla:
  marketing: [{deliver: 90, of: mql, that: accepted, per: quarter}]
targets: [{revenue: 5000, quarter: 2026Q1}, {customer: 4, quarter: 2026Q1}]
attribution:
  window: 20d
  touches: [sales]
  models: [own, time_decay, shapley]
  half_life: 10d
  weights: {first: 0.6, won: 0.4}
"""


def test_the_written_agreement_drives_credit_and_targets() -> None:
    agreed = parse(TEXT)
    stages = [
        {"stage_no": n, "stage": s.name, "kind": s.kind, "enter": s.enter}
        for n, s in enumerate(agreed.stages, 1)
    ]
    engine = read_models(
        {"deals": [{"name": "a deal"}]},
        stages=stages,
        periods=[
            {"kind": "quarter", "label": "2026Q1", "starts_utc": "2026-01-01", "ends_utc": "2026-04-01"}
        ],
        timeline=[
            {"fact_id": "too old", "account": 1, "team": "sales", "at": "2026-03-09"},
            {"fact_id": "early", "account": 1, "team": "sales", "at": "2026-03-11"},
            {"fact_id": "other team", "account": 1, "at": "2026-03-12"},
            {"fact_id": "late", "account": 1, "team": "sales", "at": "2026-03-21"},
        ],
        deals_counted=[
            {"deal": 1, "account": 1, "amount": 10, "status": "won"}
            | {"created_at": "2026-03-15", "closed_at": "2026-03-30"}
        ],
    )
    engine.run([*metrics.steps(), *attribution.steps(agreed), *metrics.board_steps()])
    # Ten days apart at a half-life of ten days: 1 to 2.
    query = (
        "SELECT k.model, t.fact_id, k.share FROM credits AS k JOIN buying_touches AS t ON t.touch = k.touch"
    )
    assert set(rows(engine, query)) == {
        ("own", "early", Decimal("0.6")),
        ("own", "late", Decimal("0.4")),
        ("time_decay", "early", Decimal("0.333333334")),
        ("time_decay", "late", Decimal("0.666666666")),
    }
    board = metrics.scoreboard(engine, agreed, start=datetime(2026, 1, 1), end=datetime(2026, 4, 1))
    targets = {row["kpi"]: row["target"] for row in board if row["target"] is not None}
    assert targets == {"revenue": Decimal(5000), "wins": Decimal(4), "sal": Decimal(90)}
