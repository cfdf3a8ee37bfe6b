"""A seller's queue: open handoffs by the time that is left, each with what makes the first call easy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Q

from accord.desk.handoff.call_story import CallStory, call_stories
from accord.desk.handoff.clocks import Calendars, counted
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.hours.calendars import naive
from accord.desk.rights import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accord.desk.reading import Reading
    from accord.desk.teams.models import User

SOON = 0.25
"""A clock with less than this share of its time left is at risk."""
SHOWN = 100
LINES = 3

Group = Literal["late", "soon", "later", "held"]


@dataclass(frozen=True)
class Ring:
    """A running clock as it is drawn: seconds left (negative: over) of all, and how it stands."""

    clock: Clock
    left: int
    total: int

    @property
    def share(self) -> float:
        """The share of the time that is left, from 0 to 1."""
        return round(max(0.0, min(1.0, self.left / self.total)), 4)

    @property
    def state(self) -> str:
        """ok, risk or bad."""
        if self.clock.is_broken or self.left < 0:
            return "bad"
        return "risk" if self.share < SOON else "ok"

    @property
    def face(self) -> tuple[str, str]:
        """The time left in few signs, and its unit; the page's script goes on from there."""
        seconds, sign = abs(self.left), "+" if self.left < 0 else ""
        if seconds < 3600:
            return f"{sign}{seconds // 60}:{seconds % 60:02d}", "min"
        if seconds < 72 * 3600:
            return f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02d}", "h"
        return f"{sign}{seconds // 86400}", "d"


@dataclass(frozen=True)
class Entry:
    """One lead in the queue: its handoff, what the build knows of it (`lead`), and its most urgent clock."""

    handoff: Handoff
    lead: dict[str, Any]
    ring: Ring | None
    hold: str | None
    did: list[str]
    unconfirmed: bool
    call: CallStory | None = None

    @property
    def group(self) -> Group:
        """Where in the queue it stands."""
        if self.hold is not None:
            return "held"
        if self.ring is None or self.ring.state == "ok":
            return "later"
        return "late" if self.ring.state == "bad" else "soon"


def handoffs_for(user: User, *, whole_team: bool) -> QuerySet[Handoff]:
    """The open handoffs somebody works on: their own and their teams' pools, or all of their teams'."""
    mine = Q(owner=user) | Q(owner=None, team__in=user.teams.all())
    asked = Q(team__in=user.teams.all()) if whole_team else mine
    if user.role == Role.OPERATIONS:
        asked = Q()
    return Handoff.objects.filter(asked, state__in=Handoff.OPEN)


def entries(reading: Reading, handoffs: QuerySet[Handoff], now: datetime) -> list[Entry]:
    """The queue of these handoffs at `now` (naive UTC), the most urgent first; at most SHOWN."""
    known = handoffs.select_related("owner", "covers", "team")
    rows = list(known.prefetch_related("clocks", "holds", "assignments__owner"))
    leads = _leads(reading, [row.person for row in rows])
    did = _did(reading, [lead["lead"] for lead in leads.values()])
    calls = call_stories(reading, list(leads.values()), now)
    calendars = Calendars(reading.agreement, now)
    found = []
    for row in rows:
        lead = leads.get((row.person, row.cycle_no), {"name": None, "person_id": row.person})
        held = next((hold.reason for hold in row.holds.all() if hold.until is None), None)
        running = [clock for clock in row.clocks.all() if clock.state == Clock.State.RUNNING]
        rings = [ring_of(clock, row, calendars, now) for clock in running]
        urgent = min(rings, key=lambda ring: ring.left, default=None)
        unconfirmed = any(clock.unconfirmed for clock in running)
        scored, call = did.get(lead.get("lead", 0), []), calls.get(lead.get("person", 0))
        found.append(Entry(row, lead, urgent, held, scored, unconfirmed, call))
    return sorted(found, key=_urgency)[:SHOWN]


def ring_of(clock: Clock, handoff: Handoff, calendars: Calendars, now: datetime) -> Ring:
    """The clock as it is drawn at `now`."""
    clock.handoff = handoff
    elapsed = counted(clock, calendars).elapsed(max(now, naive(clock.started_at)))
    return Ring(clock, clock.within_seconds - int(elapsed / timedelta(seconds=1)), clock.within_seconds)


def mark(handoffs: QuerySet[Handoff], build_id: str) -> str:
    """What changes whenever something to be shown in the queue changes."""
    rows = handoffs.order_by("id").values_list("id", "state", "owner", "state_at", "returns_at")
    clocks = Clock.objects.filter(handoff__in=handoffs).order_by("id")
    parts = [*rows, *clocks.values_list("id", "state", "due_at", "noticed_at", "unconfirmed"), build_id]
    return sha256(repr(parts).encode()).hexdigest()[:20]


def _urgency(entry: Entry) -> tuple[bool, float, int]:
    left = entry.ring.left if entry.ring else float("inf")
    return entry.hold is not None, left, entry.handoff.pk


def _leads(reading: Reading, people: Sequence[str]) -> dict[tuple[str, int], dict[str, Any]]:
    """What the build knows of the people's leads, by the name they were handed over by and the cycle."""
    sql = """
        SELECT actors.actor, listed.* EXCLUDE (text)
        FROM actors JOIN lead_list AS listed ON actors.person = listed.person
        WHERE actors.actor IN (SELECT unnest(?))
    """
    return {(row["actor"], row["cycle_no"]): row for row in reading.rows(sql, [list(people)])}


def _did(reading: Reading, leads: Sequence[int]) -> dict[int, list[str]]:
    """In a few words what each lead did that scored, the most points first."""
    sql = """
        SELECT lead, rule, hits FROM score_lines
        WHERE lead IN (SELECT unnest(?)) AND part = 'engagement' AND hits > 0 ORDER BY lead, points DESC, rule
    """
    said: defaultdict[int, list[str]] = defaultdict(list)
    for row in reading.rows(sql, [list(leads)]):
        if len(said[row["lead"]]) < LINES:
            times = f" × {row['hits']}" if row["hits"] > 1 else ""
            said[row["lead"]].append(row["rule"].replace("_", " ") + times)
    return said
