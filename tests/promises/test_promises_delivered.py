"""What counts as delivered, against a solver that looks back from every moment; pace and debts by hand."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.agreement.models import OpenBlock
from accord.promises.delivered import Breach, Contest, Course, Said, entries, standing
from accord.promises.open_time import OpenTime
from accord.promises.pace import Pace, debt_after, pace
from proof import EXAMPLES

START = datetime(2026, 4, 20, 8)
HOUR = timedelta(hours=1)


def at(hour: int) -> datetime:
    return START + hour * HOUR


hours = st.integers(0, 30).map(at)
said = st.builds(
    Said, hours, st.sampled_from(["accepted", "qualified", "returned", "disqualified", "recycled"])
)
breaches = st.builds(Breach, hours, st.none() | hours)
contests = st.builds(
    lambda since, within, decided, upheld: Contest(since, since + within, decided, upheld),
    hours,
    st.integers(1, 10).map(lambda n: n * HOUR),
    st.none() | hours,
    st.booleans(),
)
courses = st.builds(
    Course,
    st.lists(said, max_size=4).map(tuple),
    st.lists(breaches, max_size=2).map(tuple),
    st.lists(contests, max_size=2).map(tuple),
    st.sampled_from(["accepted", "qualified"]),
)


def counts(course: Course, now: datetime) -> bool:
    """The naive solver: something gave the lead, holds now, and no return came after it."""
    given = [
        one.at
        for one in course.said
        if one.verdict == course.by or (course.by == "accepted" and one.verdict == "qualified")
    ]
    given += [
        breach.at
        for breach in course.breaches
        if breach.withdrawn_at is None or (breach.withdrawn_at > breach.at and not breach.withdrawn_at <= now)
    ]
    for contest in course.contests:
        late = contest.decided_at is None or contest.decided_at > contest.due_at
        if late:
            given.append(contest.due_at)
        elif not contest.upheld:
            given.append(contest.decided_at or contest.due_at)
    returns = [one.at for one in course.said if one.verdict == "returned" and one.at <= now]
    return any(g <= now and not any(g <= r for r in returns) for g in given)


@settings(max_examples=EXAMPLES * 4, deadline=None)
@given(courses)
def test_at_every_moment_the_entries_add_up_to_what_looking_back_finds(course: Course) -> None:
    for hour in range(45):
        made = entries(course, at(hour))
        assert sum(entry.amount for entry in made) == counts(course, at(hour))
        assert [entry.amount for entry in made] == [1, -1, 1, -1, 1, -1, 1, -1, 1][: len(made)]
        delivered = standing(course, at(hour)) in ("accepted", "deemed", "contested")
        assert delivered == counts(course, at(hour))


@settings(max_examples=EXAMPLES, deadline=None)
@given(courses)
def test_what_is_entered_stays_and_the_order_of_events_does_not_matter(course: Course) -> None:
    for hour in range(0, 45, 5):
        early = entries(course, at(hour))
        assert entries(course, at(60))[: len(early)] == early
    turned = Course(course.said[::-1], course.breaches[::-1], course.contests[::-1], course.by)
    assert entries(turned, at(60)) == entries(course, at(60))


@pytest.mark.parametrize(
    ("course", "expected", "stands"),
    [
        (Course(said=(Said(at(1), "accepted"),)), [(1, 1, "accepted")], "accepted"),
        (Course(breaches=(Breach(at(4)),)), [(4, 1, "deemed")], "deemed"),
        (Course(breaches=(Breach(at(4), at(6)),)), [(4, 1, "deemed"), (6, -1, "withdrawn")], "awaiting"),
        (
            Course(said=(Said(at(5), "returned"),), breaches=(Breach(at(4)),)),
            [(4, 1, "deemed"), (5, -1, "returned")],
            "returned",
        ),
        (
            Course(said=(Said(at(2), "returned"),), contests=(Contest(at(3), at(20)),)),
            [(20, 1, "contested")],
            "contested",
        ),
        (
            Course(said=(Said(at(2), "returned"),), contests=(Contest(at(3), at(20), at(9), upheld=True),)),
            [],
            "returned",
        ),
        (
            Course(said=(Said(at(2), "returned"),), contests=(Contest(at(3), at(20), at(9)),)),
            [(9, 1, "contested")],
            "contested",
        ),
        (Course(said=(Said(at(2), "returned"),), contests=(Contest(at(3), at(99)),)), [], "in_dispute"),
    ],
)
def test_what_delivers_a_lead_and_what_takes_it_out(
    course: Course, expected: list[tuple[int, int, str]], stands: str
) -> None:
    made = [(int((entry.at - START) / HOUR), entry.amount, entry.why) for entry in entries(course, at(40))]
    assert (made, standing(course, at(40))) == (expected, stands)


WEEKDAYS = OpenTime("UTC", {day: (OpenBlock(time(9), time(17)),) for day in range(5)})


def test_the_pace_counts_working_days_alone() -> None:
    start, end = datetime(2026, 4, 6), datetime(2026, 4, 20)  # two weeks from a Monday on
    sunday = pace(20, 8, WEEKDAYS, start, end, datetime(2026, 4, 12, 12))
    assert (sunday.due, sunday.short, sunday.forecast, sunday.state) == (10, 2, 16, "risk")
    assert pace(20, 10, WEEKDAYS, start, end, datetime(2026, 4, 12, 12)).state == "ok"
    assert pace(20, 20, WEEKDAYS, start, end, datetime(2026, 4, 12)).state == "kept"
    assert pace(20, 19, WEEKDAYS, start, end, datetime(2026, 5, 1)).state == "broken"
    before = pace(20, 0, WEEKDAYS, start, end, datetime(2026, 4, 5))
    assert (before.due, before.forecast, before.state) == (0, None, "ok")
    assert Pace(5, 3, timedelta(), timedelta()).state == "broken"  # a period without any open time is over


def test_a_shortfall_is_carried_over_and_paid_back_but_nothing_is_saved_up() -> None:
    assert debt_after([(120, 130), (120, 112)]) == 8
    assert debt_after([(120, 112), (120, 128)]) == 0
    assert debt_after([(120, 112), (120, 115)]) == 13
