"""Who is told what happens to a lead, besides its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accord.desk.rights import Role
from accord.desk.teams.models import User

if TYPE_CHECKING:
    from accord.desk.handoff.models import Handoff
    from accord.desk.teams.models import Team


class Audience:
    """Whom a step of the escalation tells, each team read once."""

    def __init__(self) -> None:
        self._of: dict[int, list[User]] = {}

    def told(self, action: str, handoff: Handoff) -> tuple[User, ...]:
        """The owner, the team's managers, or its reps and managers."""
        if action == "tell owner":
            return (handoff.owner,) if handoff.owner else ()
        team = self._of.setdefault(handoff.team_id, answering(handoff.team))
        return tuple(user for user in team if action == "tell team" or user.role == Role.MANAGER)


def answering(team: Team) -> list[User]:
    """A team's reps and managers."""
    roles = (Role.REP, Role.MANAGER)
    return list(team.members.filter(role__in=roles, is_active=True).order_by("pk"))


def marketing() -> tuple[User, ...]:
    """Marketers and their managers."""
    roles = (Role.MARKETER, Role.MARKETING_MANAGER)
    return tuple(User.objects.filter(role__in=roles, is_active=True).order_by("pk"))
