"""What changes people and teams: each action checks, writes in one transaction, and is noted in the log."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accord.desk.handoff.holding import held_by
from accord.desk.rights import Role
from accord.desk.teams import invitations
from accord.desk.teams.models import AuditEntry, Team, User
from accord.errors import AccordError

FIRST_ACCOUNT = "first account"
ANSWERING = (Role.REP, Role.MANAGER)
"""The roles that answer leads."""


class PersonRefused(AccordError):
    """A person cannot be added or changed as given."""

    code = "person_refused"


class TeamRefused(AccordError):
    """A team cannot be added or changed as given."""

    code = "team_refused"


def note(user: User | None, action: str, about: str = "") -> None:
    """Write a line in the audit log: who, what, about which id."""
    AuditEntry.objects.create(user=user, action=action, about=about[:200])


@transaction.atomic
def add_person(
    email: str,
    name: str,
    role: Role,
    *,
    password: str | None = None,
    teams: Iterable[str] = (),
    by: User | None = None,
) -> User:
    """Add somebody who can sign in; `teams` are slugs. Without a password they are invited to set one.

    Raises PersonRefused, and then changes nothing.
    """
    address = email.strip().lower()
    _check_address(address)
    person = User(email=address, name=_name(name), role=role.value)
    if User.objects.filter(email=address).exists():
        raise PersonRefused(f"{address} can sign in already.", mend="Change that person's role instead.")
    _set_password(person, password)
    person.save()
    person.teams.set(_teams(teams))
    note(by, "person added", f"user {person.pk}")
    return person


@transaction.atomic
def change_person(
    person: User, role: Role, teams: Iterable[str], *, name: str | None = None, by: User | None = None
) -> None:
    """Give somebody another role, other teams and, if it is given, another name.

    Whoever has leads in hand keeps a role that may answer them. Raises PersonRefused, and then changes
    nothing.
    """
    if role != Role.OPERATIONS:
        _keep_operations(person)
    if role not in ANSWERING:
        _check_empty_hands(person)
    wanted = _teams(teams)
    person.role, person.name = role.value, person.name if name is None else _name(name)
    person.save(update_fields=["role", "name"])
    person.teams.set(wanted)
    note(by, "person changed", f"user {person.pk}: {role.value}")


@transaction.atomic
def deactivate(person: User, *, by: User | None = None) -> None:
    """Sign somebody out for good.

    Raises PersonRefused for the last person with the role operations, and for somebody who holds leads: these
    are given to others first (`handoff.actions.leaving`).
    """
    _keep_operations(person)
    _check_empty_hands(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    note(by, "person deactivated", f"user {person.pk}")


@transaction.atomic
def activate(person: User, *, by: User | None = None) -> None:
    """Somebody who was deactivated can sign in again."""
    person.is_active = True
    person.save(update_fields=["is_active"])
    note(by, "person activated", f"user {person.pk}")


@transaction.atomic
def invite(person: User, *, by: User | None = None) -> str:
    """The path of a link by which the person sets their own password once. Raises PersonRefused."""
    if not person.is_active:
        raise PersonRefused(f"{person.name} is deactivated.", mend="Let them sign in again first.")
    note(by, "link made", f"user {person.pk}")
    return invitations.link(person)


@transaction.atomic
def accept_invitation(person_key: str, token: str, password: str) -> User:
    """Set the password of whoever the link was made for. Raises PersonRefused, and then changes nothing."""
    person = invitations.invited(person_key, token)
    if person is None:
        raise PersonRefused("This link is no longer valid.", mend="Ask operations for a new one.")
    _set_password(person, password)
    person.save(update_fields=["password"])
    note(person, "password set")
    return person


@transaction.atomic
def add_team(slug: str, name: str, side: Team.Side, *, by: User | None = None) -> Team:
    """Add a team. Raises TeamRefused, and then changes nothing."""
    try:
        Team._meta.get_field("slug").clean(slug, None)
    except ValidationError:
        raise TeamRefused(
            f"{slug!r} is not a short name.",
            mend="Use small letters, digits and hyphens: field-sales.",
            field="slug",
        ) from None
    if Team.objects.filter(slug=slug).exists():
        raise TeamRefused(f"There is a team {slug} already.", mend="Choose another short name.")
    team = Team.objects.create(slug=slug, name=_named(name), side=side)
    note(by, "team added", f"team {slug}")
    return team


@transaction.atomic
def change_team(team: Team, name: str, side: Team.Side, *, by: User | None = None) -> None:
    """Give a team another name or side; the short name stays, agreements use it. Raises TeamRefused."""
    team.name, team.side = _named(name), side
    team.save(update_fields=["name", "side"])
    note(by, "team changed", f"team {team.slug}")


@transaction.atomic
def delete_team(team: Team, named: Iterable[str], *, by: User | None = None) -> None:
    """Delete a team that nobody needs; `named` are the teams that agreements name.

    Raises TeamRefused for one that an agreement names, that people are in, or that leads were handed to.
    """
    if team.slug in set(named):
        raise TeamRefused(
            f"The agreement sends leads to {team.slug}.", mend="Take it out of the agreement and build first."
        )
    if people := team.members.count():
        raise TeamRefused(f"{people} people are in it.", mend="Give them other teams first.")
    if team.handoffs.exists():
        raise TeamRefused("Leads were handed to it; their history stays.", mend="Rename it instead.")
    note(by, "team deleted", f"team {team.slug}")
    team.delete()


def first_account_token() -> str:
    """What proves that whoever makes the first account can read the server's output."""
    return signing.dumps(FIRST_ACCOUNT, salt=FIRST_ACCOUNT)


@transaction.atomic
def make_first_account(token: str, email: str, name: str, password: str) -> User:
    """The first person, with role operations. Raises PersonRefused for a wrong token or if anybody exists."""
    try:
        signing.loads(token, salt=FIRST_ACCOUNT, max_age=86_400)
    except signing.BadSignature:
        raise PersonRefused("This link is not valid.", mend="Restart `accord serve` for a new one.") from None
    if User.objects.exists():
        raise PersonRefused("There are accounts already.", mend="Ask operations to add you.")
    return add_person(email, name, Role.OPERATIONS, password=password)


def _check_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise PersonRefused(
            " ".join(error.messages), mend="Correct it and try again.", field="email"
        ) from None


def _set_password(person: User, password: str | None) -> None:
    """Set the password if it is good enough; None: there is none until the person sets it."""
    if password is not None:
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise PersonRefused(" ".join(error.messages), mend="Choose another.") from None
    person.set_password(password)


def _keep_operations(person: User) -> None:
    """Refuse what would leave nobody with the role operations who can sign in."""
    able = User.objects.select_for_update().filter(role=Role.OPERATIONS, is_active=True)
    if set(able.values_list("pk", flat=True)) == {person.pk}:
        raise PersonRefused(
            f"{person.name} is the last person with the role operations.",
            mend="Give somebody else that role first; without it nobody could load data or add people.",
        )


def _check_empty_hands(person: User) -> None:
    """Refuse what would leave leads with somebody who can no longer answer them."""
    if held := held_by(person).count():
        raise PersonRefused(
            f"{person.name} holds {held} leads.",
            mend="Move them first: open the person, and choose Move what they hold.",
        )


def _teams(slugs: Iterable[str]) -> list[Team]:
    wanted = set(slugs)
    found = list(Team.objects.filter(slug__in=wanted))
    if missing := wanted - {team.slug for team in found}:
        known = ", ".join(Team.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise PersonRefused(
            f"There is no team {', '.join(sorted(missing))}.", mend=f"Teams are: {known}.", field="teams"
        )
    return found


def _name(name: str) -> str:
    if not 0 < len(name.strip()) <= 150:
        raise PersonRefused(
            "A person needs a name of at most 150 letters.",
            mend="Write the name others know them by.",
            field="name",
        )
    return name.strip()


def _named(name: str) -> str:
    if not 0 < len(name.strip()) <= 100:
        raise TeamRefused(
            "A team needs a name of at most 100 letters.",
            mend="Write the name both teams use for it.",
            field="name",
        )
    return name.strip()
