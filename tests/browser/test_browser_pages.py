"""Every page in a real browser: desktop and phone, light and dark, with keyboard, and without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response

pytestmark = pytest.mark.xdist_group("browser")

PAGES = {
    "/sign-in": "",
    "/": "operations",
    "/?period=2026Q1": "manager",
    "/numbers/mql?period=2026Q1": "viewer",
    "/leads": "operations",
    "/leads?status=open&flag=never_contacted&sort=-score": "viewer",
    "/leads/lead=1": "operations",
    "/accounts/1": "viewer",
    "/deals/1": "operations",
    "/search?q=line": "operations",
    "/people": "operations",
    "/people/add?owner=crm:owner:005NW0006": "operations",
    "/people/1": "operations",
    "/people/teams/add": "operations",
}
"""Addresses, each with the role that looks at it; none: without signing in."""

SCREENS = {"desktop": {"width": 1440, "height": 1000}, "phone": {"width": 390, "height": 844}}
NARROWEST = {"width": 360, "height": 740}
LARGEST_BYTES = 300_000
TABS = 20

FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
  if (at === document.body) return null;
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  return { what: at.outerHTML.slice(0, 120), visible: ringed && inside };
}"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTLINE = """() => ({
  heading: document.querySelector("main h1").textContent.trim(),
  sheets: document.querySelectorAll("main .sheet").length,
  rows: document.querySelectorAll("main tbody tr").length,
})"""
DRAWN = "() => !document.querySelector('[data-chart][aria-busy]')"

States = Callable[[str], Any]


class Visit:
    """A page opened once, and everything that went wrong while it was open."""

    def __init__(self, page: Page, desk: str) -> None:
        self.page, self.troubles = page, list[str]()
        page.on("console", lambda m: self._note(m.type in ("error", "warning"), f"console: {m.text}"))
        page.on("pageerror", lambda error: self._note(True, f"script: {error}"))
        page.on("request", lambda r: self._note(_leaves(r.url, desk), f"leaves the host: {r.url}"))
        page.on("requestfailed", lambda r: self._note(True, f"failed: {r.url}"))
        page.on("response", lambda r: self._note(r.status >= 400, f"{r.status}: {r.url}"))

    def _note(self, wrong: bool, trouble: str) -> None:
        if wrong:
            self.troubles.append(trouble)

    def open(self, address: str) -> Response:
        answer = self.page.goto(address, wait_until="load")
        self.page.wait_for_function(DRAWN)
        assert answer is not None
        return answer


def _leaves(url: str, desk: str) -> bool:
    return not url.startswith((f"{desk}/", "data:"))


@contextmanager
def _context(browser: Browser, **options: Any) -> Iterator[Page]:
    context = browser.new_context(color_scheme="light", reduced_motion="reduce", **options)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound_on_every_screen(
    browser: Browser, desk: str, signed_in: States, address: str, screen: str
) -> None:
    options = {"viewport": SCREENS[screen], "storage_state": signed_in(PAGES[address])}
    with _context(browser, **options) as page:
        visit = Visit(page, desk)
        answer = visit.open(desk + address)
        assert answer.status == 200
        assert len(answer.body()) < LARGEST_BYTES
        assert page.evaluate(OVERFLOW) <= 0
        assert _unseen_focus(page) == []
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(DRAWN)
        assert visit.troubles == []  # before axe-core adds styles of its own, which the policy refuses
        assert _barriers(page) == []
        page.emulate_media(color_scheme="light")
        page.wait_for_function(DRAWN)
        assert _barriers(page) == []
        if screen == "phone":
            page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
            assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("address", PAGES)
def test_a_page_reads_the_same_without_script(
    browser: Browser, desk: str, signed_in: States, address: str
) -> None:
    outlines = []
    for script in (True, False):
        options = {"java_script_enabled": script, "storage_state": signed_in(PAGES[address])}
        with _context(browser, viewport=SCREENS["desktop"], **options) as page:
            page.goto(desk + address)
            outlines.append(page.evaluate(OUTLINE))
    assert outlines[0] == outlines[1]


def _barriers(page: Page) -> list[str]:
    """What axe-core calls serious or critical, each with the places."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [
        f"{finding['id']}: {finding['help']}: {node['html'][:160]}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"][:3]
    ]


def _unseen_focus(page: Page) -> list[str]:
    """The elements among the first that Tab reaches whose focus cannot be seen."""
    unseen = []
    for _ in range(TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        if not focus["visible"]:
            unseen.append(focus["what"])
    return unseen
