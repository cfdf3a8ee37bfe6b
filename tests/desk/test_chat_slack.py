"""Slack: lines with buttons, threads in channels, and answers that only Slack's own requests give."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from chat_servers import TOKEN, Chat, chat
from django.http import HttpResponse
from django.test import Client
from handoff_world import MONDAY, at, live_company
from notify_world import cast, company, handed_over
from slack_sdk.signature import SignatureVerifier

from accord.desk.handoff.models import Handoff, Verdict
from accord.desk.key import ensure_key
from accord.desk.notify import delivery
from accord.desk.notify.actions import channels
from accord.desk.notify.actions.reaching import set_way, way_of
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.actions.wishes import WishRefused
from accord.desk.notify.channels.registry import CHANNELS
from accord.desk.notify.delivery import deliver
from accord.desk.notify.models import Destination, Kind, Message
from accord.desk.notify.news import News
from accord.desk.teams.models import AuditEntry, Team, User
from accord.desk.vault.models import Secret

__all__ = ["cast", "chat", "company", "live_company"]

Cast = dict[str, User]
NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)
PRESSED = MONDAY + timedelta(minutes=30)
SIGNING = "0123456789abcdef0123456789abcdef"
CHANNEL = "C0123456789"
State = Message.State


@pytest.fixture
def slack(company: Path, cast: Cast, chat: Chat) -> Chat:
    """Slack, connected; its reps' channel hears of all."""
    ensure_key(company)
    assert channels.connect_slack(TOKEN, SIGNING, by=cast["oli"]) == "Subarachnoid Workspace"
    kinds = [Kind.HOT_LEAD, Kind.HANDOVER, Kind.BREACH, Kind.RETURNED, Kind.WIN]
    channels.add_channel("slack", CHANNEL, "reps", kinds, by=cast["oli"])
    return chat


def win(key: str, *to: User, thread: str = "handoff-1", title: str = "{lead} is won") -> News:
    team = Team.objects.get(slug="reps")
    return News(Kind.WIN, key, to, NOON, title, about="crm:person:1", path="/queue", thread=thread, team=team)


def send(
    payload: dict[str, Any], *, signing: str = SIGNING, moment: datetime = PRESSED, **more: str
) -> HttpResponse:
    """Slack sends an interaction, signed by its own kit."""
    body = urlencode({"payload": json.dumps(payload)})
    stamp = str(int(moment.replace(tzinfo=UTC).timestamp()))
    signature = SignatureVerifier(signing).generate_signature(timestamp=stamp, body=body) or ""
    headers = {"X-Slack-Signature": signature, "X-Slack-Request-Timestamp": stamp} | more
    with at(PRESSED):
        return Client().post(  # type: ignore[return-value]
            "/hooks/slack", body, content_type="application/x-www-form-urlencoded", headers=headers
        )


def press(line: dict[str, Any], button: int, who: str, chat: Chat) -> dict[str, Any]:
    """What Slack sends when somebody presses a button of a line."""
    (actions,) = (block for block in json.loads(line["blocks"]) if block["type"] == "actions")
    return {
        "type": "block_actions",
        "user": {"id": who, "team_id": "T12345678"},
        "trigger_id": "12466734323.1395872398",
        "response_url": f"{chat.address}/reply/1",
        "message": {"text": line["text"]},
        "actions": [actions["elements"][button]],
    }


def submit(view: dict[str, Any], who: str, reason: str | None, note: str | None) -> dict[str, Any]:
    """What Slack sends when somebody sends the form off."""
    chosen = {"selected_option": {"value": reason} if reason else None}
    values = {"reason": {"reason": chosen}, "note": {"note": {"value": note}}}
    user = {"id": who, "team_id": "T12345678"}
    return {"type": "view_submission", "user": user, "view": view | {"state": {"values": values}}}


def test_a_new_lead_is_said_in_the_channel_with_buttons_and_no_link_that_acts(
    company: Path, slack: Chat
) -> None:
    handed_over(company, 1)
    deliver(NOON)
    (line,) = slack.said
    assert (line["channel"], line["text"]) == (CHANNEL, "Pat 1 (Acme) asked to be contacted, and is yours")
    kinds = [block["type"] for block in json.loads(line["blocks"])]
    assert kinds == ["section", "context", "actions", "context"]
    assert "by=" not in line["blocks"]
    assert "http://127.0.0.1:8000/leads/crm:person:1|Open it in Accord" in line["blocks"]


def test_all_about_one_lead_hangs_on_its_first_line(company: Path, cast: Cast, slack: Chat) -> None:
    for number, thread in enumerate(("handoff-1", "handoff-1", "handoff-2")):
        tell([win(f"won:{number}", thread=thread)])
        deliver(NOON)
    first, second, other = slack.said
    assert "thread_ts" not in first and "thread_ts" not in other
    assert (second["thread_ts"], second["reply_broadcast"]) == (first["ts"], "true")


def test_a_hostile_name_mentions_nobody(
    company: Path, cast: Cast, slack: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = {"crm:person:1": "<!channel> <https://evil.example|click> & *bold*"}
    monkeypatch.setattr(delivery, "lead_names", lambda people: evil)
    tell([win("won:1")])
    deliver(NOON)
    (line,) = slack.said
    assert line["text"].startswith("&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp;")
    (title, *_) = json.loads(line["blocks"])
    assert title["text"]["type"] == "plain_text"


def test_the_owner_accepts_with_a_button_and_the_line_says_so(company: Path, cast: Cast, slack: Chat) -> None:
    (handoff,) = handed_over(company, 1)
    deliver(NOON)
    assert send(press(slack.said[0], 0, "UANN", slack)).status_code == 200
    said = Verdict.objects.get()
    assert (said.verdict, said.by, said.at) == ("accepted", cast["ann"], PRESSED.replace(tzinfo=UTC))
    (reply,) = slack.replies
    assert reply["replace_original"] and "Accepted by Ann." in json.dumps(reply)
    assert AuditEntry.objects.filter(action="answered in Slack", about=f"handoff {handoff.pk}").exists()


def test_the_second_who_presses_is_told(company: Path, cast: Cast, slack: Chat) -> None:
    handed_over(company, 1)
    deliver(NOON)
    send(press(slack.said[0], 0, "UANN", slack))
    assert send(press(slack.said[0], 0, "UANN", slack) | {"trigger_id": "2"}).status_code == 200
    assert Verdict.objects.count() == 1
    assert slack.replies[1]["response_type"] == "ephemeral"
    assert "Somebody has answered meanwhile: accepted." in slack.replies[1]["text"]


@pytest.mark.parametrize(
    ("who", "told"),
    [("UEVE", "Nobody in Accord has your e-mail address."), ("UMIA", "This lead is not yours to answer.")],
)
def test_whoever_may_not_answer_here_may_not_there(company: Path, slack: Chat, who: str, told: str) -> None:
    handed_over(company, 1)
    deliver(NOON)
    for button in (0, 1):
        send(press(slack.said[0], button, who, slack) | {"trigger_id": str(button)})
    assert not Verdict.objects.exists()
    assert told in slack.replies[0]["text"]


def test_a_lead_is_returned_by_the_form_with_one_of_the_reasons(
    company: Path, cast: Cast, slack: Chat
) -> None:
    (handoff,) = handed_over(company, 1)
    deliver(NOON)
    send(press(slack.said[0], 1, "UANN", slack))
    method, fields = slack.asked[-1]
    view = json.loads(fields["view"])
    assert method == "views.open"
    options = view["blocks"][0]["element"]["options"]
    assert [one["value"] for one in options] == ["too_small", "other"]
    wrong = send(submit(view, "UANN", "other", None))
    assert json.loads(wrong.content)["errors"]["note"].startswith("other needs a note.")
    assert not Verdict.objects.exists()
    right = send(submit(view, "UANN", "other", "A student."))
    assert (right.status_code, right.content) == (200, b"")
    said = Verdict.objects.get()
    assert (said.verdict, said.reason, said.note, said.attempted) == (
        "returned",
        "other",
        "A student.",
        False,
    )
    assert "Returned by Ann: other" in json.dumps(slack.replies[-1])
    handoff.refresh_from_db()
    assert handoff.state == Handoff.State.RETURNED


FORGED: dict[str, Callable[[dict[str, Any]], HttpResponse]] = {
    "signed by another": lambda payload: send(payload, signing="f" * 32),
    "too old": lambda payload: send(payload, moment=PRESSED - timedelta(minutes=6)),
    "from the future": lambda payload: send(payload, moment=PRESSED + timedelta(minutes=6)),
    "no signature": lambda payload: send(payload, **{"X-Slack-Signature": ""}),
    "no ascii": lambda payload: send(payload, **{"X-Slack-Signature": "v0=\xe9"}),
    "no number": lambda payload: send(payload, **{"X-Slack-Request-Timestamp": "1e9"}),
    "another workspace": lambda payload: send(payload | {"user": {"id": "UANN", "team_id": "TEVIL"}}),
    "no user": lambda payload: send({"type": "block_actions"}),
}


@pytest.mark.parametrize("how", FORGED)
def test_what_slack_did_not_send_changes_nothing(company: Path, slack: Chat, how: str) -> None:
    handed_over(company, 1)
    deliver(NOON)
    assert FORGED[how](press(slack.said[0], 0, "UANN", slack)).status_code == 401
    assert not Verdict.objects.exists() and slack.replies == []


def test_a_request_that_comes_again_is_refused(company: Path, cast: Cast, slack: Chat) -> None:
    handed_over(company, 1)
    deliver(NOON)
    payload = press(slack.said[0], 0, "UANN", slack)
    assert [send(payload).status_code for _ in range(2)] == [200, 401]
    assert Client().get("/hooks/slack").status_code == 405


def test_an_answer_goes_nowhere_but_to_slack(company: Path, slack: Chat) -> None:
    handed_over(company, 1)
    deliver(NOON)
    asked = press(slack.said[0], 0, "UANN", slack) | {"response_url": "http://localhost:1/reply/1"}
    assert send(asked).status_code == 200
    assert Verdict.objects.count() == 1 and slack.replies == []


def test_a_person_chooses_slack_and_is_reached_there(company: Path, cast: Cast, slack: Chat) -> None:
    set_way(cast["ann"], "slack")
    assert way_of(cast["ann"]) == "slack"
    tell([win("won:1", cast["ann"])])
    deliver(NOON)
    assert {line["channel"] for line in slack.said} == {"UANN", CHANNEL}
    with pytest.raises(WishRefused, match="You are not found in Slack"):
        set_way(cast["ben"], "both")
    assert way_of(cast["ben"]) == "mail"
    set_way(cast["ann"], "both")
    tell([win("won:2", cast["ann"])])
    assert set(Message.objects.filter(key="won:2").values_list("to__channel", flat=True)) == {"mail", "slack"}


def test_whose_slack_is_disabled_gets_mail(company: Path, cast: Cast, slack: Chat) -> None:
    set_way(cast["ann"], "slack")
    slack.refuses["chat.postMessage"] = "account_inactive"
    tell([win("won:1", cast["ann"])])
    deliver(NOON)
    to = Destination.objects.get(user=cast["ann"], channel="slack")
    assert to.disabled_at == NOON and "account_inactive" in to.why
    told = Message.objects.filter(kind=Kind.OPERATIONS, to__user=cast["oli"])
    assert {one.title for one in told} == {
        "Messages do not reach Ann by slack",
        "Messages do not reach Reps by slack",
    }
    tell([win("won:2", cast["ann"])])
    assert Message.objects.get(key="won:2").to.channel == "mail"
    slack.refuses.clear()
    channels.connect_slack(TOKEN, SIGNING, by=cast["oli"])
    assert not Destination.objects.filter(disabled_at__isnull=False).exists()


def test_slack_that_asks_for_time_gets_it(company: Path, cast: Cast, slack: Chat) -> None:
    slack.status, slack.headers = 429, {"Retry-After": "1200"}
    tell([win("won:1")])
    deliver(NOON)
    message = Message.objects.get()
    assert (message.state, message.due_at) == (State.WAITING, NOON + timedelta(seconds=1200))


@pytest.mark.parametrize("to", ["channel", "person"])
def test_a_worker_that_dies_after_saying_it_leaves_one_line(
    company: Path, cast: Cast, slack: Chat, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    set_way(cast["ann"], "slack")
    tell([win("won:1", cast["ann"])])
    Message.objects.filter(to__user__isnull=to == "person").delete()
    real = CHANNELS["slack"]

    def says_and_dies(envelope: Any, to: Destination) -> None:
        real(envelope, to)
        raise KeyboardInterrupt

    monkeypatch.setitem(CHANNELS, "slack", says_and_dies)
    with pytest.raises(KeyboardInterrupt):
        deliver(NOON)
    monkeypatch.setitem(CHANNELS, "slack", real)
    deliver(NOON + delivery.LEASE + timedelta(seconds=1))
    assert len(slack.said) == 1
    assert Message.objects.get().state == State.SENT


def test_a_busy_channel_gets_the_rest_together_when_the_hour_is_over(
    company: Path, cast: Cast, slack: Chat
) -> None:
    for number in range(delivery.SHARED_AN_HOUR + 15):
        tell([win(f"won:{number}", thread=f"handoff-{number}")])
    deliver(NOON)
    assert len(slack.said) == delivery.SHARED_AN_HOUR
    deliver(NOON + timedelta(minutes=59))
    assert len(slack.said) == delivery.SHARED_AN_HOUR
    deliver(NOON + timedelta(hours=1))
    assert slack.said[-1]["text"] == "15 messages from Accord"
    assert "And 3 more" in slack.said[-1]["blocks"]
    assert not Message.objects.exclude(state=State.SENT).exists()


@pytest.mark.parametrize(
    ("token", "signing", "told"),
    [
        ("xoxp-mine", SIGNING, "A bot token begins with xoxb-"),
        (TOKEN, "short", "This is no signing secret"),
        ("xoxb-wrong", SIGNING, "Slack refuses: invalid_auth"),
    ],
)
def test_a_connection_with_a_mistake_is_refused(
    company: Path, cast: Cast, chat: Chat, token: str, signing: str, told: str
) -> None:
    ensure_key(company)
    with pytest.raises(channels.ChannelRefused, match=told):
        channels.connect_slack(token, signing, by=cast["oli"])
    assert not Secret.objects.exists()


def test_token_and_signing_secret_lie_encrypted_and_are_gone_when_disconnected(
    cast: Cast, slack: Chat
) -> None:
    sealed = Secret.objects.get(name="slack").sealed
    assert TOKEN not in sealed and SIGNING not in sealed
    set_way(cast["ann"], "slack")
    channels.disconnect_slack(by=cast["oli"])
    assert not Secret.objects.exists()
    assert not Destination.objects.filter(user=None).exists()
    assert way_of(cast["ann"]) == "mail"
