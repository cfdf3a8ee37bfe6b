"""The search box by keyboard alone, and the earlier part of a story, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from demo_company import demo_workspace

pytestmark = pytest.mark.xdist_group("browser")


def test_the_keyboard_finds_walks_opens_and_closes(
    browser: Browser, desk: str, signed_in: Callable[[str], Any]
) -> None:
    context = browser.new_context(storage_state=signed_in("operations"))
    page = context.new_page()
    page.goto(f"{desk}/leads")
    page.keyboard.press("/")
    page.keyboard.type("line")
    found = page.locator("#found a")
    expect(found.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(found.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(found).to_have_count(0)
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type(" notes")
    expect(found).to_have_count(1)
    page.keyboard.press("ArrowDown")
    address = found.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk}{address}")
    context.close()


def test_the_earlier_story_comes_below_the_later(
    browser: Browser, desk: str, signed_in: Callable[[str], Any]
) -> None:
    context = browser.new_context(storage_state=signed_in("operations"))
    page = context.new_page()
    page.goto(f"{desk}/leads/person={_busiest()}")
    events = page.locator(".time time")
    before = events.count()
    page.get_by_role("link", name="Earlier").click()
    expect(page.locator(f".time time >> nth={before}")).to_be_visible()
    moments = events.evaluate_all("times => times.map(time => time.dateTime)")
    assert moments == sorted(moments, reverse=True) and len(moments) > before
    context.close()


def _busiest() -> int:
    """The person with the most events, more than one page of a story holds."""
    engine = demo_workspace().builds.current().open()
    [row] = engine.query(
        "SELECT person, count(*) AS events FROM timeline GROUP BY person ORDER BY events DESC, person LIMIT 1"
    ).to_pylist()
    engine.close()
    assert row["events"] > 50
    return int(row["person"])
