"""Answers from Slack: a pressed button accepts a lead, or opens a form to return it with a reason.

Whoever presses is looked up here, and may do in Slack just what they may do on the page.
"""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accord import workspace
from accord.desk.handoff.actions import verdicts
from accord.desk.handoff.actions.evidence import attempted
from accord.desk.handoff.models import Handoff
from accord.desk.hours.calendars import aware
from accord.desk.notify.channels.slack import blocks, incoming
from accord.desk.notify.channels.slack.api import Slack
from accord.desk.reading import Reading, reading_of
from accord.desk.shell.words import reason_words
from accord.desk.teams.actions import note as audit
from accord.desk.teams.models import User
from accord.errors import AccordError
from accord.outgoing import FailedCallError, RefusedCallError, call

log = logging.getLogger("accord.desk.notify")

Payload = dict[str, Any]


@csrf_exempt
@require_POST
def slack(request: HttpRequest) -> HttpResponse:
    """What somebody pressed in Slack; 401 for what Slack has not signed just now."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        payload = incoming.payload_of(request.body, headers, aware(workspace.now()))
    except incoming.NotFromSlack as error:
        return HttpResponse(str(error), status=401, content_type="text/plain")
    reading = reading_of(request)
    if payload.get("type") == "view_submission":
        return _submitted(reading, payload)
    if payload.get("type") == "block_actions":
        _pressed(reading, payload)
    return HttpResponse()


def _pressed(reading: Reading, payload: Payload) -> None:
    """A button: accept at once, or open the form for a return."""
    asked = _asked(str(payload["actions"][0].get("value", "")))
    if asked is None:
        return
    handoff, what = asked
    title, reply = str(payload.get("message", {}).get("text", "")), str(payload.get("response_url", ""))
    try:
        person = incoming.presser(payload)
        if what == "accept":
            verdicts.accept(handoff, person, workspace.now(), reading.agreement)
            audit(person, "answered in Slack", f"handoff {handoff.pk}")
            _reply(reading, reply, _answered(title, _("Accepted by %(name)s.") % {"name": person.name}))
        else:
            view = _form(reading, handoff, title, reply)
            Slack.connected(seconds=2).call("views.open", {"trigger_id": payload["trigger_id"], "view": view})
    except AccordError as error:
        said = {"response_type": "ephemeral", "replace_original": False, "text": blocks.escaped(str(error))}
        _reply(reading, reply, said)


def _submitted(reading: Reading, payload: Payload) -> HttpResponse:
    """The form for a return; what is wrong with it is shown in it."""
    view = payload["view"]
    kept, values = json.loads(view["private_metadata"]), view["state"]["values"]
    reason = (values["reason"]["reason"].get("selected_option") or {}).get("value", "")
    try:
        person = incoming.presser(payload)
        _return(reading, kept["handoff"], person, reason, values["note"]["note"].get("value") or "")
    except AccordError as error:
        return JsonResponse({"response_action": "errors", "errors": {"note": str(error)}})
    said = reason_words(reading.agreement).get(reason, reason)
    words = _("Returned by %(name)s: %(reason)s") % {"name": person.name, "reason": said}
    _reply(reading, kept["reply"], _answered(kept["title"], words))
    return HttpResponse()


def _return(reading: Reading, key: int, person: User, reason: str, words: str) -> None:
    handoff, now = Handoff.objects.select_related("team", "owner").get(pk=key), workspace.now()
    tried = attempted(reading.engine, handoff, now)
    verdicts.give_up(
        handoff, "returned", person, now, reading.agreement, reason=reason, note=words, attempted=tried
    )
    audit(person, "answered in Slack", f"handoff {handoff.pk}")


def _asked(path: str) -> tuple[Handoff, str] | None:
    """The lead that a button is about, and what it does; None if it is none of ours."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.url_name != "answer-link":
        return None
    handoff = Handoff.objects.select_related("team", "owner").filter(pk=match.kwargs["pk"]).first()
    return (handoff, match.kwargs["what"]) if handoff else None


def _form(reading: Reading, handoff: Handoff, title: str, reply: str) -> Payload:
    """The form (https://docs.slack.dev/surfaces/modals) with the agreement's reasons."""
    words = reason_words(reading.agreement)
    options = [
        {"text": _plain(words.get(one.reason, one.reason)), "value": one.reason}
        for one in reading.agreement.verdicts.returns
    ]
    chosen = {"type": "static_select", "action_id": "reason", "options": options}
    written = {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": 2000}
    kept = {"handoff": handoff.pk, "title": title[:1000], "reply": reply}
    return {
        "type": "modal",
        "callback_id": "accord_return",
        "private_metadata": json.dumps(kept),
        "title": _plain(_("Return a lead")),
        "submit": _plain(_("Return")),
        "close": _plain(_("Cancel")),
        "blocks": [
            {"type": "input", "block_id": "reason", "label": _plain(_("Reason")), "element": chosen},
            {
                "type": "input",
                "block_id": "note",
                "optional": True,
                "label": _plain(_("What was wrong?")),
                "element": written,
            },
        ],
    }


def _plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text[:75], "emoji": False}


def _answered(title: str, words: str) -> Payload:
    return {"replace_original": True, "text": title, "blocks": blocks.answered(title, words)}


def _reply(reading: Reading, address: str, said: Payload) -> None:
    """Say something where the button was pressed; the answer stands whether or not that succeeds."""
    own = reading.settings
    host, slack_host = urlsplit(address).hostname or "", urlsplit(own.slack.api).hostname or ""
    if host != slack_host and not host.endswith(f".{slack_host}"):
        return
    try:
        call("POST", address, json=said, reach=own.reach, seconds=2)
    except (FailedCallError, RefusedCallError):
        log.warning("what somebody did in Slack could not be shown there")
