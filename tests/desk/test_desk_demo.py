from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from accord.desk.handoff.models import Handoff
from accord.desk.seed import PASSWORD, seed
from accord.desk.serve import ServeRefused, prepare
from accord.desk.teams.models import AuditEntry, User
from demo_company import demo_workspace, rows


@pytest.fixture
def demo(db: None, settings: object) -> None:
    """The pages show the demo company."""
    settings.WORKSPACE = demo_workspace().folder  # type: ignore[attr-defined]


def test_the_demo_has_one_sign_in_of_each_role_and_every_owner_of_its_tools(demo: None) -> None:
    sign_ins = seed()
    assert [role for role, _email in sign_ins] == [
        "Operations", "Marketer", "Marketing manager", "Sales rep", "Sales manager", "Viewer"
    ]  # fmt: skip
    assert all(User.objects.get(email=email).check_password(PASSWORD) for _role, email in sign_ins)
    others = User.objects.exclude(email__in=[email for _role, email in sign_ins])
    assert not any(person.has_usable_password() for person in others)
    owners = {row["email"] for row in rows(demo_workspace(), "SELECT DISTINCT email FROM owner_names")}
    assert owners <= set(User.objects.values_list("email", flat=True))
    assert AuditEntry.objects.filter(action="person added").count() == User.objects.count()


def test_the_cast_comes_to_a_workspace_where_nothing_is_built(
    db: None, tmp_path: Path, settings: object
) -> None:
    shutil.copy(demo_workspace().folder / "agreement.yaml", tmp_path)
    settings.WORKSPACE = tmp_path  # type: ignore[attr-defined]
    seed()
    assert User.objects.filter(role="rep").exists()


def test_seeding_again_adds_nobody_and_takes_over_no_lead(demo: None) -> None:
    seed()
    before = (User.objects.count(), Handoff.objects.count())
    seed()
    assert (User.objects.count(), Handoff.objects.count()) == before


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    shutil.copy(demo_workspace().folder / "agreement.yaml", tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ServeRefused, match="Name another with --port"):
            prepare(tmp_path, "127.0.0.1", other.getsockname()[1])
    assert not (tmp_path / ".key").exists()


def test_the_demos_pages_are_never_served_to_other_machines(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(demo_workspace().folder, folder)
    script = f"""
from pathlib import Path
from accord.desk import serve
serve.setup(Path({str(folder)!r}))
from accord.desk.handoff.models import Handoff
from accord.desk.seed import seed
seed()
from accord.cli import main
import sys
sys.argv = ["accord", "serve", "-w", {str(folder)!r}, "--host", "0.0.0.0", "--port", "0"]
main()
"""
    environment = {"ACCORD_KEY": "a key that lies elsewhere, as it must for other machines"}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, env=environment
    )
    assert done.returncode == 1
    assert "accounts of the demo company" in done.stderr
