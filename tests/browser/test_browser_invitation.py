"""Somebody is added by operations and comes in by their link, without any script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.xdist_group("browser")

PASSWORD = "a cell that welds at night"


def test_an_invited_person_sets_a_password_and_signs_in(
    browser: Browser, desk: str, signed_in: Callable[[str], Any]
) -> None:
    office = browser.new_context(storage_state=signed_in("operations"), java_script_enabled=False)
    page = office.new_page()
    page.goto(f"{desk}/people/add")
    page.get_by_label("Name").fill("Nina Neu")
    page.get_by_label("E-mail").fill("nina.neu@northwind.example")
    page.get_by_role("radio", name="Sales rep").check()
    page.get_by_role("checkbox", name="Field sales").check()
    page.get_by_role("button", name="Add and make the link").click()
    link = page.get_by_label("Link").input_value()
    assert link.startswith(f"{desk}/welcome/")
    office.close()

    home = browser.new_context(java_script_enabled=False)
    page = home.new_page()
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Nina Neu")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Set it and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scoreboard")
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_label("E-mail").fill("nina.neu@northwind.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scoreboard")
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link is no longer valid")
    home.close()
