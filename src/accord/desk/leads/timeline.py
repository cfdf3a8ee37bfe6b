"""A lead's whole story in order: events, decisions, verdicts and deals, newest first, by local day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accord.desk.leads.happenings import Happening, Words, of_cycle, of_deal, of_event
from accord.desk.shell.formats import local

QUIET = timedelta(days=7)
"""From how long a time without anything the story tells it."""


@dataclass(frozen=True)
class Line:
    """One line: a happening, a new day before it, or the quiet days before that."""

    happening: Happening
    clock: datetime
    day: date | None
    quiet_days: int


@dataclass(frozen=True)
class Timeline:
    """One page of the story; `earlier` names the page before in an address, if there is one."""

    lines: list[Line]
    earlier: dict[str, str]


def timeline(
    story: dict[str, Any],
    words: Words,
    zone: str,
    until: datetime | None = None,
    *,
    continues: bool = False,
) -> Timeline:
    """The page of the story that holds these events.

    What is no event is told on the page whose events surround it: before `until`, the oldest event of the
    later page, and not before the oldest of this one, unless this is the first of all. A page that
    `continues` the later one is put right below it: it does not name the day again.
    """
    events = [of_event(event, words) for event in story["timeline"]]
    others = [h for cycle in story["cycles"] for h in of_cycle(cycle, words)]
    others += [h for deal in story["deals"] for h in of_deal(deal, words)]
    oldest = events[-1].at if story["timeline_before"] else None
    told = [h for h in others if (until is None or h.at < until) and (oldest is None or h.at >= oldest)]
    # What Accord found follows from an event of the same moment: newest first, it stands above it.
    ordered = sorted([*told, *events], key=lambda h: h.at, reverse=True)
    earlier = {}
    if story["timeline_before"] and oldest:
        earlier = {"before": story["timeline_before"], "until": oldest.isoformat()}
    named = local(until, zone).date() if continues and until else None
    return Timeline(list(_lines(ordered, zone, named)), earlier)


def _lines(happenings: Iterable[Happening], zone: str, day: date | None) -> Iterable[Line]:
    later: datetime | None = None
    for happening in happenings:
        clock = local(happening.at, zone)
        is_new = clock.date() != day
        gap = later - happening.at if later else timedelta()
        yield Line(happening, clock, clock.date() if is_new else None, gap.days if gap >= QUIET else 0)
        day, later = clock.date(), happening.at
