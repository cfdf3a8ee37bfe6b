"""Every page in a real browser: desktop and phone, light and dark, with keyboard, and without script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import URLResolver, get_resolver, resolve
from playwright.sync_api import Browser, Page, Response

from demo_company import demo_workspace, rows

pytestmark = pytest.mark.xdist_group("browser")

PAGES = {
    "/sign-in": "",
    "/": "operations",
    "/?period=2026Q1&channel=Email": "manager",
    "/numbers/mql?period=2026Q2": "viewer",
    "/sealed?period=2026Q2": "manager",
    "/sealed/2026q1": "viewer",
    "/leads": "marketer",
    "/leads/add": "rep",
    "/leads?status=open&sort=-score&period=2026-08": "rep",
    "/leads/{lead}": "marketer",
    "/leads/person={number}": "viewer",
    "/accounts/{account}": "manager",
    "/deals/{deal}": "operations",
    "/search?q=jonas": "operations",
    "/campaigns?campaign=integrator+referral+programme&period=2026": "viewer",
    "/content?period=2026": "marketer",
    "/journey?period=2026Q1": "viewer",
    "/journey?period=2026&by=month": "marketer",
    "/promises": "manager",
    "/promises/leads?promise=marketing-0&period=2026-09": "marketer",
    "/queue": "rep",
    "/queue?of=team": "manager",
    "/several": "manager",
    "/team": "manager",
    "/live?how=fresh&days=90": "operations",
    "/handoffs/1/answer": "operations",
    "/campaigns": "marketer",
    "/campaigns?period=2026": "viewer",
    "/campaigns/decision?period=2026&stage=mql": "manager",
    "/campaigns/influence?period=2026&by=campaign&milestone=sql": "marketer",
    "/campaigns/cohorts?period=2026": "viewer",
    "/campaigns/said?period=2026": "manager",
    "/campaigns/unmatched?period=2026": "operations",
    "/agreement": "viewer",
    "/agreement/as-if/{version}": "marketer",
    "/proposals": "viewer",
    "/lessons": "marketer",
    "/plan": "viewer",
    "/plan?period=2026Q2": "manager",
    "/plan?volume=1.5&share=0.25": "rep",
    "/proposals/add": "marketer",
    "/proposals/guided": "manager",
    "/start": "operations",
    "/import": "operations",
    "/connections": "operations",
    "/import/loads": "operations",
    "/me": "rep",
    "/me/notifications": "rep",
    "/me/sign-in": "rep",
    "/messages": "operations",
    "/channels": "operations",
    "/channels/slack": "operations",
    "/hours": "manager",
    "/hours/1": "manager",
    "/people": "operations",
    "/people/add?owner=crm:owner:005NW0006": "operations",
    "/people/load": "operations",
    "/people/1": "operations",
    "/people/1/leave?to=turns": "operations",
    "/people/teams/add": "operations",
    "/people/teams/field-sales": "operations",
}
"""Addresses, each with the role that looks at it; none: without signing in. Names come from `known`."""

NO_PAGES = {
    *("icons", "chart-library", "agreement-file"),
    *("sign-in-oidc", "sign-in-oidc-back", "forget-identity"),
    *("sign-in-code", "second-factor-on", "second-factor-off", "take-second-factor"),
    *("sign-out", "link", "deactivate", "start-build", "keep-view", "forget-view"),
    *(
        "handoffs-of",
        "promises-now",
        "queue-list",
        "team-list",
        "shadow",
        "handoff-accept",
        "handoff-hold",
        "handoff-receipts",
    ),
    *("handoff-contest", "contest-decide"),
    *("job", "first-account", "welcome", "answer-link"),
    *("channel", "try-channel", "remove-channel", "slack-hook"),
    *("bulk", "bulk-undo"),
    *("add-note", "remove-note"),
    *("proposal", "edit-proposal", "sign-proposal", "withdraw-proposal", "comment-proposal"),
    *("check-proposal", "try-proposal", "start-pilot", "stop-pilot", "as-judged"),
    *("look-for-lessons", "propose-suggestion", "propose-learned"),
    *("seal", "sealed-causes"),
    *("held-messages", "connection-again", "message-again", "enable-destination"),
    *("set-calendar",),
    *("add-absence", "remove-absence", "pause-new-leads"),
    *("match-owner", "unmatch-owner", "delete-team", "staff-file"),
    *("mapping", "text", "check", "start-from", "leave-out", "discard", "dry-run", "load"),
    *("load-record", "quarantine", "mend", "undo"),  # an import's pages, looked at in test_browser_import
}
"""Files, actions, pieces of pages, and pages that open once by a link of their own."""

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

KNOWN = {
    "lead": "SELECT person_id AS name FROM lead_list WHERE verdict IS NOT NULL ORDER BY person_id LIMIT 1",
    "number": "SELECT person AS name FROM lead_list WHERE verdict IS NOT NULL ORDER BY person_id LIMIT 1",
    "account": "SELECT account_id AS name FROM accounts WHERE account IN (SELECT account FROM deals_counted) "
    "ORDER BY account_id LIMIT 1",
    "version": "SELECT version AS name FROM decisions_made ORDER BY version LIMIT 1",
    "deal": "SELECT deal_id AS name FROM deals_counted ORDER BY deal_id LIMIT 1",
}
"""How one of each is found in the demo company."""

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


@pytest.fixture(scope="module")
def known() -> dict[str, str]:
    """The names of a lead, an account and a deal as addresses write them; viewers have but numbers."""
    return {kind: str(rows(demo_workspace(), sql)[0]["name"]) for kind, sql in KNOWN.items()}


def test_every_page_is_looked_at(known: dict[str, str]) -> None:
    listed = {resolve(address.format(**known).partition("?")[0]).url_name for address in PAGES}
    assert _names(get_resolver()) == listed | NO_PAGES


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound_on_every_screen(
    browser: Browser, desk: str, signed_in: States, known: dict[str, str], address: str, screen: str
) -> None:
    options = {"viewport": SCREENS[screen], "storage_state": signed_in(PAGES[address])}
    with _context(browser, **options) as page:
        visit = Visit(page, desk)
        answer = visit.open(desk + address.format(**known))
        assert answer.status == 200
        assert len(answer.body()) < LARGEST_BYTES
        assert page.evaluate(OVERFLOW) <= 0
        assert _unseen_focus(page) == []
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(DRAWN)
        assert visit.troubles == []  # before axe-core adds styles of its own, which the policy refuses
        assert barriers(page) == []
        page.emulate_media(color_scheme="light")
        page.wait_for_function(DRAWN)
        assert barriers(page) == []
        if screen == "phone":
            page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
            assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("address", PAGES)
def test_a_page_reads_the_same_without_script(
    browser: Browser, desk: str, signed_in: States, known: dict[str, str], address: str
) -> None:
    outlines = []
    for script in (True, False):
        options = {"java_script_enabled": script, "storage_state": signed_in(PAGES[address])}
        with _context(browser, viewport=SCREENS["desktop"], **options) as page:
            page.goto(desk + address.format(**known))
            outlines.append(page.evaluate(OUTLINE))
    assert outlines[0] == outlines[1]


def _names(resolver: URLResolver) -> set[str]:
    """The names of all addresses of the desk."""
    names = set()
    for pattern in resolver.url_patterns:
        names |= _names(pattern) if isinstance(pattern, URLResolver) else {pattern.name}
    return names


def barriers(page: Page) -> list[str]:
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
