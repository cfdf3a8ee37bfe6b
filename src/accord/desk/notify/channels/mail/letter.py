"""An envelope as a mail, in text and in HTML."""

from __future__ import annotations

from email.utils import parseaddr

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import ngettext

from accord.desk.notify.channels.protocol import Envelope


def letter(envelope: Envelope, address: str, sender: str) -> EmailMultiAlternatives:
    """The mail. Its Message-ID is the envelope's; all about one lead refer to the same beginning."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    headers = {"Message-ID": f"<{envelope.id}@{domain}>", "Auto-Submitted": "auto-generated"}
    if envelope.thread:
        headers |= dict.fromkeys(("References", "In-Reply-To"), f"<{envelope.thread}@{domain}>")
    context = {"said": envelope.said}
    mail = EmailMultiAlternatives(
        subject=_subject(envelope),
        body=render_to_string("notify/mail.txt", context),
        from_email=sender,
        to=[address],
        headers=headers,
    )
    mail.attach_alternative(render_to_string("notify/mail.html", context), "text/html")
    return mail


def _subject(envelope: Envelope) -> str:
    if len(envelope.said) == 1:
        return envelope.said[0].title
    count = len(envelope.said)
    return ngettext("%(count)d message from Accord", "%(count)d messages from Accord", count) % {
        "count": count
    }
