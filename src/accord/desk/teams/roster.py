"""Who is on the desk and who works in the tools, matched by e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from accord.agreement import Agreement
from accord.desk.rights import Role
from accord.desk.teams.models import Team, User

ROLES = {
    Role.OPERATIONS: _("Loads data, adds people, sees everything."),
    Role.MARKETER: _("Sees all leads and numbers, downloads tables."),
    Role.MARKETING_MANAGER: _("As a marketer; keeps the working time of their teams."),
    Role.REP: _("Sees the numbers and the leads of their own teams; answers leads."),
    Role.MANAGER: _("As a rep, for their teams; keeps their working time, downloads tables."),
    Role.VIEWER: _("Sees the numbers and leads without personal data."),
}
"""What each role may do, in words."""


@dataclass
class Owner:
    """Somebody who owns leads in the tools: `records` are their accounts there, as tool and id."""

    email: str | None
    name: str
    team: str | None
    key: str
    records: list[tuple[str, str]] = field(default_factory=list)
    open_leads: int = 0

    @property
    def tools(self) -> str:
        """The tools they work in."""
        return ", ".join(sorted({tool for tool, _id in self.records}))


@dataclass(frozen=True)
class Member:
    """A person of the desk with their record as an owner in the tools, if one has the same e-mail."""

    person: User
    teams: list[Team]
    owner: Owner | None
    invited: bool


def owners(tool_users: Iterable[dict[str, Any]]) -> list[Owner]:
    """One owner for all records of an e-mail address; a record without one stands for itself."""
    found: dict[str, Owner] = {}
    for row in tool_users:
        tool, _kind, number = row["owner_id"].split(":", 2)
        key = row["email"] or row["owner_id"]
        owner = found.setdefault(key, Owner(row["email"], row["name"], row["team"], row["owner_id"]))
        owner.records.append((tool, number))
        owner.open_leads += row["open_leads"]
    return sorted(found.values(), key=lambda owner: (-owner.open_leads, owner.name))


def members(working: Sequence[Owner]) -> list[Member]:
    """Everybody on the desk, by name; who is deactivated comes last."""
    of_email = {owner.email: owner for owner in working if owner.email}
    people = User.objects.prefetch_related("teams").order_by("-is_active", "name")
    return [
        Member(
            person,
            sorted(person.teams.all(), key=lambda team: team.name),
            of_email.get(person.email),
            person.is_active and not person.has_usable_password(),
        )
        for person in people
    ]


def row(member: Member) -> dict[str, Any]:
    """The person as a line of a downloaded table."""
    person, owner = member.person, member.owner
    return {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "teams": ", ".join(team.slug for team in member.teams),
        "owner_in": owner.tools if owner else "",
        "open_leads": owner.open_leads if owner else None,
        "active": person.is_active,
        "password_set": member.person.has_usable_password(),
    }


def strangers(working: Sequence[Owner]) -> list[Owner]:
    """Owners in the tools whom nobody on the desk matches, the most open leads first."""
    known = set(User.objects.filter(is_active=True).values_list("email", flat=True))
    return [owner for owner in working if owner.email not in known]


def missing_teams(agreement: Agreement) -> list[str]:
    """Short names of teams to which the agreement sends leads and that do not exist."""
    named = [exclusion.to for exclusion in agreement.audience.exclude if exclusion.to]
    if agreement.handoff:
        named += [route.to for route in agreement.handoff.route]
        named.append(agreement.handoff.otherwise)
    known = set(Team.objects.values_list("slug", flat=True))
    return [slug for slug in dict.fromkeys(named) if slug not in known]
