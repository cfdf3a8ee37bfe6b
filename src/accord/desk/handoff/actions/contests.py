"""Marketing contests a return; the sales manager upholds it or gives the lead back; else it is delivered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from accord.desk.handoff.actions.again import take_up_again
from accord.desk.handoff.actions.moves import move
from accord.desk.handoff.actions.taking import lock
from accord.desk.handoff.models import Contest, Handoff, Verdict
from accord.desk.handoff.people import may_contest, may_decide
from accord.desk.hours.calendars import aware, naive, open_time_of
from accord.desk.teams.actions import note as audit
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.teams.models import User

DAYS = 5
"""Working days of the agreement's calendar that sales has to uphold a contested return."""

CONTESTED = "return contested"


class ContestRefused(AccordError):
    """A return cannot be contested, or a contest decided, as asked."""

    code = "contest_refused"


@transaction.atomic
def contest(handoff: Handoff, reason: str, by: User, now: datetime, agreement: Agreement) -> Contest:
    """Marketing says why a return is wrong. Raises ContestRefused, and then changes nothing."""
    if not may_contest(by):
        raise ContestRefused("Only marketing contests a return.", mend="Ask a marketer.")
    if not reason.strip():
        raise ContestRefused(
            "A contest needs a reason.",
            mend="Say in a sentence what speaks against the return.",
            field="reason",
        )
    lock(handoff.pk)
    handoff.refresh_from_db(fields=["state"])
    returned = last_return(handoff)
    if returned is None or Contest.objects.filter(verdict=returned).exists():
        raise ContestRefused("There is no return to contest.", mend="Load the page again.")
    due = open_time_of(None, agreement, now).end_of_working_day(now, DAYS)
    made = Contest.objects.create(
        handoff=handoff, verdict=returned, reason=reason.strip(), by=by, at=aware(now), due_at=aware(due)
    )
    move(handoff, "contested", aware(now), by, reason.strip())
    audit(by, "return contested", f"handoff {handoff.pk}")
    return made


@transaction.atomic
def uphold(contested: Contest, answer: str, by: User, now: datetime) -> None:
    """The sales manager stands by the return, and says why. Raises ContestRefused."""
    if not answer.strip():
        raise ContestRefused(
            "Upholding a return needs an answer.", mend="Say what you stand by.", field="answer"
        )
    _decide(contested, Contest.Outcome.UPHELD, answer, by, now)
    move(contested.handoff, "upheld", aware(now), by, answer.strip())


@transaction.atomic
def give_lead_back(contested: Contest, answer: str, by: User, now: datetime, agreement: Agreement) -> None:
    """The sales manager takes the lead for sales again, with fresh clocks. Raises ContestRefused."""
    _decide(contested, Contest.Outcome.GIVEN_BACK, answer, by, now)
    move(contested.handoff, "given_back", aware(now), by, answer.strip())
    take_up_again(contested.handoff, agreement, now, CONTESTED)


def lapse(contested: Contest) -> None:
    """Nobody upheld the return in time: the lead counts as delivered from the due moment on."""
    contested.outcome, contested.decided_at = Contest.Outcome.LAPSED, contested.due_at
    contested.save(update_fields=["outcome", "decided_at"])
    move(contested.handoff, "delivered", contested.due_at, None, "return not upheld in time")


def last_return(handoff: Handoff) -> Verdict | None:
    """The return by which the lead is back with marketing; None if it is not."""
    if handoff.state != Handoff.State.RETURNED:
        return None
    return handoff.verdicts.filter(verdict="returned").last()


def _decide(contested: Contest, outcome: str, answer: str, by: User, now: datetime) -> None:
    if not may_decide(by, contested.handoff):
        raise ContestRefused("Only the team's sales manager decides this.", mend="Ask them.")
    lock(contested.handoff_id)
    contested.handoff.refresh_from_db()
    contested.refresh_from_db(fields=["outcome"])
    is_open = contested.outcome == Contest.Outcome.OPEN and contested.handoff.state == Handoff.State.RETURNED
    if not is_open or now >= naive(contested.due_at):
        raise ContestRefused("This is decided already, or its time is over.", mend="Load the page again.")
    contested.outcome, contested.decided_at, contested.decided_by = outcome, aware(now), by
    contested.answer = answer.strip()
    contested.save(update_fields=["outcome", "decided_at", "decided_by", "answer"])
    audit(by, f"contest {outcome}", f"handoff {contested.handoff_id}")
