"""A lead that sales has in hand again: back from nurture, or given back after its return was contested."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accord.desk.handoff import announce
from accord.desk.handoff.actions.assign import assign, lock_turns
from accord.desk.handoff.actions.moves import move
from accord.desk.handoff.actions.start import start_clocks
from accord.desk.handoff.clocks import Calendars
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.people import Pools
from accord.desk.hours.calendars import aware, away_until

if TYPE_CHECKING:
    from accord.agreement import Agreement


def take_up_again(handoff: Handoff, agreement: Agreement, now: datetime, rule: str) -> None:
    """Its owner has it again, with fresh clocks; who left or is away is replaced by the team's turns.

    Within the transaction that locks the handoff.
    """
    handoff.state, handoff.state_at, handoff.again_at = Handoff.State.WAITING, aware(now), None
    handoff.save(update_fields=["state", "state_at", "again_at"])
    owner = handoff.covers or handoff.owner
    if owner is None or handoff.covers or not owner.is_active or away_until(owner, now):
        lock_turns(handoff.team)
        email = owner.email if owner else None
        assign(handoff, Pools(agreement, now).route(handoff.team, rule, email), now)
    else:
        announce.given(handoff, now, by=None)
    start_clocks([handoff], Calendars(agreement, now), now)
    move(handoff, "resumed", aware(now), handoff.owner, rule)
