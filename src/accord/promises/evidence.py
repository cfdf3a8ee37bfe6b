"""What shows that sales did what it promised: grades of evidence, from events in any order.

The grades, from the weakest: `human_outbound` (anything a seller sent or did outwards, but tasks and notes),
`conversation` (the person answered), `meeting_set`, `meeting_held`. What a sequence sent shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

MEETINGS = frozenset({"meeting", "demo"})
HELD = frozenset({"held", "completed", "demo_completed", "connected"})
ANSWERED = frozenset({"connected", "held", "completed"})
SILENT = frozenset({"task", "note"})


@dataclass(frozen=True)
class Event:
    """One thing a seller did with the person, or the person with a seller, as a tool recorded it."""

    at: datetime
    kind: str
    direction: str | None = None
    outcome: str | None = None
    human: bool = True

    @property
    def grades(self) -> frozenset[str]:
        """The grades of evidence it is."""
        if not self.human or self.kind in SILENT:
            return frozenset()
        meets = self.kind in MEETINGS
        held = meets and (self.outcome or "held") in HELD
        answered = self.kind == "call" and self.outcome in ANSWERED
        wrote = self.kind not in MEETINGS | {"call"} and self.direction == "inbound"
        meeting_set = self.outcome == "meeting_set" or meets
        found = {
            "human_outbound": self.direction == "outbound",
            "conversation": held or answered or wrote or self.outcome == "meeting_set",
            "meeting_set": meeting_set,
            "meeting_held": held,
        }
        return frozenset(grade for grade, shown in found.items() if shown)


def first_shown(events: Iterable[Event], grade: str, since: datetime) -> datetime | None:
    """When evidence of the grade was first shown at or after `since`; None if it was not."""
    return min((e.at for e in events if e.at >= since and grade in e.grades), default=None)


def attempts_made(events: Iterable[Event], attempts: int, since: datetime) -> datetime | None:
    """When follow-up was kept: at the last attempt owed, or earlier by a conversation; None if not yet."""
    known = [event for event in events if event.at >= since]
    tries = sorted(event.at for event in known if "human_outbound" in event.grades)
    done = tries[attempts - 1] if len(tries) >= attempts else None
    answered = first_shown(known, "conversation", since)
    return min((at for at in (done, answered) if at is not None), default=None)


def attempts_so_far(events: Iterable[Event], since: datetime, until: datetime) -> int:
    """How many attempts were made between two moments."""
    return sum(since <= event.at <= until and "human_outbound" in event.grades for event in events)
