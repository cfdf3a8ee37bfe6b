from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from accord.workspace import Workspace


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs `accord` in a process of its own, where Django belongs to the given workspace."""
    run = [sys.executable, "-c", "from accord.cli import main; main()", *arguments]
    return subprocess.run(run, capture_output=True, text=True, timeout=120)


def test_a_person_added_on_the_command_line_gets_a_link(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "own")
    given = ("user", "add", "ann@acme.example", "--name", "Ann", "--role", "rep", "-w", str(tmp_path / "own"))
    done = command(*given, "--address", "https://accord.acme.example/")
    assert done.returncode == 0
    assert "\nhttps://accord.acme.example/welcome/" in done.stdout
    again = command(*given)
    assert again.returncode == 1
    assert "ann@acme.example can sign in already." in again.stderr


def test_an_unknown_role_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "own")
    done = command("user", "add", "a@b.example", "--name", "A", "--role", "king", "-w", str(tmp_path / "own"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Choose from operations, marketer, marketing_manager, rep, manager, viewer." in done.stderr
    assert not (tmp_path / "own" / "desk.sqlite3").exists()


def test_people_are_loaded_from_files_all_or_none(tmp_path: Path) -> None:
    Workspace.create(tmp_path / "own")
    good, bad = tmp_path / "people.csv", tmp_path / "hours.csv"
    good.write_text("email,name,role\nann@acme.example,Ann,rep\n")
    bad.write_text("email,zone\nann@acme.example,Mars/Base\n")
    run = ("people", "load", "-w", str(tmp_path / "own"), "--format", "json", str(good))
    refused = command(*run, str(bad))
    assert refused.returncode == 1
    assert "hours.csv:2:1: zone: There is no time zone Mars/Base. Write one like" in refused.stderr
    assert [row["refused"] for row in json.loads(refused.stdout)] == [1, 1]
    tried, done, again = command(*run, "--dry-run"), command(*run), command(*run)
    counts = [json.loads(one.stdout)[0] for one in (tried, done, again)]
    assert [(row["loaded"], row["unchanged"]) for row in counts] == [(1, 0), (1, 0), (0, 1)]
    assert "ann@acme.example: http://127.0.0.1:8000/welcome/" in done.stderr
    assert "/welcome/" not in tried.stderr + again.stderr
