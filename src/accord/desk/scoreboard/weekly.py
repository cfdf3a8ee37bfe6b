"""The week's numbers as a message: the scoreboard of the week before, told on Monday morning, once."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _

from accord.desk.hours.calendars import aware
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.kinds import KINDS
from accord.desk.notify.models import Destination, Kind, Message, Preference
from accord.desk.notify.news import News
from accord.desk.reading import Reading, settings_of
from accord.desk.scoreboard.periods import scoreboards
from accord.desk.scoreboard.tiles import TILES, Tile, tiles
from accord.desk.shell import formats
from accord.desk.shell.filters import Filters
from accord.desk.teams.models import User
from accord.insight.periods import midnight

if TYPE_CHECKING:
    from accord.insight.metrics.targets import Period

MORNING = time(8)
"""From then on, on the clocks of the agreement's calendar, Monday's message is told."""


def tell_week(now: datetime) -> bool:
    """Tell the numbers of the week before a Monday morning (naive UTC); whether there was anybody to tell.

    Who chooses them later on that Monday gets them then. Nothing is told in shadow mode or without a build.
    """
    if settings_of(settings.WORKSPACE).mode != "live":
        return False
    reading = Reading(AnonymousUser())  # type: ignore[arg-type]  # numbers are the same for everybody
    if not is_monday_morning(now, reading.agreement.calendar.zone) or not reading.has_build:
        return False
    week = week_before(now, reading)
    if week is None:
        return False
    to, shared = _not_told(_key(week))
    if not to and not shared:
        return False
    tell([numbers_of(week, reading, to, now)])
    return True


def is_monday_morning(now: datetime, zone: str) -> bool:
    """Whether it is Monday, 08:00 or later, on the clocks of a zone at a moment of naive UTC."""
    local = formats.local(now, zone)
    return local.weekday() == 0 and local.time() >= MORNING


def week_before(now: datetime, reading: Reading) -> Period | None:
    """The last calendar week that is over at a moment of naive UTC; None if the build knows none."""
    zone = reading.agreement.calendar.zone
    today = formats.local(now, zone).date()
    ends = midnight(today - timedelta(days=today.weekday()), zone)
    return next((p for p in reading.periods if p.kind == "week" and p.end == ends), None)


def numbers_of(week: Period, reading: Reading, to: tuple[User, ...], now: datetime) -> News:
    """The numbers of a week as on the scoreboard, each beside the week before and its target."""
    zone = reading.agreement.calendar.zone
    before = next((p for p in reading.periods if p.kind == "week" and p.end == week.start), None)
    filters = Filters(week, zone, reading.now, previous=before)
    made = tiles(reading.kpis, scoreboards(reading, filters), filters, reading.agreement.currency)
    shown = [made[name] for names in _in_order() for name in names if name in made]
    lines = [_line(tile, reading.agreement.currency) for tile in shown if tile.row["value"] is not None]
    return News(
        kind=Kind.WEEKLY_NUMBERS,
        key=_key(week),
        to=to,
        at=aware(now),
        title=_("The numbers of %(week)s") % {"week": filters.title},
        lines=(*lines, _counted(week, reading)),
        path=f"{reverse('scoreboard')}?{filters.address()}",
    )


def _key(week: Period) -> str:
    return f"week:{week.label}"


def _not_told(key: str) -> tuple[tuple[User, ...], bool]:
    """The people who chose the numbers and were not told, and whether a shared destination was not either."""
    told = Message.objects.filter(key=key).values("to")
    chose = Preference.objects.filter(kind=Kind.WEEKLY_NUMBERS).exclude(how=Preference.How.OFF)
    roles = [role for role, kinds in KINDS.items() if Kind.WEEKLY_NUMBERS in kinds]
    people = (
        User.objects.filter(pk__in=chose.values("user"), is_active=True, role__in=roles)
        .filter(destinations__disabled_at=None)  # of those who have none yet, too
        .exclude(destinations__in=told)
        .distinct()
    )
    shared = Destination.objects.filter(user=None, disabled_at=None).exclude(pk__in=told)
    return tuple(people), any(Kind.WEEKLY_NUMBERS in one.kinds for one in shared)


def _in_order() -> list[tuple[str, ...]]:
    """What came of it first, then what it will become."""
    return [names for kind in ("lagging", "leading") for names in TILES[kind].values()]


def _line(tile: Tile, currency: str) -> str:
    """One number: New leads: 120 (week before: 98; target: 110)."""
    unit = tile.kpi.unit
    beside = []
    if tile.before and tile.before["value"] is not None:
        beside.append(
            _("week before: %(value)s") % {"value": formats.exact(tile.before["value"], unit, currency)}
        )
    if tile.row["target"]:
        beside.append(_("target: %(value)s") % {"value": formats.exact(tile.row["target"], unit, currency)})
    value = f"{tile.kpi.label}: {formats.exact(tile.row['value'], unit, currency)}"
    return f"{value} ({'; '.join(beside)})" if beside else value


def _counted(week: Period, reading: Reading) -> str:
    """Of when the numbers are, and whether the week was over by then."""
    at = {"at": formats.moment(reading.now.replace(tzinfo=UTC), reading.agreement.calendar.zone)}
    if reading.now < week.end:
        return _("Counted at %(at)s, before the week was over: the rest of it is missing.") % at
    return _("Counted at %(at)s.") % at
