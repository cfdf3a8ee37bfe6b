"""An import in a real browser, from dropping a file to undoing its load, with every page on the way."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from accord.workspace import Workspace
from browser.served_desk import served, sign_in
from browser.test_browser_pages import OVERFLOW, SCREENS, Visit, barriers
from example import EXAMPLE

pytestmark = pytest.mark.xdist_group("browser")

DEALS = (
    "Deal ID,Name,Amount,Stage,Created\nd1,One,100,Closed won,03/04/2026\nd2,Two,many,Proposal,05/04/2026\n"
)
PATIENCE = 90_000
"""Milliseconds for a load and a build in the background."""


@pytest.fixture
def empty(browser: Browser, tmp_path: Path) -> Iterator[tuple[str, Workspace]]:
    """A desk over a workspace in which nothing is loaded."""
    space = Workspace.create(tmp_path / "space")
    shutil.copy(EXAMPLE / "agreement.yaml", space.folder)
    with served(space.folder) as address:
        yield address, space


def sound(page: Page) -> None:
    """The page holds on both screens and has no barriers."""
    for screen in SCREENS.values():
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        assert page.evaluate(OVERFLOW) <= 0, page.url
    page.set_viewport_size(SCREENS["desktop"])  # type: ignore[arg-type]
    assert barriers(page) == [], page.url


def choose(page: Page, label: str, option: str) -> None:
    """Choose in the mapping's form, and wait until the form has come back with it."""
    page.wait_for_load_state("load")
    page.evaluate("document.getElementById('choices').dataset.sent = 'yes'")
    page.get_by_label(label).select_option(label=option)
    expect(page.locator("#choices[data-sent], #choices.htmx-settling")).to_have_count(0, timeout=PATIENCE)


def test_from_a_dropped_file_to_the_undone_load(
    browser: Browser, empty: tuple[str, Workspace], tmp_path: Path
) -> None:
    desk, space = empty
    file = tmp_path / "deals.csv"
    file.write_text(DEALS)
    context = browser.new_context(storage_state=sign_in(browser, desk, "operations"))
    page = context.new_page()
    visit = Visit(page, desk)

    visit.open(f"{desk}/import")
    page.get_by_label("Files to load together").set_input_files(file)
    page.get_by_role("button", name="Look at the files").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the columns are")
    choose(page, "Amount becomes", "Amount")
    expect(page.get_by_label("Amount becomes")).to_have_value("Amount")
    choose(page, "Created: 03/04/2026 is", "4 March 2026")
    choose(page, "Deal ID becomes", "–")
    expect(page.get_by_text("Still needed: Its id")).to_be_visible()
    choose(page, "Deal ID becomes", "Its id")
    expect(page.get_by_text("Nothing is wrong with the mapping.")).to_be_visible()
    assert visit.troubles == []
    sound(page)

    page.get_by_role("link", name="Show as YAML").click()
    expect(page.get_by_label("Mapping", exact=True)).to_have_value(re.compile(r'dates: \["%m/%d/%Y"\]'))
    text = page.get_by_label("Mapping", exact=True).input_value()
    page.get_by_label("Mapping", exact=True).fill(text.replace("table: deals", "table: deal"))
    expect(page.get_by_text("there is no fact table 'deal'; did you mean 'deals'?")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="Show as choices").click()

    page.get_by_role("button", name="Try the load").click()
    expect(page.get_by_text("Nothing has been loaded.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("1 are new")).to_be_visible()
    assert space.loads() == []
    sound(page)

    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_text("They include this load.")).to_be_visible(timeout=PATIENCE)
    sound(page)
    page.get_by_role("link", name="See the receipt").click()
    expect(page.get_by_role("heading", name="Rows to mend")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download deals.csv").click()
    assert "is not a number" in Path(download.value.path()).read_text()
    sound(page)

    page.get_by_role("link", name="Undo this load").click()
    sound(page)
    page.get_by_role("button", name="Undo the load").click()
    expect(page.get_by_text("The load is undone.")).to_be_visible()
    assert [load.withdrawn for load in space.loads()] == [True]
    context.close()


def test_an_import_works_without_script(
    browser: Browser, empty: tuple[str, Workspace], tmp_path: Path
) -> None:
    desk, space = empty
    file = tmp_path / "deals.csv"
    file.write_text(DEALS)
    state = sign_in(browser, desk, "operations")
    context = browser.new_context(storage_state=state, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{desk}/import")
    page.get_by_label("Files to load together").set_input_files(file)
    page.get_by_role("button", name="Look at the files").click()
    page.get_by_role("button", name="Try the load").click()
    _reload_until(page, "Nothing has been loaded.")
    page.get_by_role("button", name="Load it").click()
    _reload_until(page, "See the receipt")
    assert [load.loaded for load in space.loads()] == [2]
    context.close()


def _reload_until(page: Page, text: str) -> None:
    for _ in range(PATIENCE // 500):
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{text!r} never came")
