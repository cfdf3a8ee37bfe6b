"""Microsoft Teams: cards by a webhook, checked against the published schema of Adaptive Cards."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chat_servers import Chat, chat
from handoff_world import live_company
from notify_world import cast, company, handed_over

from accord.desk.key import ensure_key
from accord.desk.notify import delivery
from accord.desk.notify.actions import channels
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.channels.protocol import Envelope, Said
from accord.desk.notify.channels.teams.card import MOST_SAID, card
from accord.desk.notify.delivery import deliver
from accord.desk.notify.models import Destination, Kind, Message
from accord.desk.notify.news import News
from accord.desk.teams.models import User
from accord.desk.vault.models import Secret

__all__ = ["cast", "chat", "company", "live_company"]

Cast = dict[str, User]
NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)
State = Message.State


@pytest.fixture
def teams(company: Path, cast: Cast, chat: Chat) -> Destination:
    """A channel of Teams that hears of hot leads and wins of all teams."""
    ensure_key(company)
    address = f"{chat.address}/workflows/secret-part"
    return channels.add_channel("teams", address, "", [Kind.HOT_LEAD, Kind.WIN], by=cast["oli"])


def win(key: str) -> News:
    return News(Kind.WIN, key, (), NOON, "{lead} is won", about="crm:person:1", path="/queue")


def test_a_new_lead_comes_as_a_card_that_opens_its_page(
    company: Path, chat: Chat, teams: Destination
) -> None:
    handed_over(company, 1)
    deliver(NOON)
    (posted,) = chat.cards
    (container,) = posted["body"]
    assert container["items"][0]["inlines"][0]["text"] == "Pat 1 (Acme) asked to be contacted, and is yours"
    (action,) = container["items"][-1]["actions"]
    assert action["url"] == "http://127.0.0.1:8000/leads/crm:person:1"
    assert "answers/" not in json.dumps(posted)
    assert Message.objects.get(to=teams).state == State.SENT


def test_a_hostile_name_is_no_link(
    company: Path, chat: Chat, teams: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = {"crm:person:1": "[click](https://evil.example)"}
    monkeypatch.setattr(delivery, "lead_names", lambda people: evil)
    tell([win("won:1")])
    deliver(NOON)
    title = chat.cards[0]["body"][0]["items"][0]
    assert title["type"] == "RichTextBlock"
    assert title["inlines"][0]["text"] == "[click](https://evil.example) is won"


def test_the_webhook_is_a_secret(cast: Cast, teams: Destination) -> None:
    assert "secret-part" not in teams.address + Secret.objects.get().sealed
    assert teams.address.startswith("127.0.0.1 …")
    channels.remove_channel(teams, by=cast["oli"])
    assert not Secret.objects.exists() and not Destination.objects.filter(channel="teams").exists()


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_a_webhook_that_is_gone_is_disabled_and_operations_hear_of_it(
    cast: Cast, chat: Chat, teams: Destination, status: int
) -> None:
    chat.status = status
    tell([win("won:1")])
    deliver(NOON)
    teams.refresh_from_db()
    assert teams.disabled_at == NOON and str(status) in teams.why
    assert Message.objects.get(kind=Kind.OPERATIONS).to.user == cast["oli"]


@pytest.mark.parametrize(("status", "wait"), [(429, 600), (503, 60)])
def test_a_webhook_that_is_busy_is_tried_again(
    chat: Chat, teams: Destination, status: int, wait: int
) -> None:
    chat.status, chat.headers = status, {"Retry-After": "600"} if status == 429 else {}
    tell([win("won:1")])
    deliver(NOON)
    message = Message.objects.get()
    assert (message.state, message.due_at) == (State.WAITING, NOON + timedelta(seconds=wait))
    chat.status = 200
    deliver(message.due_at)
    assert Message.objects.get().state == State.SENT


def test_a_private_host_that_is_not_listed_is_not_called(cast: Cast, company: Path, chat: Chat) -> None:
    ensure_key(company)
    to = channels.add_channel("teams", "https://10.1.2.3/hook", "", [Kind.WIN], by=cast["oli"])
    with pytest.raises(channels.ChannelRefused, match="lies in a private network"):
        channels.try_channel(to, by=cast["oli"])


def test_a_channel_is_tried_with_a_line(cast: Cast, chat: Chat, teams: Destination) -> None:
    channels.try_channel(teams, by=cast["oli"])
    assert "Oli tries whether Accord reaches you here." in json.dumps(chat.cards)


def test_a_long_digest_says_how_many_are_left_out() -> None:
    said = tuple(Said("win", f"Lead {number}", (), "") for number in range(MOST_SAID + 5))
    body = card(Envelope("1", "", said))["body"]
    assert len(body) == MOST_SAID + 1
    assert "And 5 more" in json.dumps(body[-1])
