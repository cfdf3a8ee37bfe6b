"""A pilot: of the leads that only a proposal would hand over, a random share is, and its answers are told."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from handoff_world import AGREEMENT, MONDAY, at, live_company, load
from notify_world import cast, company, told
from test_proposals import page, post, proposed

from accord.desk.handoff.actions.verdicts import accept
from accord.desk.handoff.audit import audit
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.settling import settle
from accord.desk.jobs.models import Job
from accord.desk.jobs.worker import run_next
from accord.desk.proposals import pilots
from accord.desk.proposals.models import Pilot, PilotLead, Proposal, Trial
from accord.desk.proposals.work import look_for_pilot_leads
from accord.desk.reading import agreement_of
from accord.desk.teams.models import User
from accord.workspace import Workspace

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
GUIDE = """  engagement:
    guide: {on: form_submit, where: "form = 'guide'", points: 10}
"""
WIDER = AGREEMENT.replace("  engagement:\n", GUIDE).replace(
    "hand_raiser and fit > 0", "engagement > 0 and fit > 0"
)
PERSONS = range(100, 140)


@pytest.fixture
def piloted(company: Path, cast: Cast) -> Proposal:
    """A proposal by which whoever downloads the guide would qualify, too."""
    header = "id,email,name,account"
    people = "".join(f"{n},q{n}@acme.example,Quinn {n},1\n" for n in PERSONS)
    load(company, MONDAY - timedelta(hours=2), **{"people.csv": f"{header}\n{people}"})
    return proposed(cast, title="The guide counts", text=WIDER)


def begin(proposal: Proposal, by: User, share: str = "50", moment: datetime = MONDAY) -> Any:
    return post(by, f"/proposals/{proposal.pk}/pilot", moment, share=share, weeks="4")


def guides(company: Path, moment: datetime) -> None:
    rows = "".join(f"g{n},{moment - timedelta(minutes=5)},{n},guide\n" for n in PERSONS)
    load(company, moment, **{"forms-guides.csv": f"id,at,person,form\n{rows}"})


def looked(moment: datetime) -> bool:
    with at(moment):
        asked = look_for_pilot_leads()
        while run_next():
            pass
    failed = Job.objects.filter(state=Job.State.FAILED).first()
    assert failed is None, failed and failed.error
    return asked


def test_a_random_share_is_handed_over_and_the_rest_is_not(
    company: Path, cast: Cast, piloted: Proposal
) -> None:
    begin(piloted, cast["max"])
    guides(company, MONDAY + timedelta(hours=1))
    later = MONDAY + timedelta(hours=2)
    assert looked(later) and not looked(later)
    pilot = Pilot.objects.get()
    assert pilot.leads.count() == len(PERSONS)
    chosen = PilotLead.objects.filter(chosen=True)
    assert 8 <= chosen.count() <= 32
    handed = Handoff.objects.filter(origin=Handoff.Origin.PILOT)
    assert {row.person for row in handed} == {row.person for row in chosen}
    assert Handoff.objects.count() == handed.count() and all(row.handoff for row in chosen)
    assert all(row.clocks.filter(started_at__gte=pilot.at).exists() and row.owner for row in handed)
    assert told("handover")
    assert looked(later + timedelta(hours=1)) and Handoff.objects.count() == handed.count()
    space = Workspace(company)
    with at(later):
        settle(space, agreement_of(company), later)
        assert audit(space.builds.current().reader(), agreement_of(company)).findings == []
    assert handed.filter(state=Handoff.State.WAITING).count() == chosen.count()


def test_what_sales_made_of_them_is_told_once_enough_are_answered(
    company: Path, cast: Cast, piloted: Proposal
) -> None:
    begin(piloted, cast["meg"], share="100")
    guides(company, MONDAY + timedelta(hours=1))
    looked(MONDAY + timedelta(hours=2))
    assert "told from 20 answers on" in page(cast["ann"], f"/proposals/{piloted.pk}")
    pilot = Pilot.objects.get()
    agreement, answered = agreement_of(company), MONDAY + timedelta(hours=3)
    for row in Handoff.objects.select_related("owner").order_by("pk")[:20]:
        assert pilots.found_by(pilot).accepted is None
        accept(row, row.owner or cast["max"], answered, agreement)
    found = pilots.found_by(pilot)
    assert found.accepted is not None and (found.accepted.count, found.accepted.of) == (20, 20)
    assert found.accepted.low is not None and found.accepted.low > 0.8
    assert "20 of 20" in page(cast["ann"], f"/proposals/{piloted.pk}")


def test_a_pilot_ends_by_itself_by_hand_and_with_its_proposal(
    company: Path, cast: Cast, piloted: Proposal
) -> None:
    begin(piloted, cast["max"])
    begin(piloted, cast["meg"])  # it runs already
    assert Pilot.objects.count() == 1
    guides(company, MONDAY + timedelta(weeks=5))
    assert looked(MONDAY + timedelta(weeks=5)) and not looked(MONDAY + timedelta(weeks=6))
    assert not PilotLead.objects.exists()  # they came after its end
    begin(piloted, cast["max"], moment=MONDAY + timedelta(weeks=6))
    post(cast["meg"], f"/proposals/{piloted.pk}/pilot/stop", MONDAY + timedelta(weeks=6, hours=1))
    assert Pilot.objects.exclude(stopped_at=None).count() == 1
    assert not looked(MONDAY + timedelta(weeks=6, hours=2))
    begin(piloted, cast["max"], moment=MONDAY + timedelta(weeks=6, hours=3))
    post(cast["mia"], f"/proposals/{piloted.pk}/withdraw")
    assert not looked(MONDAY + timedelta(weeks=6, hours=5))


def test_who_signs_begins_a_pilot_that_makes_sense_and_nobody_else(company: Path, cast: Cast) -> None:
    proposal = proposed(cast, title="The guide counts", text=WIDER)
    for name in ("ann", "mia", "oli"):
        assert begin(proposal, cast[name]).status_code == 403
    for share in ("0", "101", "-1", "ten", ""):
        begin(proposal, cast["max"], share=share)
    assert not Pilot.objects.exists()


def test_the_past_that_cannot_tell_offers_a_pilot(company: Path, cast: Cast, piloted: Proposal) -> None:
    shown = page(cast["max"], f"/proposals/{piloted.pk}")
    assert "Begin a pilot" not in shown
    guides(company, MONDAY + timedelta(hours=1))
    post(cast["max"], f"/proposals/{piloted.pk}/try", MONDAY + timedelta(hours=2))
    with at(MONDAY + timedelta(hours=2)):
        while run_next():
            pass
    assert Trial.objects.get().found["answered"] is False
    assert "Begin a pilot" in page(cast["max"], f"/proposals/{piloted.pk}")
    assert "Begin a pilot" not in page(cast["ann"], f"/proposals/{piloted.pk}")
