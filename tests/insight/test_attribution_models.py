"""Each model on one journey whose shares are worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from read_models import agreement, read_models
from sqlglot import ErrorLevel, transpile

from accord.insight import attribution, metrics
from accord.ledger.engine import DuckDBEngine
from world import rows

# One company (account 7) with two people. Person 1 is the lead, opened 1 March, qualified 10 March; the deal
# was made on 20 March and won on 30 March for 1,000.00 EUR.
#
#   a  1 Mar  person 1  Paid Search   first touch
#   b  5 Mar  person 2  Email
#   c 10 Mar  person 1  Organic       the last touch at or before qualification: lead
#   d 15 Mar  person 2  Direct
#   e 20 Mar  person 2  sales call    the last touch at or before the deal: deal
#   f 25 Mar  person 1  Email
#   g 29 Mar  person 1  Direct        the last touch before close: won
TOUCHES: list[dict[str, Any]] = [
    {"fact_id": "a", "person": 1, "at": "2026-03-01", "channel": "Paid Search", "campaign": "brand"},
    {"fact_id": "b", "person": 2, "at": "2026-03-05", "channel": "Email", "campaign": "spring"},
    {"fact_id": "c", "person": 1, "at": "2026-03-10", "channel": "Organic Search"},
    {"fact_id": "d", "person": 2, "at": "2026-03-15", "channel": "Direct"},
    {"fact_id": "e", "person": 2, "at": "2026-03-20", "channel": "Sales", "team": "sales"},
    {"fact_id": "f", "person": 1, "at": "2026-03-25", "channel": "Email", "campaign": "spring"},
    {"fact_id": "g", "person": 1, "at": "2026-03-29", "channel": "Direct"},
]


def company(touches: list[dict[str, Any]] = TOUCHES, **changed: Any) -> DuckDBEngine:
    tables: dict[str, list[dict[str, Any]]] = {
        "timeline": [{"account": 7, **touch} for touch in touches],
        "leads": [
            {"lead": 1, "person": 1, "account": 7, "opened_at": "2026-03-01", "qualified_at": "2026-03-10"}
        ],
        "stage_entries": [
            {"lead": 1, "person": 1, "stage_no": 1, "stage": "mql", "at": "2026-03-10"},
            {"lead": 1, "person": 1, "stage_no": 4, "stage": "opportunity", "at": "2026-03-20", "by": "deal"},
            {"lead": 1, "person": 1, "stage_no": 5, "stage": "customer", "at": "2026-03-30", "by": "deal"},
        ],
        "deals_counted": [
            {
                "deal": 1,
                "account": 7,
                "person": 1,
                "amount": "1000",
                "status": "won",
                "created_at": "2026-03-20",
                "closed_at": "2026-03-30",
            }
        ],
    }
    return read_models(**(tables | changed))


def credit(engine: DuckDBEngine, agreed: Any, milestone: str = "customer") -> dict[str, dict[str, Decimal]]:
    """Shares by model and fact ('-' for the row without a touch), after running all steps."""
    engine.run([*metrics.steps(), *attribution.steps(agreed), *metrics.board_steps()])
    found: dict[str, dict[str, Decimal]] = {}
    of_milestone = (
        "SELECT k.model, coalesce(t.fact_id, '-') AS fact_id, k.share FROM credits AS k "
        "JOIN conversions AS c ON c.conversion = k.conversion "
        "LEFT JOIN buying_touches AS t ON t.touch = k.touch "
        f"WHERE c.milestone = '{milestone}'"
    )
    for model, fact, share in rows(engine, of_milestone):
        found.setdefault(model, {})[fact] = share
    return found


def shares(**given: str) -> dict[str, Decimal]:
    return {fact: Decimal(value) for fact, value in given.items()}


def one(model: str, milestone: str = "customer", **options: Any) -> dict[str, Decimal]:
    return credit(company(), agreement((model,), **options), milestone)[model]


def test_single_touch_models_give_everything_to_one_touch() -> None:
    found = credit(company(), agreement(("first", "last", "last_non_direct")))
    assert found == {"first": shares(a="1"), "last": shares(g="1"), "last_non_direct": shares(f="1")}


def test_last_non_direct_falls_back_to_a_direct_touch_when_there_is_no_other() -> None:
    direct = [{**touch, "channel": "Direct"} for touch in TOUCHES]
    assert credit(company(direct), agreement(("last_non_direct",))) == {"last_non_direct": shares(g="1")}


def test_linear_gives_the_remainder_to_the_earliest_touch() -> None:
    # 1/7 = 0.142857142|857...; seven times that is 0.999999994, so the first touch gets 6 billionths more.
    rest = dict.fromkeys("bcdefg", "0.142857142")
    assert one("linear") == shares(a="0.142857148", **rest)


def test_u_shaped() -> None:
    # first 40 %, lead 40 %, the five others share 20 %: 4 % each.
    assert one("u_shaped") == shares(a="0.4", c="0.4", b="0.04", d="0.04", e="0.04", f="0.04", g="0.04")


def test_w_shaped() -> None:
    # first, lead and deal 30 % each, the four others share 10 %.
    assert one("w_shaped") == shares(a="0.3", c="0.3", e="0.3", b="0.025", d="0.025", f="0.025", g="0.025")


def test_z_shaped() -> None:
    # first, lead, deal and won 22.5 % each, b, d, f share 10 %: 3.333... % each, one billionth left for a.
    third = "0.033333333"
    assert one("z_shaped") == shares(
        a="0.225000001", c="0.225", e="0.225", g="0.225", b=third, d=third, f=third
    )


def test_time_decay_halves_per_half_life() -> None:
    # Half-life 5 days; touches 0, 5, 15 days before the last one weigh 1, 1/2, 1/8: together 13/8.
    touches = [
        {"fact_id": "x", "person": 1, "at": "2026-03-10"},
        {"fact_id": "y", "person": 1, "at": "2026-03-20"},
        {"fact_id": "z", "person": 1, "at": "2026-03-25"},
    ]
    found = credit(company(touches), agreement(("time_decay",), half_life=5))["time_decay"]
    # 1/13 = 0.0769230769..., 4/13 = 0.3076923076..., 8/13 = 0.6153846153...; 2 billionths are left for x.
    assert found == shares(x="0.076923078", y="0.307692307", z="0.615384615")


def test_own_weights_only_their_proportion_matters() -> None:
    weights = {"first": 2, "lead": 0, "deal": 1, "won": 1, "middle": 0}
    assert one("own", weights=weights) == shares(a="0.5", e="0.25", g="0.25")


def test_one_touch_in_several_positions_gets_their_sum() -> None:
    # a alone before qualification is first and lead: 40 + 40; x is the only middle touch.
    touches = [TOUCHES[0], {"fact_id": "x", "person": 1, "at": "2026-03-15"}]
    assert credit(company(touches), agreement(("u_shaped",)))["u_shaped"] == shares(a="0.8", x="0.2")


def test_an_empty_middle_is_shared_by_the_positions() -> None:
    # Only first (a) and lead (c): 40 : 40 becomes 50 : 50.
    touches = [TOUCHES[0], TOUCHES[2]]
    assert credit(company(touches), agreement(("u_shaped",)))["u_shaped"] == shares(a="0.5", c="0.5")


def test_a_missing_position_is_shared_by_the_rest() -> None:
    # All touches come after qualification, so there is no lead touch: 40 (first) and 20 (middle) of 60.
    touches = [
        {"fact_id": "x", "person": 1, "at": "2026-03-12"},
        {"fact_id": "y", "person": 1, "at": "2026-03-14"},
    ]
    # 40/60 = 0.666666666, one billionth left for x.
    assert credit(company(touches), agreement(("u_shaped",)))["u_shaped"] == shares(
        x="0.666666667", y="0.333333333"
    )


def test_a_milestone_before_the_deal_has_no_deal_and_no_won_position() -> None:
    # mql on 10 March: touches a, m and c of the lead's person; b is a colleague's. first and lead 22.5 each,
    # m takes 10 of 55: 22.5/55 = 0.409090909, 10/55 = 0.181818181; one billionth left for a.
    touches = [*TOUCHES, {"fact_id": "m", "person": 1, "at": "2026-03-06"}]
    found = credit(company(touches), agreement(("z_shaped",)), "mql")["z_shaped"]
    assert found == shares(a="0.409090910", c="0.409090909", m="0.181818181")


def test_a_leads_milestones_are_its_own_persons_and_a_deals_everyones_at_the_account() -> None:
    leads = [
        {"lead": n, "person": n, "account": 7, "opened_at": "2026-03-01", "qualified_at": "2026-03-16"}
        for n in (1, 2)
    ]
    entries = [{"lead": n, "person": n, "stage_no": 1, "stage": "mql", "at": "2026-03-16"} for n in (1, 2)]
    engine = company(leads=leads, stage_entries=entries)
    credit(engine, agreement(("linear",)))
    query = (
        "SELECT c.conversion_id, string_agg(t.fact_id, '' ORDER BY t.fact_id) FROM credits AS k "
        "JOIN conversions AS c ON c.conversion = k.conversion JOIN buying_touches AS t ON t.touch = k.touch "
        "WHERE c.milestone <> 'opportunity' GROUP BY c.conversion_id ORDER BY c.conversion_id"
    )
    assert rows(engine, query) == [
        ("crm:deal:1", "abcdefg"),
        ("crm:person:1#1", "ac"),
        ("crm:person:2#1", "bd"),
    ]


def test_a_model_without_any_credited_touch_says_none() -> None:
    # Only the closing touch counts, and no MQL has one.
    assert one("own", "mql", weights={"won": 1}) == shares(**{"-": "1"})


@pytest.mark.parametrize("model", attribution.RULE_MODELS)
def test_no_touch_in_the_window_gives_one_row_without_a_touch(model: str) -> None:
    old = [{"fact_id": "old", "person": 1, "at": "2025-01-01"}]
    engine = company(old)
    assert credit(engine, agreement((model,), weights={"first": 1}))[model] == shares(**{"-": "1"})
    assert attribution.report(engine)[0]["channel"] == "(none)"
    assert attribution.report(engine)[0]["value"] == Decimal(1000)


def test_the_window_includes_both_its_ends() -> None:
    # Won on 30 March with 10 days to look back: 20 March 00:00 is in, a second earlier is not.
    touches = [
        {"fact_id": "before", "person": 1, "at": "2026-03-19T23:59:59"},
        {"fact_id": "edge", "person": 1, "at": "2026-03-20"},
        {"fact_id": "close", "person": 1, "at": "2026-03-30"},
        {"fact_id": "after", "person": 1, "at": "2026-03-30T00:00:01"},
    ]
    found = credit(company(touches), agreement(("linear",), window=10))["linear"]
    assert found == shares(edge="0.5", close="0.5")


def test_only_the_agreed_teams_earn_credit() -> None:
    assert credit(company(), agreement(("last",), touches=("sales",))) == {"last": shares(e="1")}


def test_touches_at_the_same_moment_are_ordered_by_fact_id_whatever_order_they_came_in() -> None:
    touches = [{"fact_id": f, "person": 1, "at": "2026-03-20"} for f in ("k", "m", "j", "l")]
    for order in (touches, touches[::-1]):
        found = credit(company(order), agreement(("first", "last")))
        assert found == {"first": shares(j="1"), "last": shares(m="1")}


@pytest.mark.parametrize(
    "change",
    [{"quality": "machine"}, {"quality": "internal"}, {"counted": False}, {"kind": "email_delivered"}],
)
def test_a_touch_that_is_not_human_not_counted_or_a_mail_merely_delivered_changes_nothing(
    change: dict[str, Any],
) -> None:
    agreed = agreement((*attribution.RULE_MODELS,), weights={"first": 1, "middle": 1})
    extra = {"fact_id": "0", "person": 1, "at": "2026-03-01", "channel": "Email", **change}
    assert credit(company([*TOUCHES, extra]), agreed) == credit(company(), agreed)


def test_what_a_person_did_while_excluded_earns_no_credit_what_they_did_before_does() -> None:
    # Person 2 is excluded from the 10th to the 20th, person 1 since the 25th: d, f and g are left out.
    states = [
        {"person": 2, "from_at": "0001-01-01", "until_at": "2026-03-10"},
        {"person": 2, "from_at": "2026-03-10", "until_at": "2026-03-20", "excluded_by": "students"},
        {"person": 2, "from_at": "2026-03-20", "until_at": "9999-12-31"},
        {"person": 1, "from_at": "2026-03-25", "until_at": "9999-12-31", "excluded_by": "customers"},
    ]
    engine = company(lead_states=states)
    assert credit(engine, agreement(("linear",)))["linear"] == shares(a="0.25", b="0.25", c="0.25", e="0.25")


def test_an_excluded_person_did_not_find_the_deal() -> None:
    first = [{"person": 1, "from_at": "2026-01-01", "until_at": "2026-03-20", "excluded_by": "students"}]
    engine = company(lead_states=first)
    engine.run(metrics.steps())
    assert rows(engine, "SELECT fact_id FROM deal_sources") == [("b",)]


def test_a_deal_to_be_won_later_is_no_conversion_yet() -> None:
    engine = company(as_of=[{"now": "2026-03-29"}])
    assert credit(engine, agreement(("first",))) == {}
    assert credit(engine, agreement(("first",)), "opportunity") == {"first": shares(a="1")}


def test_a_deal_without_an_account_reads_its_own_persons_only() -> None:
    touches = [
        {"fact_id": "main", "person": 1, "account": None, "at": "2026-03-02"},
        {"fact_id": "role", "person": 2, "account": None, "at": "2026-03-03"},
        {"fact_id": "stranger", "person": 3, "account": None, "at": "2026-03-04"},
    ]
    deal = {
        "deal": 1,
        "person": 1,
        "amount": 10,
        "status": "won",
        "created_at": "2026-03-20",
        "closed_at": "2026-03-30",
    }
    roles = [{"deal": 1, "person": 1, "role": "champion"}, {"deal": 1, "person": 2, "role": "end_user"}]
    engine = company(touches, deals_counted=[deal], deal_persons=roles)
    assert credit(engine, agreement(("linear",)))["linear"] == shares(main="0.5", role="0.5")


def test_own_weights_must_be_given() -> None:
    with pytest.raises(attribution.ModelError, match=r"attribution\.weights"):
        attribution.steps(agreement(("own",)))


def test_every_step_can_be_said_to_spark() -> None:
    agreed = agreement((*attribution.RULE_MODELS, "markov"), weights={"first": 1})
    for step in (*metrics.steps(), *attribution.steps(agreed)):
        said = transpile(step.sql, read="duckdb", write="spark", unsupported_level=ErrorLevel.RAISE)
        assert len(said) == 1, step.name
