"""Takes the pictures in docs/images (`make screenshots`): pages of the demo company, on desktop and phone."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from accord.cli.demo import make
from accord.workspace import Workspace
from browser.served_desk import chromium, opened_browser, served, sign_in

IMAGES = Path(__file__).parent / "images"
PEOPLE, SEED = 40_000, 7

PAGES = {
    "scoreboard": ("/", "manager"),
    "leads": ("/leads?status=open&sort=-score", "manager"),
    "lead": ("/leads/{lead}", "marketer"),
    "queue": ("/queue", "rep"),
    "journey": ("/journey", "marketer"),
    "campaigns": ("/campaigns", "marketer"),
    "number": ("/numbers/mql", "viewer"),
    "agreement": ("/agreement", "viewer"),
    "people": ("/people", "operations"),
    "import": ("/import", "operations"),
}
"""Each picture's address, and the role that looks at it."""

FIRST = {"first-steps": ("/start", "operations")}
"""Pictures of a workspace just made."""

LEAD = "SELECT person_id AS name FROM lead_list WHERE stage = 'sql' ORDER BY score DESC, person_id LIMIT 1"

SCREENS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 720}, "color_scheme": "light"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "device_scale_factor": 1.5},
}


def take(browser: Browser, desk: str, pages: dict[str, tuple[str, str]], names: dict[str, str]) -> None:
    """Write a picture of each page on each screen."""
    cookies = {role: sign_in(browser, desk, role) for role in {role for _address, role in pages.values()}}
    for screen, options in SCREENS.items():
        for name, (address, role) in pages.items():
            context = browser.new_context(storage_state=cookies[role], locale="en-GB", **options)
            page = context.new_page()
            page.goto(desk + address.format(**names), wait_until="networkidle")
            page.wait_for_function("() => !document.querySelector('[data-chart][aria-busy]')")
            page.screenshot(path=IMAGES / f"{name}-{screen}.png")
            context.close()


def main() -> None:
    """Make both workspaces, serve each, take the pictures."""
    executable = chromium()
    if executable is None:
        sys.exit("There is no Chromium here; install one, such as with `apt-get install chromium`.")
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, opened_browser(executable) as browser:
        until = (datetime.now(UTC) - timedelta(days=1)).date()
        demo = make(Path(scratch) / "demo", PEOPLE, SEED, until)
        names = {"lead": demo.builds.current().open().query(LEAD).to_pylist()[0]["name"]}
        with served(demo.folder) as desk:
            take(browser, desk, PAGES, names)
        new = Workspace.create(Path(scratch) / "new")
        with served(new.folder) as desk:
            take(browser, desk, FIRST, {})


if __name__ == "__main__":
    main()
