"""Answering a lead by a link in a message: once, by whom it was sent to, while its clock runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.handoff.actions.taking import lock
from accord.desk.handoff.actions.verdicts import accept, give_up
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.notify.links import LinkRefused, person_of
from accord.desk.teams.actions import note as audit
from accord.desk.teams.models import User

if TYPE_CHECKING:
    from accord.agreement import Agreement


@dataclass(frozen=True)
class Asked:
    """A link as it was followed: its token and path, and the keys of handoff and clock in the path."""

    token: str
    path: str
    handoff: int
    clock: int


@dataclass(frozen=True)
class Link:
    """Who answers which lead, by a link that holds at this moment."""

    person: User
    handoff: Handoff


def opened(asked: Asked) -> Link:
    """What a link lets its reader do; nothing is changed.

    Raises LinkRefused where it is forged or too old, the lead has been answered or is with somebody else, or
    the clock it was sent for has ended.
    """
    person = User.objects.filter(pk=person_of(asked.token, asked.path), is_active=True).first()
    found = Handoff.objects.select_related("team", "owner").filter(pk=asked.handoff).first()
    if person is None or found is None:
        raise LinkRefused("This link is not valid.", mend="Sign in and answer there.")
    answering = found.clocks.filter(promise=Clock.Promise.ACCEPT, state=Clock.State.RUNNING)
    if found.state != Handoff.State.WAITING or not answering.filter(pk=asked.clock).exists():
        raise LinkRefused("This lead has been answered.", mend="Sign in to see what became of it.")
    if found.owner_id != person.pk:
        raise LinkRefused("This lead is with somebody else now.", mend="Sign in to see who has it.")
    return Link(person, found)


@transaction.atomic
def accept_by_link(asked: Asked, now: datetime, agreement: Agreement) -> None:
    """Accept the lead. Raises LinkRefused or AnswerRefused, and then changes nothing."""
    lock(asked.handoff)
    link = opened(asked)
    accept(link.handoff, link.person, now, agreement)
    audit(link.person, "answered by link", f"handoff {link.handoff.pk}")


@transaction.atomic
def return_by_link(
    asked: Asked, now: datetime, agreement: Agreement, *, reason: str, note: str, attempted: bool
) -> None:
    """Return the lead, as `give_up` does. Raises LinkRefused or AnswerRefused, and then changes nothing."""
    lock(asked.handoff)
    link = opened(asked)
    give_up(
        link.handoff, "returned", link.person, now, agreement, reason=reason, note=note, attempted=attempted
    )
    audit(link.person, "answered by link", f"handoff {link.handoff.pk}")
