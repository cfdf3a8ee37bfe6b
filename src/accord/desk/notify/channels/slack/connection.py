"""The connection to Slack: what was given on the page Channels, kept in the vault."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass

from accord.desk.vault.secrets import SealedShut, forget, keep, taken_out

NAME = "slack"

log = logging.getLogger("accord.desk.notify")


@dataclass(frozen=True)
class Connection:
    """The app in one workspace of Slack: `token` lets it write, `signing` proves what comes from Slack."""

    token: str
    signing: str
    team_id: str
    team: str


def connection() -> Connection | None:
    """The connection, None if there is none, or none that the workspace's key opens."""
    try:
        kept = taken_out(NAME)
    except SealedShut as error:
        log.warning("Slack is not used: %s", error)
        return None
    return Connection(**json.loads(kept)) if kept else None


def keep_connection(made: Connection) -> None:
    """Use this connection from now on."""
    keep(NAME, json.dumps(asdict(made)))


def forget_connection() -> None:
    """Use Slack no more."""
    forget(NAME)
