"""A rep who leaves: everything they hold moves in one, with a preview, and nothing is orphaned."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client
from handoff_world import MONDAY, demo_requests, live_company, people

from accord.desk.handoff.actions.leaving import leave
from accord.desk.handoff.actions.verdicts import accept, give_up
from accord.desk.handoff.holding import held_by
from accord.desk.handoff.models import Assignment, Clock, Debt, Handoff
from accord.desk.handoff.settling import settle
from accord.desk.hours.actions import add_absence
from accord.desk.outbox.models import OutboxFact
from accord.desk.rights import Role
from accord.desk.teams.actions import PersonRefused, add_person, change_person, deactivate
from accord.desk.teams.models import AuditEntry, OwnerMatch, User
from accord.workspace import Workspace
from desk_cast import PASSWORD

__all__ = ["live_company"]

NOW = MONDAY + timedelta(hours=1)


@pytest.fixture
def cast(live_company: Path, tmp_path: Path, db: None, settings: object) -> Iterator[dict[str, User]]:
    """Ann has two waiting leads, one accepted and one resting; Ben has some; Kim is of key accounts."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    settings.WORKSPACE = folder  # type: ignore[attr-defined]
    made = people()
    made["ola"] = add_person("ola@northwind.example", "Ola", Role.OPERATIONS, password=PASSWORD)
    made["cem"] = add_person("cem@northwind.example", "Cem", Role.REP, password=PASSWORD, teams=["reps"])
    space = demo_requests(folder, MONDAY, *range(1, 8), 20)
    settle(space, space.agreement, MONDAY + timedelta(minutes=2))
    first, second = Handoff.objects.filter(owner=made["ann"]).order_by("pk")[:2]
    accept(first, made["ann"], MONDAY + timedelta(minutes=10), space.agreement)
    give_up(second, "recycled", made["ann"], MONDAY + timedelta(minutes=10), space.agreement)
    with patch("accord.workspace.now", lambda: NOW):
        yield made


def everything() -> list[list[tuple[object, ...]]]:
    """All that moving could change."""
    tables = (Handoff, Assignment, Clock, Debt, OwnerMatch, OutboxFact, AuditEntry)
    return [list(table.objects.order_by("pk").values_list()) for table in tables] + [
        list(User.objects.order_by("pk").values_list("pk", "role", "is_active"))
    ]


def office(cast: dict[str, User]) -> Client:
    client = Client()
    client.force_login(cast["ola"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_shows_all_they_hold_and_a_preview_that_changes_nothing(cast: dict[str, User]) -> None:
    before = everything()
    client, address = office(cast), f"/people/{cast['ann'].pk}/leave"
    page = client.get(address)
    held = Handoff.objects.filter(owner=cast["ann"])
    assert (page.context["open"], page.context["resting"]) == (held.count() - 1, 1)
    shown = client.get(address, {"to": "turns"}).context["moved"]
    assert sum(n for _to, n in shown) == held.count()
    assert {to for (_team, to), _n in shown} == {"Ben", "Cem"}
    assert everything() == before
    client.post(address, {"to": "turns"})
    gone = {(a.handoff.team.name, a.owner.name) for a in Assignment.objects.filter(rule="its owner left")}
    assert gone == {to for to, _n in shown}


def test_by_turns_the_team_shares_it_and_clocks_go_on(cast: dict[str, User]) -> None:
    theirs = list(Handoff.objects.filter(owner=cast["ann"]).order_by("pk"))
    due = dict(Clock.objects.values_list("pk", "due_at"))
    answer = office(cast).post(f"/people/{cast['ann'].pk}/leave", {"to": "turns"})
    assert answer["Location"] == "/people"
    now_with = [Handoff.objects.get(pk=h.pk).owner for h in theirs]
    assert set(now_with) == {cast["ben"], cast["cem"]}
    assert abs(now_with.count(cast["ben"]) - now_with.count(cast["cem"])) <= 1
    assert dict(Clock.objects.values_list("pk", "due_at")) == due
    assert not held_by(cast["ann"]).exists()
    assert not User.objects.get(pk=cast["ann"].pk).is_active


def test_all_to_one_person_with_their_records_in_the_tools(cast: dict[str, User]) -> None:
    n = held_by(cast["ann"]).count()
    space = Workspace(workspace_folder())
    moved = leave(cast["ann"], cast["cem"], ["crm:owner:ann"], NOW, space.agreement, by=cast["ola"])
    assert dict(moved) == {("Reps", "Cem"): n}
    assert OwnerMatch.objects.get(owner_id="crm:owner:ann").user == cast["cem"]
    resting = Handoff.objects.get(state="recycled")
    assert resting.owner == cast["cem"]


def workspace_folder() -> Path:
    from django.conf import settings

    return Path(settings.WORKSPACE)


def test_with_nobody_there_leads_go_to_the_pool_with_their_clocks(cast: dict[str, User]) -> None:
    kims = Handoff.objects.get(owner=cast["kim"])
    office(cast).post(f"/people/{cast['kim'].pk}/leave", {"to": "turns"})
    kims.refresh_from_db()
    assert (kims.owner, kims.is_open) == (None, True)
    assert kims.clocks.filter(state="running", due_at__isnull=False).count() == 3


def test_what_others_cover_stays_with_them(cast: dict[str, User]) -> None:
    zoe = add_person("zoe@northwind.example", "Zoe", Role.REP, password=PASSWORD, teams=["reps"])
    add_absence(zoe, MONDAY - timedelta(days=1), MONDAY + timedelta(days=2), by=None)
    space = demo_requests(workspace_folder(), MONDAY + timedelta(minutes=30), 30)
    settle(space, space.agreement, MONDAY + timedelta(minutes=32))
    covered = Handoff.objects.get(covers=zoe)
    cover = covered.owner
    page = office(cast).get(f"/people/{zoe.pk}/leave")
    assert (page.context["open"], page.context["covered"]) == (0, 1)
    with pytest.raises(PersonRefused):
        deactivate(zoe)
    office(cast).post(f"/people/{zoe.pk}/leave", {"to": "turns"})
    covered.refresh_from_db()
    assert (covered.owner, covered.covers, covered.returns_at) == (cover, None, None)


def test_whoever_covers_and_leaves_hands_the_cover_on_as_one(cast: dict[str, User]) -> None:
    zoe = add_person("zoe@northwind.example", "Zoe", Role.REP, password=PASSWORD, teams=["reps"])
    add_absence(zoe, MONDAY - timedelta(days=1), MONDAY + timedelta(days=2), by=None)
    space = demo_requests(workspace_folder(), MONDAY + timedelta(minutes=30), 30)
    settle(space, space.agreement, MONDAY + timedelta(minutes=32))
    covered = Handoff.objects.get(covers=zoe)
    back_at, cover = covered.returns_at, covered.owner
    leave(cover, None, [], NOW, space.agreement, by=cast["ola"])
    covered.refresh_from_db()
    assert covered.owner not in (cover, zoe, None)
    assert (covered.covers, covered.returns_at) == (zoe, back_at)


def test_nobody_is_deactivated_or_given_another_role_while_they_hold_leads(cast: dict[str, User]) -> None:
    client, ann = office(cast), cast["ann"]
    before = everything()
    ended = client.post(f"/people/{ann.pk}/deactivate")
    changed = client.post(f"/people/{ann.pk}", {"role": "viewer"})
    for answer in (ended, changed):
        assert answer.status_code == 422
        assert "Move them first" in answer.content.decode()
    change_person(ann, Role.MANAGER, ["reps"])  # a manager answers leads, too
    change_person(ann, Role.REP, ["reps"])
    assert everything()[0] == before[0] and User.objects.get(pk=ann.pk).is_active


@pytest.mark.parametrize("heir", ["ola", "ann", "gone", "999999", "turns; drop"])
def test_a_forged_or_unable_heir_is_refused_and_nothing_moves(cast: dict[str, User], heir: str) -> None:
    cast["gone"] = add_person("gone@northwind.example", "Gone", Role.REP, password=PASSWORD, teams=["reps"])
    deactivate(cast["gone"])
    before = everything()
    to = str(cast[heir].pk) if heir in cast else heir
    assert office(cast).post(f"/people/{cast['ann'].pk}/leave", {"to": to}).status_code == 422
    assert everything() == before


@pytest.mark.parametrize("name", ["max", "ben", "kim"])
def test_only_operations_see_the_page_or_move_anything(cast: dict[str, User], name: str) -> None:
    client = Client()
    client.force_login(cast[name], backend="django.contrib.auth.backends.ModelBackend")
    before = everything()
    address = f"/people/{cast['ann'].pk}/leave"
    assert client.get(address).status_code == 403
    assert client.post(address, {"to": "turns"}).status_code == 403
    assert everything() == before
