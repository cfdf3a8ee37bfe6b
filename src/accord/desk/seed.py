"""The demo company's desk, filled by the same actions as anybody's: people, and leads in hand."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from accord import workspace
from accord.desk.handoff.actions.adopt import adopt, open_before
from accord.desk.handoff.models import Handoff
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person, add_team
from accord.desk.teams.models import Team, User
from accord.ledger.builds import NoBuild
from accord.sources.demo.cast import OTHERS, REPS, Colleague, sign_ins

PASSWORD = "robots and coffee"  # noqa: S105  that of a demo, printed for everybody
TEAMS = {
    "key-accounts": ("Key accounts", Team.Side.SALES),
    "field-sales": ("Field sales", Team.Side.SALES),
    "inside-sales": ("Inside sales", Team.Side.SALES),
    "customer-success": ("Customer success", Team.Side.SALES),
    "marketing": ("Marketing", Team.Side.MARKETING),
}
IN_HAND = timedelta(days=4)
"""How far back the leads in hand qualified."""
MANAGED = ["key-accounts", "field-sales", "inside-sales"]


def seed() -> list[tuple[str, str]]:
    """Add the cast if it is not there, and take leads over once. Role and e-mail of each sign-in."""
    for slug, (name, side) in TEAMS.items():
        if not Team.objects.filter(slug=slug).exists():
            add_team(slug, name, side)
    known = set(User.objects.values_list("email", flat=True))
    for colleague in (*REPS, *OTHERS):
        if colleague.email not in known and (role := _role(colleague)):
            password = PASSWORD if colleague.role else None
            add_person(colleague.email, colleague.name, role, password=password, teams=_teams(colleague))
    _take_over()
    known_by_role = {person.role: person.email for person in sign_ins()}
    return [(str(role.label), known_by_role[role]) for role in Role]


def _take_over() -> None:
    """Take over, as in progress, the open leads of the last days: those in hand when the demo is opened."""
    space = workspace.Workspace(settings.WORKSPACE)
    try:
        build = space.builds.current()
    except NoBuild:
        return
    engine = build.reader(space.settings.memory)
    waiting = open_before(engine)
    if waiting and not Handoff.objects.exists():
        since = waiting[0].decided_at - IN_HAND
        recent = [lead for lead in waiting if lead.decided_at >= since]
        adopt(engine, space.agreement, recent, workspace.now(), fresh=False, by=None)


def _role(colleague: Colleague) -> Role | None:
    """Their role: the cast's, else what their team does."""
    if colleague.role:
        return Role(colleague.role)
    if colleague in REPS:
        return Role.REP
    return Role.MARKETER if colleague.team == "marketing" else None


def _teams(colleague: Colleague) -> list[str]:
    if colleague.role == Role.MANAGER:
        return MANAGED
    return [colleague.team] if colleague.team in TEAMS else []
