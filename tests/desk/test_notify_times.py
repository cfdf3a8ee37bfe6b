"""When something may reach a person: quiet hours over midnight and over changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.desk.notify.times import Quiet, when
from proof import EXAMPLES

BERLIN = "Europe/Berlin"
NIGHT = Quiet(time(19), time(7, 30), BERLIN)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "at", "over"),
    [
        (NIGHT, "2026-04-20 16:59", None),  # 18:59
        (NIGHT, "2026-04-20 17:00", "2026-04-21 05:30"),  # 19:00
        (NIGHT, "2026-04-20 22:30", "2026-04-21 05:30"),  # half past midnight
        (NIGHT, "2026-04-21 05:29:59", "2026-04-21 05:30"),
        (NIGHT, "2026-04-21 05:30", None),
        (NIGHT, "2026-03-28 22:00", "2026-03-29 05:30"),  # clocks go forward: one hour less of night
        (NIGHT, "2026-10-24 20:00", "2026-10-25 06:30"),  # and back: one more
        (Quiet(time(12), time(13), BERLIN), "2026-04-20 10:15", "2026-04-20 11:00"),
        # 02:30 does not exist on that day; it is over an hour after 01:30
        (Quiet(time(1), time(2, 30), BERLIN), "2026-03-29 00:15", "2026-03-29 01:30"),
        # 02:30 comes twice on that one; what happens in the second round waits for the second
        (Quiet(time(1), time(2, 30), BERLIN), "2026-10-25 00:10", "2026-10-25 00:30"),
        (Quiet(time(1), time(2, 30), BERLIN), "2026-10-25 01:10", "2026-10-25 01:30"),
    ],
)
def test_quiet_hours_end_on_the_clocks_of_the_place(quiet: Quiet, at: str, over: str | None) -> None:
    assert quiet.end(utc(at)) == (utc(over) if over else None)


def test_a_digest_comes_at_the_full_hour_or_after_quiet_hours() -> None:
    at = utc("2026-04-20 16:20")
    assert when(at, hourly=False, quiet=None) == (at, False)
    assert when(at, hourly=True, quiet=None) == (utc("2026-04-20 17:00"), True)
    assert when(at, hourly=True, quiet=NIGHT) == (utc("2026-04-21 05:30"), True)


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


@settings(max_examples=EXAMPLES)
@given(
    begins=times,
    ends=times,
    zone=st.sampled_from([BERLIN, "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"]),
    minutes=st.integers(0, 366 * 24 * 60),
)
def test_they_end_at_the_first_minute_that_is_not_quiet(
    begins: time, ends: time, zone: str, minutes: int
) -> None:
    if begins == ends:
        return
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    def quiet(moment: datetime) -> bool:
        clock = moment.astimezone(ZoneInfo(zone)).time()
        return begins <= clock < ends if begins < ends else clock >= begins or clock < ends

    first = at
    while quiet(first):
        first += timedelta(minutes=1)
    assert Quiet(begins, ends, zone).end(at) == (None if first == at else first)
