"""What sales says of a lead: accepted, returned with a reason, disqualified, recycled. Each is a fact."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.handoff import announce
from accord.desk.handoff.actions.assign import give
from accord.desk.handoff.actions.breaches import break_those_late
from accord.desk.handoff.actions.moves import move, owner_id
from accord.desk.handoff.actions.taking import lock
from accord.desk.handoff.clocks import Calendars, schedule
from accord.desk.handoff.models import Clock, Handoff, Hold, Verdict
from accord.desk.handoff.people import may_answer
from accord.desk.hours.calendars import aware
from accord.desk.outbox.actions import put
from accord.desk.teams.actions import note as audit
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.teams.models import User

State = Handoff.State
ENDING = {"returned": State.RETURNED, "disqualified": State.DISQUALIFIED, "recycled": State.RECYCLED}


class AnswerRefused(AccordError):
    """A verdict cannot be taken: not this person's, not of these reasons, or the lead has been answered."""

    code = "answer_refused"


@transaction.atomic
def accept(handoff: Handoff, by: User, now: datetime, agreement: Agreement) -> Verdict:
    """Sales takes the lead; one of the team who takes it out of the pool or from another becomes its owner.

    Raises AnswerRefused if it has been answered meanwhile, and then changes nothing.
    """
    _check_person(handoff, by)
    _take(handoff, (State.WAITING,), State.ACCEPTED, now)
    if handoff.owner_id != by.pk:
        give(handoff, by, now, by=by, rule="accepted by a member of the team")
        schedule(handoff, Calendars(agreement, now))
    fulfil(handoff, (Clock.Promise.ACCEPT,), now)
    return _say(handoff, "accepted", by, now)


@transaction.atomic
def give_up(
    handoff: Handoff,
    verdict: str,
    by: User,
    now: datetime,
    agreement: Agreement,
    *,
    reason: str = "",
    note: str = "",
    attempted: bool = True,
    again_at: datetime | None = None,
) -> Verdict:
    """Return, disqualify or recycle a lead; all its clocks end.

    A return needs one of the agreement's reasons, with a note where that asks for one; recycled comes back at
    `again_at` (naive UTC; by the agreement's rest unless given). `attempted`: whether anybody had tried to
    reach the person. Raises AnswerRefused, and then changes nothing.
    """
    _check_person(handoff, by)
    if verdict == "returned":
        _check_reason(agreement, reason, note)
    _take(handoff, Handoff.OPEN, ENDING[verdict], now)
    if verdict == "recycled":
        rest = agreement.detours.recycled.again_after
        handoff.again_at = aware(again_at or now + timedelta(seconds=rest.seconds if rest else 0))
        handoff.save(update_fields=["again_at"])
    fulfil(handoff, (Clock.Promise.ACCEPT,), now)
    stop(handoff, now)
    said = _say(handoff, verdict, by, now, reason=reason, note=note, attempted=attempted)
    if verdict == "returned":
        announce.returned(handoff, said, now, agreement)
    return said


@transaction.atomic
def hold(handoff: Handoff, reason: str, by: User, now: datetime, agreement: Agreement) -> None:
    """Let the lead's clocks stand still, for a reason. Raises AnswerRefused."""
    _check_person(handoff, by)
    lock(handoff.pk)
    if not reason.strip():
        raise AnswerRefused("A hold needs a reason.", mend="Say what you are waiting for.")
    handoff.refresh_from_db(fields=["state"])
    if not handoff.is_open or handoff.holds.filter(until__isnull=True).exists():
        raise AnswerRefused("Its clocks do not run.", mend="Load the page again.")
    Hold.objects.create(handoff=handoff, since=aware(now), reason=reason.strip()[:200], by=by)
    schedule(handoff, Calendars(agreement, now))
    move(handoff, "paused", aware(now), by, reason)


@transaction.atomic
def resume(handoff: Handoff, by: User, now: datetime, agreement: Agreement) -> None:
    """Let the lead's clocks run again. Raises AnswerRefused if they do."""
    _check_person(handoff, by)
    lock(handoff.pk)
    if handoff.holds.filter(until__isnull=True).update(until=aware(now)) != 1:
        raise AnswerRefused("Its clocks run.", mend="Load the page again.")
    schedule(handoff, Calendars(agreement, now))
    move(handoff, "resumed", aware(now), by)


def stop(handoff: Handoff, now: datetime) -> None:
    """End the clocks that still run: nothing more is owed on this lead."""
    handoff.clocks.filter(state=Clock.State.RUNNING).update(state=Clock.State.STOPPED, ended_at=aware(now))


def fulfil(handoff: Handoff, promises: tuple[str, ...], now: datetime) -> None:
    """The promises were kept, or in the end fulfilled, now."""
    running = handoff.clocks.filter(state=Clock.State.RUNNING, promise__in=promises)
    break_those_late(running, now, now)
    running.update(state=Clock.State.MET, met_at=aware(now), ended_at=aware(now), unconfirmed=False)


def _check_person(handoff: Handoff, by: User) -> None:
    if not may_answer(by, handoff):
        raise AnswerRefused("This lead is not yours to answer.", mend="Ask its owner, or the team's manager.")


def _check_reason(agreement: Agreement, reason: str, note: str) -> None:
    reasons = {known.reason: known for known in agreement.verdicts.returns}
    if reason not in reasons:
        raise AnswerRefused(
            f"{reason or 'Nothing'} is not a reason for a return.", mend=f"Choose from {', '.join(reasons)}."
        )
    if reasons[reason].note == "required" and not note.strip():
        raise AnswerRefused(f"{reason} needs a note.", mend="Say in a sentence what was wrong.")


def _take(handoff: Handoff, states: tuple[str, ...], state: str, now: datetime) -> None:
    """Change the state if it is still one of those expected: of two who answer at once, one wins."""
    asked = Handoff.objects.filter(pk=handoff.pk, state__in=states)
    if asked.update(state=state, state_at=aware(now)) != 1:
        handoff.refresh_from_db()
        raise AnswerRefused(
            f"Somebody has answered meanwhile: {handoff.get_state_display().lower()}.",
            mend="Load the page again.",
        )
    handoff.state, handoff.state_at = state, aware(now)


def _say(
    handoff: Handoff,
    verdict: str,
    by: User,
    now: datetime,
    *,
    reason: str = "",
    note: str = "",
    attempted: bool = True,
) -> Verdict:
    at = aware(now)
    fact = put(
        "feedback",
        at,
        actor=handoff.person,
        kind="verdict",
        verdict=verdict,
        reason=reason or None,
        note=note.strip() or None,
        owner_id=owner_id(by),
    )
    said = Verdict.objects.create(
        handoff=handoff,
        verdict=verdict,
        reason=reason,
        note=note.strip(),
        by=by,
        at=at,
        attempted=attempted,
        fact=fact.key,
    )
    audit(by, f"lead {verdict}", f"handoff {handoff.pk}")
    return said
