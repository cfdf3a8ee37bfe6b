"""What changes people: each action checks, writes in one transaction and leaves a line in the audit log."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accord.desk.rights import Role
from accord.desk.teams.models import AuditEntry, Team, User
from accord.errors import AccordError

FIRST_ACCOUNT = "first account"


class PersonRefused(AccordError):
    """A person cannot be added as given."""

    code = "person_refused"


def note(user: User | None, action: str, about: str = "") -> None:
    """Write a line in the audit log: who, what, about which id."""
    AuditEntry.objects.create(user=user, action=action, about=about[:200])


@transaction.atomic
def add_person(
    email: str, name: str, role: Role, *, password: str, teams: Iterable[str] = (), by: User | None = None
) -> User:
    """Add somebody who can sign in; `teams` are slugs. Raises PersonRefused, and then changes nothing."""
    address = email.strip().lower()
    person = User(email=address, name=name.strip(), role=role.value)
    try:
        validate_email(address)
        validate_password(password, person)
    except ValidationError as error:
        raise PersonRefused(" ".join(error.messages), mend="Correct it and try again.") from None
    if not person.name:
        raise PersonRefused("A person needs a name.", mend="Write the name others know them by.")
    if User.objects.filter(email=address).exists():
        raise PersonRefused(f"{address} can sign in already.", mend="Change that person's role instead.")
    person.set_password(password)
    person.save()
    person.teams.set(_teams(teams))
    note(by, "person added", f"user {person.pk}")
    return person


def _teams(slugs: Iterable[str]) -> list[Team]:
    wanted = set(slugs)
    found = list(Team.objects.filter(slug__in=wanted))
    if missing := wanted - {team.slug for team in found}:
        known = ", ".join(Team.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise PersonRefused(f"There is no team {', '.join(sorted(missing))}.", mend=f"Teams are: {known}.")
    return found


@transaction.atomic
def add_team(slug: str, name: str, side: Team.Side) -> Team:
    """Add a team, or give the one of that slug this name and side."""
    team, _ = Team.objects.update_or_create(slug=slug, defaults={"name": name, "side": side})
    return team


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
