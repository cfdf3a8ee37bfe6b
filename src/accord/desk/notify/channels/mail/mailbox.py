"""The mailbox folder: where mails go in a workspace that names no mail server, each a file to open."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.mail import EmailMessage

FOLDER = "mailbox"


def put(mail: EmailMessage, folder: Path, name: str) -> None:
    """Write a mail as `name`.eml, readable by its owner alone; written again, it is still one file."""
    folder.mkdir(mode=0o700, exist_ok=True)
    scratch = folder / f".{name}.{os.getpid()}"
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(mail.message().as_bytes())
    scratch.replace(folder / f"{name}.eml")
