"""Reports on the pages as if one version had judged all of the past, for whoever asks, until they go back."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from handoff_world import AGREEMENT, MONDAY, at, live_company, load
from notify_world import cast, company
from test_pilots import WIDER
from test_proposals import client_of

from accord.desk.handoff.models import Handoff
from accord.desk.jobs.models import Job
from accord.desk.jobs.worker import run_next
from accord.desk.teams.models import User
from accord.workspace import Workspace

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
LATER = MONDAY + timedelta(hours=2)


@pytest.fixture(scope="module")
def two_versions(live_company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions: seven people asked for the guide under the first, which the second alone counts."""
    folder = Path(shutil.copytree(live_company, tmp_path_factory.mktemp("versions") / "company"))
    rows = "".join(f"g{n},{MONDAY - timedelta(minutes=5)},{n},guide\n" for n in range(1, 8))
    load(folder, MONDAY, **{"forms-guides.csv": f"id,at,person,form\n{rows}"})
    for minute, text in enumerate((WIDER, AGREEMENT)):
        (folder / "agreement.yaml").write_text(text)
        with at(MONDAY + timedelta(hours=1, minutes=minute)):
            Workspace(folder).build()
    return folder


@pytest.fixture
def versions(company: Path, two_versions: Path) -> list[str]:
    """The names of both, of which the company has had a past."""
    shutil.copytree(two_versions, company, dirs_exist_ok=True)
    return list(dict.fromkeys(row["version"] for row in Workspace(company).ledger.versions()))


def judged(client: Client, version: str) -> None:
    with at(LATER):
        client.post(f"/agreement/as-if/{version}")
        while run_next():
            pass
    failed = Job.objects.filter(state=Job.State.FAILED).first()
    assert failed is None, failed and failed.error


def qualified(client: Client) -> str:
    with at(LATER):
        return client.get("/?period=this-year&format=csv").content.decode()


def test_reports_say_what_a_version_would_have_decided_until_one_goes_back(
    company: Path, cast: Cast, versions: list[str]
) -> None:
    first, wider = versions
    one, other = client_of(cast["meg"]), client_of(cast["max"])
    before = qualified(one)
    judged(one, wider)
    with at(LATER):
        shown = one.get(f"/agreement/as-if/{wider}").content.decode()
        assert "Look at the reports" in shown and qualified(one) == before
        one.post(f"/agreement/as-if/{wider}", {"build": "yes"})
        assert f"As if version <code>{wider}</code>" in one.get("/").content.decode()
        assert "As if version" not in one.get("/leads").content.decode()
        assert "As if version" not in other.get("/").content.decode()
    assert qualified(one) != before and qualified(other) == before
    one.post("/agreement/as-judged")
    assert qualified(one) == before
    judged(one, first)
    assert Handoff.objects.count() == 0  # nothing was decided by it


def test_a_build_that_is_gone_shows_what_was_decided(company: Path, cast: Cast, versions: list[str]) -> None:
    client = client_of(cast["meg"])
    before = qualified(client)
    judged(client, versions[1])
    client.post(f"/agreement/as-if/{versions[1]}", {"build": "yes"})
    shutil.rmtree(Workspace(company).as_if_builds.folder)
    assert qualified(client) == before
    assert "Judge the past by it" in client.get(f"/agreement/as-if/{versions[1]}").content.decode()


def test_an_unknown_version_is_not_found_and_viewers_start_no_judging(
    company: Path, cast: Cast, versions: list[str]
) -> None:
    assert client_of(cast["meg"]).get("/agreement/as-if/0000000000000000").status_code == 404
    viewer = User.objects.create(email="vic@northwind.example", name="Vic", role="viewer")
    client_of(viewer).post(f"/agreement/as-if/{versions[1]}")
    assert not Job.objects.filter(kind="as if judged").exists()
