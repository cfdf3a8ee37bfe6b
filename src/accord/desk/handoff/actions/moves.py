"""A step of a handoff as a fact of the ledger."""

from __future__ import annotations

from datetime import datetime

from accord.desk.handoff.models import Handoff
from accord.desk.outbox.models import OutboxFact
from accord.desk.teams.models import User


def move(handoff: Handoff, what: str, at: datetime, owner: User | None = None, reason: str = "") -> None:
    """Put the step into the outbox: assigned, accepted, returned, breached, ...; `at` is aware."""
    step(handoff, what, at, owner, reason).save()


def step(
    handoff: Handoff, what: str, at: datetime, owner: User | None = None, reason: str = ""
) -> OutboxFact:
    """The step as a fact not yet put into the outbox, for `put_all`."""
    row = {
        "actor": handoff.person,
        "cycle_no": handoff.cycle_no,
        "stage": handoff.stage,
        "move": what,
        "owner_id": owner_id(owner),
        "reason": reason or None,
    }
    return OutboxFact(table="handoff_moves", occurred_at=at, row=row)


def owner_id(user: User | None) -> str | None:
    """How the ledger names somebody of the desk."""
    return f"accord:owner:{user.pk}" if user else None
