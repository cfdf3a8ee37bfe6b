"""Clocks follow working time: what is due moves, what was counted stays, what is broken stays broken."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from handoff_world import MONDAY, demo_requests, live_company, people

from accord.desk.handoff.actions.assign import give
from accord.desk.handoff.actions.reschedule import follow_calendar
from accord.desk.handoff.actions.sweep import sweep
from accord.desk.handoff.clocks import Calendars, counted
from accord.desk.handoff.models import Clock, Handoff, Rung
from accord.desk.handoff.receipts import receipt
from accord.desk.handoff.settling import run_once, settle
from accord.desk.hours.actions import add_absence, remove_absence, set_working_time
from accord.desk.hours.calendars import HoursRefused, naive
from accord.desk.hours.models import Absence, CompanyCalendar, FormerHours, WorkingTime
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
from accord.desk.teams.models import AuditEntry, User
from accord.promises.holidays import UnknownHolidays
from accord.promises.open_time import NoOpenTime
from accord.workspace import Workspace
from desk_cast import PASSWORD
from proof import EXAMPLES, SEED

__all__ = ["live_company"]

HOUR = timedelta(hours=1)
At = Callable[[datetime], None]


@pytest.fixture
def company(live_company: Path, tmp_path: Path, db: None, settings: object) -> Path:
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    settings.WORKSPACE = folder  # type: ignore[attr-defined]
    return folder


@pytest.fixture
def at(company: Path) -> Iterator[At]:
    """Sets the clock of the library."""
    with patch("accord.workspace.now") as now:
        now.return_value = MONDAY
        yield lambda moment: setattr(now, "return_value", moment)


@pytest.fixture
def lead(company: Path, at: At) -> Handoff:
    """A lead of Ann's since ten o'clock on Monday, to be answered within four business hours."""
    people()
    space = demo_requests(company, MONDAY, 1)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    return Handoff.objects.get()


def answer_due(lead: Handoff) -> datetime:
    due = lead.clocks.get(promise="accept").due_at
    assert due is not None
    return naive(due)


def test_an_absence_moves_what_is_due_and_taking_it_back_moves_it_back(lead: Handoff) -> None:
    ann = lead.owner
    assert answer_due(lead) == MONDAY + 4 * HOUR
    absence = add_absence(ann, MONDAY + HOUR, MONDAY + 3 * HOUR, by=ann)
    assert answer_due(lead) == MONDAY + 6 * HOUR
    rungs = Rung.objects.filter(clock__handoff=lead, clock__promise="accept").values_list("percent", "due_at")
    assert {percent: naive(due) for percent, due in rungs} == {
        50: MONDAY + 4 * HOUR,
        100: MONDAY + 6 * HOUR,
        150: MONDAY + 24 * HOUR,
    }
    remove_absence(absence, by=ann)
    assert answer_due(lead) == MONDAY + 4 * HOUR


def test_elapsed_hours_and_other_peoples_leads_do_not_move(lead: Handoff) -> None:
    before = dict(Clock.objects.values_list("promise", "due_at"))
    add_absence(User.objects.get(name="Ben"), MONDAY, MONDAY + 5 * HOUR, by=None)
    assert dict(Clock.objects.values_list("promise", "due_at")) == before
    add_absence(lead.owner, MONDAY, MONDAY + 5 * HOUR, by=None)
    after = dict(Clock.objects.values_list("promise", "due_at"))
    assert {name for name in after if after[name] != before[name]} == {"accept"}


def test_new_hours_hold_from_now_on_and_what_was_counted_stays(lead: Handoff, at: At) -> None:
    ann = lead.owner
    at(MONDAY + 2 * HOUR)  # noon: two of the four hours have passed
    set_working_time(ann, by=ann, hours={"mon-fri": "13:00-14:30"})
    # 13:00 to 14:30 on Monday, and the last half hour on Tuesday.
    assert answer_due(lead) == MONDAY + timedelta(days=1, hours=3, minutes=30)
    at(MONDAY + timedelta(days=1))
    set_working_time(ann, by=ann, hours={"mon-fri": "08:00-20:00"}, zone="Europe/London")
    clock = lead.clocks.get(promise="accept")
    calendars = Calendars(Workspace(company_of(clock)).agreement, MONDAY + timedelta(days=1))
    lines = receipt(clock, calendars, MONDAY + timedelta(days=1))["lines"]
    handed_over = MONDAY + timedelta(minutes=2)  # until then it lay in the pool
    assert [(line["since"], line["until"]) for line in lines if line["counts"]] == [
        (MONDAY, handed_over),
        (handed_over, MONDAY + 2 * HOUR),
        (MONDAY + 3 * HOUR, MONDAY + timedelta(hours=4, minutes=30)),
    ]


def company_of(clock: Clock) -> Path:
    from django.conf import settings

    return Path(settings.WORKSPACE)


def test_a_former_owners_absence_counts_for_their_time(lead: Handoff, at: At) -> None:
    ann, ben = lead.owner, User.objects.get(name="Ben")
    at(MONDAY + 2 * HOUR)
    give(lead, ben, MONDAY + 2 * HOUR, by=None)
    add_absence(ann, MONDAY, MONDAY + HOUR, by=None)
    # Two minutes in the pool counted, 58 of Ann's did not.
    assert answer_due(lead) == MONDAY + 4 * HOUR + timedelta(minutes=58)


def test_a_broken_promise_stays_broken(lead: Handoff, at: At) -> None:
    late = MONDAY + 6 * HOUR
    at(late)
    sweep(Workspace(company_of(lead.clocks.first())).agreement, late, None)
    add_absence(lead.owner, MONDAY, MONDAY + 3 * HOUR, by=None)
    clock = lead.clocks.get(promise="accept")
    assert clock.is_broken and naive(clock.due_at) == MONDAY + 4 * HOUR


def test_an_absence_that_would_never_let_a_clock_end_is_refused_whole(lead: Handoff) -> None:
    two_years = timedelta(days=730)
    for n in (0, 1):
        add_absence(lead.owner, MONDAY + n * two_years, MONDAY + (n + 1) * two_years, by=None)
    before, noted = answer_due(lead), AuditEntry.objects.count()
    with pytest.raises(NoOpenTime, match="end the absence"):
        add_absence(lead.owner, MONDAY + 2 * two_years, MONDAY + 3 * two_years, by=None)
    assert (answer_due(lead), Absence.objects.count(), AuditEntry.objects.count()) == (before, 2, noted)


def test_a_cover_ends_when_the_absence_does(company: Path, at: At) -> None:
    people()
    zoe = add_person("zoe@northwind.example", "Zoe", Role.REP, password=PASSWORD, teams=["reps"])
    week = MONDAY + timedelta(days=7)
    absence = add_absence(zoe, MONDAY - HOUR, week, by=None)
    space = demo_requests(company, MONDAY, 30)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    lead = Handoff.objects.get()
    assert (lead.covers, naive(lead.returns_at)) == (zoe, week)
    longer = add_absence(zoe, week, week + timedelta(days=2), by=None)
    lead.refresh_from_db()
    assert naive(lead.returns_at) == week + timedelta(days=2)
    at(MONDAY + HOUR)
    remove_absence(longer, by=None)
    remove_absence(absence, by=None)
    assert sweep(space.agreement, MONDAY + HOUR, None).returned == 1
    lead.refresh_from_db()
    assert (lead.owner, lead.covers) == (zoe, None)


REFUSED = {
    "zone": {"zone": "Mars/Olympus"},
    "zone that is a path": {"zone": "../../etc/passwd"},
    "time of day": {"hours": {"mon": "9-25"}},
    "overlap": {"hours": {"mon": "09:00-12:00, 11:00-13:00"}},
    "backwards": {"hours": {"mon": "17:00-09:00"}},
    "day": {"hours": {"someday": "09:00-17:00"}},
    "holidays": {"holidays": ["XX"]},
    "weight": {"weight": -1},
    "capacity": {"capacity": 1_000_000},
}


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED)
def test_what_is_no_working_time_is_refused_and_changes_nothing(
    lead: Handoff, given: dict[str, object]
) -> None:
    before = answer_due(lead)
    with pytest.raises((HoursRefused, UnknownHolidays)) as refused:
        set_working_time(lead.owner, by=None, **given)
    assert refused.value.mend
    assert answer_due(lead) == before
    assert not WorkingTime.objects.exists() and not FormerHours.objects.exists()


def test_stored_due_moments_are_always_those_of_the_calendars(lead: Handoff, at: At) -> None:
    """Whatever is changed in whatever order: what the worker looks at is what the arithmetic says."""
    chance, ann = random.Random(SEED), lead.owner
    agreement = Workspace(company_of(lead.clocks.first())).agreement
    for step in range(EXAMPLES):
        now = MONDAY + timedelta(minutes=step)
        at(now)
        begins = MONDAY + timedelta(minutes=chance.randrange(-2000, 6000))
        match chance.randrange(3):
            case 0:
                add_absence(ann, begins, begins + timedelta(minutes=chance.randrange(1, 3000)), by=None)
            case 1 if Absence.objects.exists():
                remove_absence(chance.choice(list(Absence.objects.all())), by=None)
            case _:
                opens, length = chance.randrange(0, 12), chance.randrange(1, 12)
                hours = {"mon-sun": f"{opens:02}:00-{opens + length:02}:30"} if chance.random() < 0.8 else {}
                zone = chance.choice(["", "America/New_York", "Asia/Kolkata", "Europe/Berlin"])
                set_working_time(ann, by=None, hours=hours, zone=zone)
        calendars = Calendars(agreement, now)
        for clock in Clock.objects.filter(state=Clock.State.RUNNING).select_related("handoff"):
            assert naive(clock.due_at) == counted(clock, calendars).due_at(), step
            for rung in clock.rungs.all():
                assert naive(rung.due_at) == counted(clock, calendars).due_at(rung.percent / 100)


def test_times_are_of_the_persons_day(company: Path) -> None:
    """A day in New York is another stretch of UTC than one in Berlin, also when clocks change."""
    from accord.desk.hours.forms import span

    given = {"first": "2026-03-28", "last": "2026-03-29"}
    assert span(given, "Europe/Berlin") == (datetime(2026, 3, 27, 23), datetime(2026, 3, 29, 22))
    assert span(given, "America/New_York") == (datetime(2026, 3, 28, 4), datetime(2026, 3, 30, 4))
    partly = {"first": "2026-04-20", "begins": "13:00", "ends": "15:30"}
    assert span(partly, "Europe/Berlin") == (datetime(2026, 4, 20, 11), datetime(2026, 4, 20, 13, 30))


def other_calendar(company: Path, hours: str) -> Workspace:
    """The agreement gets other business hours."""
    file = company / "agreement.yaml"
    file.write_text(file.read_text().replace('mon-fri: "09:00-17:00"', f'mon-fri: "{hours}"'))
    return Workspace(company)


def test_when_the_agreements_calendar_changes_clocks_follow_and_what_was_counted_stays(
    company: Path, lead: Handoff, at: At
) -> None:
    clock = Clock.objects.get(promise=Clock.Promise.ACCEPT)
    assert run_once(Workspace(company), MONDAY + timedelta(minutes=3)) is not None
    assert clock.due_at is not None and naive(clock.due_at) == MONDAY + 4 * HOUR
    at(MONDAY + HOUR)
    space = other_calendar(company, "09:00-12:00")  # one hour is left today, of the three that are owed
    assert run_once(space, MONDAY + HOUR)
    clock.refresh_from_db()
    assert naive(clock.due_at) == MONDAY + 25 * HOUR  # two more from nine on Tuesday
    told = receipt(clock, Calendars(space.agreement, MONDAY + 6 * HOUR), MONDAY + 6 * HOUR)
    assert told["counted_seconds"] == 2 * 3600  # until noon
    rung = Rung.objects.get(clock=clock, percent=50)
    assert naive(rung.due_at) == MONDAY + 2 * HOUR  # type: ignore[arg-type]


def test_a_calendar_is_followed_once_and_after_a_worker_died_half_way(
    company: Path, lead: Handoff, at: At
) -> None:
    space = Workspace(company)
    run_once(space, MONDAY + timedelta(minutes=3))
    at(MONDAY + HOUR)
    space = other_calendar(company, "09:00-12:00")
    dies = patch("accord.desk.handoff.actions.reschedule.schedule", side_effect=KeyboardInterrupt)
    with dies, pytest.raises(KeyboardInterrupt):
        follow_calendar(space.agreement, MONDAY + HOUR)
    assert follow_calendar(space.agreement, MONDAY + HOUR + timedelta(seconds=3))
    assert not follow_calendar(space.agreement, MONDAY + HOUR + timedelta(seconds=6))
    clock = Clock.objects.get(promise=Clock.Promise.ACCEPT)
    assert naive(clock.due_at) == MONDAY + 25 * HOUR  # type: ignore[arg-type]
    ended = CompanyCalendar.objects.get(until__isnull=False)
    assert ended.until is not None and naive(ended.until) == MONDAY + HOUR


def test_own_hours_go_before_whatever_the_agreement_says(company: Path, lead: Handoff, at: At) -> None:
    ann = User.objects.get(email="ann@northwind.example")
    set_working_time(ann, by=None, hours={"mon-fri": "09:00-17:00"})
    run_once(Workspace(company), MONDAY + timedelta(minutes=3))
    at(MONDAY + HOUR)
    run_once(other_calendar(company, "09:00-12:00"), MONDAY + HOUR)
    clock = Clock.objects.get(promise=Clock.Promise.ACCEPT)
    assert naive(clock.due_at) == MONDAY + 4 * HOUR  # type: ignore[arg-type]
