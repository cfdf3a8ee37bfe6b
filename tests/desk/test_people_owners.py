"""Owners in the tools matched by hand: whose leads they are then, for routing, scopes and the queue."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from handoff_world import MONDAY, demo_requests, live_company, people

from accord.desk.handoff.dry_run import dry_run
from accord.desk.handoff.models import Handoff
from accord.desk.handoff.settling import settle
from accord.desk.teams import owners
from accord.desk.teams.actions import PersonRefused, deactivate
from accord.desk.teams.models import AuditEntry, OwnerMatch, User

__all__ = ["live_company"]

As = Callable[[str], Client]
SAMS = ("Carla", "Dan")
"""Sam, of no team and not of the desk, owns these two."""


@pytest.fixture
def company(live_company: Path, tmp_path: Path, db: None, settings: object) -> Path:
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    settings.WORKSPACE = folder  # type: ignore[attr-defined]
    return folder


def names_on(client: Client) -> str:
    return client.get("/leads").content.decode()


def stranger(client: Client, name: str) -> str:
    found = {owner.name: owner.key for owner in client.get("/people").context["strangers"]}
    return found[name]


def test_an_owner_without_an_account_is_covered_for_like_somebody_away(company: Path) -> None:
    people()
    space = demo_requests(company, MONDAY, 30)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    assignment = Handoff.objects.get().assignments.get()
    assert assignment.rule == "account owner"
    assert assignment.considered[0] == {"name": "zoe@northwind.example", "reason": "no_account", "owed": ""}
    assert [c["reason"] for c in assignment.considered[1:]] == ["covers", "not_their_turn"]


def test_an_owner_matched_by_hand_gets_the_leads_of_their_accounts(company: Path) -> None:
    ben = people()["ben"]
    owners.match(["crm:owner:zoe"], ben, by=None)
    space = demo_requests(company, MONDAY, 30)
    engine = space.builds.current().reader(space.settings.memory)
    (shown,) = dry_run(engine, space.agreement, ["cora@cora.example"], MONDAY)
    assert (shown["owner"], shown["considered"]) == (ben.email, f"{ben.email}: owns_account")
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    assert Handoff.objects.get().owner == ben


def test_a_match_opens_the_owners_leads_to_the_person_and_their_team_alone(
    as_role: As, cast: dict[str, User]
) -> None:
    assert not any(name in names_on(as_role("rep")) for name in SAMS)
    office = as_role("operations")
    office.post("/people/owners/match", {"owner": stranger(office, "Sam Tull"), "person": cast["rep"].pk})
    for role in ("rep", "manager"):
        assert all(name in names_on(as_role(role)) for name in SAMS), role
    assert not any(name in names_on(as_role("other_team")) for name in SAMS)
    assert as_role("outsider").get("/leads").status_code == 403
    assert [owner.name for owner in office.get("/people").context["strangers"]] == []
    match = OwnerMatch.objects.get()
    assert (
        AuditEntry.objects.get(action="owner matched").about == f"{match.owner_id} is user {cast['rep'].pk}"
    )
    office.post(f"/people/owners/{match.pk}/unmatch")
    assert not any(name in names_on(as_role("rep")) for name in SAMS)


@pytest.mark.parametrize("role", ["manager", "rep", "marketing_manager", "viewer", "outsider"])
def test_only_operations_match(as_role: As, cast: dict[str, User], role: str) -> None:
    given = {"owner": "crm:owner:sam", "person": cast["rep"].pk}
    assert as_role(role).post("/people/owners/match", given).status_code == 403
    assert not OwnerMatch.objects.exists()


@pytest.mark.parametrize("given", [{"owner": "crm:owner:nobody"}, {"person": "0"}, {"person": "x' OR 1=1"}])
def test_a_forged_match_changes_nothing(as_role: As, cast: dict[str, User], given: dict[str, str]) -> None:
    office = as_role("operations")
    asked = {"owner": stranger(office, "Sam Tull"), "person": str(cast["rep"].pk)} | given
    assert "Nothing is matched" in office.post("/people/owners/match", asked, follow=True).content.decode()
    assert not OwnerMatch.objects.exists()


def test_nobody_is_matched_who_cannot_sign_in(cast: dict[str, User]) -> None:
    deactivate(cast["viewer"])
    with pytest.raises(PersonRefused, match="deactivated"):
        owners.match(["crm:owner:sam"], cast["viewer"], by=None)
    assert not OwnerMatch.objects.exists()


def test_an_owner_of_whom_only_the_id_is_known_is_matched_too() -> None:
    said = {"crm:owner:7": "ann@acme.example"}
    assert (
        owners.holder(said, ("crm:owner:7", None), ("crm:owner:8", "ben@acme.example")) == "ann@acme.example"
    )
    assert owners.holder({}, ("crm:owner:7", None), ("crm:owner:8", "b@acme.example")) == "b@acme.example"
    assert owners.holder({}, ("crm:owner:7", None), (None, None)) == "crm:owner:7"
    assert owners.holder({}, (None, None), (None, None)) is None
