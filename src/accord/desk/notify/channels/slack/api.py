"""Calls to Slack's Web API (https://docs.slack.dev/apis/web-api/), and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from accord.desk.notify.channels.protocol import Permanent, Transient, not_now
from accord.desk.notify.channels.slack.connection import connection
from accord.desk.reading import settings_of
from accord.outgoing import Answer, FailedCallError, RefusedCallError, call

LATER = frozenset(
    (
        "fatal_error",
        "internal_error",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    )
)
"""Refusals that may end by themselves."""


class SlackRefused(Permanent):
    """Slack refuses a call for good; `error` is its word for why."""

    code = "slack_refused"

    def __init__(self, error: str) -> None:
        super().__init__(f"Slack refuses: {error}.", mend=MENDS.get(error, "Look at the app in Slack."))
        self.error = error


MENDS = {
    "channel_not_found": "Invite the app into the channel, or correct the channel's id.",
    "not_in_channel": "Invite the app into the channel.",
    "is_archived": "Take the channel out of the archive, or choose another.",
    "invalid_auth": "Connect Slack again on the page Channels.",
    "token_revoked": "Connect Slack again on the page Channels.",
    "account_inactive": "Connect Slack again on the page Channels.",
    "missing_scope": "Give the app the scopes of docs/how-to/slack-and-teams.md, and install it again.",
    "users_not_found": "Nobody in Slack has this e-mail address.",
}


class Slack:
    """Slack as one app may use it."""

    def __init__(self, token: str, *, seconds: float = 10) -> None:
        own = settings_of(settings.WORKSPACE)
        self._token, self._api, self._reach, self._seconds = token, own.slack.api, own.reach, seconds

    @classmethod
    def connected(cls, *, seconds: float = 10) -> Slack:
        """By the connection that operations made. Raises Permanent if there is none."""
        if (made := connection()) is None:
            raise Permanent("Slack is not connected.", mend="Connect it on the page Channels.")
        return cls(made.token, seconds=seconds)

    def call(self, method: str, fields: Mapping[str, object]) -> dict[str, Any]:
        """What Slack answers. Raises SlackRefused, or Transient where trying again may help."""
        try:
            answer = call(
                "POST",
                self._api + method,
                reach=self._reach,
                form={name: _text(value) for name, value in fields.items()},
                headers={"authorization": f"Bearer {self._token}"},
                seconds=self._seconds,
            )
        except FailedCallError as error:
            raise Transient(str(error)) from error
        except RefusedCallError as error:
            raise Permanent(str(error)) from error
        return _read(answer)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read(answer: Answer) -> dict[str, Any]:
    if answer.status == 429 or answer.status >= 500:
        raise not_now(f"Slack answers {answer.status}.", answer.headers.get("retry-after", ""))
    try:
        told = json.loads(answer.body)
    except ValueError:
        raise Transient(f"Slack answers {answer.status}, and not in JSON.") from None
    if told.get("ok"):
        return dict(told)
    error = "".join(c for c in str(told.get("error", "")) if c.isalnum() or c == "_")[:60] or "no reason"
    if error in LATER:
        raise Transient(f"Slack answers {error}.")
    raise SlackRefused(error)
