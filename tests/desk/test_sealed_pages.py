"""Sealing a period on the pages, and finding out why its numbers are others now."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accord.desk.jobs.models import Job
from accord.desk.jobs.worker import run_next
from accord.desk.sealed.models import Comparison
from accord.desk.teams.models import AuditEntry
from accord.workspace import Workspace
from example import EXAMPLE

Sign = Callable[[str], Client]
PERIOD = "from=2026-02-01&to=2026-08-01"


@pytest.fixture(autouse=True)
def own(example_workspace: Path, tmp_path: Path, settings: Any) -> Path:
    """A copy of the example company: what is sealed and built here stays here."""
    folder = tmp_path / "northwind"
    shutil.copytree(example_workspace, folder)
    settings.WORKSPACE = folder
    return folder


def learn_late(folder: Path) -> None:
    """An invoice of June comes late."""
    file = folder.parent / "invoices.csv"
    file.write_text(
        "Invoice,Day,Company ID,Deal ID,Amount,Currency,Kind,Until\ni91,2026-06-12,100,d1,10000,EUR,new,\n"
    )
    Workspace(folder).load([file], EXAMPLE / "crm.yaml", history=False)
    Workspace(folder).build()


def seal(client: Client, name: str = "h1") -> Any:
    return client.post(f"/seal?{PERIOD}", {"name": name}, follow=True)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_manager_seals_what_the_page_shows(as_role: Sign, own: Path) -> None:
    answer = seal(as_role("manager"))
    assert "numbers are what they were" in text(answer)
    sealed = Workspace(own).seals.get("h1")
    assert (str(sealed.start), str(sealed.end)) == ("2026-02-01", "2026-08-01")
    assert sealed.sealed_by == "Sales manager Person"
    assert f"Sealed of build {sealed.build_id}, judged under agreement version {sealed.version[:12]}" in text(
        answer
    )
    assert AuditEntry.objects.get(action="sealed").about.startswith("h1 of build ")
    assert "As sealed" in text(as_role("viewer").get("/sealed"))


@pytest.mark.parametrize("role", ["rep", "marketer", "viewer", "outsider"])
def test_nobody_else_seals(as_role: Sign, own: Path, role: str) -> None:
    assert seal(as_role(role)).status_code == 403
    assert Workspace(own).seals.all() == []


def test_a_name_is_used_once_and_names_a_file(as_role: Sign, own: Path) -> None:
    seal(as_role("operations"))
    assert "sealed already" in text(seal(as_role("manager")))
    assert "cannot be called" in text(seal(as_role("manager"), "../h2"))
    assert [sealed.name for sealed in Workspace(own).seals.all()] == ["h1"]
    assert as_role("manager").get("/sealed/h2").status_code == 404


def test_a_changed_number_is_announced_and_explained(as_role: Sign, own: Path) -> None:
    manager = as_role("manager")
    seal(manager)
    assert "than was sealed" not in text(manager.get(f"/?{PERIOD}"))
    learn_late(own)
    assert "others than were sealed as h1" in text(manager.get(f"/?{PERIOD}"))
    assert "than were sealed" not in text(manager.get(f"/?{PERIOD}&channel=Email"))
    page = text(manager.get("/sealed/h1"))
    assert "Find out why" in page and "late fact" not in page
    assert "+€10,000" in page
    assert "others" in text(manager.get("/sealed"))

    manager.post("/sealed/h1/causes")
    manager.post("/sealed/h1/causes")
    assert Job.objects.filter(kind="restate").count() == 1
    while run_next():
        pass
    [job] = Job.objects.filter(kind="restate")
    assert job.state == Job.State.DONE, job.error
    assert "10000" not in str(job.result)
    page = text(as_role("viewer").get("/sealed/h1"))
    assert "late fact +€10,000" in page and "Find out why" not in page
    assert "<td>revenue</td>" in page
    rows = manager.get("/sealed/h1?format=csv").content.decode().splitlines()
    assert rows[0].startswith("report,of,figure,model,unit,was,now,change,look-back still open,late fact")
    assert any(row.startswith("scoreboard,revenue,value,,money,") for row in rows)
    manager.post("/sealed/h1/causes")
    assert Job.objects.filter(kind="restate").count() == 1
    assert Comparison.objects.get().found is not None


def test_a_newer_build_is_asked_about_anew(as_role: Sign, own: Path) -> None:
    manager = as_role("manager")
    seal(manager)
    learn_late(own)
    manager.post("/sealed/h1/causes")
    while run_next():
        pass
    Workspace(own).build()
    assert "Find out why" in text(manager.get("/sealed/h1"))


def test_who_may_not_export_gets_no_file(as_role: Sign, own: Path) -> None:
    seal(as_role("manager"))
    assert as_role("rep").get("/sealed/h1?format=csv").status_code == 403


def test_before_the_first_build_there_is_nothing_to_seal(as_role: Sign, own: Path) -> None:
    shutil.rmtree(own / "ledger" / "builds")
    for address in ("/sealed", "/sealed/h1"):
        assert as_role("manager").get(address).status_code == 200
