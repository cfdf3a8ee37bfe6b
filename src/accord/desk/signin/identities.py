"""Which account of the identity provider is whom: by e-mail the first time, then by its lasting name."""

from __future__ import annotations

from django.db import transaction

from accord.desk.signin.models import Identity
from accord.desk.signin.oidc import Claimed, SignInRefused
from accord.desk.teams.actions import note
from accord.desk.teams.models import User


@transaction.atomic
def person_of(claimed: Claimed) -> User:
    """Who signs in. Nobody is added: operations do that. Raises SignInRefused."""
    known = Identity.objects.filter(issuer=claimed.issuer, subject=claimed.subject).select_related("user")
    found = known.first()
    person = found.user if found else _by_email(claimed)
    if not person.is_active:
        raise SignInRefused("You can no longer sign in here.", mend="Ask operations.")
    return person


@transaction.atomic
def forget_identities(person: User, *, by: User) -> None:
    """Let somebody come with another account of the provider the next time."""
    if Identity.objects.filter(user=person).delete()[0]:
        note(by, "identity forgotten", f"user {person.pk}")


def _by_email(claimed: Claimed) -> User:
    """Somebody who comes the first time; who has come with another account before is refused."""
    person = User.objects.filter(email=claimed.email).first()
    if person is None:
        raise SignInRefused("Nobody here has your e-mail address.", mend="Ask operations to add you.")
    if Identity.objects.filter(user=person, issuer=claimed.issuer).exists():
        raise SignInRefused(
            "Your e-mail address belongs to another account of the identity provider here.",
            mend="Ask operations to forget the former one.",
        )
    Identity.objects.create(user=person, issuer=claimed.issuer, subject=claimed.subject)
    note(person, "identity linked", f"user {person.pk}")
    return person
