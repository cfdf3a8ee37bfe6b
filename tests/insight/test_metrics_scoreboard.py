"""Every KPI on one small world, with numbers worked out by hand; and what a board says when it cannot
know."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from read_models import STAGES, agreement, read_models

from accord.agreement import Target as Aim
from accord.insight import attribution, metrics
from accord.insight.periods import periods
from accord.ledger.engine import DuckDBEngine

# The first quarter of 2026 at a small company, in EUR; it is now 1 January 2027.
#
# Leads (person = lead; 1 to 4 are known people, 1 by now excluded as a customer; 5 is an anonymous visitor,
# 6 is excluded own staff):
#   1  opened  5 Jan, mql 10 Jan, sal 11 Jan, sql 20 Jan, opportunity 1 Feb, customer 1 Mar   Paid Search  big
#   2  opened  8 Jan, mql 12 Jan, sal 13 Jan,             opportunity 3 Feb (lost 5 Mar)       Email
# small
#   3  opened  9 Jan, mql 15 Jan                                                               Email
# small
#   4  opened  2 Apr, mql  3 Apr                                                               Paid
# Search  big First contact: lead 1 after 5 h, lead 2 after 9 h, lead 3 never, lead 4 after 1 h. Deals: 1
# (account 1) 1,000 EUR 1 Feb, won 1 Mar; 2 (account 2) 500 EUR 3 Feb, lost 5 Mar;
#        3 (account 1) 400 USD 10 Feb, won 22 Mar; 4 (account 4) 800 USD 5 Mar, still open;
#        5 (no account, no touch) 250 GBP 7 Mar, still open: no rate for GBP.
# Rates: 1 USD is 0.50 EUR from 1 Jan, 0.75 EUR from 1 Apr. So deal 3 is worth 200 EUR (rate of 22 Mar),
# deal 4 600 EUR (latest rate). Spend: Paid Search 100 EUR 15 Jan, 200 USD 15 Feb (100 EUR), Email 50 EUR
# 15 Mar; 40 GBP 16 Mar without a rate;
#        Paid Search 80 EUR 15 Apr.
# Revenue: account 1 600 EUR 5 Mar until 5 Mar 2027; account 3 300 EUR 5 Dec 2025 until 5 Mar 2026,
# refunded 100
#          EUR on 10 Jan; account 5 200 EUR 20 Dec 2025 until 20 Jun 2026.
Q1 = (datetime(2026, 1, 1), datetime(2026, 4, 1))

LEADS: list[dict[str, Any]] = [
    {
        "lead": 1,
        "account": 1,
        "opened_at": "2026-01-05",
        "qualified_at": "2026-01-10",
        "first_contact_at": "2026-01-10T05:00",
        "channel": "Paid Search",
        "segment": "big",
        "stage": "customer",
        "excluded_by": "customers",
    },
    {
        "lead": 2,
        "account": 2,
        "opened_at": "2026-01-08",
        "qualified_at": "2026-01-12",
        "first_contact_at": "2026-01-12T09:00",
        "channel": "Email",
        "segment": "small",
    },
    {
        "lead": 3,
        "account": 3,
        "opened_at": "2026-01-09",
        "qualified_at": "2026-01-15",
        "channel": "Email",
        "segment": "small",
    },
    {
        "lead": 4,
        "account": 4,
        "opened_at": "2026-04-02",
        "qualified_at": "2026-04-03",
        "first_contact_at": "2026-04-03T01:00",
        "channel": "Paid Search",
        "segment": "big",
    },
    {"lead": 5, "opened_at": "2026-01-20", "channel": "Email", "known": False},
    {"lead": 6, "opened_at": "2026-01-21", "channel": "Direct", "excluded_by": "own_staff", "known": False},
]

ENTRIES = [
    (1, "mql", "2026-01-10"),
    (1, "sal", "2026-01-11"),
    (1, "sql", "2026-01-20"),
    (1, "opportunity", "2026-02-01"),
    (1, "customer", "2026-03-01"),
    (2, "mql", "2026-01-12"),
    (2, "sal", "2026-01-13"),
    (2, "opportunity", "2026-02-03"),
    (3, "mql", "2026-01-15"),
    (4, "mql", "2026-04-03"),
]

DEALS: list[dict[str, Any]] = [
    {
        "deal": 1,
        "account": 1,
        "person": 1,
        "amount": 1000,
        "status": "won",
        "created_at": "2026-02-01",
        "closed_at": "2026-03-01",
    },
    {
        "deal": 2,
        "account": 2,
        "person": 2,
        "amount": 500,
        "status": "lost",
        "created_at": "2026-02-03",
        "closed_at": "2026-03-05",
    },
    {
        "deal": 3,
        "account": 1,
        "person": 1,
        "amount": 400,
        "currency": "USD",
        "status": "won",
        "created_at": "2026-02-10",
        "closed_at": "2026-03-22",
    },
    {
        "deal": 4,
        "account": 4,
        "person": 4,
        "amount": 800,
        "currency": "USD",
        "created_at": "2026-03-05",
    },
    {"deal": 5, "amount": 250, "currency": "GBP", "created_at": "2026-03-07"},
]

# Touches: account 1 is found by marketing, account 2 by sales, account 4 by sales; account 3 was clicked
# by a scanner.
TIMELINE: list[dict[str, Any]] = [
    {"person": 1, "account": 1, "at": "2026-01-05", "channel": "Paid Search"},
    {"person": 1, "account": 1, "at": "2026-01-10T05:00", "channel": "Sales", "team": "sales"},
    {"person": 2, "account": 2, "at": "2026-01-07", "channel": "Sales", "team": "sales"},
    {"person": 2, "account": 2, "at": "2026-01-08", "channel": "Email"},
    {"person": 3, "account": 3, "at": "2026-01-09", "channel": "Email"},
    {"person": 3, "account": 3, "at": "2026-01-09", "channel": "Email", "quality": "machine"},
    {"person": 4, "account": 4, "at": "2026-03-01", "channel": "Sales", "team": "sales"},
    {"person": 4, "account": 4, "at": "2026-04-02", "channel": "Paid Search"},
]

FACTS: dict[str, list[dict[str, Any]]] = {
    "rates": [
        {"occurred_at": "2026-01-01", "currency": "USD", "to_currency": "EUR", "rate": 0.5},
        {"occurred_at": "2026-04-01", "currency": "USD", "to_currency": "EUR", "rate": 0.75},
    ],
    "spend": [
        {"occurred_at": "2026-01-15", "channel": "Paid Search", "cost": Decimal(100), "currency": "EUR"},
        {"occurred_at": "2026-02-15", "channel": "Paid Search", "cost": Decimal(200), "currency": "USD"},
        {"occurred_at": "2026-03-15", "channel": "Email", "cost": Decimal(50), "currency": "EUR"},
        {"occurred_at": "2026-03-16", "channel": "Email", "cost": Decimal(40), "currency": "GBP"},
        {"occurred_at": "2026-04-15", "channel": "Paid Search", "cost": Decimal(80), "currency": "EUR"},
    ],
    "revenue": [
        {"occurred_at": "2026-03-05", "account_id": "crm:account:1", "amount": Decimal(600), "kind": "new"}
        | {"currency": "EUR", "until": "2027-03-05"},
        {"occurred_at": "2025-12-05", "account_id": "crm:account:3", "amount": Decimal(300), "kind": "new"}
        | {"currency": "EUR", "until": "2026-03-05"},
        {
            "occurred_at": "2026-01-10",
            "account_id": "crm:account:3",
            "amount": Decimal(-100),
            "kind": "refund",
        }
        | {"currency": "EUR"},
        {"occurred_at": "2025-12-20", "account_id": "crm:account:5", "amount": Decimal(200), "kind": "new"}
        | {"currency": "EUR", "until": "2026-06-20"},
    ],
    "touches": [{"kind": "page_view"}],
    "activities": [{"kind": "call"}],
    "deals": [{"name": "a deal"}],
    "feedback": [{"kind": "verdict", "verdict": "accepted"}],
}


def company(facts: dict[str, list[dict[str, Any]]] | None = None, **changed: Any) -> DuckDBEngine:
    numbers = {row["stage"]: row["stage_no"] for row in STAGES}
    tables: dict[str, list[dict[str, Any]]] = {
        "people": [{"person": n, "anonymous": n == 5} for n in range(1, 7)],
        "name_accounts": [{"account": n, "account_id": f"crm:account:{n}"} for n in range(1, 6)],
        "leads": [{"person": lead["lead"], **lead} for lead in LEADS],
        "stage_entries": [
            {"lead": lead, "person": lead, "stage_no": numbers[stage], "stage": stage, "at": at}
            for lead, stage, at in ENTRIES
        ],
        "deals_counted": DEALS,
        "timeline": TIMELINE,
        "periods": [
            {"kind": "quarter", "label": "2025Q4", "starts_utc": "2025-10-01", "ends_utc": "2026-01-01"},
            {"kind": "quarter", "label": "2026Q1", "starts_utc": "2026-01-01", "ends_utc": "2026-04-01"},
            {"kind": "quarter", "label": "2026Q2", "starts_utc": "2026-04-01", "ends_utc": "2026-07-01"},
        ],
    }
    return read_models(FACTS if facts is None else facts, **(tables | changed))


def board(engine: DuckDBEngine | None = None, agreed: Any = None, **asked: Any) -> dict[str, dict[str, Any]]:
    """The scoreboard's rows by KPI, after the steps; of the first quarter unless asked otherwise."""
    engine, agreed = engine or company(), agreed or agreement()
    engine.run([*metrics.steps(), *attribution.steps(agreed), *metrics.board_steps()])
    asked = {"start": Q1[0], "end": Q1[1]} | asked
    return {row["kpi"]: row for row in metrics.scoreboard(engine, agreed, **asked)}


@pytest.fixture(scope="module")
def quarter() -> dict[str, dict[str, Any]]:
    targets = (Aim(metric="revenue", value=2000, kind="quarter", period="2026Q1"),)
    return board(agreed=agreement(targets=targets))


@pytest.mark.parametrize(
    ("kpi", "value"),
    [
        ("leads", 3),  # 1, 2, 3; the visitor and own staff are left out
        ("mql", 3),  # 1, 2, 3
        ("sal", 2),  # 1, 2
        ("sql", 1),  # 1
        ("opportunities", 5),
        ("wins", 2),  # deals 1 and 3
        ("mql_to_sal", 2 / 3),
        ("sal_to_sql", 1.0),  # 1 entered sql, 2 went on to opportunity, past it
        ("sql_to_opportunity", 1.0),
        ("opportunity_to_customer", 0.5),  # of the leads 1 and 2
        ("lead_to_customer", 1 / 3),
        ("win_rate", 2 / 3),  # deals 1, 3 of 1, 2, 3
        ("pipeline", Decimal("2300")),  # 1000 + 500 + 200 + 600
        ("pipeline_marketing", Decimal("1200")),
        ("pipeline_sales", Decimal("1100")),
        ("pipeline_marketing_share", 1200 / 2300),  # deals 1 and 3
        ("pipeline_sales_share", 1100 / 2300),  # deals 2 and 4
        ("open_pipeline", Decimal("600")),  # deal 4
        ("won_value", Decimal("1200")),
        ("average_deal", Decimal("600")),
        ("sales_cycle", 34.0),  # 28 and 40 days
        ("first_contact", 7.0),  # 5 and 9 hours
        ("never_contacted", 1 / 3),  # lead 3
        ("revenue", Decimal("500")),  # 600 - 100
        ("revenue_to_target", 0.25),  # 500 of 2000
        ("revenue_growth", 0.0),  # 500 against 500 in the last quarter of 2025
        ("spend", Decimal("250")),  # 100 + 100 + 50
        ("cost_per_lead", Decimal("83.3333")),
        ("cost_per_mql", Decimal("83.3333")),
        ("cost_per_sal", Decimal("125")),
        ("cost_per_sql", Decimal("250")),
        ("cac", Decimal("250")),  # one new customer: account 1 won twice
        # first model: deals 1 and 3 (1,200 EUR) go to the Paid Search touch of 5 January
        ("campaign_roi", (1200 - 250) / 250),
        ("roas", 1200 / 250),
        ("clv", Decimal("333.3333")),  # (600 + 300 - 100 + 200) over accounts 1, 3 and 5
        ("retention", 0.5),  # accounts 3 and 5 had a subscription on 1 January, 5 still on 1 April
        ("machine_touches", 0.25),  # one of the four marketing touches of the quarter
    ],
)
def test_each_kpi(quarter: dict[str, dict[str, Any]], kpi: str, value: Any) -> None:
    exact = value if isinstance(value, int | Decimal) else Decimal(value).quantize(Decimal("0.000001"))
    assert quarter[kpi]["value"] == exact


def test_the_list_above_names_every_kpi(quarter: dict[str, dict[str, Any]]) -> None:
    tested = {case[0] for case in test_each_kpi.pytestmark[0].args[1]}
    assert tested == {kpi.name for kpi in metrics.KPIS} == set(quarter)


def test_a_row_has_exactly_the_documented_columns(quarter: dict[str, dict[str, Any]]) -> None:
    assert list(quarter["wins"]) == [
        *("kpi", "value", "unit", "kind", "target", "period", "definition"),
        *("note", "missing", "owner", "facts"),
    ]
    assert quarter["wins"]["period"] == "2026-01-01/2026-04-01"
    assert quarter["cac"]["facts"] == {"spend.costs": 4, "deals.new_customers": 1}


@pytest.mark.parametrize(
    ("kpi", "note"),
    [
        ("leads", "anonymous, internal or excluded, left out: 2"),
        ("pipeline", "left out: 1 deal, 250.00 GBP without a rate"),
        ("open_pipeline", "left out: 1 deal, 250.00 GBP without a rate"),
        ("spend", "left out: 1 cost, 40.00 GBP without a rate"),
        ("sales_cycle", "deals still open at the period's end, not counted: 2"),
        ("first_contact", "qualified leads not contacted yet, not counted: 1"),
        ("won_value", None),
        ("revenue_to_target", None),
    ],
)
def test_what_was_left_out_is_told(quarter: dict[str, dict[str, Any]], kpi: str, note: str | None) -> None:
    assert quarter[kpi]["note"] == note


def test_a_pipeline_nobody_found_is_told(quarter: dict[str, dict[str, Any]]) -> None:
    assert (
        "deals without any touch before them, in neither share: 1" in quarter["pipeline_sales_share"]["note"]
    )


def test_a_renewal_from_the_day_after_the_last_keeps_the_customer() -> None:
    """Days without a time stand at noon; the quarter ends between the last day and the next first one."""
    paid = {"account_id": "crm:account:1", "amount": Decimal(100), "kind": "new", "currency": "EUR"}
    last = paid | {"occurred_at": "2025-12-01T12:00", "until": "2026-03-31T12:00"}
    renewal = paid | {"source_id": "r", "occurred_at": "2026-04-01T12:00", "until": "2026-06-30T12:00"}
    days = [
        {"kind": "day", "label": first, "starts_utc": first, "ends_utc": after}
        for first, after in (("2026-03-31", "2026-04-01"), ("2026-04-01", "2026-04-02"))
    ]

    def kept(*revenue: dict[str, Any]) -> Any:
        engine = company({**FACTS, "revenue": list(revenue)}, periods=days)
        return board(engine)["retention"]["value"]

    assert kept(last, renewal) == 1
    assert kept(last, renewal | {"occurred_at": "2026-04-02T12:00"}) == 0


def test_the_whole_of_known_time() -> None:
    found = board(start=None, end=None)
    assert found["leads"]["period"] == "all"
    assert (found["leads"]["value"], found["mql"]["value"], found["spend"]["value"]) == (4, 4, Decimal("330"))
    # 600 + 300 - 100 + 200
    assert found["revenue"]["value"] == Decimal("1000")
    assert found["revenue_growth"]["value"] is None
    # Of the accounts 3 and 5 subscribed on 1 January 2026 neither is on 1 January 2027.
    assert found["retention"]["value"] == 0.0


def test_the_end_of_a_period_belongs_to_the_next() -> None:
    found = board(start=datetime(2026, 1, 5), end=datetime(2026, 1, 9))
    assert found["leads"]["value"] == 2


def test_by_channel_of_the_lead() -> None:
    found = board(channel="Email")
    # Leads 2 and 3; deal 2 only; 50 EUR of e-mail.
    assert found["leads"]["value"] == 2
    assert found["opportunities"]["value"] == 1
    assert found["pipeline"]["value"] == Decimal("500")
    assert found["cost_per_lead"]["value"] == Decimal("25")
    assert found["machine_touches"]["value"] == Decimal("0.333333")


def test_by_segment_spend_is_not_known() -> None:
    found = board(segment="big")
    assert found["leads"]["value"] == 1
    assert found["won_value"]["value"] == Decimal("1200")
    # Account 1 is lead 1's; accounts 3 (lead 3, small) and 5 (nobody's) are not big.
    assert found["revenue"]["value"] == Decimal("600")
    assert found["cac"]["value"] is None
    assert "spend is not known by segment" in found["cac"]["note"]


def test_by_quarter() -> None:
    engine, agreed = company(), agreement()
    engine.run([*metrics.steps(), *attribution.steps(agreed), *metrics.board_steps()])
    rows = metrics.scoreboard(engine, agreed, by="quarter")
    found = {(row["period"], row["kpi"]): row["value"] for row in rows}
    assert [found[label, "mql"] for label in ("2025Q4", "2026Q1", "2026Q2")] == [0, 3, 1]
    assert found["2026Q1", "revenue_growth"] == 0.0
    assert len(rows) == 3 * len(metrics.KPIS)


@cache
def dated() -> DuckDBEngine:
    """The company with a full calendar."""
    calendar = periods("UTC", date(2025, 10, 1), date(2026, 6, 30), 1).to_pylist()
    engine = company(periods=[row for row in calendar if row["starts_utc"] < datetime(2026, 7, 1)])
    engine.run([*metrics.steps(), *attribution.steps(agreement()), *metrics.board_steps()])
    return engine


@pytest.mark.parametrize(
    ("channel", "segment"),
    [(None, None), ("Email", None), (None, "big"), ("Email", "small"), ("Fax", "huge")],
)
@pytest.mark.parametrize("way", ["by days", "by moments"])
def test_what_the_build_made_and_what_is_worked_out_agree(
    channel: str | None, segment: str | None, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filters = {"channel": channel, "segment": segment}
    week, month = (datetime(2026, 3, 2), datetime(2026, 3, 9)), (datetime(2026, 3, 1), datetime(2026, 4, 1))
    spans: list[dict[str, Any]] = [{}, {"by": "quarter"}, {"start": Q1[0]}, {"end": Q1[1]}]
    spans += [{"start": start, "end": end} for start, end in (week, month)]
    made = [metrics.scoreboard(dated(), agreement(), **span, **filters) for span in spans]
    monkeypatch.setattr("accord.insight.metrics.measures._published", lambda *_: {})
    monkeypatch.setattr("accord.insight.metrics.measures.is_whole", lambda *_: way == "by days")
    assert [metrics.scoreboard(dated(), agreement(), **span, **filters) for span in spans] == made


def test_the_build_answers_its_calendar_without_looking_at_leads() -> None:
    engine = dated()
    asked: list[str] = []
    ask = engine.query
    engine.query = lambda sql, *rest: asked.append(sql) or ask(sql, *rest)  # type: ignore
    try:
        metrics.scoreboard(engine, agreement(), by="month", channel="Email", segment="small")
    finally:
        del engine.query  # type: ignore
    assert not [sql for sql in asked if " leads" in sql or "timeline" in sql]
    assert len(asked) < 12


def test_stages_of_another_name_give_their_own_kpis() -> None:
    stages = [
        {"stage_no": 1, "stage": "lead", "kind": "gate", "enter": None, "label": "Engaged"},
        {"stage_no": 2, "stage": "demo", "kind": "sla", "enter": "qualified"},
        {"stage_no": 3, "stage": "deal", "kind": "inventory", "enter": "deal_open"},
    ]
    entries = [
        {"lead": 1, "person": 1, "stage_no": 1, "stage": "lead", "at": "2026-01-10"},
        {"lead": 2, "person": 2, "stage_no": 1, "stage": "lead", "at": "2026-01-12"},
        {"lead": 1, "person": 1, "stage_no": 2, "stage": "demo", "at": "2026-01-20"},
    ]
    found = board(company(stages=stages, stage_entries=entries))
    assert (found["lead"]["value"], found["demo"]["value"]) == (2, 1)
    assert found["lead_to_demo"]["value"] == 0.5
    assert found["cost_per_demo"]["value"] == Decimal("250")
    assert "Engaged" in found["lead"]["definition"]
    assert not {"mql", "sal", "sql", "deal"} & set(found)


@cache
def quiet_month() -> dict[str, dict[str, Any]]:
    """A month long before anything happened."""
    return board(start=datetime(2024, 1, 1), end=datetime(2024, 2, 1))


NOTHING_HAPPENED = [kpi for kpi in metrics.KPIS if kpi.per or kpi.unit in ("days", "hours")]


@pytest.mark.parametrize("kpi", NOTHING_HAPPENED, ids=lambda kpi: kpi.name)
def test_nothing_to_divide_by_is_no_value_and_says_why(kpi: metrics.Kpi) -> None:
    found = quiet_month()[kpi.name]
    assert found["value"] is None
    assert found["missing"] is None
    assert (kpi.nothing if ("spend",) not in kpi.needs else "no spend in the period") in found["note"]


def test_costs_with_nothing_to_divide_by_say_so() -> None:
    # 15 and 16 March: spend, and nothing else.
    found = board(start=datetime(2026, 3, 15), end=datetime(2026, 3, 17))
    assert (found["cac"]["value"], found["cost_per_sql"]["value"]) == (None, None)
    assert "no new customers in the period" in found["cac"]["note"]
    assert "no leads entered SQL in the period" in found["cost_per_sql"]["note"]


def test_counts_and_sums_of_a_period_without_events_are_zero() -> None:
    found = quiet_month()
    assert (found["leads"]["value"], found["wins"]["value"], found["spend"]["value"]) == (0, 0, Decimal(0))


@cache
def board_without(group: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The board when none of these facts are loaded."""
    facts = {name: rows for name, rows in FACTS.items() if name not in group}
    if group == ("revenue.until",):
        facts["revenue"] = [{**row, "until": None} for row in FACTS["revenue"]]
    return board(company(facts))


NEEDED = [(kpi.name, group) for kpi in metrics.KPIS for group in kpi.needs]


@pytest.mark.parametrize(
    ("kpi", "group"), NEEDED, ids=lambda x: "-or-".join(x) if isinstance(x, tuple) else x
)
def test_a_kpi_without_its_facts_names_them_and_has_no_value(kpi: str, group: tuple[str, ...]) -> None:
    found = board_without(group)[kpi]
    assert found["value"] is None
    assert all(table in found["missing"] for table in group)
    assert found["missing"].endswith("facts loaded")


def test_only_amounts_without_a_rate_are_no_value_and_not_zero() -> None:
    pounds = [
        {"deal": 1, "account": 1, "person": 1, "amount": 10, "currency": "GBP", "status": "won"}
        | {"created_at": "2026-02-01", "closed_at": "2026-03-01"}
    ]
    found = board(company(deals_counted=pounds))
    for kpi in ("pipeline", "won_value", "average_deal"):
        assert found[kpi]["value"] is None
        assert "1 deal, 10.00 GBP without a rate" in found[kpi]["note"]
