"""Somebody leaves: all they hold goes to one person, or to others by turns, and nothing is orphaned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.handoff.actions.assign import assign, give, lock_turns
from accord.desk.handoff.clocks import Calendars, schedule
from accord.desk.handoff.holding import held_by
from accord.desk.handoff.people import Pools, pool_of
from accord.desk.hours.calendars import naive
from accord.desk.teams.actions import ANSWERING, PersonRefused, deactivate, note
from accord.desk.teams.models import OwnerMatch
from accord.desk.teams.owners import match
from accord.promises import routing

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.handoff.models import Handoff
    from accord.desk.teams.models import User

LEFT = "its owner left"
Moved = Counter[tuple[str, str | None]]
"""How many leads of a team (its name) go to whom (their name; None: the pool)."""


@transaction.atomic
def move_all(
    person: User, to: User | None, owner_ids: Sequence[str], now: datetime, agreement: Agreement, *, by: User
) -> Moved:
    """Give away all that somebody holds: to one person, or, with None, by turns in each lead's team.

    `owner_ids` are their records in the tools: to one person these go, too, and with them new leads of
    their accounts. Where nobody is there a lead goes to its team's pool. Raises PersonRefused.
    """
    if to is not None:
        _check_heir(person, to)
    calendars, moved = Calendars(agreement, now), Moved()
    for handoff in held_by(person).select_for_update(of=("self",)).select_related("team", "owner", "covers"):
        if handoff.covers == person:
            _end_cover(handoff, to, now, by)
        else:
            _hand_on(handoff, to, agreement, now, by)
        schedule(handoff, calendars)
        moved[handoff.team.name, handoff.owner.name if handoff.owner else None] += 1
    OwnerMatch.objects.filter(user=person).delete()
    if to is not None:
        match(owner_ids, to, by=by)
    note(by, "leads moved", f"{moved.total()} of user {person.pk}")
    return moved


@transaction.atomic
def leave(
    person: User, to: User | None, owner_ids: Sequence[str], now: datetime, agreement: Agreement, *, by: User
) -> Moved:
    """Give away all that somebody holds and deactivate them, in one. Raises PersonRefused."""
    moved = move_all(person, to, owner_ids, now, agreement, by=by)
    deactivate(person, by=by)
    return moved


def preview(
    person: User, to: User | None, owner_ids: Sequence[str], now: datetime, agreement: Agreement, *, by: User
) -> Moved:
    """What `leave` would do; it is done and taken back, so that nothing can differ. Raises PersonRefused."""
    with transaction.atomic():
        moved = leave(person, to, owner_ids, now, agreement, by=by)
        transaction.set_rollback(True)
    person.refresh_from_db()
    return moved


def _check_heir(person: User, to: User) -> None:
    if to == person or not to.is_active or to.role not in ANSWERING:
        raise PersonRefused(
            f"{to.name} cannot take leads.", mend="Choose another rep or manager who can sign in."
        )


def _end_cover(handoff: Handoff, to: User | None, now: datetime, by: User) -> None:
    """A lead somebody covers stays with them, or goes to the one who takes everything over."""
    heir = to or handoff.owner
    if heir is not None:
        give(handoff, heir, now, by=by, rule=LEFT)


def _hand_on(handoff: Handoff, to: User | None, agreement: Agreement, now: datetime, by: User) -> None:
    """Another has the lead from now on; a cover stays a cover."""
    lock_turns(handoff.team)
    if to is None:
        decided = Pools(agreement, now, without=handoff.owner).route(handoff.team, LEFT)
    else:
        turns = pool_of(handoff.team, agreement, now).turns
        decided = routing.Assignment(to.email, handoff.team.slug, LEFT, (), turns)
    if handoff.covers is not None and handoff.covers != to and handoff.returns_at:
        decided = replace(decided, covers=handoff.covers.email, returns_at=naive(handoff.returns_at))
    assign(handoff, decided, now, by)
