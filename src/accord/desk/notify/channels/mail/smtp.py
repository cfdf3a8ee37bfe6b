"""Mail by SMTP."""

from __future__ import annotations

import os
import smtplib

from django.core.mail import EmailMessage, get_connection

from accord.desk.notify.channels.protocol import Permanent, Transient
from accord.settings import Mail

PASSWORD = "ACCORD_MAIL_PASSWORD"  # noqa: S105  the name of a variable
MEND = "Look at [mail] in accord.toml."
TIMEOUT = 20
"""Seconds for each step of the exchange."""


def send(mail: EmailMessage, server: Mail) -> None:
    """Hand a mail to the server. Raises Permanent if it refuses the recipient for good, else Transient.

    A server that refuses the sender, the password or the text says nothing about the address: that is to be
    mended here, and tried again.
    """
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=server.host,
        port=server.port,
        username=server.user,
        password=os.environ.get(PASSWORD, ""),
        use_tls=server.tls == "starttls",
        use_ssl=server.tls == "tls",
        timeout=TIMEOUT,
    )
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        refusal = Permanent if 500 <= code < 600 else Transient
        raise refusal(f"The mail server refused the address: {_said(code, text)}.") from error
    except smtplib.SMTPResponseException as error:
        said = _said(error.smtp_code, error.smtp_error)
        raise Transient(f"The mail server refused: {said}.", mend=MEND) from error
    except (OSError, smtplib.SMTPException) as error:
        why = f"The mail server cannot be reached ({type(error).__name__})."
        raise Transient(why, mend=MEND) from error


def _said(code: int, text: bytes | str) -> str:
    """The server's code alone, and its enhanced one: what it writes may hold addresses."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    first = words.split(maxsplit=1)[0] if words.split() else ""
    return f"{code} {first}" if first.count(".") == 2 and first.replace(".", "").isdigit() else str(code)
