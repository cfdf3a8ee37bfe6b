"""What somebody wants to hear, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from django.db import transaction

from accord.desk.notify.kinds import KINDS, unchosen
from accord.desk.notify.models import Preference, QuietHours
from accord.desk.teams.actions import note
from accord.desk.teams.models import User
from accord.errors import AccordError

How = Preference.How


class WishRefused(AccordError):
    """What somebody wants to hear cannot be read."""

    code = "wish_refused"


@transaction.atomic
def set_wishes(person: User, hows: Mapping[str, str], quiet: tuple[str, str]) -> None:
    """Keep when somebody hears of each kind of message, and their quiet hours, from texts of a form.

    Kinds that do not reach their role are left out; empty quiet hours are none. It holds for what is told
    from now on. Raises WishRefused, and then changes nothing.
    """
    between = _quiet(*quiet)
    chosen = {kind: hows.get(kind, unchosen(kind)) for kind in KINDS.get(person.role, ())}
    for kind, how in chosen.items():
        if how not in How.values:
            raise WishRefused(
                f"{how or 'Nothing'} is not a way to hear of something.",
                mend=f"Choose from {', '.join(How.values)}.",
                field=kind,
            )
    Preference.objects.filter(user=person).delete()
    rows = [
        Preference(user=person, kind=kind, how=how) for kind, how in chosen.items() if how != unchosen(kind)
    ]
    Preference.objects.bulk_create(rows)
    QuietHours.objects.filter(user=person).delete()
    if between is not None:
        QuietHours.objects.create(user=person, begins=between[0], ends=between[1])
    note(person, "notifications set", f"user {person.pk}")


def _quiet(begins: str, ends: str) -> tuple[time, time] | None:
    if not begins.strip() and not ends.strip():
        return None
    between = _time(begins, "begins"), _time(ends, "ends")
    if between[0] == between[1]:
        raise WishRefused(
            "Quiet hours that end when they begin would last for ever.",
            mend="Give another end.",
            field="ends",
        )
    return between


def _time(text: str, name: str) -> time:
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None, second=0, microsecond=0)
    except ValueError:
        raise WishRefused(
            f"{text.strip() or 'Nothing'} is not a time of day.",
            mend="Give both, like 19:00 and 07:30, or neither.",
            field=name,
        ) from None
