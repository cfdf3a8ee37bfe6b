"""What operations do about Slack and about the channels that many read."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accord.desk.notify.channels.protocol import Envelope, Permanent, Said, Transient
from accord.desk.notify.channels.registry import CHANNELS
from accord.desk.notify.channels.slack.api import Slack
from accord.desk.notify.channels.slack.connection import (
    Connection,
    connection,
    forget_connection,
    keep_connection,
)
from accord.desk.notify.kinds import SHARED
from accord.desk.notify.models import Destination, Kind
from accord.desk.teams.actions import note
from accord.desk.teams.models import Team, User
from accord.desk.vault.secrets import forget, keep
from accord.errors import AccordError


class ChannelRefused(AccordError):
    """A channel cannot be used as given."""

    code = "channel_refused"


def connect_slack(token: str, signing: str, *, by: User) -> str:
    """Use a Slack app from now on, after asking Slack who it is; the name of its workspace.

    What was disabled for the old one is tried again. Raises ChannelRefused, and then changes nothing.
    """
    token, signing = token.strip(), signing.strip()
    if not token.startswith("xoxb-"):
        raise ChannelRefused(
            "A bot token begins with xoxb-.", mend="Copy it from OAuth & Permissions.", field="token"
        )
    if len(signing) < 16 or not signing.isalnum():
        raise ChannelRefused(
            "This is no signing secret.", mend="Copy it from Basic Information.", field="signing"
        )
    try:
        told = Slack(token).call("auth.test", {})
    except (Transient, Permanent) as error:
        raise ChannelRefused(str(error), field="token") from error
    made = Connection(token, signing, str(told["team_id"]), str(told["team"]))
    with transaction.atomic():
        keep_connection(made)
        Destination.objects.filter(channel="slack").update(disabled_at=None, why="")
        note(by, "slack connected", made.team_id)
    return made.team


@transaction.atomic
def disconnect_slack(*, by: User) -> None:
    """Use Slack no more: its channels are removed, and people get mail."""
    forget_connection()
    Destination.objects.filter(channel="slack", user=None).delete()
    Destination.objects.filter(channel="slack").update(wanted=False)
    Destination.objects.filter(channel="mail").exclude(user=None).update(wanted=True)
    note(by, "slack disconnected")


@transaction.atomic
def add_channel(channel: str, address: str, team: str, kinds: Sequence[str], *, by: User) -> Destination:
    """Let a channel hear of kinds of events, of one team (its slug) or of all. Raises ChannelRefused."""
    address = address.strip()
    if channel not in CHECKS:
        raise ChannelRefused(
            "There is no such channel.", mend=f"Choose from {', '.join(CHECKS)}.", field="channel"
        )
    shown = CHECKS[channel](address)
    if Destination.objects.filter(channel=channel, address=shown, user=None).exists():
        raise ChannelRefused("This channel is listed already.", mend="Change it there.", field="address")
    to = Destination.objects.create(channel=channel, address=shown, team=_team(team), kinds=_kinds(kinds))
    if shown != address:
        keep(to.secret, address)
    note(by, "channel added", f"destination {to.pk}")
    return to


@transaction.atomic
def change_channel(to: Destination, team: str, kinds: Sequence[str], *, by: User) -> None:
    """Let a channel hear of other events. Raises ChannelRefused."""
    to.team, to.kinds = _team(team), _kinds(kinds)
    to.save(update_fields=["team", "kinds"])
    note(by, "channel changed", f"destination {to.pk}")


@transaction.atomic
def remove_channel(to: Destination, *, by: User) -> None:
    """Tell a channel nothing any more."""
    note(by, "channel removed", f"destination {to.pk}")
    forget(to.secret)
    to.delete()


def try_channel(to: Destination, *, by: User) -> None:
    """Say a line there at once, to see that it arrives. Raises ChannelRefused."""
    said = Said(
        Kind.OPERATIONS, f"{by.name} tries whether Accord reaches you here.", ("Nothing is to be done.",), ""
    )
    try:
        CHANNELS[to.channel](Envelope(str(uuid4()), "", (said,)), to)
    except (Transient, Permanent) as error:
        raise ChannelRefused(str(error)) from error
    note(by, "channel tried", f"destination {to.pk}")


def _team(slug: str) -> Team | None:
    found = Team.objects.filter(slug=slug).first()
    if slug and found is None:
        raise ChannelRefused(f"There is no team {slug}.", mend="Choose one, or all.", field="team")
    return found


def _kinds(kinds: Sequence[str]) -> list[str]:
    chosen = [kind.value for kind in SHARED if kind.value in kinds]
    if not chosen:
        raise ChannelRefused("A channel hears of something.", mend="Choose at least one kind.", field="kinds")
    return chosen


def _slack(address: str) -> str:
    if connection() is None:
        raise ChannelRefused("Slack is not connected.", mend="Connect it first.", field="channel")
    if not (address[:1] in ("C", "G") and 8 < len(address) <= 20 and address.isalnum() and address.isupper()):
        raise ChannelRefused(
            "This is no channel's id.",
            mend="In Slack, open the channel's details; the id (C…) stands at the end.",
            field="address",
        )
    return address


def _teams(address: str) -> str:
    """The webhook's host and a mark of the rest, which is a secret."""
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise ChannelRefused(
            "This is no webhook's address.",
            mend="Copy it from the workflow; it begins with https://.",
            field="address",
        )
    return f"{parts.hostname} …{sha256(address.encode()).hexdigest()[:6]}"


def _mail(address: str) -> str:
    try:
        validate_email(address)
    except ValidationError:
        raise ChannelRefused("This is no e-mail address.", mend="Correct it.", field="address") from None
    return address


CHECKS = {"slack": _slack, "teams": _teams, "mail": _mail}
"""By channel: what refuses an address, and says what of it is shown."""
