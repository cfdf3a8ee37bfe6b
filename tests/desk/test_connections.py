"""Connections: what is written into their folders is loaded once, whole; silence and failures are told."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from handoff_world import MONDAY, at, live_company
from notify_world import cast, company, handed_over
from typer.testing import CliRunner

from accord.cli.main import app
from accord.desk.connections.folder import NoFolder, entries
from accord.desk.connections.models import Delivery
from accord.desk.connections.standing import read_until, standings
from accord.desk.connections.watching import STILL
from accord.desk.connections.work import read_folders
from accord.desk.handoff.models import Clock
from accord.desk.handoff.settling import read_until as tools_read_until
from accord.desk.handoff.settling import run_once
from accord.desk.jobs.models import Job
from accord.desk.jobs.work import build_on_time
from accord.desk.jobs.worker import run_next
from accord.desk.notify.models import Kind, Message
from accord.desk.teams.models import User
from accord.workspace import Workspace

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
State = Delivery.State
SOON = STILL + timedelta(seconds=1)
CALLS = "id,at,person,kind,outcome,owner\n{rows}"


@pytest.fixture
def drop(company: Path, cast: Cast) -> Path:
    """The folder of the company's connection `crm`."""
    folder = company / "exports"
    folder.mkdir()
    toml = company / "accord.toml"
    own = '[connections.crm]\nfolder = "exports"\nmapping = "mapping.yaml"\nfresh = "4h"\n'
    toml.write_text(f"{toml.read_text()}\n{own}")
    return folder


def put(file: Path, text: str, written: datetime) -> None:
    """A tool writes a file at a moment (naive UTC)."""
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    stamp = written.replace(tzinfo=UTC).timestamp()
    os.utime(file, (stamp, stamp))


def call(number: int, person: int, moment: datetime) -> str:
    return CALLS.format(rows=f"c{number},{moment},{person},call,answered,zoe\n")


def look(moment: datetime) -> bool:
    """One look into the folders, and another when all has stood still; what is asked for is done."""
    asked = False
    for later in (timedelta(), SOON):
        with at(moment + later):
            asked |= read_folders()
            while run_next():
                pass
    return asked


def test_what_is_written_is_loaded_once_and_built(company: Path, drop: Path) -> None:
    put(drop / "calls-1.csv", call(1, 1, MONDAY), MONDAY)
    assert look(MONDAY + timedelta(minutes=1))
    delivery = Delivery.objects.get()
    assert (delivery.state, read_until("crm")) == (State.LOADED, MONDAY)
    (load,) = [one for one in Workspace(company).loads() if one.load_id == delivery.load_id]
    assert (load.by, load.loaded) == ("connection crm", 1)
    assert Job.objects.get(kind="build").state == Job.State.DONE
    assert not look(MONDAY + timedelta(minutes=2))
    assert Job.objects.filter(kind="read folder").count() == 1


def test_a_file_that_still_grows_waits_and_one_written_anew_is_loaded_anew(drop: Path) -> None:
    put(drop / "calls-1.csv", call(1, 1, MONDAY), MONDAY)
    with at(MONDAY):
        assert not read_folders()
    put(drop / "calls-1.csv", call(1, 1, MONDAY) + "c2,", MONDAY + SOON)
    with at(MONDAY + SOON):
        assert not read_folders()
    put(drop / "calls-1.csv", call(1, 1, MONDAY), MONDAY + 2 * SOON)
    assert look(MONDAY + timedelta(minutes=1))
    later = MONDAY + timedelta(hours=1)
    put(drop / "calls-1.csv", call(2, 1, later), later)
    with at(later):
        read_folders()
    assert read_until("crm") == MONDAY + 2 * SOON  # the new one has not been read yet
    assert look(later)
    assert read_until("crm") == later
    assert Delivery.objects.count() == 1


def test_unfinished_and_hidden_files_and_links_are_left_alone(drop: Path, tmp_path: Path) -> None:
    for name in (".calls.csv", "calls.csv.part", "calls.csv.tmp"):
        put(drop / name, call(1, 1, MONDAY), MONDAY)
    put(tmp_path / "secret" / "calls-9.csv", call(9, 1, MONDAY), MONDAY)
    (drop / "calls-link.csv").symlink_to(tmp_path / "secret" / "calls-9.csv")
    (drop / "linked").symlink_to(tmp_path / "secret")
    (drop / "empty").mkdir()
    assert entries(drop) == []
    assert not look(MONDAY)


def test_a_folder_of_files_is_one_entry_and_all_that_is_ready_is_one_load(drop: Path) -> None:
    put(drop / "2026-04-20" / "calls-1.csv", call(1, 1, MONDAY), MONDAY)
    put(drop / "2026-04-20" / "calls-2.csv", call(2, 2, MONDAY), MONDAY + timedelta(minutes=1))
    put(drop / "calls-3.csv", call(3, 3, MONDAY), MONDAY)
    look(MONDAY + timedelta(minutes=2))
    assert sorted(Delivery.objects.values_list("name", flat=True)) == ["2026-04-20", "calls-3.csv"]
    assert len(set(Delivery.objects.values_list("load_id", flat=True))) == 1
    assert read_until("crm") == MONDAY + timedelta(minutes=1)


def test_what_cannot_be_loaded_is_told_once_and_tried_again_by_hand(drop: Path, cast: Cast) -> None:
    put(drop / "calls-1.csv", "id,when\nc1,today\n", MONDAY)
    look(MONDAY)
    look(MONDAY + timedelta(minutes=1))
    delivery = Delivery.objects.get()
    assert delivery.state == State.FAILED and "calls-1.csv" in delivery.error
    (told,) = Message.objects.filter(kind=Kind.OPERATIONS, to__user=cast["oli"])
    assert told.title == "What crm brought could not be loaded"
    client = Client()
    client.force_login(cast["oli"])
    assert delivery.error[:40] in client.get("/connections").content.decode().replace("&#x27;", "'")
    put(drop / "calls-1.csv", call(1, 1, MONDAY), MONDAY)
    assert client.post("/connections/crm/again").status_code == 302
    assert client.post("/connections/other/again").status_code == 404
    look(MONDAY + timedelta(minutes=2))
    assert Delivery.objects.get().state == State.LOADED


def test_a_file_that_is_none_of_the_mapping_keeps_no_other_out(drop: Path, cast: Cast) -> None:
    put(drop / "calls-1.csv", call(1, 1, MONDAY), MONDAY)
    put(drop / "notes.csv", "a,b\n1,2\n", MONDAY)
    look(MONDAY)
    states = dict(Delivery.objects.values_list("name", "state"))
    assert states == {"calls-1.csv": State.LOADED, "notes.csv": State.FAILED}
    assert Message.objects.filter(kind=Kind.OPERATIONS).count() == 1


def test_a_load_that_kills_its_workers_has_failed(drop: Path) -> None:
    put(drop / "calls-1.csv", call(1, 1, MONDAY), MONDAY)
    for later in (timedelta(), SOON):
        with at(MONDAY + later):
            read_folders()
    Job.objects.update(state=Job.State.FAILED, error="The worker ended 3 times in the middle of it.")
    with at(MONDAY + 2 * SOON):
        read_folders()
    assert Delivery.objects.get().error == "The worker ended 3 times in the middle of it."


def test_a_promise_stays_unconfirmed_until_the_tool_was_read_past_it(
    company: Path, drop: Path, cast: Cast
) -> None:
    put(drop / "calls-1.csv", call(1, 8, MONDAY), MONDAY)
    look(MONDAY)
    handed_over(company, 1)
    clock = Clock.objects.get(promise=Clock.Promise.FIRST_CONTACT)
    due = MONDAY + timedelta(hours=24)
    put(drop / "calls-2.csv", call(2, 8, MONDAY), due - timedelta(hours=1))
    look(due + timedelta(minutes=10))
    with at(due + timedelta(minutes=11)):
        run_once(Workspace(company), due + timedelta(minutes=11))
    clock.refresh_from_db()
    assert clock.unconfirmed and clock.broken_at is None
    put(drop / "calls-3.csv", call(3, 1, due - timedelta(minutes=5)), due + timedelta(minutes=20))
    look(due + timedelta(minutes=21))
    with at(due + timedelta(minutes=22)):
        run_once(Workspace(company), due + timedelta(minutes=22))
    clock.refresh_from_db()
    assert clock.state == Clock.State.MET and clock.broken_at is None


def test_what_was_loaded_counts_as_read_with_the_build_that_shows_it(company: Path, drop: Path) -> None:
    put(drop / "calls-1.csv", call(1, 8, MONDAY), MONDAY)
    look(MONDAY)
    later = MONDAY + timedelta(hours=2)
    (company / "more").mkdir()
    (company / "more" / "calls-9.csv").write_text(call(9, 8, MONDAY))
    with at(later):
        Workspace(company).load([company / "more"], company / "mapping.yaml")
    assert tools_read_until(Workspace(company)) == MONDAY
    with at(later + timedelta(minutes=1)):
        Workspace(company).build()
    assert tools_read_until(Workspace(company)) == later


def test_a_silent_connection_alerts_operations_once_and_no_rep(company: Path, drop: Path, cast: Cast) -> None:
    put(drop / "calls-1.csv", call(1, 8, MONDAY), MONDAY)
    look(MONDAY)
    handed_over(company, 1)
    due = MONDAY + timedelta(hours=24)
    for minutes in (1, 2):
        moment = due + timedelta(minutes=minutes)
        with at(moment):
            read_folders()
            run_once(Workspace(company), moment)
    assert Clock.objects.get(promise=Clock.Promise.FIRST_CONTACT).unconfirmed
    told = Message.objects.filter(key__startswith="silent:crm:")
    assert [(one.to.user, one.title) for one in told] == [
        (cast["oli"], "Nothing new from crm since 20 Apr 2026, 10:00")
    ]
    assert not Message.objects.filter(key__startswith="unconfirmed:").exists()
    space = Workspace(company)
    (standing,) = standings(company, space.settings, due)
    assert (standing.state, standing.until) == ("silent", MONDAY)


def test_a_folder_that_is_not_there_is_told_and_stops_nothing(company: Path, drop: Path) -> None:
    shutil.rmtree(drop)
    with pytest.raises(NoFolder, match=r"exports cannot be read.*accord\.toml"):
        entries(drop)
    assert not look(MONDAY)


def test_a_build_is_made_when_the_last_is_too_old(company: Path, db: None) -> None:
    built = datetime.fromisoformat(Workspace(company).builds.current().about["built_at"])
    with at(built + timedelta(hours=23)):
        assert not build_on_time()
    with at(built + timedelta(hours=24)):
        assert build_on_time() and not build_on_time()
        assert run_next()
        assert not build_on_time()


def test_a_build_made_by_other_steps_is_made_anew(company: Path, db: None) -> None:
    old = Workspace(company).builds.current()
    built = datetime.fromisoformat(old.about["built_at"])
    made_elsewhere = {name: told for name, told in old.about.items() if name != "steps"}
    (old.folder / "build.json").write_text(json.dumps(made_elsewhere), encoding="utf-8")
    with at(built + timedelta(minutes=1)):
        assert build_on_time() and run_next()
        assert not build_on_time()
    assert Workspace(company).builds.current().about["steps"]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line, in the database of the test."""
    monkeypatch.setattr("accord.desk.serve.setup", lambda folder: None)
    return CliRunner()


def test_the_command_line_reads_the_folders_at_once(company: Path, drop: Path, here: CliRunner) -> None:
    put(drop / "calls-1.csv", call(1, 1, MONDAY), MONDAY)
    told = here.invoke(app, ["sync", "-w", str(company)])
    assert "crm" in told.output and "done" in told.output
    assert read_until("crm") == MONDAY
    assert Job.objects.get(kind="build").state == Job.State.DONE
    assert "Nothing new." in here.invoke(app, ["sync", "crm", "-w", str(company)]).output
    listed = here.invoke(app, ["connections", "-w", str(company), "--format", "json"]).output
    assert '"state": "silent"' in listed
    wrong = here.invoke(app, ["sync", "crn", "-w", str(company)])
    assert str(wrong.exception) == "There is no connection crn. Connections in accord.toml: crm."


def test_connections_in_the_settings_are_checked(company: Path) -> None:
    toml = company / "accord.toml"
    toml.write_text(toml.read_text() + '\n[connections.crm]\nfolder = "x"\nmapping = "y"\nfresh = "soon"\n')
    with pytest.raises(Exception, match=r"connections\.crm\.fresh"):
        _ = Workspace(company).settings
