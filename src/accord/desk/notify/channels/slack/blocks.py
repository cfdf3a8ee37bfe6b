"""An envelope as Slack's blocks (https://docs.slack.dev/block-kit/).

What is told goes into texts of the type plain_text, where nothing is a link, a mention or a format; only the
link to the page, which is ours, is written as mrkdwn.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.desk.notify.channels.protocol import Envelope, Said

ANSWER = "accord_answer"
"""How the ids of the buttons begin whose value is the path of an answer."""
LONGEST_TEXT = 3000
MOST_SAID = 12
"""As many are written out in a digest: Slack takes fifty blocks in one line."""

Block = dict[str, Any]


def summary(envelope: Envelope) -> str:
    """What is shown where blocks are not: in the notification of a phone."""
    if len(envelope.said) == 1:
        return escaped(envelope.said[0].title)
    count = len(envelope.said)
    return ngettext("%(count)d message from Accord", "%(count)d messages from Accord", count) % {
        "count": count
    }


def blocks(envelope: Envelope) -> list[Block]:
    """The blocks of all that is said, apart by lines; of a long digest the first, and how many more."""
    made = [block for one in envelope.said[:MOST_SAID] for block in (*_of(one), {"type": "divider"})][:-1]
    if (more := len(envelope.said) - MOST_SAID) > 0:
        made.append(_section(_("And %(more)d more, on their pages in Accord.") % {"more": more}))
    return made


def answered(title: str, by: str) -> list[Block]:
    """What stays of a line once it is answered."""
    return [_section(title), {"type": "context", "elements": [_plain(by)]}]


def escaped(text: str) -> str:
    """Text in which Slack finds no mention and no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _of(said: Said) -> list[Block]:
    made = [_section(said.title)]
    if said.lines:
        made.append({"type": "context", "elements": [_plain(line) for line in said.lines[:10]]})
    if said.answers:
        made.append({"type": "actions", "elements": [_button(n, *one) for n, one in enumerate(said.answers)]})
    if said.url:
        link = f"<{escaped(said.url)}|{escaped(_('Open it in Accord'))}>"
        made.append({"type": "context", "elements": [{"type": "mrkdwn", "text": link}]})
    return made


def _button(number: int, word: str, path: str) -> Block:
    made = {"type": "button", "action_id": f"{ANSWER}:{number}", "text": _plain(word, 75), "value": path}
    return made | ({"style": "primary"} if number == 0 else {})


def _section(text: str) -> Block:
    return {"type": "section", "text": _plain(text)}


def _plain(text: str, longest: int = LONGEST_TEXT) -> Block:
    return {"type": "plain_text", "text": text[:longest] or " ", "emoji": False}
