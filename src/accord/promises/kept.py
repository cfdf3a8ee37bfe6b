"""How one timed promise on one lead stands at a moment, as it was known or came out by then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["kept", "broken", "at_risk", "running", "unconfirmed", "stopped"]

AT_RISK = 0.25
"""A promise is at risk when less than this share of the time up to its due moment is left."""


@dataclass(frozen=True)
class Timed:
    """The moments of a clock. `due_at` is None on hold; `ended_at`: when it was met or stopped."""

    started_at: datetime
    due_at: datetime | None
    met_at: datetime | None = None
    broken_at: datetime | None = None
    withdrawn_at: datetime | None = None
    ended_at: datetime | None = None

    def state(self, at: datetime) -> State:
        """Broken, though it may have been fulfilled late; else kept, ended by a verdict, or still to come."""
        if self._is_broken(at):
            return "broken"
        if self.met_at is not None and self.met_at <= at:
            return "kept"
        if self.ended_at is not None and self.ended_at <= at:
            return "stopped"
        if self.due_at is None:
            return "running"
        if self.due_at <= at:
            return "unconfirmed"
        return "at_risk" if self.due_at - at < AT_RISK * (self.due_at - self.started_at) else "running"

    def is_owed(self, at: datetime) -> bool:
        """Whether it is broken and not even fulfilled late: what sales still owes on the lead."""
        done = self.ended_at is not None and self.ended_at <= at
        return self._is_broken(at) and not done and not (self.met_at is not None and self.met_at <= at)

    def _is_broken(self, at: datetime) -> bool:
        withdrawn = self.withdrawn_at is not None and self.withdrawn_at <= at
        return self.broken_at is not None and self.broken_at <= at and not withdrawn
