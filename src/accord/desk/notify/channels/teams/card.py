"""An envelope as an Adaptive Card (https://adaptivecards.io/schemas/adaptive-card.json, version 1.4).

What is told goes into text runs, where nothing is a link or a format.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accord.desk.notify.channels.protocol import Envelope, Said

Element = dict[str, Any]
MOST_SAID = 12
"""As many are written out in a digest: Teams takes 28 KB in one card."""


def posted(envelope: Envelope) -> Element:
    """What is posted to the webhook."""
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card(envelope)}
    return {"type": "message", "attachments": [attachment]}


def card(envelope: Envelope) -> Element:
    """The card: what is said, with a link to each page; of a long digest the first, and how many more."""
    body = [_of(one, apart=number > 0) for number, one in enumerate(envelope.said[:MOST_SAID])]
    if (more := len(envelope.said) - MOST_SAID) > 0:
        body.append(_text(_("And %(more)d more, on their pages in Accord.") % {"more": more}))
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }


def _of(said: Said, *, apart: bool) -> Element:
    items = [_text(said.title, weight="Bolder", size="Medium")]
    items += [_text(line) for line in said.lines]
    if said.url:
        action = {"type": "Action.OpenUrl", "title": _("Open it in Accord"), "url": said.url}
        items.append({"type": "ActionSet", "actions": [action]})
    return {"type": "Container", "separator": apart, "items": items}


def _text(text: str, **how: str) -> Element:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **how}]}
