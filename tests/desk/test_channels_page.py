"""The page Channels: operations alone keep it, and a mistake changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accord.desk.notify.models import Destination
from accord.desk.teams.models import AuditEntry

As = Callable[[str], Client]
GIVEN: dict[str, Any] = {"channel": "mail", "address": "both@northwind.example", "team": "", "kinds": ["win"]}


def added(client: Client) -> Destination:
    client.post("/channels", GIVEN)
    return Destination.objects.get(user=None)


def test_a_channel_is_added_changed_and_removed(as_role: As) -> None:
    client = as_role("operations")
    to = added(client)
    assert (to.address, to.kinds, to.team) == ("both@northwind.example", ["win"], None)
    assert "both@northwind.example" in client.get("/channels").content.decode()
    client.post(f"/channels/{to.pk}", {"team": "mid-market-reps", "kinds": ["breach", "nonsense"]})
    to.refresh_from_db()
    assert (to.kinds, to.team and to.team.slug) == (["breach"], "mid-market-reps")
    client.post(f"/channels/{to.pk}/remove")
    assert not Destination.objects.filter(user=None).exists()
    noted = AuditEntry.objects.filter(action__startswith="channel").values_list("action", flat=True)
    assert list(noted) == ["channel added", "channel changed", "channel removed"]


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ({"address": "nobody"}, "This is no e-mail address."),
        ({"channel": "pigeon"}, "There is no such channel."),
        ({"channel": "slack", "address": "C0123456789"}, "Slack is not connected."),
        ({"channel": "teams", "address": "ftp://x"}, "This is no webhook"),
        ({"team": "nowhere"}, "There is no team nowhere."),
        ({"kinds": []}, "A channel hears of something."),
    ],
)
def test_a_mistake_is_told_and_adds_nothing(as_role: As, mistake: dict[str, Any], told: str) -> None:
    answer = as_role("operations").post("/channels", GIVEN | mistake)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Destination.objects.filter(user=None).exists()


def test_a_channel_is_listed_once(as_role: As) -> None:
    client = as_role("operations")
    added(client)
    assert "listed already" in client.post("/channels", GIVEN).content.decode()


@pytest.mark.parametrize(
    "path", ["/channels", "/channels/slack", "/channels/1", "/channels/1/try", "/channels/1/remove"]
)
def test_nobody_else_keeps_channels(as_role: As, path: str) -> None:
    for role in ("marketer", "marketing_manager", "rep", "manager", "viewer", "outsider"):
        assert as_role(role).post(path, GIVEN).status_code == 403


def test_slack_is_shown_with_where_it_has_to_send(as_role: As) -> None:
    page = as_role("operations").get("/channels/slack").content.decode()
    assert "http://127.0.0.1:8000/hooks/slack" in page
    answer = as_role("operations").post("/channels/slack", {"token": "xoxp-1", "signing": "x"})
    assert answer.status_code == 422
    assert "A bot token begins with xoxb-" in answer.content.decode()
