"""Serves the desk in a process of its own and opens it in a real Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from accord.sources.demo import sign_ins
from desk_cast import PASSWORD

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-lcd-text"]
PATIENCE_SECONDS = 60


def chromium() -> str | None:
    """Where this machine's Chromium is; it is never downloaded."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def opened_browser(executable: str) -> Iterator[Browser]:
    """A Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def served(workspace: Path, *, seeded: bool = True) -> Iterator[str]:
    """The desk over a workspace, with the demo company's people in it if `seeded`; gives its address."""
    port = _free_port()
    command = [sys.executable, __file__, str(workspace), str(port), *(["seeded"] if seeded else [])]
    paths = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": paths})
    try:
        _wait_for(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def sign_in(browser: Browser, address: str, role: str) -> dict[str, object]:
    """The cookies of the demo company's somebody of the role, for `new_context(storage_state=...)`."""
    return sign_in_as(browser, address, next(person.email for person in sign_ins() if person.role == role))


def sign_in_as(browser: Browser, address: str, email: str) -> dict[str, object]:
    """The cookies of one person who has signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    state = context.storage_state()
    context.close()
    return dict(state)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The desk ended with {process.returncode} before it answered.")
        try:
            urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The desk did not answer in time.")


def _serve(workspace: Path, port: int, seeded: bool) -> None:
    from accord.desk import serve

    serve.prepare(workspace, "127.0.0.1", port)
    if seeded:
        from accord.desk.seed import seed

        seed()
    serve.run("127.0.0.1", port)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]), "seeded" in sys.argv)
