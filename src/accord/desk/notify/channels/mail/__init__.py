"""E-mail: by the SMTP server that `[mail]` in accord.toml names, else into the workspace's mailbox folder."""

from __future__ import annotations

from django.conf import settings

from accord.desk.notify.channels.mail import mailbox, smtp
from accord.desk.notify.channels.mail.letter import letter
from accord.desk.notify.channels.protocol import Envelope
from accord.desk.notify.models import Destination
from accord.desk.reading import settings_of


def send(envelope: Envelope, to: Destination) -> None:
    """Send an envelope as a mail. Raises Transient or Permanent."""
    mail = settings_of(settings.WORKSPACE).mail
    written = letter(envelope, to.goes_to, mail.sender)
    if mail.host:
        smtp.send(written, mail)
    else:
        mailbox.put(written, settings.WORKSPACE / mailbox.FOLDER, envelope.id)
