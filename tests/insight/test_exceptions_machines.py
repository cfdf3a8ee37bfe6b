"""Machines that make more touches than usual, and companies whose scanner clicks every link."""

from __future__ import annotations

from typing import Any

from exceptions_world import agreed, look

from accord.insight.exceptions import machines, plain, tell
from accord.insight.exceptions.finding import Finding

# It is 1 June 2026: the last thirty days begin on 2 May, the ninety before them on 1 February.
RECENT, BEFORE, LONG_AGO = "2026-05-10", "2026-03-10", "2026-01-31"


def touches(day: str, human: int, machine: int, **given: Any) -> list[dict[str, Any]]:
    """So many touches of each quality on one day."""
    qualities = ["human"] * human + ["machine"] * machine
    return [{"person": 1, "at": day, "kind": "email_open", "quality": q, **given} for q in qualities]


def found(*of: list[dict[str, Any]], people: list[dict[str, Any]] | None = None) -> list[Finding]:
    return machines.find(
        look(agreed(), timeline=[touch for some in of for touch in some], people=people or [])
    )


def test_machines_are_told_when_they_make_far_more_touches_than_usual() -> None:
    copies = touches(RECENT, 500, 0, counted=False)
    older = touches(LONG_AGO, 0, 500)
    calls = touches(RECENT, 500, 0, team="sales")
    [finding] = found(touches(RECENT, 70, 30), touches(BEFORE, 90, 10), copies, older, calls)
    assert (finding.kind, finding.state) == ("machine_touches", "risk")
    assert finding.data == {"machine": 30, "touches": 100, "share": 0.3, "usual_share": 0.1, "days": 30}
    told = tell(finding.kind, finding.data)
    assert plain(told.title) == "Machines made 30.0% of all touches in 30 days, usually 10.0%"


def test_the_usual_share_a_little_more_and_few_touches_are_not_told() -> None:
    assert found(touches(RECENT, 71, 29), touches(BEFORE, 84, 16)) == []  # not twice as much
    assert found(touches(RECENT, 92, 8), touches(BEFORE, 98, 2)) == []  # only six points more
    assert found(touches(RECENT, 50, 49), touches(BEFORE, 90, 10)) == []
    assert found(touches(RECENT, 50, 50)) == []


PEOPLE = [
    {"person": person, "email_domain": domain, "free_mail": free}
    for domain, free, persons in (
        ("scanned.example", False, (1, 2, 3)),
        ("careful.example", False, (4, 5, 6)),
        ("two.example", False, (7, 8)),
        ("mail.example", True, (9, 10, 11)),
    )
    for person in persons
]


def clicks(person: int, machine: int, human: int = 0) -> list[dict[str, Any]]:
    return touches(RECENT, human, machine, person=person, kind="email_click")


def test_a_domain_where_machines_click_everything_is_named() -> None:
    scanned = [*clicks(1, 10), *clicks(2, 6), *clicks(3, 4, human=2)]  # 20 of 22
    careful = [*clicks(4, 10, human=3), *clicks(5, 10), *clicks(6, 10, human=3)]  # 30 of 36
    two = [*clicks(7, 20), *clicks(8, 20)]
    private = [*clicks(9, 10), *clicks(10, 10), *clicks(11, 10)]
    [finding] = found(scanned, careful, two, private, people=PEOPLE)
    assert (finding.kind, finding.state, finding.filters) == (
        "mail_scanner",
        "new",
        {"q": "scanned.example"},
    )
    assert finding.data == {
        "domains": 1,
        "clicks": 20,
        "days": 90,
        "examples": [{"domain": "scanned.example", "clicks": 20, "people": 3}],
    }
    title = plain(tell(finding.kind, finding.data).title)
    assert title == "At 1 company a mail scanner clicks every link"
    assert found([*clicks(1, 9), *clicks(2, 6), *clicks(3, 4)], people=PEOPLE) == []
