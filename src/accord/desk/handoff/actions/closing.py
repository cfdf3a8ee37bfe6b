"""A handoff that another of the same person takes the place of."""

from __future__ import annotations

from datetime import datetime

from accord.desk.handoff.actions.moves import move
from accord.desk.handoff.actions.verdicts import stop
from accord.desk.handoff.models import Handoff
from accord.desk.hours.calendars import aware


def close_for_another(handoff: Handoff, now: datetime) -> None:
    """Its person is handed over anew: nobody has one lead twice. Within the transaction that does so."""
    handoff.state, handoff.state_at, handoff.again_at = Handoff.State.CLOSED, aware(now), None
    handoff.save(update_fields=["state", "state_at", "again_at"])
    stop(handoff, now)
    move(handoff, "closed", aware(now), handoff.owner, "handed over anew")
