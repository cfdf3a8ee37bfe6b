"""The handoff in a real browser: answers, a breach that arrives by itself, and nothing for outsiders."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accord.workspace import Workspace
from browser.served_desk import served, sign_in_as
from browser.test_browser_pages import OVERFLOW, SCREENS, Visit, barriers
from desk.handoff_world import AGREEMENT, FILES, MAPPING, demo_requests, load
from desk.workers import Desk

pytestmark = pytest.mark.xdist_group("browser")

LEADS = (1, 2, 3, 4)
ALLOWED, LEFT = timedelta(minutes=2), timedelta(seconds=50)
"""What the agreement allows for an answer, and what is left of it when the leads have qualified."""
PATIENCE = 120_000
"""Milliseconds until what a worker and a live page do is to be seen."""

PEOPLE = """
from handoff_world import people
people()
"""
ALL_BUT_EVIDENCE = {name: text for name, text in FILES.items() if not name.startswith("calls")}
"""No tool shows what sales did, so a promise that falls due is broken without waiting for one to be read."""

Opened = Callable[..., Page]


@pytest.fixture
def company(browser: Browser, tmp_path: Path) -> Iterator[str]:
    """A company of today whose leads have little time left to be answered; its address."""
    folder, now = tmp_path / "company", datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    Workspace.create(folder)
    (folder / "agreement.yaml").write_text(AGREEMENT.replace("4 business hours", "2 minutes"))
    (folder / "mapping.yaml").write_text(MAPPING)
    load(folder, now - timedelta(days=2), **ALL_BUT_EVIDENCE)
    toml = folder / "accord.toml"
    toml.write_text(toml.read_text().replace('mode = "shadow"', 'mode = "live"'))
    Desk(folder).run(PEOPLE, now)
    qualified = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - (ALLOWED - LEFT)
    demo_requests(folder, qualified, *LEADS)
    with served(folder, seeded=False) as address:
        yield address


@pytest.fixture
def opened(browser: Browser, company: str) -> Iterator[Opened]:
    """Opens a page as somebody, on a screen; at the end nothing may have gone wrong on any."""
    visits = []

    def open_page(name: str, path: str, screen: str = "desktop") -> Page:
        state = sign_in_as(browser, company, f"{name}@northwind.example")
        page = browser.new_context(storage_state=state, viewport=SCREENS[screen]).new_page()  # type: ignore[arg-type]
        visits.append(Visit(page, company))
        visits[-1].open(f"{company}{path}")
        return page

    yield open_page
    for visit in visits:
        visit.page.context.close()


def leads(page: Page) -> Locator:
    return page.locator("#queue li.lead")


def sound(page: Page) -> None:
    """The page fits the screen, has no barriers, and was never loaded anew."""
    assert page.evaluate(OVERFLOW) <= 0
    assert barriers(page) == []


def reloaded_until(page: Page, text: str) -> None:
    """Opens a page again until it shows what the worker's next pass does: past is not yet broken."""
    until = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < until and not page.get_by_text(text).count():
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text(text).first).to_be_visible()


def test_reps_answer_and_the_manager_sees_the_breach_arrive(opened: Opened) -> None:
    manager = opened("max", "/queue?of=team")
    expect(leads(manager)).to_have_count(4, timeout=PATIENCE)
    manager.evaluate("window.stays = true")
    expect(manager.get_by_text("past its promise")).to_have_count(0)

    ann = opened("ann", "/queue")
    expect(leads(ann)).to_have_count(2)
    sound(ann)
    leads(ann).first.get_by_role("button", name="Accept").click()
    expect(ann.get_by_role("button", name="Accept")).to_have_count(1)
    leads(ann).filter(has=ann.get_by_role("button", name="Accept")).get_by_role("link", name="Return").click()
    ann.get_by_label("Reason for a return").select_option("too_small")
    ann.get_by_role("button", name="Say so").click()
    expect(leads(ann)).to_have_count(1)

    ben = opened("ben", "/queue", "phone")
    expect(leads(ben)).to_have_count(2)
    sound(ben)
    leads(ben).first.get_by_role("button", name="Accept").click()
    expect(ben.get_by_role("button", name="Accept")).to_have_count(1)

    expect(leads(manager)).to_have_count(3, timeout=PATIENCE)
    expect(manager.get_by_text("1 lead is past its promise.")).to_be_visible(timeout=PATIENCE)
    sound(manager)
    assert manager.evaluate("window.stays")
    leads(manager).first.get_by_role("link").first.click()
    reloaded_until(manager, "broken")


def test_an_outsider_sees_no_lead_and_answers_none(opened: Opened, company: str) -> None:
    manager = opened("max", "/queue?of=team")
    expect(leads(manager)).to_have_count(4, timeout=PATIENCE)
    lead = leads(manager).first.get_by_role("link").first
    address, name = str(lead.get_attribute("href")), lead.inner_text()
    outsider = opened("kim", "/queue?of=team")
    expect(leads(outsider)).to_have_count(0)
    answer = outsider.goto(f"{company}{address}")
    assert answer is not None and answer.status in (403, 404)
    assert name not in outsider.content()
    token = outsider.context.cookies()
    stolen = manager.locator("form[action$='/accept']").first.get_attribute("action")
    csrf = next(cookie["value"] for cookie in token if cookie["name"] == "csrftoken")
    refused = outsider.request.post(
        f"{company}{stolen}",
        headers={"X-CSRFToken": csrf, "Referer": f"{company}/queue"},
        form={"csrfmiddlewaretoken": csrf},
    )
    assert refused.status in (403, 404)
    expect(manager.get_by_role("button", name="Accept")).to_have_count(4)
    stranger = manager.context.browser.new_context().new_page()  # type: ignore[union-attr]
    stranger.goto(f"{company}{address}")
    assert "/sign-in" in stranger.url
    stranger.context.close()
