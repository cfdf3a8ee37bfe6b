"""The week's numbers: on Monday from eight, to who chose them, once, the same as on the scoreboard."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from handoff_world import MONDAY, at, build, demo_requests, live_company
from notify_mail import mailbox
from notify_world import cast, company

from accord.desk.hours.calendars import aware
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.delivery import deliver
from accord.desk.notify.models import Destination, Kind, Message, Preference
from accord.desk.reading import Reading
from accord.desk.rights import Role
from accord.desk.scoreboard.weekly import is_monday_morning, numbers_of, tell_week, week_before
from accord.desk.scoreboard.work import tell_weekly_numbers
from accord.desk.teams.models import Team, User

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
NEXT_MONDAY = datetime(2026, 4, 27, 6)
"""Eight o'clock in Berlin."""


def chooses(person: User, how: str = "now") -> None:
    Preference.objects.create(user=person, kind=Kind.WEEKLY_NUMBERS, how=how)


def built(company: Path, moment: datetime) -> None:
    """Two people ask for a demo in the week of 20 April; the numbers are counted at a moment."""
    demo_requests(company, MONDAY, 1, 2)
    build(company, moment)


@pytest.mark.parametrize(
    ("moment", "zone", "is_it"),
    [
        ("2026-04-27 05:59", "Europe/Berlin", False),
        ("2026-04-27 06:00", "Europe/Berlin", True),
        ("2026-04-27 21:59", "Europe/Berlin", True),
        ("2026-04-27 22:00", "Europe/Berlin", False),  # Tuesday
        ("2026-10-26 06:59", "Europe/Berlin", False),  # the clocks went back the day before
        ("2026-10-26 07:00", "Europe/Berlin", True),
        ("2026-04-26 19:00", "Pacific/Auckland", False),  # 07:00
        ("2026-04-26 20:00", "Pacific/Auckland", True),
    ],
)
def test_monday_begins_at_eight_on_the_clocks_of_the_calendar(moment: str, zone: str, is_it: bool) -> None:
    assert is_monday_morning(datetime.fromisoformat(moment), zone) is is_it


def test_who_chose_them_gets_them_by_mail_once(company: Path, cast: Cast) -> None:
    built(company, NEXT_MONDAY - timedelta(hours=1))
    chooses(cast["ann"])
    chooses(cast["ben"], "off")
    assert not tell_week(NEXT_MONDAY - timedelta(minutes=1))
    with at(NEXT_MONDAY):
        assert tell_weekly_numbers() and not tell_weekly_numbers()
    message = Message.objects.get()
    assert message.to.user == cast["ann"] and message.title == "The numbers of Week 17, 2026"
    assert message.path == "/?period=2026-W17"
    assert "New leads: 2 (week before: 0)" in message.lines
    assert message.lines[-1] == "Counted at 27 Apr 2026, 07:00."
    assert deliver(aware(NEXT_MONDAY))
    assert [mail["Subject"] for mail in mailbox(company)] == ["The numbers of Week 17, 2026"]


def test_of_two_workers_that_counted_at_once_one_tells(company: Path, cast: Cast) -> None:
    built(company, NEXT_MONDAY)
    chooses(cast["ann"])
    week = week_before(NEXT_MONDAY, Reading(cast["ann"]))
    assert week
    both = [numbers_of(week, Reading(cast["ann"]), (cast["ann"],), NEXT_MONDAY) for _ in range(2)]
    for news in both:
        tell([news])
    assert Message.objects.count() == 1


def test_who_chooses_later_on_monday_gets_them_then_and_nobody_twice(company: Path, cast: Cast) -> None:
    built(company, NEXT_MONDAY)
    chooses(cast["ann"])
    assert tell_week(NEXT_MONDAY)
    chooses(cast["mia"])
    assert tell_week(NEXT_MONDAY + timedelta(hours=2)) and not tell_week(NEXT_MONDAY + timedelta(hours=2))
    chooses(cast["max"])
    assert not tell_week(NEXT_MONDAY + timedelta(days=1))
    assert [m.to.user for m in Message.objects.order_by("pk")] == [cast["ann"], cast["mia"]]


def test_shared_destinations_that_want_them_hear_them_whatever_their_team(company: Path, cast: Cast) -> None:
    built(company, NEXT_MONDAY)
    reps = Team.objects.get(slug="reps")
    all_, wants, others = (
        Destination.objects.create(channel="mail", address=f"{kind}@x.example", team=team, kinds=[kind])
        for kind, team in (("weekly_numbers", None), ("win", None), ("hot_lead", reps))
    )
    wants.kinds, wants.team = ["weekly_numbers"], reps
    wants.save()
    off = Destination(channel="mail", address="off@x.example", kinds=["weekly_numbers"])
    off.disabled_at = aware(MONDAY)
    off.save()
    assert tell_week(NEXT_MONDAY) and not tell_week(NEXT_MONDAY)
    assert {m.to for m in Message.objects.all()} == {all_, wants} and others.kinds == ["hot_lead"]


def test_a_build_from_before_the_end_of_the_week_says_so(company: Path, cast: Cast) -> None:
    built(company, MONDAY + timedelta(days=2))
    chooses(cast["ann"])
    tell_week(NEXT_MONDAY)
    said = Message.objects.get().lines[-1]
    assert said == "Counted at 22 Apr 2026, 10:00, before the week was over: the rest of it is missing."


def test_nobody_without_a_choice_a_role_or_a_live_workspace_is_told(company: Path, cast: Cast) -> None:
    built(company, NEXT_MONDAY)
    for name, change in (("ann", {"is_active": False}), ("ben", {"role": ""})):
        chooses(cast[name])
        User.objects.filter(pk=cast[name].pk).update(**change)
    assert not tell_week(NEXT_MONDAY)
    User.objects.filter(pk=cast["ben"].pk).update(role=Role.REP)
    toml = company / "accord.toml"
    live = toml.read_text()
    toml.write_text(live.replace('mode = "live"', 'mode = "shadow"'))
    assert not tell_week(NEXT_MONDAY) and not Message.objects.exists()
    toml.write_text(live)
    assert tell_week(NEXT_MONDAY) and Message.objects.get().to.user == cast["ben"]


def test_who_cannot_be_reached_keeps_no_worker_busy(company: Path, cast: Cast) -> None:
    built(company, NEXT_MONDAY)
    chooses(cast["ann"])
    Destination.objects.create(channel="mail", user=cast["ann"], disabled_at=aware(MONDAY))
    assert not tell_week(NEXT_MONDAY) and not Message.objects.exists()
