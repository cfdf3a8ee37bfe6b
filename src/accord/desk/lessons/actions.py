"""What is done about lessons: looked for, kept, turned into a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from accord.agreement.edits import Edit, edited
from accord.desk.hours.calendars import aware
from accord.desk.jobs.actions import enqueue
from accord.desk.jobs.models import Job
from accord.desk.lessons.models import Look
from accord.desk.proposals.actions import Draft, propose, text_in_force
from accord.errors import AccordError

if TYPE_CHECKING:
    from accord.desk.proposals.models import Proposal
    from accord.desk.teams.models import User

JOB = "lessons"
REVIEW = timedelta(days=182)
TITLE = 120


class SuggestionGone(AccordError):
    """There is no such suggestion."""

    code = "suggestion_gone"


def under_way() -> Look | None:
    """The look whose job waits or runs, if there is one."""
    open_jobs = Job.objects.filter(kind=JOB, state__in=[Job.State.WAITING, Job.State.RUNNING])
    return Look.objects.filter(found__isnull=True, job__in=open_jobs).first()


@transaction.atomic
def look(now: datetime, *, by: User | None = None) -> Look:
    """Ask for a look, unless one is under way."""
    before = under_way()
    if before is not None:
        return before
    made = Look.objects.create(at=aware(now))
    made.job = enqueue(JOB, {"look": made.pk}, by=by)
    made.save(update_fields=["job"])
    return made


def propose_suggestion(
    folder: Path, seen: Look, number: int, today: date, now: datetime, *, by: User
) -> Proposal:
    """Propose a suggested edit, made in the agreement as it is today, from tomorrow on.

    Raises SuggestionGone, MistakesError and ProposalRefused, and then changes nothing.
    """
    suggestions: list[dict[str, Any]] = (seen.found or {}).get("lessons", {}).get("suggestions", [])
    if number >= len(suggestions):
        raise SuggestionGone(_("This is not suggested any more."), mend=_("Load the page again."))
    one = suggestions[number]
    return _propose(folder, one["says"], [one["edit"]], today, now, by=by)


def propose_learned(folder: Path, seen: Look, today: date, now: datetime, *, by: User) -> Proposal:
    """Propose the learned rules of fit as the definition, from tomorrow on. Raises like the above."""
    learned = ((seen.found or {}).get("score") or {}).get("definition")
    if not learned:
        raise SuggestionGone(_("This is not suggested any more."), mend=_("Load the page again."))
    return _propose(folder, _("Fit learned from outcomes"), learned["edits"], today, now, by=by)


def _propose(
    folder: Path, title: str, edits: Sequence[dict[str, Any]], today: date, now: datetime, *, by: User
) -> Proposal:
    """Propose edits, made in the agreement as it is today."""
    text = edited(text_in_force(folder), [Edit(tuple(one["path"]), one["value"]) for one in edits])
    day = today + timedelta(days=1)
    return propose(folder, Draft(title[:TITLE], text, day, day + REVIEW), today, now, by=by)
