"""Who hears of proposals: who signs for a team, and who made them."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accord.desk.hours.calendars import aware
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.models import Kind
from accord.desk.notify.news import News
from accord.desk.proposals.models import Proposal, Signature
from accord.desk.rights import Role
from accord.desk.teams.models import User

SIGNERS = (Role.MANAGER, Role.MARKETING_MANAGER)


def tell_proposed(proposal: Proposal, now: datetime, by: User) -> None:
    """Who signs hears of a new proposal."""
    title = _("%(name)s proposes a change of the agreement: %(title)s")
    _tell(proposal, "proposed", now, title % {"name": by.name, "title": proposal.title}, but=by)


def tell_signed(proposal: Proposal, said: Signature, now: datetime) -> None:
    """Who signs, and who made it, hears that a team has signed."""
    title = _("%(name)s has signed for %(side)s: %(title)s")
    words = {"name": said.name, "side": said.get_side_display().lower(), "title": proposal.title}
    _tell(proposal, f"signed:{said.pk}", now, title % words, but=said.by)


def tell_in_force(proposal: Proposal, now: datetime) -> None:
    """Who signs, and who made it, hears that it is in force."""
    _tell(proposal, "in force", now, _("In force from now on: %(title)s") % {"title": proposal.title})


def _tell(proposal: Proposal, what: str, now: datetime, title: str, but: User | None = None) -> None:
    signers = User.objects.filter(role__in=SIGNERS, is_active=True).order_by("pk")
    people = dict.fromkeys([*signers, *([proposal.by] if proposal.by else [])])
    to = tuple(person for person in people if person != but)
    path = reverse("proposal", args=[proposal.pk])
    tell([News(Kind.AGREEMENT, f"proposal:{proposal.pk}:{what}", to, aware(now), title, (), path)])
