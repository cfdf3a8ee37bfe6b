"""Who is on the desk and who works in the tools, matched by e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from accord.agreement import Agreement
from accord.desk.handoff.load import Load
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
    """Somebody who owns leads in the tools: `records` are their accounts there, as tool and id.

    `email` is that of who they are on the desk, if somebody said so (`by_hand`), else the one in the tool.
    """

    email: str | None
    name: str
    team: str | None
    key: str
    records: list[tuple[str, str]] = field(default_factory=list)
    open_leads: int = 0
    by_hand: bool = False

    @property
    def ids(self) -> list[str]:
        """The ids of their accounts as the ledger writes them."""
        return [f"{tool}:owner:{number}" for tool, number in self.records]

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
    load: Load


def owners(
    tool_users: Iterable[dict[str, Any]], said: Mapping[str, str] = MappingProxyType({})
) -> list[Owner]:
    """One owner for all records of an e-mail address; a record without one stands for itself.

    `said`: the address of whom an owner is by hand, by its id.
    """
    found: dict[str, Owner] = {}
    for row in tool_users:
        tool, _kind, number = row["owner_id"].split(":", 2)
        email = said.get(row["owner_id"]) or row["email"]
        owner = found.setdefault(
            email or row["owner_id"], Owner(email, row["name"], row["team"], row["owner_id"])
        )
        owner.by_hand |= row["owner_id"] in said
        owner.records.append((tool, number))
        owner.open_leads += row["open_leads"]
    return sorted(found.values(), key=lambda owner: (-owner.open_leads, owner.name))


def members(working: Sequence[Owner], taken: Mapping[int, Load]) -> list[Member]:
    """Everybody on the desk, by name, with what they have in hand; who is deactivated comes last."""
    of_email = {owner.email: owner for owner in working if owner.email}
    people = User.objects.prefetch_related("teams").order_by("-is_active", "name")
    return [
        Member(
            person,
            sorted(person.teams.all(), key=lambda team: team.name),
            of_email.get(person.email),
            person.is_active and not person.has_usable_password(),
            taken.get(person.pk, Load()),
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
        "in_hand": member.load.in_hand,
        "this_week": member.load.this_week,
        "active": person.is_active,
        "password_set": member.person.has_usable_password(),
    }


def strangers(working: Sequence[Owner]) -> list[Owner]:
    """Owners in the tools whom nobody on the desk matches, the most open leads first."""
    known = set(User.objects.filter(is_active=True).values_list("email", flat=True))
    return [owner for owner in working if owner.email not in known]


def owner_row(owner: Owner) -> dict[str, Any]:
    """An owner without a person as a line of a downloaded table."""
    return {
        "owner": owner.name,
        "email": owner.email,
        "tools": owner.tools,
        "team": owner.team,
        "records": ", ".join(owner.ids),
        "open_leads": owner.open_leads,
    }


def team_row(team: Team) -> dict[str, Any]:
    """A team as a line of a downloaded table."""
    return {"slug": team.slug, "name": team.name, "side": team.side, "people": team.members.count()}


def named_teams(agreement: Agreement) -> list[str]:
    """Short names of the teams to which an agreement sends leads."""
    named = [exclusion.to for exclusion in agreement.audience.exclude if exclusion.to]
    if agreement.handoff:
        named += [route.to for route in agreement.handoff.route]
        named.append(agreement.handoff.otherwise)
    return list(dict.fromkeys(named))


def missing_teams(agreement: Agreement) -> list[str]:
    """Those of them that do not exist."""
    known = set(Team.objects.values_list("slug", flat=True))
    return [slug for slug in named_teams(agreement) if slug not in known]
