"""Leads nobody called, and calls that come late: counted by hand; and when nothing is told."""

from __future__ import annotations

from datetime import date
from typing import Any

from exceptions_world import agreed, look, said

from accord.insight.exceptions import contact, plain, tell
from accord.insight.exceptions.finding import Finding

# It is 1 June 2026, 00:00; 24 hours were promised.
OWNERS = [
    {
        "source_id": "1",
        "email": "Marek@n.example",
        "first_name": "Marek",
        "last_name": "Nowak",
        "team": "SDR",
    },
    {"source_id": "2", "email": "ines@n.example", "first_name": "Ines", "last_name": "Roth", "team": "Field"},
    {"source_id": "9", "source": "hub", "email": "marek@n.example", "first_name": "Marek", "team": "SDR"},
]
MAREK, INES, MAREK_IN_HUB = "crm:owner:1", "crm:owner:2", "hub:owner:9"


def lead(number: int, qualified: str, contact: str | None = None, **given: Any) -> dict[str, Any]:
    return {"lead": number, "qualified_at": qualified, "first_contact_at": contact, **given}


WAITING = [
    lead(1, "2026-05-20", owner_id=MAREK),
    lead(2, "2026-05-27", owner_id=MAREK_IN_HUB),
    lead(3, "2026-05-28", owner_id=INES),
    lead(4, "2026-05-29", contact="2026-05-29T05:00", owner_id=INES),
]
NOT_WAITING = [
    lead(5, "2026-05-31T12:00", owner_id=INES),  # has twelve hours left
    lead(6, "2026-05-02", closed_at="2026-05-04"),  # closed before anybody called
    lead(8, "2026-02-01"),  # longer ago than ninety days
    lead(9, "2026-05-02", known=False),
]


def never(*leads: dict[str, Any], **promise: Any) -> list[Finding]:
    found = contact.find(look(agreed(**promise), {"owners": OWNERS}, leads=list(leads)))
    return [finding for finding in found if finding.kind == "never_contacted"]


def test_leads_past_first_contact_are_counted_with_the_owner_of_most_of_them() -> None:
    [finding] = never(*WAITING, *NOT_WAITING)
    assert (finding.state, finding.team, finding.page) == ("bad", "sales", "leads")
    assert finding.filters == {
        "flag": "overdue",
        "status": "open",
        "by": "qualified",
        "from": "2026-03-03",
        "to": "2026-06-02",
    }
    assert finding.data == {
        "count": 3,
        "of": 5,  # 1 to 4 and 6
        "days": 90,
        "promised_hours": 24,
        "oldest_hours": 11 * 24,  # qualified on the 20th, due on the 21st
        "owner": "marek@n.example",  # one person in two tools
        "owner_name": "Marek Nowak",
        "owner_count": 2,
        "owner_filters": {**finding.filters, "owner": "marek@n.example"},
    }
    rows = {"page": finding.page, "filters": finding.filters}
    told = tell(finding.kind, {**finding.data, "rows": rows})
    assert plain(told.title) == "3 leads past first contact; the oldest 11 days over"
    assert plain(told.why) == (
        "Of 5 leads qualified in 90 days nobody has called these. 2 are with Marek Nowak."
    )
    assert told.title[0] == {"number": 3, "unit": "count", "opens": rows}


def test_leads_without_an_owner_are_told_so() -> None:
    [finding] = never(lead(1, "2026-05-20"), lead(2, "2026-05-30T12:00", owner_id=INES, contact="2026-05-31"))
    assert finding.data["owner"] is None
    assert said(finding.kind, finding.data) == "1 lead past first contact; 11 days over"
    assert plain(tell(finding.kind, finding.data).next_step) == "Give each of them an owner."


def test_nothing_is_told_of_leads_that_are_not_late() -> None:
    assert never(*NOT_WAITING, WAITING[3]) == []
    assert never(*WAITING, promised_hours=None) == []


def test_what_was_decided_before_going_live_has_no_clock() -> None:
    [finding] = never(*WAITING, go_live=date(2026, 5, 28))
    assert (finding.data["count"], finding.data["of"], finding.data["owner_name"]) == (1, 2, "Ines Roth")


def called(number: int, owner: str, hours: int | None, day: int = 10, month: int = 5) -> dict[str, Any]:
    at = f"2026-{month:02d}-{day:02d}"
    late = None if hours is None else f"2026-{month:02d}-{day + hours // 24:02d}T{hours % 24:02d}:00"
    return lead(number, at, late, owner_id=owner)


def slow(*leads: dict[str, Any], **promise: Any) -> list[Finding]:
    found = contact.find(look(agreed(**promise), {"owners": OWNERS}, leads=list(leads)))
    return [finding for finding in found if finding.kind == "slow_contact"]


FAST = [called(n, INES, 2) for n in range(1, 13)]
LATE = [called(n, MAREK, 30) for n in range(13, 21)]


def test_a_promise_kept_for_too_few_leads_names_the_slowest_team() -> None:
    # The month: Ines' 12 leads after 2 hours, Marek's 8 after 30; the month before: 4 of 5 in time.
    before = [called(n, INES, 2, 10, 4) for n in range(21, 25)] + [called(25, INES, 30, 10, 4)]
    [finding] = slow(*FAST, *LATE, *before)
    assert finding.data == {
        "in_time": 12,
        "of": 20,
        "share": 0.6,
        "days": 30,
        "promised_hours": 24,
        "median_hours": 2,
        "before_share": 0.8,
        "slowest": "team",
        "slowest_name": "SDR",
        "slowest_share": 0,
        "slowest_median_hours": 30,
    }
    assert (finding.state, finding.team) == ("bad", "sales")
    told = tell(finding.kind, finding.data)
    assert plain(told.title) == "First contact within 24 hours for 60.0% of leads in 30 days"
    assert plain(told.why) == (
        "12 of 20 leads in time. Half of those called waited longer than 2 hours. "
        "In the 30 days before it was 80.0%. Slowest is SDR, in time for 0.0%."
    )


def test_few_leads_are_read_over_ninety_days_and_fewer_are_no_sample() -> None:
    # Four of five in time is a risk; without a second team or owner nobody is the slowest.
    four = [called(n, INES, 2) for n in range(1, 5)]
    [finding] = slow(*four, called(5, INES, None, 10, 4))
    assert (finding.state, finding.data["days"], finding.data["slowest"]) == ("risk", 90, None)
    assert slow(*four[:3], called(5, INES, None)) == []


def test_a_promise_kept_is_no_exception() -> None:
    assert slow(*FAST, *FAST[:6], *LATE[:1]) == []
    assert slow(*FAST, *LATE, promised_hours=30) == []
    assert slow(*FAST, *LATE, go_live=date(2026, 5, 11)) == []
