"""The stories of a lead, an account and a deal: what they tell, how they are found, and to whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from accord import agreement
from accord.insight import explain
from accord.insight.leads import EVERYTHING, Scope
from accord.ledger.engine import DuckDBEngine
from insight.leads_world import FACTS, PROMISED, RITA, SAM, judged, touch

RITAS = Scope(owners=frozenset({RITA}), personal=True)
SAMS = Scope(owners=frozenset({SAM}), personal=True)
NOBODY = Scope(owners=frozenset(), personal=True)
VIEWER = Scope(owners=None, personal=False)


@pytest.fixture(scope="module")
def company() -> DuckDBEngine:
    return judged()


def lead(engine: DuckDBEngine, name: str, scope: Scope = EVERYTHING, **more: Any) -> dict[str, Any]:
    return explain.lead(engine, agreement.parse(PROMISED), name, scope=scope, **more)


def key(engine: DuckDBEngine, sql: str) -> int:
    [row] = engine.query(sql).to_pylist()
    return int(next(iter(row.values())))


def anns(engine: DuckDBEngine, kind: str) -> str:
    found = (
        f"SELECT leads.{kind} FROM leads JOIN people ON leads.person = people.person WHERE first_name = 'Ann'"
    )
    return f"{kind}={key(engine, found)}"


@pytest.mark.parametrize("name", ["ann@acme.example", "Ann@Acme.example", "crm:person:1", "lead", "person"])
def test_a_lead_is_found_by_address_record_or_key(company: DuckDBEngine, name: str) -> None:
    story = lead(company, anns(company, name) if name in ("lead", "person") else name)
    assert story["label"] == "Ann Ash"
    assert story["person"]["phone"] == "+49 30 1"
    assert story["owner"] == {"name": "Rita Sommer", "email": RITA, "team": "north"}
    assert story["account"]["name"] == "Acme"
    assert [deal["name"] for deal in story["deals"]] == ["Acme cell"]
    assert ("same_email", "email:ann@acme.example") in {(link["rule"], link["b"]) for link in story["links"]}


def test_a_cycle_tells_its_stages_score_gates_and_verdicts(company: DuckDBEngine) -> None:
    [cycle] = lead(company, "crm:person:1")["cycles"]
    assert [row["stage"] for row in cycle["stages"] if row["basis"] == "agreement"] == [
        "mql",
        "sal",
        "opportunity",
    ]
    assert cycle["score"] == {"fit": 45, "engagement": 40, "score": 85}
    assert sum(line["points"] for line in cycle["score_lines"]) == 85
    assert [(row["verdict"], row["owner_id"]) for row in cycle["verdicts"]] == [("accepted", "crm:owner:1")]
    assert (cycle["touches"], cycle["activities"], cycle["hours_to_contact"]) == (1, 2, 30.0)
    [gate] = cycle["gates"]
    assert gate["reached"] and gate["holds_now"]
    assert [(part["part"], part["holds"]) for part in gate["parts"]] == [
        ("fit >= 40", True),
        ("engagement >= 30", True),
        ("hand_raiser", True),
        ("fit > 0", True),
    ]


def test_who_is_in_no_list_has_a_story_too(company: DuckDBEngine) -> None:
    [cycle] = lead(company, "eve@northwind.example")["cycles"]
    assert (cycle["known"], cycle["stage"], cycle["opened_at"]) == (False, "new", datetime(2026, 5, 7, 10))
    assert [row["known"] for row in lead(company, "ann@acme.example")["cycles"]] == [True]


def test_a_gate_says_which_field_is_missing() -> None:
    text = PROMISED.replace('when: "(fit', 'when: "is_customer or (fit')
    engine = judged(text=text)
    [cycle] = explain.lead(engine, agreement.parse(text), "crm:person:3")["cycles"]
    part = cycle["gates"][0]["parts"][0]
    assert (part["holds"], part["values"], part["missing"]) == (None, {"is_customer": None}, "is_customer")


def test_the_timeline_comes_in_pages_newest_first_each_event_once() -> None:
    # 120 page views, three at each moment, and one demo request before them.
    views = [
        touch(1, f"2026-05-{2 + n // 6:02}T{n % 6 // 3:02}:00", "page_view", path=f"/{n}") for n in range(120)
    ]
    engine = judged(FACTS | {"touches": [*FACTS["touches"], *views], "activities": []})
    story = lead(engine, "crm:person:1")
    told, before = story["timeline"], story["timeline_before"]
    # Fifty, and the one more that happened at the moment of the fiftieth.
    assert len(told) == 51
    while before:
        story = lead(engine, "crm:person:1", before=before)
        told, before = told + story["timeline"], story["timeline_before"]
    assert len({event["path"] or event["form"] for event in told}) == len(told) == 121
    assert [event["at"] for event in told] == sorted((event["at"] for event in told), reverse=True)
    assert told[0]["at"] == datetime(2026, 5, 21, 1) and told[-1]["kind"] == "form_submit"
    assert lead(engine, "crm:person:1", before="no moment")["timeline"] == told[:51]


def test_events_name_the_seller(company: DuckDBEngine) -> None:
    told = lead(company, "crm:person:6")["timeline"]
    assert [(event["kind"], event["owner"]) for event in told] == [
        ("call", "Rita Sommer"),
        ("call", "Sam Tull"),
        ("form_submit", None),
    ]


@pytest.mark.parametrize("scope", [SAMS, NOBODY])
@pytest.mark.parametrize("name", ["ann@acme.example", "crm:person:1", "1", "lead", "person"])
def test_a_lead_of_others_is_not_there(company: DuckDBEngine, scope: Scope, name: str) -> None:
    known = anns(company, name) if name in ("lead", "person") else name
    with pytest.raises(explain.UnknownLead, match="Nobody is called"):
        lead(company, known, scope)
    assert lead(company, known, RITAS)["label"] == "Ann Ash"


@pytest.mark.parametrize("name", ["nobody@acme.example", "lead=999999", "person=", "x"])
def test_nobody_of_that_name_is_told_with_the_mend(company: DuckDBEngine, name: str) -> None:
    with pytest.raises(explain.UnknownLead, match="Give an e-mail address"):
        lead(company, name)


def test_without_the_right_to_personal_data_a_story_has_none(company: DuckDBEngine) -> None:
    with pytest.raises(explain.UnknownLead):
        lead(company, "ann@acme.example", VIEWER)
    by_key = anns(company, "lead")
    story = lead(company, by_key, VIEWER)
    assert story["label"] == f"Lead {by_key.removeprefix('lead=')}"
    assert story["owner"] is None and story["links"] == []
    assert story["account"]["name"] == "Acme" and story["person"]["role"] == "operations"
    assert story["cycles"][0]["score"]["score"] == 85
    for word in ("Ash", "ann@", "@", "+49", "Plant lead", "Rita", "crm:person", "crm:owner"):
        assert word not in repr(story), word
    [fay] = company.query("SELECT person FROM people WHERE first_name = 'Fay'").to_pylist()
    assert "Fay" not in repr(lead(company, f"person={fay['person']}", VIEWER))


def test_a_gate_hides_values_that_say_who_it_is() -> None:
    text = PROMISED.replace('when: "(fit', "when: \"job_title = 'x' or role = 'y' or (fit")
    engine = judged(text=text)
    promised = agreement.parse(text)
    name = anns(engine, "lead")
    seen = explain.lead(engine, promised, name)["cycles"][0]["gates"][0]["parts"]
    hidden = explain.lead(engine, promised, name, scope=VIEWER)["cycles"][0]["gates"][0]["parts"]
    assert [part["values"] for part in seen[:2]] == [{"job_title": "Plant lead"}, {"role": "operations"}]
    assert [part["values"] for part in hidden[:2]] == [{}, {"role": "operations"}]


ACME = "SELECT account FROM accounts WHERE name = 'Acme'"
CELL = "SELECT deal FROM deals_counted WHERE name = 'Acme cell'"


def test_an_account_tells_of_its_leads_and_deals(company: DuckDBEngine) -> None:
    story = explain.account(company, EVERYTHING, key(company, ACME))
    assert (story["account"]["name"], story["account"]["employees"]) == ("Acme", 500)
    assert {row["label"] for row in story["leads"].rows} == {"Ann Ash", "Bob Bay", "Fay Fink", "Gus Gray"}
    assert [deal["name"] for deal in story["deals"]] == ["Acme cell"]
    assert story["activity"] == {
        "leads": 4,
        "open": 3,
        "touches": 4,
        "activities": 6,
        "first_opened_at": datetime(2026, 4, 1, 10),
        "last_touch_at": datetime(2026, 5, 8, 10),
        "last_activity_at": datetime(2026, 5, 20, 10),
    }


@pytest.mark.parametrize(
    ("scope", "leads", "deals"),
    [(RITAS, ["Ann Ash"], 1), (SAMS, ["Bob Bay", "Fay Fink", "Gus Gray"], 0)],
)
def test_of_an_account_one_sees_ones_own_part(
    company: DuckDBEngine, scope: Scope, leads: list[str], deals: int
) -> None:
    story = explain.account(company, scope, key(company, ACME))
    assert sorted(row["label"] for row in story["leads"].rows) == leads
    assert story["activity"]["leads"] == len(leads)
    assert len(story["deals"]) == deals


def test_a_deal_tells_its_value_and_its_people(company: DuckDBEngine) -> None:
    story = explain.deal(company, EVERYTHING, key(company, CELL))
    told = ("name", "value", "status", "company", "owner", "found_by")
    assert {name: story[name] for name in told} == {
        "name": "Acme cell",
        "value": 1000,
        "status": "open",
        "company": "Acme",
        "owner": "Rita Sommer",
        "found_by": "marketing",
    }
    assert [(row["label"], row["main"]) for row in story["people"]] == [("Ann Ash", True)]
    hidden = explain.deal(company, VIEWER, key(company, CELL))
    assert hidden["owner"] is None
    assert [row["label"] for row in hidden["people"]] == [
        f"Lead {anns(company, 'lead').removeprefix('lead=')}"
    ]


def test_accounts_and_deals_of_others_are_not_there(company: DuckDBEngine) -> None:
    with pytest.raises(explain.UnknownDeal):
        explain.deal(company, SAMS, key(company, CELL))
    with pytest.raises(explain.UnknownDeal):
        explain.deal(company, EVERYTHING, 999)
    beta = key(company, "SELECT account FROM accounts WHERE name = 'Beta Works'")
    assert explain.account(company, RITAS, beta)["account"]["name"] == "Beta Works"
    for scope, account in ((SAMS, beta), (NOBODY, beta), (EVERYTHING, 999)):
        with pytest.raises(explain.UnknownAccount):
            explain.account(company, scope, account)
