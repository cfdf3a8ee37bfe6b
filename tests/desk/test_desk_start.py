from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accord.desk.jobs.models import Job
from accord.desk.rights import RIGHTS, Role
from accord.desk.shell.navigation import PLACES, Place
from accord.desk.teams.actions import add_person
from accord.desk.teams.models import User
from accord.workspace import Workspace
from desk_cast import PASSWORD
from example import EXAMPLE


@pytest.fixture
def new(tmp_path: Path, settings: object) -> Path:
    """A workspace just made."""
    Workspace.create(tmp_path / "new")
    settings.WORKSPACE = tmp_path / "new"  # type: ignore[attr-defined]
    return tmp_path / "new"


@pytest.fixture
def client(db: None) -> Client:
    """Somebody of operations, alone on the desk."""
    client = Client()
    client.force_login(
        add_person("ops@acme.example", "Op Erations", Role.OPERATIONS, password=PASSWORD),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def done(client: Client) -> dict[str, bool]:
    return {step.name: step.done for step in client.get("/start").context["steps"]}


def test_a_page_below_a_place_shows_where_it_belongs(as_role: Callable[[str], Client]) -> None:
    for address in ("/campaigns", "/campaigns/decision"):
        shown = as_role("viewer").get(address).content.decode()
        assert shown.count('<li><a href="/campaigns" aria-current="page">') == 1
        assert '<li><a href="/" aria-current="page">' not in shown


def test_a_new_workspace_opens_on_the_first_steps(new: Path, client: Client) -> None:
    assert client.get("/")["Location"] == "/start"
    page = client.get("/start")
    assert done(client) == dict.fromkeys(["load", "agreement", "build", "people", "live"], False)
    assert page.context["upcoming"].name == "load"
    assert all(step.act for step in page.context["steps"] if step.place)
    assert "5 steps are left" in page.content.decode()


def test_others_are_told_that_nothing_is_there_yet(new: Path, as_role: Callable[[str], Client]) -> None:
    assert "Nothing has been built yet" in as_role("marketer").get("/").content.decode()
    assert as_role("marketer").get("/start").status_code == 403


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_place_opens_before_anything_is_there(
    new: Path, as_role: Callable[[str], Client], place: Place
) -> None:
    for role in Role:
        if place.right in RIGHTS[role]:
            assert as_role(role.value).get(reverse(place.name), follow=True).status_code == 200


def test_each_step_is_ticked_by_what_is_there(new: Path, client: Client) -> None:
    space = Workspace(new)
    space.load([EXAMPLE / "export"], EXAMPLE / "crm.yaml")
    assert [name for name, is_done in done(client).items() if is_done] == ["load"]
    shutil.copy(EXAMPLE / "agreement.yaml", new)
    assert [name for name, is_done in done(client).items() if is_done] == ["load", "agreement"]
    Workspace(new).build()
    assert [name for name, is_done in done(client).items() if is_done] == ["load", "agreement", "build"]
    add_person("mia@acme.example", "Mia", Role.MARKETER)
    assert not done(client)["people"]
    add_person("rita@acme.example", "Rita", Role.REP)
    assert done(client)["people"]
    assert 'href="/start"' in client.get("/").content.decode()
    settings = new / "accord.toml"
    settings.write_text(settings.read_text().replace('"shadow"', '"live"'))
    assert all(done(client).values())
    assert 'href="/start"' not in client.get("/").content.decode()


def test_an_undone_load_unticks_the_step(new: Path, client: Client) -> None:
    space = Workspace(new)
    receipt = space.load([EXAMPLE / "export"], EXAMPLE / "crm.yaml")
    space.undo(receipt.load_id)
    assert not done(client)["load"]


def test_an_agreement_changed_since_the_build_asks_for_another(new: Path, client: Client) -> None:
    shutil.copy(EXAMPLE / "agreement.yaml", new)
    Workspace(new).load([EXAMPLE / "export"], EXAMPLE / "crm.yaml")
    Workspace(new).build()
    agreement = new / "agreement.yaml"
    agreement.write_text(agreement.read_text().replace("points: 25", "points: 30"))
    page = client.get("/start")
    assert not done(client)["build"]
    assert "The agreement has changed since the last build" in page.content.decode()
    assert client.post("/start/build")["Location"] == "/start"
    job = Job.objects.get()
    assert (job.kind, job.by) == ("build", User.objects.get())
    assert f'hx-get="/jobs/{job.pk}"' in client.get("/start").content.decode()


def test_mistakes_in_the_agreement_are_told_with_their_lines(new: Path, client: Client) -> None:
    agreement = new / "agreement.yaml"
    agreement.write_text(agreement.read_text().replace("employees > 2000", "employes > 2000"))
    page = client.get("/start")
    assert page.status_code == 200
    step = page.context["steps"][1]
    assert not step.done and "agreement.yaml:" in step.mistakes[0]
    elsewhere = client.get("/people")
    assert elsewhere.status_code == 503
    assert step.mistakes[0].split(": ", 1)[1] in elsewhere.content.decode().replace("&#x27;", "'")


def test_asking_for_a_build_needs_a_post_and_the_right(new: Path, as_role: Callable[[str], Client]) -> None:
    assert as_role("operations").get("/start/build").status_code == 405
    assert as_role("manager").post("/start/build").status_code == 403
    assert not Job.objects.exists()
