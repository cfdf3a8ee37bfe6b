"""Slack: lines in a person's messages with the app, or in a channel, with the buttons to answer."""

from __future__ import annotations

from accord.desk.notify.channels.protocol import Envelope
from accord.desk.notify.channels.slack import blocks
from accord.desk.notify.channels.slack.api import Slack, SlackRefused
from accord.desk.notify.models import Destination, Kind, Thread

LOUD = (Kind.BREACH, Kind.WIN)
"""What is said in a lead's thread and in the channel as well."""


def send(envelope: Envelope, to: Destination) -> None:
    """Send an envelope as one line, in a channel under the lead's first. Raises Transient or Permanent."""
    slack = Slack.connected()
    kept = _thread(envelope, to)
    if envelope.again and _is_there(slack, envelope, to, kept):
        return
    fields: dict[str, object] = {
        "channel": to.address,
        "text": blocks.summary(envelope),
        "blocks": blocks.blocks(envelope),
        "metadata": {"event_type": "accord_message", "event_payload": {"id": envelope.id}},
        "unfurl_links": False,
    }
    if kept:
        loud = any(one.kind in LOUD for one in envelope.said)
        fields |= {"thread_ts": kept.at, "reply_broadcast": loud}
    answer = slack.call("chat.postMessage", fields)
    if envelope.thread and to.user_id is None and not kept:
        Thread.objects.get_or_create(to=to, thread=envelope.thread, defaults={"at": str(answer["ts"])})


def _thread(envelope: Envelope, to: Destination) -> Thread | None:
    if not envelope.thread or to.user_id is not None:
        return None
    return Thread.objects.filter(to=to, thread=envelope.thread).first()


def _is_there(slack: Slack, envelope: Envelope, to: Destination, kept: Thread | None) -> bool:
    """Whether the line was said by a worker that died before it noted that."""
    try:
        channel = to.address
        if to.user_id is not None:
            channel = str(slack.call("conversations.open", {"users": to.address})["channel"]["id"])
        asked: dict[str, object] = {"channel": channel, "include_all_metadata": True, "limit": 100}
        method = "conversations.replies" if kept else "conversations.history"
        if kept:
            asked["ts"] = kept.at
        said = slack.call(method, asked).get("messages", [])
    except SlackRefused as refusal:
        if refusal.error in ("missing_scope", "thread_not_found"):
            return False
        raise
    return any(_id(one) == envelope.id for one in said)


def _id(message: dict[str, object]) -> object:
    metadata = message.get("metadata")
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    return payload.get("id") if isinstance(payload, dict) else None
