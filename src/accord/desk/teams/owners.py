"""Which owner in the tools is whom on the desk: by hand where somebody said so, else by e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction

from accord.desk.teams.actions import PersonRefused, note
from accord.desk.teams.models import OwnerMatch, User


def by_hand() -> dict[str, str]:
    """The e-mail address of whom each owner is said to be by hand, by the owner's id.

    The desk's own names of its people (`accord:owner:5`) say it themselves.
    """
    own = {f"accord:owner:{pk}": email for pk, email in User.objects.values_list("pk", "email")}
    return own | dict(OwnerMatch.objects.values_list("owner_id", "user__email"))


def holder(said: Mapping[str, str], *owners: tuple[str | None, str | None]) -> str | None:
    """By what name routing knows the first of the owners, who are given by id and e-mail.

    An owner of whom nothing but the id is known comes last, by that. None if there is no owner.
    """
    for owner_id, email in owners:
        if owner_id and (found := said.get(owner_id) or email):
            return found
    return next((owner_id for owner_id, _email in owners if owner_id), None)


@transaction.atomic
def match(owner_ids: Iterable[str], user: User, *, by: User | None) -> None:
    """Say that the owners are somebody of the desk. Raises PersonRefused for who cannot sign in."""
    if not user.is_active:
        raise PersonRefused(f"{user.name} is deactivated.", mend="Choose somebody who can sign in.")
    for owner_id in owner_ids:
        OwnerMatch.objects.update_or_create(owner_id=owner_id, defaults={"user": user, "by": by})
        note(by, "owner matched", f"{owner_id} is user {user.pk}")


@transaction.atomic
def unmatch(found: OwnerMatch, *, by: User | None) -> None:
    """Take back what was said of an owner; the e-mail counts again."""
    note(by, "owner match taken back", f"{found.owner_id} was user {found.user_id}")
    found.delete()
