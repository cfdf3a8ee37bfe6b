"""The channels there are. Adding one adds a folder beside this file, and a line here."""

from __future__ import annotations

from accord.desk.notify.channels import mail, slack, teams
from accord.desk.notify.channels.protocol import Send

CHANNELS: dict[str, Send] = {"mail": mail.send, "slack": slack.send, "teams": teams.send}
