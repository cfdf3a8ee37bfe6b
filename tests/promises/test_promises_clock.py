"""Clocks against a naive solver that walks the minutes, and against receipts worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.agreement.durations import Duration
from accord.agreement.models import OpenBlock
from accord.promises.clock import Clock, Hold, Turn, total
from accord.promises.holidays import UnknownHolidays, holidays_of
from accord.promises.open_time import NoOpenTime, OpenTime, Span, Why
from proof import EXAMPLES

MINUTE = timedelta(minutes=1)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "UTC")
WEEK = {day: (OpenBlock(time(9), time(12)), OpenBlock(time(13), time(17, 30))) for day in range(5)}
BERLIN = OpenTime("Europe/Berlin", WEEK)
FOUR_HOURS = Duration(4 * 3600, business=True)


def utc(text: str) -> datetime:
    """A moment on Berlin's clocks as naive UTC."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    return local.astimezone(UTC).replace(tzinfo=None)


def is_open(calendar: OpenTime, minute: datetime) -> bool:
    """The naive solver: whether a minute of UTC counts, by looking at the clock on the wall."""
    local = minute.replace(tzinfo=UTC).astimezone(ZoneInfo(calendar.zone))
    if local.date() in calendar.holidays or any(a.since <= minute < a.until for a in calendar.away):
        return False
    now = local.hour * 60 + local.minute
    blocks = calendar.hours.get(local.weekday(), ())
    return any(opens <= now < closes for opens, closes in (block.minutes for block in blocks))


# Half of the starts lie around a change of clocks somewhere.
moments = st.one_of(
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),
    st.sampled_from(
        [datetime(2026, 3, 28), datetime(2026, 10, 24), datetime(2026, 3, 7), datetime(2026, 4, 23)]
    ),
).map(lambda at: at.replace(second=0, microsecond=0))
blocks = st.lists(st.integers(0, 47).map(lambda half: half * 30), min_size=2, max_size=4, unique=True).map(
    lambda marks: _blocks(sorted(marks))
)


def _blocks(marks: list[int]) -> tuple[OpenBlock, ...]:
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple(OpenBlock(time(a // 60, a % 60), time(b // 60, b % 60)) for a, b in pairs)


@st.composite
def calendars(draw: st.DrawFn, start: datetime) -> OpenTime:
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    offsets = draw(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 3000)), max_size=2))
    return OpenTime(
        zone=draw(st.sampled_from(ZONES)),
        hours={day: draw(blocks) for day in days},
        holidays=frozenset(
            start.date() + timedelta(days=n) for n in draw(st.sets(st.integers(0, 6), max_size=2))
        ),
        away=tuple(Span(start + a * MINUTE, start + (a + b) * MINUTE) for a, b in offsets),
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_open_time_is_what_walking_the_minutes_counts(data: st.DataObject) -> None:
    start = data.draw(moments)
    calendar = data.draw(calendars(start))
    end = start + data.draw(st.integers(1, 6000)) * MINUTE
    minutes = [start + n * MINUTE for n in range(int((end - start) / MINUTE))]
    assert calendar.elapsed(start, end) == sum(is_open(calendar, minute) for minute in minutes) * MINUTE
    stretches = list(calendar.stretches(start, end))
    assert stretches[0].since == start and stretches[-1].until == end
    assert all(a.until == b.since and a.why is not b.why for a, b in pairwise(stretches))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_due_and_elapsed_are_each_others_inverse(data: st.DataObject) -> None:
    start = data.draw(moments)
    calendar = data.draw(calendars(start))
    within = data.draw(st.integers(1, 3000)) * MINUTE
    clock = Clock(
        Duration(int(within.total_seconds()), business=True), start, (Turn(start, "ann", calendar),)
    )
    due = clock.due_at()
    assert due is not None
    assert clock.elapsed(due) == calendar.elapsed(start, due) == within
    assert clock.elapsed(due - MINUTE) == within - MINUTE


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_working_day_ends_where_walking_the_minutes_finds_its_last(data: st.DataObject) -> None:
    start = data.draw(moments)
    calendar = replace(data.draw(calendars(start)), away=())
    number = data.draw(st.integers(1, 5))
    last: dict[date, datetime] = {}
    minute, zone = start, ZoneInfo(calendar.zone)
    today = start.replace(tzinfo=UTC).astimezone(zone).date()
    while len(last) <= number:
        day = minute.replace(tzinfo=UTC).astimezone(zone).date()
        if day > today and is_open(calendar, minute):
            last[day] = minute + MINUTE
        minute += MINUTE
    assert calendar.end_of_working_day(start, number) == last[sorted(last)[number - 1]]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_a_clock_with_holds_and_hand_overs_counts_what_walking_the_minutes_counts(
    data: st.DataObject,
) -> None:
    start = data.draw(moments)
    turns = [Turn(start, "ann", data.draw(calendars(start)))]
    for n in data.draw(st.lists(st.integers(1, 4000), max_size=2, unique=True).map(sorted)):
        turns.append(Turn(start + n * MINUTE, f"rep {n}", data.draw(calendars(start))))
    marks = data.draw(st.lists(st.integers(0, 4000), max_size=4, unique=True).map(sorted))
    holds = [
        Hold(start + a * MINUTE, start + b * MINUTE, "waiting")
        for a, b in zip(marks[::2], marks[1::2], strict=False)
    ]
    business = data.draw(st.booleans())
    clock = Clock(Duration(data.draw(st.integers(1, 2000)) * 60, business), start, tuple(turns), tuple(holds))

    def counts(minute: datetime) -> bool:
        if any(h.since <= minute < (h.until or minute + MINUTE) for h in holds):
            return False
        mine = [turn for turn in turns if turn.since <= minute][-1]
        return not business or is_open(mine.open_time, minute)

    end = start + data.draw(st.integers(1, 5000)) * MINUTE
    lines = clock.receipt(end)
    minutes = (start + n * MINUTE for n in range(int((end - start) / MINUTE)))
    assert total(lines) == clock.elapsed(end) == sum(map(counts, minutes)) * MINUTE
    assert sum((line.length for line in lines), timedelta()) == end - start
    due = clock.due_at()
    assert due is not None and clock.elapsed(due).total_seconds() == clock.within.seconds
    assert clock.elapsed(due - MINUTE) < clock.elapsed(due)


def test_a_receipt_line_by_line() -> None:
    away = Span(utc("2026-04-07 09:00"), utc("2026-04-07 12:00"))
    ann = OpenTime("Europe/Berlin", WEEK, holidays_of(["DE-BE"], [2026]), (away,))
    hold = Hold(utc("2026-04-07 14:00"), utc("2026-04-07 15:00"), "asked to wait")
    clock = Clock(
        FOUR_HOURS,
        utc("2026-04-02 16:30"),
        (Turn(utc("2026-04-02 16:30"), "ann", ann), Turn(utc("2026-04-07 16:00"), "ben", BERLIN)),
        (hold,),
    )
    lines = clock.receipt(utc("2026-04-07 17:00"))
    shown = [(line.owner, line.why, line.length, line.counted) for line in lines]
    hours = lambda n: timedelta(hours=n)  # noqa: E731
    assert shown == [
        ("ann", "open", hours(1), hours(1)),  # Thursday before Easter, until 17:30
        ("ann", "outside_hours", hours(6.5), hours(0)),
        ("ann", "holiday", hours(24), hours(0)),  # Good Friday
        ("ann", "outside_hours", hours(48), hours(0)),  # Saturday and Easter Sunday
        ("ann", "holiday", hours(24), hours(0)),  # Easter Monday
        ("ann", "outside_hours", hours(9), hours(0)),
        ("ann", "away", hours(3), hours(0)),
        ("ann", "outside_hours", hours(1), hours(0)),
        ("ann", "open", hours(1), hours(1)),
        ("ann", "hold", hours(1), hours(0)),
        ("ann", "open", hours(1), hours(1)),
        ("ben", "open", hours(1), hours(1)),
    ]
    assert total(lines) == hours(4)
    assert clock.due_at() == utc("2026-04-07 17:00")
    assert clock.due_at(0.5) == utc("2026-04-07 14:00")


def test_the_night_clocks_go_forward_is_an_hour_shorter() -> None:
    night = OpenTime("Europe/Berlin", {6: (OpenBlock(time(0), time(6)),)})
    assert night.elapsed(utc("2026-03-29 00:00"), utc("2026-03-29 12:00")) == timedelta(hours=5)
    assert night.elapsed(utc("2026-10-25 00:00"), utc("2026-10-25 12:00")) == timedelta(hours=7)


def test_a_clock_on_hold_without_end_has_no_due_moment_and_stands_still() -> None:
    start = utc("2026-04-20 09:00")
    clock = Clock(
        FOUR_HOURS, start, (Turn(start, "ann", BERLIN),), (Hold(utc("2026-04-20 11:00"), None, "wait"),)
    )
    assert clock.due_at() is None
    assert clock.due_at(0.5) == utc("2026-04-20 11:00")
    assert clock.elapsed(utc("2026-05-20 11:00")) == timedelta(hours=2)


def test_elapsed_hours_run_through_the_night_whoever_has_the_lead() -> None:
    start = utc("2026-04-17 16:00")
    clock = Clock(Duration(24 * 3600), start, (Turn(start, None, BERLIN),))
    assert clock.due_at() == utc("2026-04-18 16:00")
    assert [line.why for line in clock.receipt(utc("2026-04-19 16:00"))] == ["elapsed"]


def test_a_calendar_that_never_opens_is_refused_with_the_mend() -> None:
    never = OpenTime("Europe/Berlin", {})
    start = utc("2026-04-17 16:00")
    with pytest.raises(NoOpenTime, match="Give the calendar working hours"):
        never.end_of_working_day(start, 1)
    with pytest.raises(NoOpenTime, match="Give the owner's calendar working hours"):
        Clock(FOUR_HOURS, start, (Turn(start, "ann", never),)).due_at()


def test_holidays_by_country_and_part() -> None:
    women = date(2026, 3, 8)  # a holiday in Berlin, not in Bavaria
    assert women in holidays_of(["DE-BE"], [2026])
    assert women not in holidays_of(["DE-BY"], [2026])
    assert date(2026, 7, 14) in holidays_of(["DE", "FR"], [2026])
    with pytest.raises(UnknownHolidays, match="DE-BE"):
        holidays_of(["QQ"], [2026])


def test_an_absence_beside_open_time_takes_only_what_is_open() -> None:
    away = Span(utc("2026-04-20 11:00"), utc("2026-04-20 14:00"))
    calendar = OpenTime("Europe/Berlin", WEEK, away=(away,))
    whys = [(s.why, s.length) for s in calendar.stretches(utc("2026-04-20 10:00"), utc("2026-04-20 15:00"))]
    assert whys == [
        (Why.OPEN, timedelta(hours=1)),
        (Why.AWAY, timedelta(hours=1)),
        (Why.OUTSIDE_HOURS, timedelta(hours=1)),
        (Why.AWAY, timedelta(hours=1)),
        (Why.OPEN, timedelta(hours=1)),
    ]
