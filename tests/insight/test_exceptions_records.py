"""Leads two work on, split records, unused content, and records that lack what they should name: by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from exceptions_world import agreed, day, look

from accord.insight import metrics
from accord.insight.exceptions import content, plain, records, tell, two_owners
from accord.insight.exceptions.finding import Finding, Look

# It is 1 June 2026; ninety days ago was 3 March.


def test_open_leads_two_sellers_work_on_are_counted_the_last_worked_named_first() -> None:
    two = {"worked_by_two": True}
    leads = [
        {"lead": n, "person_id": f"crm:person:{n}", "last_activity_at": day(f"2026-05-0{n}"), **two}
        for n in range(1, 5)
    ]
    others = [
        {"lead": 5, "closed_at": day("2026-05-09"), **two},
        {"lead": 6, "worked_by_two": False},
    ]
    [finding] = two_owners.find(look(agreed(), lead_list=leads + others))
    assert (finding.kind, finding.state, finding.page) == ("worked_by_two", "risk", "leads")
    assert finding.data == {"count": 4, "examples": ["crm:person:4", "crm:person:3", "crm:person:2"]}
    assert plain(tell(finding.kind, finding.data).title) == "Two sellers work on 4 leads at once"
    assert two_owners.find(look(agreed(), lead_list=others)) == []


def record(number: int, owner: str | None, source: str = "crm") -> dict[str, Any]:
    named = {"source": source, "source_id": str(number), "actor": f"{source}:person:{number}"}
    return {**named, "owner_id": f"{source}:owner:{owner}" if owner else None}


OWNERS = [
    {"source_id": "1", "email": "aylin@n.example", "first_name": "Aylin"},
    {"source_id": "2", "email": "lukas@n.example", "first_name": "Lukas"},
    {"source_id": "9", "email": "aylin@n.example", "first_name": "Aylin"},
]


def split(*people: tuple[int, list[dict[str, Any]]]) -> list[Finding]:
    """What is found of persons, each with these records."""
    facts = {"owners": OWNERS, "people": [one for _, kept in people for one in kept]}
    names = [{"actor": one["actor"], "person": person} for person, kept in people for one in kept]
    persons = [{"person": person} for person, _ in people]
    return two_owners.find(look(agreed(), facts, name_people=names, people=persons))


def test_a_person_kept_in_one_tool_with_two_owners_is_told() -> None:
    [finding] = split((1, [record(11, "1"), record(12, "2")]), (2, [record(21, "1")]))
    assert (finding.kind, finding.page, finding.filters) == (
        "split_records",
        "lead",
        {"name": "crm:person:1"},
    )
    assert finding.data == {
        "count": 1,
        "examples": ["crm:person:1"],
        "records": 2,
        "owners": ["Aylin", "Lukas"],
    }
    assert plain(tell(finding.kind, finding.data).why) == (
        "The same person is with Aylin and with Lukas, in 2 records."
    )


def test_two_tools_two_accounts_of_one_seller_and_no_owner_are_no_split() -> None:
    mirrored = [record(11, "1"), record(12, "7", source="hub")]
    same_seller = [record(21, "1"), record(22, "9")]
    assert split((1, mirrored), (2, same_seller), (3, [record(31, "1"), record(32, None)])) == []


def test_content_used_before_and_not_since_is_told_the_longest_unused_first() -> None:
    used = [
        {"asset": "brochure", "occurred_at": "2026-01-05", "kind": "sent"},
        {"asset": "price list", "occurred_at": "2026-05-05", "kind": "sent"},
    ]
    downloads = [
        {"asset": asset, "at": at, "kind": "content_download", "quality": quality}
        for asset, at, quality in (
            ("guide", "2025-12-01", "human"),
            ("guide", "2026-05-01", "machine"),
            ("report", "2026-05-01", "human"),
        )
    ]
    opened = {"asset": "newsletter", "at": "2026-01-01", "kind": "email_open"}
    [finding] = content.find(look(agreed(), {"content_uses": used}, timeline=[*downloads, opened]))
    assert (finding.kind, finding.state, finding.team) == ("unused_content", "new", "marketing")
    assert finding.data == {"count": 2, "of": 4, "days": 90, "examples": ["guide", "brochure"]}
    title = plain(tell(finding.kind, finding.data).title)
    assert title == "2 of 4 pieces of content have not been used for 90 days"
    assert content.find(look(agreed(), {"content_uses": used[1:]})) == []
    # Where nothing at all is used any more, no piece stands out.
    assert content.find(look(agreed(), {"content_uses": used[:1]})) == []


def unfounded(number: int, entered: int, at: str = "2026-05-05") -> Look:
    without = [{"lead": n, "stage": "sql", "at": day(at), "evidence": "meeting_held"} for n in range(number)]
    entries = [{"lead": 100 + n, "stage": "sql", "at": at} for n in range(entered)]
    accepted = [{"lead": 500 + n, "stage": "sal", "at": at} for n in range(900)]
    seen = look(
        agreed(),
        stage_evidence=[{"stage": "sql", "evidence": "meeting_held"}],
        verdicts_without_evidence=without,
        stage_entries=entries + accepted,
    )
    seen.engine.run(metrics.steps())
    return seen


def test_verdicts_without_the_evidence_agreed_on_are_told_by_stage() -> None:
    [finding] = records.find(unfounded(5, 95))
    assert (finding.kind, finding.state, finding.team) == ("unfounded_verdicts", "risk", "sales")
    assert (finding.data["count"], finding.data["of"]) == (5, 100)
    title = plain(tell(finding.kind, finding.data).title)
    assert title == "5 of 100 verdicts for SQL have no meeting held on record"
    assert records.find(unfounded(5, 96)) == []
    assert records.find(unfounded(4, 0)) == []
    assert records.find(unfounded(5, 95, "2026-03-02")) == []


def nameless(touches: int, without: int) -> list[Finding]:
    seen = look(
        agreed(),
        {"touches": [{"kind": "page_view"}] * touches},
        unattributed=[{"table_name": "touches", "reason": "no actor", "n": without}],
    )
    seen.engine.run(metrics.steps())
    return records.find(seen)


def test_facts_that_name_nobody_are_told_by_table() -> None:
    [finding] = nameless(100, 5)
    assert (finding.kind, finding.data) == ("nameless_facts", {"table": "touches", "count": 5, "of": 100})
    assert plain(tell(finding.kind, finding.data).title) == "5 of 100 touches name nobody"
    assert nameless(101, 5) == []
    assert nameless(4, 4) == []


def loose(named: int, unnamed: int, on: str = "2026-05-05") -> list[Finding]:
    cost = {"occurred_at": on, "currency": "EUR"}
    spend = [
        {**cost, "cost": named, "campaign_id": "crm:campaign:1"},
        {**cost, "cost": unnamed, "channel": "Fair"},
    ]
    seen = look(agreed(), {"spend": spend})
    seen.engine.run(metrics.steps())
    return records.find(seen)


def test_spend_without_a_campaign_is_told_from_a_fifth_on() -> None:
    [finding] = loose(80, 20)
    assert (finding.kind, finding.state, finding.data["amount"]) == ("loose_spend", "new", Decimal(20))
    title = plain(tell(finding.kind, finding.data).title)
    assert title == "20 EUR of the spend of 90 days names no campaign (20.0%)"
    assert loose(81, 19) == []
    assert loose(80, 20, "2026-03-02") == []
