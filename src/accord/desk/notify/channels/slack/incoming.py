"""What comes from Slack: believed only if Slack has signed it, just now, and once.

The signature is the one of https://docs.slack.dev/authentication/verifying-requests-from-slack.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

from django.db import IntegrityError, transaction

from accord.desk.notify.channels.slack.api import Slack
from accord.desk.notify.channels.slack.connection import Connection, connection
from accord.desk.notify.models import Destination, Heard
from accord.desk.teams.models import User
from accord.errors import AccordError

YOUNG = timedelta(minutes=5)
"""An older request is refused, and so is one from that far ahead."""


class NotFromSlack(AccordError):
    """A request that Slack did not send, or not now, or that was taken before."""

    code = "not_from_slack"


class Stranger(AccordError):
    """Whoever pressed a button in Slack is nobody here."""

    code = "stranger"


def payload_of(body: bytes, headers: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """What an interaction says, once; `now` aware UTC. Raises NotFromSlack."""
    made = connection()
    signature = headers.get("x-slack-signature", "")
    stamp = headers.get("x-slack-request-timestamp", "")
    if made is None or not _is_signed(made, body, signature, stamp):
        raise NotFromSlack("This request is not signed by Slack.")
    if abs(now.timestamp() - int(stamp)) > YOUNG.total_seconds():
        raise NotFromSlack("This request is too old.")
    try:
        payload = json.loads(parse_qs(body.decode())["payload"][0])
        same_team = payload["user"]["team_id"] == made.team_id
    except (KeyError, ValueError, TypeError):
        raise NotFromSlack("This request is no interaction.") from None
    if not same_team:
        raise NotFromSlack("This request is of another workspace of Slack.")
    _hear_once(signature, now)
    return dict(payload)


def presser(payload: Mapping[str, Any]) -> User:
    """Who pressed: known by their id in Slack, else by their e-mail there. Raises Stranger."""
    slack_id = str(payload["user"]["id"])
    known = Destination.objects.filter(channel="slack", address=slack_id, user__is_active=True)
    if (own := known.select_related("user").first()) and own.user:
        return own.user
    found = Slack.connected(seconds=2).call("users.info", {"user": slack_id})
    email = str(found.get("user", {}).get("profile", {}).get("email", "")).strip().lower()
    person = User.objects.filter(email=email, is_active=True).first() if email else None
    if person is None:
        raise Stranger("Nobody in Accord has your e-mail address.", mend="Ask operations to add you.")
    return person


def _is_signed(made: Connection, body: bytes, signature: str, stamp: str) -> bool:
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        return False
    signed = hmac.new(made.signing.encode(), b"v0:" + stamp.encode() + b":" + body, sha256).hexdigest()
    return hmac.compare_digest(f"v0={signed}".encode(), signature.encode())


def _hear_once(signature: str, now: datetime) -> None:
    Heard.objects.filter(at__lt=now - 2 * YOUNG).delete()
    try:
        with transaction.atomic():
            Heard.objects.create(signature=signature, at=now)
    except IntegrityError:
        raise NotFromSlack("This request was taken before.") from None
