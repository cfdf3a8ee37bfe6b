"""Absences from a calendar's address: what counts as one, read again and again, with clocks that follow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.test import Client
from handoff_world import MONDAY, at, live_company
from hypothesis import given, settings
from hypothesis import strategies as st
from notify_world import cast, company, handed_over

from accord.desk.handoff.models import Clock
from accord.desk.hours.feeds import EVERY, read_due
from accord.desk.hours.ics import UnreadableCalendar, absences
from accord.desk.hours.models import Absence, CalendarFeed
from accord.desk.key import ensure_key
from accord.desk.teams.models import User
from accord.desk.vault.models import Secret
from proof import EXAMPLES

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
FIRST, LAST = datetime(2026, 4, 1), datetime(2027, 5, 1)
BERLIN = "Europe/Berlin"


def event(*lines: str, uid: str = "1") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def calendar(*events: str) -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *events, "END:VCALENDAR", ""]
    ).encode()


VACATION = event("DTSTART;VALUE=DATE:20260420", "DTEND;VALUE=DATE:20260422", "SUMMARY:Secret beach")
DENTIST = event(
    f"DTSTART;TZID={BERLIN}:20260423T130000",
    f"DTEND;TZID={BERLIN}:20260423T150000",
    "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
    uid="2",
)
MEETING = event("DTSTART:20260424T080000Z", "DTEND:20260424T090000Z", uid="3")


def spans(*events: str, zone: str = BERLIN) -> list[tuple[str, str]]:
    found = absences(calendar(*events), zone, FIRST, LAST)
    return [(f"{one.since:%m-%d %H:%M}", f"{one.until:%m-%d %H:%M}") for one in found]


def test_whole_days_and_being_out_of_office_are_absences_meetings_are_none() -> None:
    assert spans(VACATION, DENTIST, MEETING) == [
        ("04-19 22:00", "04-21 22:00"),
        ("04-23 11:00", "04-23 13:00"),
    ]
    assert spans(VACATION, zone="America/New_York") == [("04-20 04:00", "04-22 04:00")]


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
    ],
)
def test_what_is_free_or_cancelled_is_no_absence(line: str) -> None:
    assert spans(event("DTSTART;VALUE=DATE:20260420", line)) == []


def test_without_an_end_a_day_lasts_a_day_and_a_length_counts() -> None:
    assert spans(event("DTSTART;VALUE=DATE:20260420")) == [("04-19 22:00", "04-20 22:00")]
    assert spans(event("DTSTART;VALUE=DATE:20260420", "DURATION:P2D")) == [("04-19 22:00", "04-21 22:00")]


def test_what_repeats_follows_the_clocks_of_the_place_without_what_was_left_out_or_moved() -> None:
    weekly = event(
        f"DTSTART;TZID={BERLIN}:20261016T130000",
        f"DTEND;TZID={BERLIN}:20261016T170000",
        "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
        "RRULE:FREQ=WEEKLY;UNTIL=20261113T120000Z",
        f"EXDATE;TZID={BERLIN}:20261023T130000",
    )
    moved = event(
        f"RECURRENCE-ID;TZID={BERLIN}:20261106T130000",
        f"DTSTART;TZID={BERLIN}:20261105T090000",
        f"DTEND;TZID={BERLIN}:20261105T100000",
        "X-MICROSOFT-CDO-BUSYSTATUS:OOF",
    )
    assert spans(weekly, moved) == [
        ("10-16 11:00", "10-16 15:00"),
        ("10-30 12:00", "10-30 16:00"),  # winter time since the 25th
        ("11-05 08:00", "11-05 09:00"),
        ("11-13 12:00", "11-13 16:00"),
    ]


def test_what_repeats_for_ever_ends_with_the_time_that_is_read() -> None:
    daily = event("DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=YEARLY")
    assert spans(daily) == [("12-31 23:00", "01-01 23:00")]
    out = "X-MICROSOFT-CDO-BUSYSTATUS:OOF"
    always = calendar(event("DTSTART:19000101T000000Z", out, "RRULE:FREQ=SECONDLY"))
    with pytest.raises(UnreadableCalendar):
        absences(always, "UTC", FIRST, LAST)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"BEGIN:VCALENDAR", b"\xff\xfe", b"BEGIN:VEVENT\r\nEND:VEVENT"]
)
def test_what_is_no_calendar_is_told(content: bytes) -> None:
    try:
        assert absences(content, BERLIN, FIRST, LAST) == []
    except UnreadableCalendar as error:
        assert "no calendar that can be read" in str(error)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_damage_breaks_the_reader(noise: bytes, where: int) -> None:
    whole = calendar(VACATION, DENTIST, MEETING)
    for content in (noise, whole[:where] + noise + whole[where:]):
        with suppress(UnreadableCalendar):
            absences(content, BERLIN, FIRST, LAST)


class Host:
    """A server that publishes a calendar."""

    def __init__(self) -> None:
        self.content, self.status, self.asked = calendar(VACATION), 200, 0
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host.asked += 1
                self.send_response(host.status)
                self.end_headers()
                self.wfile.write(host.content)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/private-token/calendar.ics"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def host(company: Path) -> Iterator[Host]:
    ensure_key(company)
    toml = company / "accord.toml"
    toml.write_text(toml.read_text().replace("reach = []", 'reach = ["127.0.0.1"]'))
    host = Host()
    yield host
    host.server.shutdown()
    host.server.server_close()


def post(person: User, whose: User, moment: datetime = MONDAY, **given: str) -> str:
    client = Client()
    client.force_login(person)
    with at(moment):
        answer = client.post(f"/hours/{whose.pk}/calendar", given, follow=True)
    return str(answer.content.decode())


def test_a_calendar_is_read_and_clocks_follow(company: Path, cast: Cast, host: Host) -> None:
    handed_over(company, 1)
    clock = Clock.objects.get(promise=Clock.Promise.ACCEPT)
    due = clock.due_at
    text = post(cast["ann"], cast["ann"], address=host.address)
    assert "Absences are read from 127.0.0.1" in text and "private-token" not in text
    assert Absence.objects.get().note == ""
    assert "private-token" not in Secret.objects.get().sealed
    clock.refresh_from_db()
    assert due is not None and clock.due_at is not None and clock.due_at > due + timedelta(days=1)


def test_what_changes_in_the_calendar_changes_here_and_by_hand_stays(cast: Cast, host: Host) -> None:
    by_hand = Absence.objects.create(
        user=cast["ann"], since="2026-05-01T00:00Z", until="2026-05-02T00:00Z", note="by hand"
    )
    post(cast["ann"], cast["ann"], address=host.address)
    host.content = calendar(DENTIST)
    assert not read_due(MONDAY + timedelta(minutes=14))
    assert read_due(MONDAY + EVERY) and not read_due(MONDAY + EVERY)
    left = Absence.objects.filter(user=cast["ann"]).exclude(pk=by_hand.pk)
    assert [absence.uid for absence in left] == ["2@20260423T110000"]
    read_due(MONDAY + timedelta(days=10))
    assert Absence.objects.count() == 2  # what is over stays
    host.content = calendar()
    read_due(MONDAY + timedelta(days=11))
    assert Absence.objects.count() == 2


@pytest.mark.parametrize(
    ("status", "content", "told"),
    [(404, b"", "answers 404"), (200, b"<html>", "no calendar that can be read")],
)
def test_a_calendar_that_cannot_be_read_keeps_what_was_read(
    cast: Cast, host: Host, status: int, content: bytes, told: str
) -> None:
    post(cast["ann"], cast["ann"], address=host.address)
    host.status, host.content = status, content
    assert read_due(MONDAY + EVERY)
    assert told in CalendarFeed.objects.get().error
    assert Absence.objects.count() == 1
    host.status, host.content = 200, calendar()
    read_due(MONDAY + 2 * EVERY)
    assert CalendarFeed.objects.get().error == "" and not Absence.objects.exists()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("file:///etc/passwd", "This is no address of a calendar."),
        ("calendar", "This is no address of a calendar."),
        ("https://10.1.2.3/x.ics", "lies in a private network"),
        ("webcal://192.168.1.1/x.ics", "lies in a private network"),
    ],
)
def test_an_address_that_is_none_or_not_to_be_called_is_refused(
    cast: Cast, host: Host, address: str, told: str
) -> None:
    assert told in post(cast["ann"], cast["ann"], address=address)
    assert not CalendarFeed.objects.exists() and not Secret.objects.exists()


def test_reading_ends_with_its_absences_to_come(cast: Cast, host: Host) -> None:
    post(cast["ann"], cast["ann"], address=host.address)
    post(cast["ann"], cast["ann"], remove="1")
    assert not (Absence.objects.exists() or CalendarFeed.objects.exists() or Secret.objects.exists())
    assert not read_due(MONDAY + EVERY)


def test_nobody_gives_a_calendar_to_whom_they_do_not_keep_hours_for(cast: Cast, host: Host) -> None:
    client = Client()
    for who, whose, status in (("ann", "ben", 404), ("mia", "ann", 404), ("max", "ann", 302)):
        client.force_login(cast[who])
        with at(MONDAY):
            answer = client.post(f"/hours/{cast[whose].pk}/calendar", {"address": host.address})
        assert answer.status_code == status
