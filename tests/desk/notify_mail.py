"""Where mails arrive in tests: the mailbox folder, and a real SMTP server on this machine."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from accord.desk.notify.channels.mail.mailbox import FOLDER


def mailbox(company: Path) -> list[EmailMessage]:
    """The mails in the folder, by their subject."""
    files = (company / FOLDER).glob("*.eml")
    read = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return sorted(read, key=lambda mail: str(mail["Subject"]))


class Server:
    """A real SMTP server: what it took, and with which code it refuses whom."""

    def __init__(self) -> None:
        self.took: list[EmailMessage] = []
        self.refuses: dict[str, str] = {}

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.took.append(email.message_from_bytes(envelope.content or b"", policy=default))
        return "250 OK"


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """Such a server, named in the settings of a workspace."""
    handler = Server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    toml = folder / "accord.toml"
    sender = "Accord <accord@northwind.example>"
    own = f'[mail]\nhost = "127.0.0.1"\nport = {port}\ntls = "none"\nsender = "{sender}"'
    toml.write_text(toml.read_text().replace("[mail]", own, 1))
    try:
        yield handler
    finally:
        controller.stop()


@pytest.fixture
def server(company: Path) -> Iterator[Server]:
    """Such a server for the company."""
    with serving(company) as handler:
        yield handler
