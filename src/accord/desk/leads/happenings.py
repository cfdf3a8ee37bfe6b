"""What happened with a lead, in words: an icon, a title, and what else is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from accord.desk.leads.chips import VERDICT_WORDS
from accord.desk.shell import formats

KINDS: dict[str, tuple[str, Any]] = {
    "email_delivered": ("mail", __("Got a mail")),
    "email_open": ("eye", __("Opened a mail")),
    "email_click": ("mouse-pointer-click", __("Clicked in a mail")),
    "email_reply": ("mail", __("Answered a mail")),
    "page_view": ("globe", __("Looked at a page")),
    "form_submit": ("file-text", __("Filled in a form")),
    "content_download": ("download", __("Downloaded")),
    "webinar": ("video", __("Attended a webinar")),
    "event": ("calendar-check", __("Came to an event")),
    "call": ("phone-call", __("Call")),
    "meeting": ("calendar-check", __("Meeting")),
    "email": ("mail", __("E-mail of a seller")),
    "task": ("check", __("Task")),
    "note": ("pen-line", __("Note")),
}
"""By kind of touch or activity its icon and what people call it."""


@dataclass(frozen=True)
class Words:
    """What stages, campaigns (by id) and reasons of sales are called."""

    stages: Mapping[str, str]
    campaigns: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Happening:
    """One line of the story. `team` is m, s, or nothing for what Accord decided; `more` are further words;
    `unfit` says why it neither scores nor earns credit, if it does not."""

    at: datetime
    team: str
    icon: str
    title: str
    more: tuple[str, ...] = ()
    unfit: str = ""


def of_event(event: dict[str, Any], words: Words) -> Happening:
    """A touch or an activity."""
    icon, word = KINDS.get(event["kind"], ("circle-dashed", event["kind"].replace("_", " ").capitalize()))
    what = event["asset"] or event["form"] or event["path"]
    seller = event["team"] == "sales"
    outcome = (event["outcome"] or "").replace("_", " ")
    said = outcome if seller else what
    campaign = words.campaigns.get(event["campaign"], event["campaign"])
    more = (event["owner"], event["direction"]) if seller else (event["channel"], campaign, _path(event))
    return Happening(
        event["at"],
        "s" if seller else "m",
        "bot" if event["quality"] == "machine" else icon,
        f"{word}: {said}" if said else str(word),
        _said(*more, event["source"]),
        "" if event["counted"] and event["quality"] == "human" else _unfit(event),
    )


def of_cycle(cycle: dict[str, Any], words: Words) -> list[Happening]:
    """What Accord found of one lead, what sales said of it, and its opening and close."""
    number = cycle["cycle_no"]
    opened = _("The lead opens") if number == 1 else _("Opens again, as lead %s") % number
    found = [Happening(cycle["opened_at"], "", "plus", opened)]
    found += [_decision(row, words) for row in cycle["decisions"]]
    found += [_verdict(row, words) for row in cycle["verdicts"]]
    found += [
        Happening(
            row["at"], "", "flag", _("Enters %s") % words.stages.get(row["stage"], row["stage"]), (_by(row),)
        )
        for row in cycle["stages"]
        if row["basis"] == "agreement" and row["by"] != "gate"
    ]
    if cycle["closed_at"]:
        closed = _("The lead closes: %s") % cycle["closed_by"]
        found.append(Happening(cycle["closed_at"], "", "circle-check", closed))
    return found


def of_deal(deal: dict[str, Any], words: Words) -> list[Happening]:
    """A deal's opening and close."""
    name = deal["name"] or deal["deal_id"]
    amount = formats.exact(deal["amount"], "money", deal["currency"] or "") if deal["amount"] else ""
    found = []
    if deal["created_at"]:
        found.append(
            Happening(deal["created_at"], "s", "handshake", _("Deal opened: %s") % name, _said(amount))
        )
    if deal["closed_at"]:
        reason = _reason(deal["lost_reason"], words)
        closed = _("Deal %(status)s: %(name)s") % {"status": deal["status"], "name": name}
        found.append(Happening(deal["closed_at"], "s", "handshake", closed, _said(reason or amount)))
    return found


def _said(*words: str | None) -> tuple[str, ...]:
    return tuple(word for word in words if word)


def _path(event: dict[str, Any]) -> str | None:
    return event["path"] if event["asset"] or event["form"] else None


def _unfit(event: dict[str, Any]) -> str:
    if not event["counted"]:
        return event["uncounted_reason"] or _("recorded by another tool")
    if event["quality"] == "internal":
        return event["quality_reason"] or _("own staff or a test")
    return event["quality_reason"] or _("a machine")


def _decision(row: dict[str, Any], words: Words) -> Happening:
    title = _("Reaches %s") % words.stages.get(row["stage"], row["stage"])
    numbers = _("fit %(fit)s, engagement %(engagement)s") % {
        "fit": formats.exact(row["fit"], "points"),
        "engagement": formats.exact(row["engagement"], "points"),
    }
    return Happening(
        row["decided_at"], "", "scale", title, (numbers, _("agreement version %s") % row["version"])
    )


def _verdict(row: dict[str, Any], words: Words) -> Happening:
    word = VERDICT_WORDS.get(row["verdict"], row["verdict"])
    reason = _reason(row["reason"], words)
    title = _("Sales: %s") % word + (f", {reason}" if reason else "")
    return Happening(row["at"], "s", "message-square-quote", title, _said(row["note"], row["source"]))


def _reason(name: str | None, words: Words) -> str:
    return words.reasons.get(name, name.replace("_", " ")) if name else ""


def _by(row: dict[str, Any]) -> str:
    word = _("by a verdict of sales") if row["by"] == "verdict" else _("by %s") % row["by"].replace("_", " ")
    return f"{word}, {_('assumed')}" if row["assumed"] else word
