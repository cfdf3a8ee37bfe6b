"""A change of the agreement in a real browser: proposed, tried, discussed, signed, judging the next lead."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from accord.workspace import Workspace
from browser.served_desk import served, sign_in_as
from browser.test_browser_pages import SCREENS, Visit
from desk.handoff_world import AGREEMENT, FILES, MAPPING, demo_requests, load
from desk.workers import Desk

pytestmark = pytest.mark.xdist_group("browser")

PATIENCE = 120_000
"""Milliseconds until what a worker does is to be seen."""
OLD, NEW = 1, 2
"""Whom the agreement in force before judges, and whom the new one does."""
PEOPLE = """
from handoff_world import people
from accord.desk.rights import Role
from accord.desk.teams.actions import add_person
from desk_cast import PASSWORD
people()
for name, role in (("mia", Role.MARKETER), ("meg", Role.MARKETING_MANAGER)):
    add_person(f"{name}@northwind.example", name.title(), role, password=PASSWORD)
"""

Opened = Callable[..., Page]


def present() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A live company of today with one lead that has qualified."""
    folder, now = tmp_path / "company", present()
    Workspace.create(folder)
    (folder / "agreement.yaml").write_text(AGREEMENT)
    (folder / "mapping.yaml").write_text(MAPPING)
    load(folder, now - timedelta(days=2), **FILES)
    toml = folder / "accord.toml"
    toml.write_text(toml.read_text().replace('mode = "shadow"', 'mode = "live"'))
    Desk(folder).run(PEOPLE, now)
    demo_requests(folder, present() - timedelta(minutes=10), OLD)
    return folder


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Iterator[Opened]:
    """Opens a page as somebody; at the end nothing may have gone wrong on any."""
    visits = []
    with served(folder, seeded=False) as address:

        def open_page(name: str, path: str) -> Page:
            state = sign_in_as(browser, address, f"{name}@northwind.example")
            context = browser.new_context(storage_state=state, viewport=SCREENS["desktop"])  # type: ignore[arg-type]
            page = context.new_page()
            visits.append(Visit(page, address))
            visits[-1].open(f"{address}{path}")
            return page

        yield open_page
        for visit in visits:
            visit.page.context.close()
    assert [trouble for visit in visits for trouble in visit.troubles] == []


def test_a_change_is_proposed_tried_discussed_signed_and_judges_the_next_lead(
    opened: Opened, folder: Path
) -> None:
    before = Workspace(folder).agreement.behaviour_hash
    mia = opened("mia", "/proposals")
    mia.get_by_role("link", name="Propose a change").click()
    mia.get_by_label("Points").nth(2).fill("60")
    mia.get_by_role("button", name="Show what this changes").click()
    expect(mia.get_by_text("demo: 60 points instead of 50, 10 more.").first).to_be_visible()
    mia.get_by_label("Holds from").fill(datetime.now(ZoneInfo("Europe/Berlin")).date().isoformat())
    mia.get_by_role("button", name="Propose it").click()
    mia.get_by_role("button", name="Try it on the past").click()
    expect(mia.get_by_text("Would qualify: 0")).to_be_visible(timeout=PATIENCE)
    proposal = mia.url

    meg = opened("meg", "/proposals")
    meg.goto(proposal)
    meg.get_by_label("Comment").fill("Asking for a demo says more than we thought.")
    meg.get_by_role("button", name="Say it").click()
    meg.get_by_role("button", name="Sign for marketing").click()
    expect(meg.get_by_text("Signed.")).to_be_visible()
    assert Workspace(folder).agreement.behaviour_hash == before

    manager = opened("max", "/proposals")
    manager.goto(proposal)
    expect(manager.get_by_text("Asking for a demo says more than we thought.")).to_be_visible()
    manager.get_by_role("button", name="Sign for sales").click()
    in_force(manager)
    after = Workspace(folder).agreement.behaviour_hash
    assert after != before

    demo_requests(folder, present() - timedelta(seconds=1), NEW)
    judged_by(meg, OLD, before)
    judged_by(meg, NEW, after)


def in_force(page: Page) -> None:
    """Load the proposal until the worker has put it in force and built."""
    until = time.monotonic() + PATIENCE / 1000
    while not page.get_by_text("In force").count():
        assert time.monotonic() < until
        page.wait_for_timeout(1000)
        page.reload()


def judged_by(page: Page, lead: int, version: str) -> None:
    """The lead's page tells under which version it qualified."""
    page.goto(page.url.split("/proposals")[0].split("/leads")[0] + f"/leads/crm:person:{lead}")
    expect(page.get_by_text(version[:8]).first).to_be_visible()
