"""One Chromium and one served desk for all browser tests.

The fixtures end with the package: a running Playwright would keep Django's database from later tests.
"""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser

from accord.workspace import Workspace
from browser.served_desk import chromium, opened_browser, served, sign_in
from demo_company import demo_workspace

MISSING = "NO CHROMIUM: the browser tests did not run. Install one, such as with `apt-get install chromium`."


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A real Chromium. Without one the tests are skipped loudly, and fail where CI is set."""
    executable = chromium()
    if executable is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        warnings.warn(MISSING, stacklevel=1)
        pytest.skip(MISSING)
    with opened_browser(executable) as running:
        yield running


@pytest.fixture(scope="package")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a desk served over the demo company."""
    folder = tmp_path_factory.mktemp("browser") / "northwind"
    shutil.copytree(demo_workspace().folder, folder)
    Workspace(folder).seal("2026q1", date(2026, 2, 1), date(2026, 5, 1), sealed_by="Priya Raman")
    with served(folder) as address:
        yield address


@pytest.fixture(scope="package")
def signed_in(browser: Browser, desk: str) -> Callable[[str], dict[str, object] | None]:
    """The cookies of somebody of a role, who signs in once; none for the outsider."""
    states: dict[str, dict[str, object] | None] = {"": None}

    def state(role: str) -> dict[str, object] | None:
        if role not in states:
            states[role] = sign_in(browser, desk, role)
        return states[role]

    return state
