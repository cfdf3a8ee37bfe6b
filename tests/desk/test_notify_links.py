"""Answering by a link in a mail: a page with one button, for one person, once, while the clock runs."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from django.test import Client
from handoff_world import MONDAY, live_company
from notify_mail import mailbox
from notify_world import TWO_MINUTES, cast, company, handed_over

from accord.desk.handoff.actions.assign import give
from accord.desk.handoff.actions.contests import contest, give_lead_back
from accord.desk.handoff.actions.verdicts import accept
from accord.desk.handoff.models import Handoff, Verdict
from accord.desk.notify.delivery import deliver
from accord.desk.notify.links import signed
from accord.desk.notify.models import Destination, Message
from accord.desk.outbox.models import OutboxFact
from accord.desk.teams.models import AuditEntry, User
from accord.workspace import Workspace

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def handoff(company: Path, cast: Cast) -> Iterator[Handoff]:
    """A lead of Ann's whose mail was sent; it is an hour later."""
    (made,) = handed_over(company, 1)
    deliver((MONDAY + TWO_MINUTES).replace(tzinfo=UTC))
    with patch("accord.workspace.now", lambda: LATER):
        yield made


def link(company: Path, what: str) -> str:
    """The link in Ann's mail, as a path with its token."""
    body = mailbox(company)[0].get_body(("plain",))
    assert body is not None
    found = re.search(rf"http://\S+/{what}\?by=\S+", body.get_content())
    assert found is not None
    parts = urlsplit(found.group())
    return f"{parts.path}?{parts.query}"


def untouched(handoff: Handoff) -> bool:
    """Whether nobody has answered."""
    handoff.refresh_from_db()
    return handoff.state == "waiting" and not Verdict.objects.exists()


@pytest.mark.parametrize("what", ["accept", "return"])
def test_opening_a_link_changes_nothing_however_often(company: Path, handoff: Handoff, what: str) -> None:
    facts, notes = OutboxFact.objects.count(), AuditEntry.objects.count()
    for method in ("get", "head", "get"):
        assert getattr(Client(), method)(link(company, what)).status_code == 200
    assert Client().put(link(company, what)).status_code == 405
    assert untouched(handoff)
    assert (OutboxFact.objects.count(), AuditEntry.objects.count()) == (facts, notes)


def test_the_page_shows_no_more_than_the_mail(company: Path, handoff: Handoff) -> None:
    answer = Client().get(link(company, "accept"))
    text = answer.content.decode()
    assert "Pat 1 (Acme)" in text and "p1@acme.example" not in text and "/leads/" not in text
    assert text.count("<button") == 1 and "no-store" in answer["Cache-Control"]


def test_accepting_by_link_works_once(company: Path, handoff: Handoff, cast: Cast) -> None:
    address = link(company, "accept")
    assert "The lead is yours" in Client().post(address).content.decode()
    handoff.refresh_from_db()
    assert (handoff.state, handoff.owner, handoff.verdicts.get().by) == ("accepted", cast["ann"], cast["ann"])
    for again in (address, link(company, "return")):
        refused = Client().post(again, {"reason": "too_small"})
        assert refused.status_code == 403 and "This lead has been answered." in refused.content.decode()
    assert handoff.verdicts.count() == 1
    assert AuditEntry.objects.filter(action="answered by link", user=cast["ann"]).count() == 1


def test_returning_by_link_needs_a_reason_and_keeps_what_was_written(company: Path, handoff: Handoff) -> None:
    address = link(company, "return")
    assert "too_small" in Client().get(address).content.decode()
    refused = Client().post(address, {"reason": "other", "note": " "})
    assert refused.status_code == 422 and "other needs a note" in refused.content.decode()
    assert Client().post(address, {"reason": "no such"}).status_code == 422 and untouched(handoff)
    assert Client().post(address, {"reason": "other", "note": "three people"}).status_code == 200
    said = handoff.verdicts.get()
    assert (said.verdict, said.reason, said.note, said.attempted) == (
        "returned",
        "other",
        "three people",
        False,
    )


def test_the_button_is_guarded_against_other_sites(company: Path, handoff: Handoff) -> None:
    client = Client(enforce_csrf_checks=True)
    address = link(company, "accept")
    assert client.post(address).status_code == 403 and untouched(handoff)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode())
    assert token is not None
    assert client.post(address, {"csrfmiddlewaretoken": token.group(1)}).status_code == 200


def test_a_forged_link_is_refused(company: Path, handoff: Handoff, cast: Cast) -> None:
    address = link(company, "accept")
    path, _, token = address.partition("?by=")
    forged = (
        path,
        f"{path}?by=",
        f"{path}?by={token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        f"{path.replace('accept', 'return')}?by={token}",  # for another action
        f"{path.replace(f'/{handoff.pk}/', '/99999/')}?by={token}",  # for another lead
        f"/answers/{'9' * 30}/1/accept?by={token}",
        signed("/answers/1/99999/accept", cast["ann"].pk),  # rightly signed, for a clock there is not
    )
    for one in forged:
        assert Client().post(one, {"reason": "too_small"}).status_code == 403, one
    assert untouched(handoff)


def test_a_link_is_for_one_person(company: Path, handoff: Handoff, cast: Cast) -> None:
    address = link(company, "accept")
    other = Client()
    other.force_login(cast["ben"], backend="django.contrib.auth.backends.ModelBackend")
    refused = other.post(address)
    assert refused.status_code == 403 and "for somebody else" in refused.content.decode()
    own = address.partition("?")[0]
    assert Client().post(signed(own, cast["ben"].pk)).status_code == 403  # the lead is not Ben's
    assert Client().post(signed(own, cast["kim"].pk)).status_code == 403
    User.objects.filter(pk=cast["ann"].pk).update(is_active=False)
    assert Client().post(address).status_code == 403 and untouched(handoff)


def test_a_link_ends_after_seven_days(company: Path, handoff: Handoff) -> None:
    address, over = link(company, "accept"), time.time() + 7 * 86_400 + 60
    with patch("django.core.signing.time.time", lambda: over):
        refused = Client().post(address)
    assert refused.status_code == 403 and "This link is too old." in refused.content.decode()
    assert untouched(handoff)


def test_a_link_ends_when_the_lead_goes_to_somebody_else(company: Path, handoff: Handoff, cast: Cast) -> None:
    give(handoff, cast["ben"], LATER, by=cast["max"])
    refused = Client().post(link(company, "accept"))
    assert refused.status_code == 403 and "with somebody else now" in refused.content.decode()
    assert untouched(handoff) and handoff.owner == cast["ben"]


def test_a_link_of_an_earlier_clock_ends_though_the_lead_waits_again(
    company: Path, handoff: Handoff, cast: Cast
) -> None:
    agreement, address = Workspace(company).agreement, link(company, "accept")
    Client().post(link(company, "return"), {"reason": "too_small"})
    handoff.refresh_from_db()
    contested = contest(handoff, "they are three hundred", cast["mia"], LATER, agreement)
    give_lead_back(contested, "", cast["max"], LATER + timedelta(minutes=5), agreement)
    handoff.refresh_from_db()
    assert (handoff.state, handoff.owner) == ("waiting", cast["ann"])
    assert Client().post(address).status_code == 403
    handoff.refresh_from_db()
    assert handoff.state == "waiting"


def test_the_one_who_answered_on_the_page_first_wins(company: Path, handoff: Handoff, cast: Cast) -> None:
    accept(handoff, cast["ben"], LATER, Workspace(company).agreement)
    assert Client().post(link(company, "accept")).status_code == 403
    handoff.refresh_from_db()
    assert handoff.owner == cast["ben"] and handoff.verdicts.count() == 1


def test_no_token_is_kept_or_sent_where_many_read(company: Path, cast: Cast) -> None:
    Destination.objects.create(channel="mail", address="team@northwind.example", kinds=["hot_lead"])
    handed_over(company, 1)
    deliver((MONDAY + TWO_MINUTES).replace(tzinfo=UTC))
    mails = {str(mail["To"]): str(mail.get_body(("plain",)).get_content()) for mail in mailbox(company)}
    assert "?by=" in mails["ann@northwind.example"] and "?by=" not in mails["team@northwind.example"]
    assert all("by=" not in str(message.buttons) for message in Message.objects.all())
