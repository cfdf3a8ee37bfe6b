"""A change of the agreement: written, understood, signed by both teams, in force on its day, never before."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from handoff_world import AGREEMENT, MONDAY, at, demo_requests, live_company
from notify_world import cast, company, handed_over, told

from accord.desk.handoff.models import Clock, Handoff
from accord.desk.handoff.settling import settle
from accord.desk.jobs.models import Job
from accord.desk.jobs.worker import run_next
from accord.desk.proposals.models import Proposal, Signature, Trial
from accord.desk.proposals.work import put_agreed_in_force
from accord.desk.reading import agreement_of
from accord.desk.teams.models import AuditEntry, User

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
State = Proposal.State
TODAY, TOMORROW = "2026-04-20", "2026-04-21"
NEW = AGREEMENT.replace("within: 4 business hours", "within: 2 business hours")
GIVEN = {"title": "Answer sooner", "text": NEW, "from": TODAY, "review": "2026-10-01"}


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post(person: User, address: str, moment: datetime = MONDAY, **given: str) -> Any:
    with at(moment):
        return client_of(person).post(address, given)


def page(person: User, address: str, moment: datetime = MONDAY) -> str:
    with at(moment):
        return str(client_of(person).get(address).content.decode())


def proposed(cast: Cast, **given: str) -> Proposal:
    answer = post(cast["mia"], "/proposals/add", **{**GIVEN, **given})
    assert answer.status_code == 302, answer.content.decode()
    return Proposal.objects.latest("pk")


def sign(person: User, proposal: Proposal, moment: datetime = MONDAY, **given: str) -> Any:
    seen = {"seen": proposal.digest} | given
    return post(person, f"/proposals/{proposal.pk}/sign", moment, **seen)


def pass_at(moment: datetime) -> None:
    with at(moment):
        put_agreed_in_force()
        while run_next():
            pass


def in_force(company: Path) -> str:
    return (company / "agreement.yaml").read_text()


def test_both_teams_sign_and_the_next_lead_is_judged_by_the_new_version(company: Path, cast: Cast) -> None:
    handed_over(company, 1)
    made = proposed(cast)
    assert "accept: within 2 business hours instead of 4 business hours." in page(
        cast["max"], f"/proposals/{made.pk}"
    )
    sign(cast["meg"], made)
    assert in_force(company) == AGREEMENT
    sign(cast["max"], made, dissent="Two hours are few on Mondays.")
    made.refresh_from_db()
    assert made.state == State.SIGNED and in_force(company) == AGREEMENT
    pass_at(MONDAY + timedelta(hours=1))
    made.refresh_from_db()
    assert made.state == State.IN_FORCE and in_force(company) == NEW
    space = demo_requests(company, MONDAY + timedelta(hours=2), 2)
    settle(space, space.agreement, MONDAY + timedelta(hours=2, minutes=2))
    within = {
        clock.handoff.person: clock.within_seconds
        for clock in Clock.objects.filter(promise=Clock.Promise.ACCEPT).select_related("handoff")
    }
    assert within == {"crm:person:1": 4 * 3600, "crm:person:2": 2 * 3600}
    versions = {one.person: one.version for one in Handoff.objects.all()}
    assert versions["crm:person:1"] != versions["crm:person:2"]
    shown = page(cast["mia"], f"/proposals/{made.pk}", MONDAY + timedelta(hours=3))
    assert "Two hours are few on Mondays." in shown and "In force" in shown
    assert "accept: within 2 business hours instead of 4 business hours." in shown


def test_it_holds_from_its_day_on_and_not_before(company: Path, cast: Cast) -> None:
    made = proposed(cast, **{"from": TOMORROW})
    for who in ("meg", "max"):
        sign(cast[who], made)
    pass_at(MONDAY + timedelta(hours=13))  # 23:00 in Berlin
    assert in_force(company) == AGREEMENT
    pass_at(MONDAY + timedelta(hours=15))
    assert in_force(company) == NEW


@pytest.mark.parametrize("who", ["oli", "mia", "ann"])
def test_nobody_else_signs_and_nobody_for_the_other_team(cast: Cast, who: str) -> None:
    made = proposed(cast)
    assert sign(cast[who], made).status_code == 403
    sign(cast["max"], made, side="marketing")
    assert [said.side for said in Signature.objects.all()] == ["sales"]
    sign(cast["max"], made)
    assert Signature.objects.count() == 1
    made.refresh_from_db()
    assert made.state == State.OPEN


def test_a_draft_edited_meanwhile_is_not_signed_by_what_was_seen_before(cast: Cast) -> None:
    made = proposed(cast)
    before = made.digest
    sign(cast["meg"], made)
    post(
        cast["mia"],
        f"/proposals/{made.pk}/edit",
        **{**GIVEN, "text": NEW.replace("2 business", "3 business")},
    )
    assert not Signature.objects.exists()
    sign(cast["max"], made, seen=before)
    assert not Signature.objects.exists()
    made.refresh_from_db()
    sign(cast["max"], made)
    assert Signature.objects.get().side == "sales"


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ({"text": NEW.replace("points: 50", "points: many")}, "Line"),
        ({"text": AGREEMENT}, "This is the agreement as it is."),
        ({"title": " "}, "A proposal needs a title."),
        ({"from": "2026-04-19"}, "It cannot begin in the past."),
        ({"from": "soon"}, "soon is not a day."),
        ({"review": TODAY}, "It is reviewed after it begins."),
    ],
)
def test_a_mistake_is_told_and_nothing_is_proposed(cast: Cast, mistake: dict[str, str], told: str) -> None:
    answer = post(cast["mia"], "/proposals/add", **{**GIVEN, **mistake})
    assert answer.status_code == 422 and told in answer.content.decode()
    assert not Proposal.objects.exists()


def test_what_is_written_is_checked_while_it_is_written(cast: Cast) -> None:
    wrong = post(cast["mia"], "/proposals/check", text=NEW.replace("kind: gate", "kind: gat"))
    assert re.search(r"Line \d+, column \d+", wrong.content.decode())
    right = post(cast["mia"], "/proposals/check", text=NEW).content.decode()
    assert "accept: within 2 business hours instead of 4 business hours." in right
    words = AGREEMENT.replace("agreement: Handoff tests", "agreement: Others")
    assert "Only words change" in post(cast["mia"], "/proposals/check", text=words).content.decode()


def test_a_day_that_is_over_is_not_signed(cast: Cast) -> None:
    made = proposed(cast)
    sign(cast["meg"], made, MONDAY + timedelta(days=1))
    assert not Signature.objects.exists()


def test_a_file_changed_by_hand_is_not_written_over(company: Path, cast: Cast) -> None:
    made = proposed(cast)
    for who in ("meg", "max"):
        sign(cast[who], made)
    by_hand = AGREEMENT.replace("attempts: 3", "attempts: 4")
    (company / "agreement.yaml").write_text(by_hand)
    pass_at(MONDAY + timedelta(hours=1))
    made.refresh_from_db()
    assert in_force(company) == by_hand
    assert made.state == State.SIGNED and "changed since" in made.why
    other = proposed(cast, text=by_hand.replace("4 business", "3 business"))
    (company / "agreement.yaml").write_text(AGREEMENT)
    sign(cast["meg"], other)
    assert not other.signatures.exists()


def test_a_worker_that_dies_after_writing_the_file_finds_it_written(
    company: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = proposed(cast)
    for who in ("meg", "max"):
        sign(cast[who], made)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("accord.desk.proposals.actions.tell_in_force", dies)
        with pytest.raises(KeyboardInterrupt):
            pass_at(MONDAY + timedelta(hours=1))
    assert in_force(company) == NEW
    made.refresh_from_db()
    assert made.state == State.SIGNED
    pass_at(MONDAY + timedelta(hours=1, seconds=3))
    made.refresh_from_db()
    assert made.state == State.IN_FORCE
    assert AuditEntry.objects.filter(action="agreement in force").count() == 1


def test_a_proposal_is_tried_on_the_past_once(company: Path, cast: Cast) -> None:
    handed_over(company, 1, 2)
    strict = AGREEMENT.replace("hand_raiser and fit > 0", "engagement > 55 and fit > 0")
    made = proposed(cast, text=strict)
    for _ in range(2):
        post(cast["max"], f"/proposals/{made.pk}/try")
    assert Trial.objects.count() == 1
    assert "Waiting for its turn" in page(cast["max"], f"/proposals/{made.pk}")
    assert client_of(cast["ann"]).get(f"/jobs/{Job.objects.get().pk}").status_code == 200
    with at(MONDAY + timedelta(hours=1)):
        while run_next():
            pass
    assert Job.objects.get(kind="backtest").state == Job.State.DONE
    shown = page(cast["max"], f"/proposals/{made.pk}")
    assert "Would no longer qualify: " in shown and "Pat 1" in shown and "definition of mql" in shown
    viewer = User.objects.create(email="vic@northwind.example", name="Vic", role="viewer")
    assert "Pat 1" not in page(viewer, f"/proposals/{made.pk}")


def test_those_who_sign_hear_of_it_and_comments_are_seen(cast: Cast) -> None:
    made = proposed(cast)
    assert sorted(name for name, _, _ in told("agreement")) == ["Max", "Meg"]
    post(cast["ann"], f"/proposals/{made.pk}/comment", text="Fine <b>with me</b>")
    assert "Fine &lt;b&gt;with me&lt;/b&gt;" in page(cast["meg"], f"/proposals/{made.pk}")
    sign(cast["meg"], made)
    assert sorted(name for name, _, _ in told("agreement")) == ["Max", "Max", "Meg", "Mia"]


def test_what_is_withdrawn_is_signed_by_nobody(cast: Cast) -> None:
    made = proposed(cast)
    post(cast["ann"], f"/proposals/{made.pk}/withdraw")
    made.refresh_from_db()
    assert made.state == State.OPEN
    post(cast["mia"], f"/proposals/{made.pk}/withdraw")
    sign(cast["meg"], made)
    assert not Signature.objects.exists()


def test_an_agreement_nobody_has_reviewed_is_told_on_the_scoreboard(company: Path, cast: Cast) -> None:
    made = proposed(cast)
    for who in ("meg", "max"):
        sign(cast[who], made)
    pass_at(MONDAY + timedelta(hours=1))
    assert "to be reviewed until" not in page(cast["max"], "/", MONDAY + timedelta(hours=2))
    late = datetime(2026, 10, 2, 8)
    assert "to be reviewed until" in page(cast["max"], "/", late)


def test_two_who_sign_for_one_team_leave_one_signature(cast: Cast) -> None:
    other = User.objects.create(email="moe@northwind.example", name="Moe", role="manager")
    made = proposed(cast)
    sign(cast["max"], made)
    sign(other, made)
    assert [said.by for said in Signature.objects.all()] == [cast["max"]]


CLAIM = "claims:\n  - {name: fast, text: Live in a week., proof: Measured at three customers.}\n"


def test_what_both_teams_say_is_proposed_signed_and_put_in_force_like_the_rest(
    company: Path, cast: Cast
) -> None:
    text = f"{AGREEMENT}\nmessages: messages.yaml\n"
    checked = post(cast["mia"], "/proposals/check", text=text, words=CLAIM.replace("proof", "prof"))
    assert "prof" in checked.content.decode() and "messages" not in in_force(company)
    refused = post(cast["mia"], "/proposals/add", **{**GIVEN, "text": AGREEMENT, "words": CLAIM})
    assert refused.status_code == 422 and "messages: messages.yaml" in refused.content.decode()
    proposal = proposed(cast, text=text, words=CLAIM)
    shown = page(cast["mia"], f"/proposals/{proposal.pk}")
    assert "Live in a week." in shown and "Only words change" in shown
    for signer in ("meg", "max"):
        sign(cast[signer], proposal)
    pass_at(MONDAY)
    assert in_force(company) == text and (company / "messages.yaml").read_text() == CLAIM
    proposal.refresh_from_db()
    assert proposal.state == State.IN_FORCE
    assert agreement_of(company).messages.claims[0].text == "Live in a week."


def test_messages_changed_by_hand_are_not_written_over(company: Path, cast: Cast) -> None:
    text = f"{AGREEMENT}\nmessages: messages.yaml\n"
    proposal = proposed(cast, text=text, words=CLAIM)
    sign(cast["meg"], proposal)
    (company / "messages.yaml").write_text("claims: []\n")
    sign(cast["max"], proposal)
    assert [one.side for one in proposal.signatures.all()] == ["marketing"]
    other = proposed(cast, text=text, words=CLAIM)
    for signer in ("meg", "max"):
        sign(cast[signer], other)
    (company / "messages.yaml").write_text("terms: []\n")
    pass_at(MONDAY)
    other.refresh_from_db()
    assert other.why.startswith("messages.yaml was changed") and in_force(company) == AGREEMENT
