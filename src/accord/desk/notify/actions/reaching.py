"""Where somebody is reached themselves: by mail, by Slack, or both."""

from __future__ import annotations

from django.db import transaction

from accord.desk.notify.actions.wishes import WishRefused
from accord.desk.notify.channels.protocol import Permanent, Transient
from accord.desk.notify.channels.slack.api import Slack
from accord.desk.notify.models import Destination
from accord.desk.teams.actions import note
from accord.desk.teams.models import User

WAYS = {"mail": ("mail",), "slack": ("slack",), "both": ("mail", "slack")}


def way_of(person: User) -> str:
    """By which of WAYS somebody wants to be reached."""
    wanted = Destination.objects.filter(user=person, wanted=True).values_list("channel", flat=True)
    if "slack" not in wanted:
        return "mail"
    return "both" if "mail" in wanted else "slack"


def set_way(person: User, way: str) -> None:
    """Reach somebody by one of WAYS; in Slack they are found by their e-mail. Raises WishRefused."""
    if way not in WAYS:
        raise WishRefused("This is no way to reach you.", mend=f"Choose from {', '.join(WAYS)}.", field="way")
    found = _in_slack(person) if "slack" in WAYS[way] and way != way_of(person) else ""
    with transaction.atomic():
        by_mail = {"wanted": "mail" in WAYS[way]}
        Destination.objects.update_or_create(user=person, channel="mail", defaults=by_mail)
        Destination.objects.filter(user=person, channel="slack").update(wanted="slack" in WAYS[way])
        if found:
            there = {"wanted": True, "address": found, "disabled_at": None, "why": ""}
            Destination.objects.update_or_create(user=person, channel="slack", defaults=there)
        note(person, "way set", way)


def _in_slack(person: User) -> str:
    try:
        told = Slack.connected(seconds=5).call("users.lookupByEmail", {"email": person.email})
        return str(told["user"]["id"])
    except (Permanent, Transient, KeyError) as error:
        raise WishRefused(f"You are not found in Slack. {error}", field="way") from error
