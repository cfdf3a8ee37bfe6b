"""The pages of messages: one's own wishes, and what operations see and do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time

import pytest
from django.test import Client

from accord.desk.notify.models import Destination, Kind, Message, Preference, QuietHours
from accord.desk.teams.models import AuditEntry, User

As = Callable[[str], Client]
Cast = dict[str, User]
AT = datetime(2026, 4, 20, 12, tzinfo=UTC)
WISHES = {
    "hot_lead": "now",
    "handover": "hourly",
    "at_risk": "off",
    "breach": "now",
    "withdrawn": "now",
    "win": "hourly",
    "agreement": "now",
    "weekly_numbers": "now",
}


def message(to: Destination, key: str, state: str, why: str = "") -> Message:
    return Message.objects.create(
        to=to, key=key, kind=Kind.HANDOVER, title="{lead} is yours", at=AT, due_at=AT, state=state, why=why
    )


def test_somebody_chooses_what_reaches_them_and_when(as_role: As, cast: Cast) -> None:
    client = as_role("rep")
    assert client.post("/me/notifications", WISHES | {"begins": "19:00", "ends": "07:30"}).status_code == 302
    chosen = dict(Preference.objects.filter(user=cast["rep"]).values_list("kind", "how"))
    assert chosen == {"handover": "hourly", "at_risk": "off", "win": "hourly", "weekly_numbers": "now"}
    quiet = QuietHours.objects.get()
    assert (quiet.user, quiet.begins, quiet.ends) == (cast["rep"], time(19), time(7, 30))
    page = client.get("/me/notifications")
    assert {kind: how for kind, _label, how in page.context["kinds"]} == WISHES
    client.post("/me/notifications", dict.fromkeys(WISHES, "now") | {"weekly_numbers": "off"})
    assert not Preference.objects.exists() and not QuietHours.objects.exists()
    assert AuditEntry.objects.filter(action="notifications set").count() == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"win": "often"}, "often is not a way to hear of something. Choose from now, hourly, off."),
        ({"begins": "19:00", "ends": ""}, "Nothing is not a time of day. Give both"),
        ({"begins": "25:00", "ends": "07:00"}, "25:00 is not a time of day."),
        ({"begins": "07:00", "ends": "07:00"}, "Quiet hours that end when they begin would last for ever."),
    ],
)
def test_wishes_that_cannot_be_read_change_nothing(
    as_role: As, cast: Cast, given: dict[str, str], said: str
) -> None:
    Preference.objects.create(user=cast["rep"], kind=Kind.BREACH, how="off")
    answer = as_role("rep").post("/me/notifications", WISHES | given)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert [p.kind for p in Preference.objects.all()] == ["breach"] and not QuietHours.objects.exists()


def test_kinds_that_do_not_reach_a_role_are_not_kept(as_role: As, cast: Cast) -> None:
    as_role("marketer").post(
        "/me/notifications",
        WISHES | {"returned": "off", "win": "now", "operations": "off", "weekly_numbers": "off"},
    )
    assert [p.kind for p in Preference.objects.all()] == ["returned"]
    page = as_role("viewer").get("/me/notifications")
    assert [(kind, how) for kind, _label, how in page.context["kinds"]] == [("weekly_numbers", "off")]


def test_operations_see_failures_and_try_again_once_the_address_is_enabled(as_role: As, cast: Cast) -> None:
    to = Destination.objects.create(channel="mail", user=cast["rep"], disabled_at=AT, why="550 5.1.1")
    failed = message(to, "a", Message.State.FAILED, "550 5.1.1")
    client = as_role("operations")
    text = client.get("/messages").content.decode()
    assert "1 message has failed." in text and "550 5.1.1" in text and "mailbox" in text
    refused = client.post(f"/messages/{failed.pk}/again", follow=True).content.decode()
    assert "Its address is disabled. Enable the address first." in refused
    client.post(f"/destinations/{to.pk}/enable")
    to.refresh_from_db()
    assert (to.disabled_at, to.why) == (None, "")
    assert "It is in use." in client.post(f"/destinations/{to.pk}/enable", follow=True).content.decode()
    client.post(f"/messages/{failed.pk}/again")
    failed.refresh_from_db()
    assert (failed.state, failed.why) == (Message.State.WAITING, "")
    again = client.post(f"/messages/{failed.pk}/again", follow=True).content.decode()
    assert "It has not failed, or is being tried again." in again


@pytest.mark.parametrize(("given", "state"), [({}, "waiting"), ({"drop": "1"}, "dropped")])
def test_held_messages_are_sent_or_dropped(
    as_role: As, cast: Cast, given: dict[str, str], state: str
) -> None:
    to = Destination.objects.create(channel="mail", user=cast["rep"])
    held = message(to, "a", Message.State.HELD)
    client = as_role("operations")
    assert "1 message waits for you" in client.get("/messages").content.decode()
    client.post("/messages/held", given)
    held.refresh_from_db()
    assert (held.state, held.confirmed) == (state, state == "waiting")


@pytest.mark.parametrize("role", ["marketer", "marketing_manager", "rep", "manager", "viewer", "outsider"])
def test_nobody_else_sends_tries_or_enables(as_role: As, cast: Cast, role: str) -> None:
    to = Destination.objects.create(channel="mail", user=cast["rep"], disabled_at=AT)
    failed, held = message(to, "a", Message.State.FAILED), message(to, "b", Message.State.HELD)
    client = as_role(role)
    for address in (f"/messages/{failed.pk}/again", f"/destinations/{to.pk}/enable", "/messages/held"):
        assert client.post(address).status_code == 403
        assert as_role("operations").get(address).status_code == 405
    failed.refresh_from_db()
    held.refresh_from_db()
    to.refresh_from_db()
    assert (failed.state, held.state, to.disabled_at) == ("failed", "held", AT)
