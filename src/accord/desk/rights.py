"""Who may do what: one table of roles and rights, read by pages, exports and search alike."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from accord.desk.teams.models import User

View = TypeVar("View", bound="Callable[..., HttpResponseBase]")


class Right(StrEnum):
    """One thing a person may do."""

    NUMBERS = "numbers"
    """See the numbers of the company: no row of them is about one person."""
    LEADS = "leads"
    """See leads one by one: those of their own teams, unless they also have ALL_LEADS."""
    ALL_LEADS = "all_leads"
    """See the leads of every owner."""
    PERSONAL = "personal"
    """See names, addresses and other personal data."""
    ADD_LEADS = "add_leads"
    """Add somebody they met as a lead."""
    QUEUE = "queue"
    """Work leads handed over: answer them, let their clocks rest."""
    TEAM = "team"
    """See how work is spread over the people of one's teams, or of all: load, breaches, turns, absences."""
    SEAL = "seal"
    """Keep the numbers of a report for good, as they were shown."""
    EXPORT = "export"
    """Download tables; each download is logged."""
    IMPORT = "import"
    """Load files and undo loads."""
    PEOPLE = "people"
    """Add people, give them roles and teams."""
    OWN_SETTINGS = "own_settings"
    """Keep their own working hours and absences, and how they sign in."""
    PROPOSE = "propose"
    """Propose changes of the agreement, and say something of them."""
    SIGN = "sign"
    """Sign changes of the agreement for one's team."""
    MESSAGES = "messages"
    """See what was sent to whom, send held messages, try failed ones again, keep addresses and channels."""
    HOURS = "hours"
    """Keep the working hours, absences and share of new leads of one's teams; with PEOPLE, everybody's."""


class Role(TextChoices):
    """What somebody is in the company; nobody without a role sees anything."""

    OPERATIONS = "operations", _("Operations")
    MARKETER = "marketer", _("Marketer")
    MARKETING_MANAGER = "marketing_manager", _("Marketing manager")
    REP = "rep", _("Sales rep")
    MANAGER = "manager", _("Sales manager")
    VIEWER = "viewer", _("Viewer")


EVERYBODY = frozenset({Right.NUMBERS, Right.LEADS, Right.OWN_SETTINGS})
MARKETING = EVERYBODY | {Right.PROPOSE, Right.ALL_LEADS, Right.PERSONAL, Right.EXPORT, Right.ADD_LEADS}
SALES = EVERYBODY | {Right.PROPOSE, Right.PERSONAL, Right.QUEUE, Right.ADD_LEADS}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OPERATIONS: frozenset(Right) - {Right.SIGN},
    Role.MARKETER: MARKETING,
    Role.MARKETING_MANAGER: MARKETING | {Right.HOURS, Right.TEAM, Right.SIGN, Right.SEAL},
    Role.MANAGER: SALES | {Right.EXPORT, Right.HOURS, Right.TEAM, Right.SIGN, Right.SEAL},
    Role.REP: SALES,
    Role.VIEWER: EVERYBODY | {Right.ALL_LEADS},
}


def rights_of(user: User) -> frozenset[Right]:
    """The rights of a signed-in person; none without a role."""
    return RIGHTS[Role(user.role)] if user.role else frozenset()


def needs(right: Right) -> Callable[[View], View]:
    """A view that only people with the right may open: others are sent to sign in, or refused (403)."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if right not in rights_of(cast("User", request.user)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast("View", guarded)

    return decorate
