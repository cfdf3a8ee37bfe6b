"""A pilot: a random share of the leads that only a proposal would hand over is, for some weeks.

The past cannot tell how leads do that sales never worked; a pilot asks. Whoever is chosen is handed over like
any lead; the others stay where they are. What comes of the chosen is told once enough have been answered.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accord.backtesting import Past, decided_since
from accord.desk.handoff.actions.make import beside, make_all
from accord.desk.handoff.clocks import Calendars
from accord.desk.handoff.models import Handoff
from accord.desk.hours.calendars import aware, naive
from accord.desk.jobs.actions import enqueue_once
from accord.desk.proposals.actions import ProposalRefused, agreement_of_text
from accord.desk.proposals.models import Pilot, PilotLead, Proposal
from accord.desk.teams.actions import note
from accord.insight.intervals import Share, share

if TYPE_CHECKING:
    from accord.agreement import Agreement
    from accord.desk.handoff.actions.make import Qualified
    from accord.desk.teams.models import User
    from accord.workspace import Workspace

PILOT_JOB = "pilot"
LOOKS = timedelta(hours=1)
"""Time between two looks for its leads: each judges all of the past anew."""
ENOUGH = 20
"""Answers it takes before a share of them says anything."""
WEEKS = 26
OPEN = (Proposal.State.OPEN, Proposal.State.SIGNED)


@dataclass(frozen=True)
class Found:
    """What a pilot has found so far: the leads that only the proposal would hand over, how many were handed
    over, how many of these sales has answered. `accepted`: of the answered; `present`: of the
    leads of the same time that the agreement in force handed over. Both None before `needed` answers.
    """

    leads: int
    handed_over: int
    answered: int
    needed: int
    accepted: Share | None
    present: Share | None


@transaction.atomic
def start_pilot(
    space: Workspace,
    agreement: Agreement,
    proposal: Proposal,
    percent: int,
    weeks: int,
    now: datetime,
    *,
    by: User,
) -> Pilot:
    """Begin a pilot of a proposal as it stands. Raises ProposalRefused, and then changes nothing."""
    found = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if found.state not in OPEN:
        raise ProposalRefused(_("It is decided already."), mend=_("Load the page again."))
    if space.settings.mode != "live":
        raise ProposalRefused(
            _("Nothing is handed over in shadow mode."), mend=_("Go live first; see the page Go live.")
        )
    if not 1 <= percent <= 100 or not 1 <= weeks <= WEEKS:
        raise ProposalRefused(
            _("A pilot has a share of 1 to 100 percent, and 1 to 26 weeks."), mend=_("Write other numbers.")
        )
    if running().filter(proposal=found).exists():
        raise ProposalRefused(_("Its pilot runs already."), mend=_("Load the page again."))
    handoff, draft = agreement.handoff, agreement_of_text(space.folder, found.text, found.words)
    if handoff is None or handoff.at not in [stage.name for stage in draft.stages]:
        raise ProposalRefused(
            _("The proposal has no stage at which leads are handed over today."),
            mend=_("A pilot takes one that keeps it."),
        )
    note(by, "pilot begun", f"proposal {found.pk}: {percent}% for {weeks} weeks")
    return Pilot.objects.create(
        proposal=found,
        text=found.text,
        share=percent,
        salt=secrets.token_hex(16),
        by=by,
        at=aware(now),
        until=aware(now + timedelta(weeks=weeks)),
    )


@transaction.atomic
def stop_pilot(proposal: Proposal, now: datetime, *, by: User) -> None:
    """End a proposal's pilot before its time; what was handed over stays. Raises ProposalRefused."""
    going = running().filter(proposal=proposal, until__gt=aware(now))
    if not going.update(stopped_at=aware(now)):
        raise ProposalRefused(_("No pilot runs."), mend=_("Load the page again."))
    note(by, "pilot stopped", f"proposal {proposal.pk}")


def running() -> QuerySet[Pilot]:
    """The pilots nobody stopped, of proposals that are not decided, which have not looked up to their end."""
    unfinished = Q(looked_at=None) | Q(looked_at__lt=F("until"))
    return Pilot.objects.filter(unfinished, stopped_at=None, proposal__state__in=OPEN)


def runs(pilot: Pilot, now: datetime) -> bool:
    """Whether a pilot still takes leads."""
    return running().filter(pk=pilot.pk, until__gt=aware(now)).exists()


@transaction.atomic
def look_again(now: datetime) -> bool:
    """Ask for the leads of a pilot that has not looked for a while; whether there was one.

    It counts as having looked from then on: what fails is tried again with the next look.
    """
    waiting = running().filter(Q(looked_at=None) | Q(looked_at__lte=aware(now - LOOKS)))
    pilot = waiting.select_for_update().order_by("pk").first()
    if pilot is None:
        return False
    pilot.looked_at = aware(now)
    pilot.save(update_fields=["looked_at"])
    enqueue_once(PILOT_JOB, {"pilot": pilot.pk})
    return True


def take_leads(space: Workspace, agreement: Agreement, pilot: Pilot, now: datetime) -> int:
    """Find a pilot's new leads, and hand over those chosen; how many were.

    A lead is noted before it is handed over: after a worker died in between, the next look goes on there.
    """
    handoff = agreement.handoff
    if handoff is None:
        return 0
    draft = agreement_of_text(space.folder, pilot.text)
    build = space.builds.current().reader(space.settings.memory)
    past, until = Past(space.ledger, space.settings, build), min(now, naive(pilot.until))
    decided = decided_since(past, draft, handoff.at, naive(pilot.at), until)
    found = beside(build, handoff.at, draft.behaviour_hash, decided)
    _note(pilot, found)
    left = {(row.person, row.cycle_no): row for row in pilot.leads.filter(chosen=True, handoff=None)}
    chosen = [lead for lead in found if lead.key[:2] in left]
    made = make_all(chosen, Calendars(agreement, now), now, Handoff.Origin.PILOT, now)
    _link(left, chosen, handoff.at)
    return made


def _note(pilot: Pilot, found: Iterable[Qualified]) -> None:
    known = set(pilot.leads.values_list("person", "cycle_no"))
    PilotLead.objects.bulk_create(
        [
            PilotLead(
                pilot=pilot,
                person=lead.person,
                cycle_no=lead.cycle_no,
                decided_at=aware(lead.decided_at),
                chosen=_is_chosen(pilot, lead),
            )
            for lead in found
            if lead.key[:2] not in known
        ],
        ignore_conflicts=True,
    )


def _is_chosen(pilot: Pilot, lead: Qualified) -> bool:
    drawn = sha256(f"{pilot.salt}/{lead.person}/{lead.cycle_no}".encode()).digest()
    return int.from_bytes(drawn[:8]) % 100 < pilot.share


def _link(left: Mapping[tuple[str, int], PilotLead], chosen: Iterable[Qualified], stage: str) -> None:
    persons = [lead.person for lead in chosen]
    for handoff in Handoff.objects.filter(person__in=persons, stage=stage, origin=Handoff.Origin.PILOT):
        row = left.get((handoff.person, handoff.cycle_no))
        if row is not None:
            row.handoff = handoff
            row.save(update_fields=["handoff"])


def found_by(pilot: Pilot) -> Found:
    """What a pilot has found so far."""
    handed = Handoff.objects.filter(pk__in=pilot.leads.exclude(handoff=None).values("handoff"))
    answered, accepted = _answers(handed)
    present = Handoff.objects.filter(
        origin=Handoff.Origin.DECIDED,
        decided_at__gte=pilot.at,
        decided_at__lt=pilot.stopped_at or pilot.until,
    )
    enough = answered >= ENOUGH
    said, agreed = _answers(present)
    return Found(
        pilot.leads.count(),
        handed.count(),
        answered,
        ENOUGH,
        share(accepted, answered) if enough else None,
        share(agreed, said) if enough else None,
    )


def _answers(handoffs: QuerySet[Handoff]) -> tuple[int, int]:
    """How many sales has answered, and how many it has accepted."""
    answered = handoffs.filter(verdicts__isnull=False).distinct().count()
    return answered, handoffs.filter(verdicts__verdict="accepted").distinct().count()
