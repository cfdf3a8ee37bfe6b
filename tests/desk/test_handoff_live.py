"""Going live on a page: what it would do, the confirmation, the switch, and what follows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client
from handoff_world import MONDAY, demo_requests, live_company, people

from accord.desk.handoff.actions import go_live as actions
from accord.desk.handoff.actions.go_live import NotLive, TakeOver
from accord.desk.handoff.models import Clock, Handoff
from accord.desk.jobs import worker
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
from accord.desk.teams.models import AuditEntry, User
from accord.settings import load_settings
from accord.workspace import Workspace

__all__ = ["live_company"]

LATER = MONDAY + timedelta(minutes=5)


@pytest.fixture
def company(live_company: Path, tmp_path: Path, db: None, settings: object) -> Iterator[Path]:
    """A company in shadow: three leads have qualified, one was open before."""
    folder = Path(shutil.copytree(live_company, tmp_path / "company"))
    toml = folder / "accord.toml"
    toml.write_text(toml.read_text().replace('mode = "live"', 'mode = "shadow"'))
    people()
    demo_requests(folder, MONDAY, 1, 2, 20)
    settings.WORKSPACE = folder  # type: ignore[attr-defined]
    with patch("accord.workspace.now", lambda: LATER):
        yield folder


@pytest.fixture
def priya(company: Path) -> User:
    return add_person("priya@northwind.example", "Priya", Role.OPERATIONS, password="robots and coffee")


@pytest.fixture
def client(priya: User) -> Client:
    opened = Client()
    opened.force_login(priya, backend="django.contrib.auth.backends.ModelBackend")
    return opened


def plan(folder: Path, wanted: TakeOver) -> actions.Plan:
    space = Workspace(folder)
    return actions.plan(space.builds.current().reader(), space.agreement, LATER, wanted)


def test_the_plan_says_who_would_get_what_and_writes_nothing(company: Path) -> None:
    planned = plan(company, TakeOver())
    assert (planned.new, planned.before, planned.taken) == (3, 1, 0)
    assert planned.moved == (("Key accounts", "Kim", 1), ("Reps", "Ann", 1), ("Reps", "Ben", 1))
    assert planned.obstacles == ()
    assert plan(company, TakeOver("fresh", 90)).taken == 1
    assert plan(company, TakeOver("fresh", 30)).taken == 0  # it qualified on 20 March
    assert not Handoff.objects.exists()


@pytest.mark.parametrize(("how", "origin"), [("fresh", "adopted_fresh"), ("running", "adopted_running")])
def test_going_live_hands_over_what_was_planned(client: Client, company: Path, how: str, origin: str) -> None:
    before = (company / "accord.toml").read_text()
    assert client.post("/live", {"how": how, "days": "90"}).status_code == 302
    assert load_settings(company / "accord.toml").mode == "live"
    assert (company / "accord.toml").read_text() == before.replace('mode = "shadow"', 'mode = "live"')
    while worker.run_next():
        pass
    assert sorted(Handoff.objects.values_list("origin", flat=True)) == [origin, *["decided"] * 3]
    taken = Clock.objects.get(handoff__origin=origin, promise="accept")
    assert (taken.started_at.replace(tzinfo=None) == LATER) == (how == "fresh")
    assert AuditEntry.objects.filter(action="went live", about=f"4 leads, {how}").exists()


def test_many_leads_ask_for_their_number(
    client: Client, company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_AT_ONCE", 2)
    assert "type 3 to confirm" in client.get("/live").content.decode()
    refused = client.post("/live", {"typed": "2"})
    assert refused.status_code == 422 and "3 leads would be handed over at once" in refused.content.decode()
    assert load_settings(company / "accord.toml").mode == "shadow"
    assert client.post("/live", {"typed": " 3 "}).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("go_live: 2026-04-02\n", "", "Set go_live in agreement.yaml"),
        ("go_live: 2026-04-02", "go_live: 2026-05-01", "2026-05-01, is still to come"),
        ("to: key-accounts", "to: nobody-there", "the team nobody-there, which does not exist"),
    ],
)
def test_what_must_be_mended_first_is_said(
    client: Client, company: Path, old: str, new: str, said: str
) -> None:
    agreement = company / "agreement.yaml"
    agreement.write_text(agreement.read_text().replace(old, new))
    assert said in client.get("/live").content.decode()
    assert client.post("/live").status_code == 422
    assert load_settings(company / "accord.toml").mode == "shadow"


def test_settings_that_cannot_be_written_change_nothing(
    priya: User, company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    planned = plan(company, TakeOver())
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(NotLive, match=r'No space left on device\. Write mode = "live" into it by hand'):
        actions.go_live(planned, TakeOver(), "", by=priya)
    assert not AuditEntry.objects.filter(action="went live").exists()


def test_back_to_shadow_and_only_by_a_post(client: Client, company: Path) -> None:
    client.post("/live")
    assert client.get("/live/shadow").status_code == 405
    client.post("/live/shadow")
    assert load_settings(company / "accord.toml").mode == "shadow"
