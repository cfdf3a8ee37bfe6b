"""What is due is sent once: to the mailbox folder, or by a real SMTP server; what cannot be, says why."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from handoff_world import MONDAY, live_company
from notify_mail import Server, mailbox, server
from notify_world import cast, company, handed_over

from accord.desk.notify import delivery
from accord.desk.notify.actions import keeping
from accord.desk.notify.actions.telling import tell
from accord.desk.notify.channels import registry
from accord.desk.notify.channels.mail.mailbox import FOLDER
from accord.desk.notify.channels.protocol import Envelope
from accord.desk.notify.delivery import deliver
from accord.desk.notify.models import Destination, Kind, Message, Preference, QuietHours
from accord.desk.notify.news import News
from accord.desk.notify.work import deliver_messages
from accord.desk.teams.models import AuditEntry, User

__all__ = ["cast", "company", "live_company", "server"]

Cast = dict[str, User]
NOON = datetime(2026, 4, 20, 12, tzinfo=UTC)
State = Message.State


def win(key: str, *to: User, at: datetime = NOON) -> News:
    return News(
        Kind.WIN, key, to, at, "{lead} is won", about="crm:person:1", path="/queue", thread="handoff-1"
    )


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body else ""


def test_a_mail_names_the_lead_says_what_to_do_and_threads(company: Path, cast: Cast) -> None:
    handed_over(company, 1)
    assert deliver(NOON) and not deliver(NOON)
    (mail,) = mailbox(company)
    assert mail["To"] == "ann@northwind.example"
    assert mail["Subject"] == "Pat 1 (Acme) asked to be contacted, and is yours"
    assert "Answer until 20 Apr 2026, 14:00 (Europe/Berlin)." in text(mail)
    assert "http://127.0.0.1:8000/leads/crm:person:1" in text(mail)
    message = Message.objects.get()
    assert mail["Message-ID"] == f"<{message.parcel}@localhost>"
    assert mail["References"] == mail["In-Reply-To"] == f"<{message.thread}@localhost>"
    assert (message.state, message.sent_at, message.leased_until) == (State.SENT, NOON, None)
    assert "Pat" not in message.title + str(message.lines)  # no name is kept
    assert (company / FOLDER).stat().st_mode & 0o77 == 0


def test_the_worker_sends_in_live_workspaces_alone(
    company: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.workspace.now", lambda: NOON.replace(tzinfo=None))
    tell([win("won:1", cast["ann"])])
    toml = company / "accord.toml"
    live = toml.read_text()
    toml.write_text(live.replace('mode = "live"', 'mode = "shadow"'))
    assert not deliver_messages() and mailbox(company) == []
    toml.write_text(live)
    assert deliver_messages() and len(mailbox(company)) == 1


def test_a_hostile_name_breaks_no_header_and_no_page(
    company: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = {"crm:person:1": "Eve\r\nBcc: all@x.example <script>alert(1)</script>"}
    monkeypatch.setattr(delivery, "lead_names", lambda people: evil)
    tell([win("won:1", cast["ann"])])
    deliver(NOON)
    (mail,) = mailbox(company)
    assert mail["Bcc"] is None and str(mail["Subject"]).startswith("Eve Bcc: all@x.example")
    html = mail.get_body(("html",))
    assert html is not None and "<script>" not in html.get_content()


def test_a_worker_that_dies_after_sending_leaves_one_mail(
    company: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell([win("won:1", cast["ann"])])
    real = registry.CHANNELS["mail"]

    def sends_and_dies(envelope: Envelope, to: Destination) -> None:
        real(envelope, to)
        raise KeyboardInterrupt

    monkeypatch.setitem(registry.CHANNELS, "mail", sends_and_dies)
    with pytest.raises(KeyboardInterrupt):
        deliver(NOON)
    assert Message.objects.get().state == State.WAITING and len(mailbox(company)) == 1
    monkeypatch.setitem(registry.CHANNELS, "mail", real)
    assert not deliver(NOON + timedelta(minutes=1))  # the dead worker's lease still holds
    assert deliver(NOON + delivery.LEASE + timedelta(seconds=1))
    assert Message.objects.get().state == State.SENT and len(mailbox(company)) == 1


def test_by_smtp_a_repeated_mail_bears_the_same_id(company: Path, cast: Cast, server: Server) -> None:
    tell([win("won:1", cast["ann"])])
    deliver(NOON)
    Message.objects.update(state=State.WAITING, sent_at=None)  # the worker died before it could mark it
    deliver(NOON)
    first, second = server.took
    assert first["Message-ID"] == second["Message-ID"] and "@northwind.example>" in first["Message-ID"]
    assert first["To"] == "ann@northwind.example" and mailbox(company) == []


def test_an_address_refused_for_good_is_disabled_and_operations_hear_of_it(
    company: Path, cast: Cast, server: Server
) -> None:
    server.refuses["ann@northwind.example"] = "550 5.1.1 no such user ann@northwind.example"
    tell([win("won:1", cast["ann"], cast["ben"])])
    deliver(NOON)
    failed = Message.objects.get(to__user=cast["ann"])
    assert (failed.state, failed.why) == (State.FAILED, "The mail server refused the address: 550 5.1.1.")
    assert Destination.objects.get(user=cast["ann"]).disabled_at == NOON
    deliver(NOON)
    assert sorted(str(mail["To"]).split("@")[0] for mail in server.took) == ["ben", "oli"]
    (to_oli,) = (mail for mail in server.took if mail["To"] == "oli@northwind.example")
    assert "550 5.1.1" in text(to_oli) and "/messages" in text(to_oli)
    tell([win("won:2", cast["ann"])])
    assert not Message.objects.filter(key="won:2").exists()


def test_what_cannot_be_sent_now_waits_ever_longer_and_in_the_end_fails(
    company: Path, cast: Cast, server: Server
) -> None:
    server.refuses["ann@northwind.example"] = "451 4.7.1 try later"
    tell([win("won:1", cast["ann"])])
    waits, now = [], NOON
    while (message := Message.objects.get()).state == State.WAITING:
        waits.append(message.due_at - now)
        now = message.due_at
        assert deliver(now)
    assert waits[1:5] == [timedelta(minutes=n) for n in (1, 2, 4, 8)]
    assert max(waits) == delivery.LONGEST_WAIT
    assert timedelta(days=3) < now - NOON < timedelta(days=4)
    assert message.why == "The mail server refused the address: 451 4.7.1."
    assert not Destination.objects.filter(disabled_at__isnull=False).exists()
    del server.refuses["ann@northwind.example"]
    keeping.again(message, now, by=cast["oli"])
    deliver(now)
    assert len(server.took) == 1 and AuditEntry.objects.filter(action="message tried again").exists()


def test_a_server_that_cannot_be_reached_costs_nobody_their_address(company: Path, cast: Cast) -> None:
    toml = company / "accord.toml"
    toml.write_text(toml.read_text().replace("[mail]", '[mail]\nhost = "127.0.0.1"\nport = 1', 1))
    tell([win("won:1", cast["ann"])])
    deliver(NOON)
    message = Message.objects.get()
    assert message.state == State.WAITING and message.due_at == NOON + timedelta(minutes=1)
    assert "cannot be reached (ConnectionRefusedError). Look at [mail] in accord.toml." in message.why


def test_what_breaks_keeps_no_other_waiting(
    company: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = registry.CHANNELS["mail"]

    def breaks_for_ann(envelope: Envelope, to: Destination) -> None:
        if to.user == cast["ann"]:
            raise ZeroDivisionError
        real(envelope, to)

    monkeypatch.setitem(registry.CHANNELS, "mail", breaks_for_ann)
    tell([win("won:1", cast["ann"], cast["ben"])])
    deliver(NOON)
    assert [mail["To"] for mail in mailbox(company)] == ["ben@northwind.example"]
    assert Message.objects.get(to__user=cast["ann"]).why == "Something broke; the server’s log says what."


def test_a_destination_of_an_unknown_channel_is_disabled(company: Path, cast: Cast) -> None:
    Destination.objects.create(channel="pigeon", address="loft", kinds=[Kind.WIN])
    tell([win("won:1")])
    deliver(NOON)
    assert Destination.objects.get(channel="pigeon").why.startswith("There is no channel pigeon.")


def test_more_than_two_hundred_at_once_are_held_until_somebody_says_so(
    company: Path, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    tell([win(f"won:{n}", cast["ann"]) for n in range(200)])
    assert deliver(NOON)
    Message.objects.all().delete()
    tell([win(f"won:{n}", cast["ann"]) for n in range(201)])
    before = len(mailbox(company))
    with caplog.at_level(logging.WARNING):
        assert not deliver(NOON)
    assert "201 messages at once are held" in caplog.text and len(mailbox(company)) == before
    assert keeping.release(by=cast["oli"]) == 201
    while deliver(NOON):
        pass
    assert Message.objects.filter(state=State.SENT).count() == 201
    assert keeping.release(by=cast["oli"]) == 0


def test_dropped_messages_are_never_sent(company: Path, cast: Cast) -> None:
    tell([win(f"won:{n}", cast["ann"]) for n in range(201)])
    deliver(NOON)
    assert keeping.drop(by=cast["oli"]) == 201
    assert not deliver(NOON) and mailbox(company) == []


def test_an_hourly_digest_is_one_mail_and_stays_the_same_when_tried_again(
    company: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Preference.objects.create(user=cast["ann"], kind=Kind.WIN, how="hourly")
    tell([win("won:1", cast["ann"], cast["ben"]), win("won:2", cast["ann"], at=NOON + timedelta(minutes=50))])
    deliver(NOON + timedelta(minutes=55))
    assert [mail["To"] for mail in mailbox(company)] == ["ben@northwind.example"]
    real = registry.CHANNELS["mail"]

    def sends_and_dies(envelope: Envelope, to: Destination) -> None:
        real(envelope, to)
        raise KeyboardInterrupt

    one = NOON + timedelta(hours=1)
    monkeypatch.setitem(registry.CHANNELS, "mail", sends_and_dies)
    with pytest.raises(KeyboardInterrupt):
        deliver(one)
    monkeypatch.setitem(registry.CHANNELS, "mail", real)
    tell([win("won:3", cast["ann"], at=one - timedelta(seconds=1))])  # noted meanwhile: for another digest
    deliver(one + delivery.LEASE + timedelta(seconds=1))
    to_ann = [mail for mail in mailbox(company) if mail["To"] == "ann@northwind.example"]
    assert sorted(str(mail["Subject"]) for mail in to_ann) == ["2 messages from Accord", "A lead is won"]
    assert not Message.objects.exclude(state=State.SENT).exists()


def test_what_happens_in_quiet_hours_comes_together_when_they_are_over(company: Path, cast: Cast) -> None:
    QuietHours.objects.create(user=cast["ann"], begins="19:00", ends="07:30")  # Berlin, two hours before UTC
    night = datetime(2026, 4, 20, 20, tzinfo=UTC)
    tell([win("won:1", cast["ann"], at=night), win("won:2", cast["ann"], at=night + timedelta(hours=8))])
    morning = datetime(2026, 4, 21, 5, 30, tzinfo=UTC)
    assert not deliver(morning - timedelta(seconds=1))
    assert deliver(morning)
    assert [mail["Subject"] for mail in mailbox(company)] == ["2 messages from Accord"]


def test_who_wants_to_hear_nothing_is_told_nothing(company: Path, cast: Cast) -> None:
    Preference.objects.create(user=cast["ann"], kind=Kind.WIN, how="off")
    tell([win("won:1", cast["ann"], cast["ben"])])
    assert [m.to.user for m in Message.objects.all()] == [cast["ben"]]


def test_what_was_told_long_ago_is_forgotten_and_what_waits_is_not(company: Path, cast: Cast) -> None:
    tell([win("won:1", cast["ann"]), win("won:2", cast["ann"])])
    Message.objects.filter(key="won:1").update(state=State.SENT)
    delivery.drop_old(NOON + delivery.KEPT + timedelta(seconds=1))
    assert [m.key for m in Message.objects.all()] == ["won:2"]


def test_nothing_is_due_before_the_lead_is_handed_over(company: Path, cast: Cast) -> None:
    handed_over(company, 1)
    assert not deliver(MONDAY.replace(tzinfo=UTC))
