"""The desk over the example company: one built workspace for all tests, a database of its own for each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from accord.desk.key import ensure_key
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person, add_team
from accord.desk.teams.models import Team, User
from accord.workspace import Workspace
from desk_cast import PASSWORD
from desk_owners import with_owners
from example import EXAMPLE


@pytest.fixture(scope="session")
def example_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "northwind"
    space = Workspace.create(folder)
    shutil.copy(EXAMPLE / "agreement.yaml", folder)
    export, mapping = with_owners(tmp_path_factory.mktemp("export"))
    space.load([export], mapping)
    space.load([EXAMPLE / "ads"], EXAMPLE / "ads.yaml")
    Workspace(folder).build()
    ensure_key(folder)
    return folder


@pytest.fixture(autouse=True)
def served(example_workspace: Path, settings: object) -> Iterator[Path]:
    """The workspace that the pages show."""
    settings.WORKSPACE = example_workspace  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.ALLOWED_HOSTS = ["testserver"]  # type: ignore[attr-defined]
    yield example_workspace


@pytest.fixture
def cast(db: None) -> dict[str, User]:
    """One person of each role, a rep and a manager of another team, and an outsider who has no role."""
    add_team("mid-market-reps", "Mid-market reps", Team.Side.SALES)
    people = {
        role.value: add_person(
            f"{role.value}@northwind.example", f"{role.label} Person", role, password=PASSWORD
        )
        for role in Role
    }
    add_team("far-away", "Far away", Team.Side.SALES)
    others = {"other_team": Role.REP, "other_manager": Role.MANAGER}
    for name, role in others.items():
        people[name] = add_person(
            f"{name}@northwind.example", "Ola Fern", role, password=PASSWORD, teams=["far-away"]
        )
    outsider = User.objects.create(email="outsider@elsewhere.example", name="Out Sider")
    for role in ("rep", "manager"):
        people[role].teams.set(Team.objects.filter(slug="mid-market-reps"))
    return people | {"outsider": outsider}


@pytest.fixture
def as_role(cast: dict[str, User]) -> object:
    """A browser signed in as somebody of that role."""

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(cast[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
