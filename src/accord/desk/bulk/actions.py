"""Changing many leads at once: the same actions as one by one, each lead in a transaction of its own.

A lead that cannot be changed is left as it is, with the reason, and keeps no other from being changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.bulk.models import Bulk, BulkItem
from accord.desk.bulk.standing import is_as, put_back, standing
from accord.desk.bulk.telling import tell_done, tell_undone
from accord.desk.handoff.actions import verdicts
from accord.desk.handoff.actions.assign import assign, give, lock_turns, undo_given
from accord.desk.handoff.actions.evidence import attempted
from accord.desk.handoff.actions.taking import lock
from accord.desk.handoff.clocks import Calendars, schedule
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.people import Pools, may_assign, may_take
from accord.desk.hours.calendars import aware
from accord.desk.notify.actions.telling import untold
from accord.desk.outbox.actions import put_off, take_out
from accord.desk.teams.actions import note as audit
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.teams.models import User
    from accord.ledger.engine import Engine

MOST = 1000
"""As many leads are changed at once."""
ASKED = 200
"""Beyond that, how many they are must be typed."""
UNDO = timedelta(minutes=10)
BY_TURNS = "given by hand, by turns"


class BulkRefused(AccordError):
    """Many leads cannot be changed as asked, or a change cannot be taken back."""

    code = "bulk_refused"


@dataclass(frozen=True)
class Wanted:
    """What is to become of the leads; `to` None: by turns in each lead's team. `again_at` naive UTC."""

    action: str
    to: User | None = None
    reason: str = ""
    note: str = ""
    again_at: datetime | None = None


@dataclass(frozen=True)
class Around:
    """What every single change needs: the moment (naive UTC), the agreement, what the tools show."""

    now: datetime
    agreement: Agreement
    engine: Engine
    by: User


def preview(wanted: Wanted, handoffs: Sequence[int], around: Around) -> list[BulkItem]:
    """What `carry_out` would do: it is done and taken back, so nothing can differ. Raises BulkRefused."""
    _check(wanted, handoffs)
    with transaction.atomic():
        bulk = Bulk.objects.create(action=wanted.action, by=around.by, at=aware(around.now))
        items = [_item(bulk, wanted, pk, around) for pk in handoffs]
        transaction.set_rollback(True)
    return items


def carry_out(wanted: Wanted, handoffs: Sequence[int], typed: str, around: Around) -> Bulk:
    """Change the leads; `typed` is how many, where they are many. Raises BulkRefused, and changes nothing."""
    _check(wanted, handoffs)
    if len(handoffs) > ASKED and typed.strip() != str(len(handoffs)):
        raise BulkRefused(f"These are {len(handoffs)} leads.", mend=f"Type {len(handoffs)} to confirm.")
    bulk = Bulk.objects.create(action=wanted.action, by=around.by, at=aware(around.now))
    for pk in handoffs:
        _item(bulk, wanted, pk, around)
    audit(around.by, f"bulk {wanted.action}", f"bulk {bulk.pk}: {bulk.items.filter(why='').count()} leads")
    tell_done(bulk, wanted.reason, around.agreement, around.now)
    return bulk


def undo(bulk: Bulk, around: Around) -> Counter[str]:
    """Take a change back; how many leads, and by reason how many stay changed. Raises BulkRefused."""
    if bulk.by != around.by:
        raise BulkRefused("Somebody else changed these leads.", mend=f"Ask {bulk.by.name}.")
    if aware(around.now) > bulk.at + UNDO:
        raise BulkRefused("It is more than ten minutes ago.", mend="Change the leads again.")
    if not Bulk.objects.filter(pk=bulk.pk, undone_at=None).update(undone_at=aware(around.now)):
        raise BulkRefused("It was taken back already.", mend="Load the page again.")
    done: Counter[str] = Counter()
    for item in bulk.items.filter(why="").select_related(
        "handoff__team", "handoff__owner", "verdict", "hold"
    ):
        done[_undo(bulk, item, around)] += 1
    audit(around.by, "bulk undone", f"bulk {bulk.pk}: {done['']} leads")
    tell_undone(bulk, around.now)
    return done


def _check(wanted: Wanted, handoffs: Sequence[int]) -> None:
    if wanted.action not in Bulk.Action.values:
        raise BulkRefused("Nothing was chosen to be done.", mend="Choose what is to become of the leads.")
    if not handoffs:
        raise BulkRefused("No lead was chosen.", mend="Choose at least one.")
    if len(handoffs) > MOST:
        raise BulkRefused(f"{len(handoffs)} leads are too many at once.", mend=f"Choose at most {MOST}.")
    if wanted.to is not None and not may_take(wanted.to):
        raise BulkRefused(f"{wanted.to.name} cannot take leads.", mend="Choose a rep or manager who can.")


def _item(bulk: Bulk, wanted: Wanted, pk: int, around: Around) -> BulkItem:
    """Change one lead, or note why it cannot be."""
    try:
        with transaction.atomic(), untold():
            lock(pk)
            handoff = Handoff.objects.select_related("team", "owner", "covers").get(pk=pk)
            item = BulkItem(bulk=bulk, handoff=handoff, before=standing(handoff))
            CHANGES[wanted.action](item, wanted, around)
            item.after = standing(Handoff.objects.get(pk=pk))
            item.save()
            return item
    except AccordError as error:
        return BulkItem.objects.create(bulk=bulk, handoff_id=pk, why=str(error)[:300])


def _assign(item: BulkItem, wanted: Wanted, around: Around) -> None:
    handoff = item.handoff
    if not may_assign(around.by, handoff):
        raise BulkRefused("This lead is not yours to give.", mend="Ask the team's manager.")
    if not handoff.is_open:
        raise BulkRefused(f"It is {handoff.get_state_display().lower()}.")
    if wanted.to is not None:
        if handoff.owner == wanted.to:
            raise BulkRefused(f"{wanted.to.name} has it already.")
        give(handoff, wanted.to, around.now, by=around.by)
    else:
        lock_turns(handoff.team)
        pools = Pools(around.agreement, around.now, without=handoff.owner)
        decided = pools.route(handoff.team, BY_TURNS)
        if decided.owner is None:
            raise BulkRefused(f"Nobody else of {handoff.team.name} is there.")
        assign(handoff, decided, around.now, around.by)
    schedule(handoff, Calendars(around.agreement, around.now))


def _give_up(item: BulkItem, wanted: Wanted, around: Around) -> None:
    item.verdict = verdicts.give_up(
        item.handoff,
        wanted.action,
        around.by,
        around.now,
        around.agreement,
        reason=wanted.reason if wanted.action == Bulk.Action.RETURN else "",
        note=wanted.note,
        attempted=attempted(around.engine, item.handoff, around.now),
        again_at=wanted.again_at,
    )
    if item.verdict.fact is not None:
        put_off(item.verdict.fact, aware(around.now) + UNDO)


def _pause(item: BulkItem, wanted: Wanted, around: Around) -> None:
    verdicts.hold(item.handoff, wanted.reason or wanted.note, around.by, around.now, around.agreement)
    item.hold = item.handoff.holds.get(until__isnull=True)


CHANGES: dict[str, Callable[[BulkItem, Wanted, Around], None]] = {
    Bulk.Action.ASSIGN: _assign,
    Bulk.Action.RETURN: _give_up,
    Bulk.Action.RECYCLE: _give_up,
    Bulk.Action.PAUSE: _pause,
}


def _undo(bulk: Bulk, item: BulkItem, around: Around) -> str:
    """Take one change back; empty, or why it stays."""
    try:
        with transaction.atomic(), untold():
            lock(item.handoff.pk)
            handoff = Handoff.objects.select_related("team", "owner", "covers").get(pk=item.handoff.pk)
            if not is_as(handoff, item.after):
                raise BulkRefused("somebody has acted on it since")
            UNDOS[bulk.action](handoff, item, around)
    except AccordError as error:
        return str(error)
    return ""


def _undo_assign(handoff: Handoff, item: BulkItem, around: Around) -> None:
    put_back(handoff, {**item.before, "clocks": {}})
    undo_given(handoff, around.agreement, around.now, by=around.by)


def _undo_give_up(handoff: Handoff, item: BulkItem, around: Around) -> None:
    said = item.verdict
    if said is None or said.fact is None or not take_out(said.fact):
        raise BulkRefused("the verdict has been handed over already")
    put_back(handoff, item.before)
    said.delete()
    schedule(handoff, Calendars(around.agreement, around.now))


def _undo_pause(handoff: Handoff, item: BulkItem, around: Around) -> None:
    if item.hold is None or item.hold.until is not None:
        raise BulkRefused("its clocks run again")
    verdicts.resume(handoff, around.by, around.now, around.agreement)


UNDOS: dict[str, Callable[[Handoff, BulkItem, Around], None]] = {
    Bulk.Action.ASSIGN: _undo_assign,
    Bulk.Action.RETURN: _undo_give_up,
    Bulk.Action.RECYCLE: _undo_give_up,
    Bulk.Action.PAUSE: _undo_pause,
}
