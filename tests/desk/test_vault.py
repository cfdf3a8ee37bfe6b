from __future__ import annotations

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from accord.cli.main import app
from accord.desk import key
from accord.desk.vault.models import Secret
from accord.desk.vault.secrets import SealedShut, forget, keep, seal_anew, taken_out
from accord.errors import AccordError

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace folder with one key, and no key in the environment."""
    monkeypatch.delenv(key.VARIABLE, raising=False)
    key.ensure_key(tmp_path)
    settings.WORKSPACE = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def test_a_secret_is_kept_and_nothing_of_it_lies_in_the_database(folder: Path) -> None:
    keep("slack:token", "xoxb-very-secret")
    assert taken_out("slack:token") == "xoxb-very-secret"
    assert "very-secret" not in Secret.objects.get().sealed
    keep("slack:token", "another")
    assert taken_out("slack:token") == "another"
    forget("slack:token")
    assert taken_out("slack:token") is None


def test_a_secret_copied_over_another_does_not_open(folder: Path) -> None:
    keep("mine", "seed of mine")
    keep("yours", "seed of yours")
    Secret.objects.filter(name="yours").update(sealed=Secret.objects.get(name="mine").sealed)
    with pytest.raises(SealedShut, match="yours"):
        taken_out("yours")


@pytest.mark.parametrize("harm", ["", "no token", "gAAAAA"])
def test_a_damaged_secret_is_told(folder: Path, harm: str) -> None:
    keep("slack:token", "xoxb")
    Secret.objects.update(sealed=harm)
    with pytest.raises(SealedShut, match="slack:token"):
        taken_out("slack:token")


def test_a_new_key_encrypts_everything_and_the_old_one_can_go(folder: Path) -> None:
    keep("slack:token", "xoxb")
    (old,) = key.keys_of(folder)
    key.add_key(folder)
    assert taken_out("slack:token") == "xoxb"
    assert seal_anew() == 1
    key.forget_old_keys(folder)
    (new,) = key.keys_of(folder)
    assert new != old
    assert taken_out("slack:token") == "xoxb"
    assert stat.S_IMODE((folder / key.FILE).stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == [key.FILE]


def test_a_lost_key_is_told_and_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("slack:token", "xoxb")
    sealed = Secret.objects.get().sealed
    monkeypatch.setenv(key.VARIABLE, "another-key")
    with pytest.raises(SealedShut, match=r"slack:token.*ACCORD_KEY"):
        seal_anew()
    assert Secret.objects.get().sealed == sealed
    monkeypatch.setenv(key.VARIABLE, f"another-key {(folder / key.FILE).read_text()}")
    assert seal_anew() == 1
    monkeypatch.setenv(key.VARIABLE, "another-key")
    assert taken_out("slack:token") == "xoxb"


def test_without_a_key_nothing_is_kept(
    tmp_path: Path, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(key.VARIABLE, raising=False)
    settings.WORKSPACE = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(SealedShut, match="no key"):
        keep("slack:token", "xoxb")


def test_the_command_line_changes_the_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accord.desk.serve.setup", lambda folder: None)
    keep("slack:token", "xoxb")
    told = CliRunner().invoke(app, ["key", "rotate", "-w", str(folder)])
    assert "1 secrets are encrypted with the newest of 2 keys." in told.output
    told = CliRunner().invoke(app, ["key", "forget-old", "-w", str(folder)])
    assert told.exit_code == 0
    assert len(key.keys_of(folder)) == 1
    assert taken_out("slack:token") == "xoxb"
    monkeypatch.setenv(key.VARIABLE, key.keys_of(folder)[0])
    with pytest.raises(AccordError, match="does not lie in the workspace's folder"):
        CliRunner().invoke(app, ["key", "forget-old", "-w", str(folder)], catch_exceptions=False)
