"""What stands beside a lead before the first call."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.test import Client
from handoff_world import AGREEMENT, MONDAY, at, live_company
from notify_world import cast, company, handed_over

from accord.agreement import parse
from accord.desk.handoff.call_story import fitting, propositions
from accord.desk.teams.models import User

__all__ = ["cast", "company", "live_company"]

DAY = datetime(2026, 4, 20)
PIECES = {
    name: {"asset": name, "product": product, "last_at": last}
    for name, product, last in (
        ("guide", "cell", DAY),
        ("data sheet", "cell", None),
        ("customer story", "cell", DAY),
        ("price list", "stand", DAY),
        ("house journal", None, DAY),
    )
}


def test_what_fits_is_of_the_same_product_and_not_read_yet() -> None:
    assert fitting(["guide"], PIECES) == ["customer story", "data sheet"]
    assert fitting(["price list", "guide"], PIECES) == ["customer story", "data sheet"]
    assert fitting(["house journal"], PIECES) == []
    assert fitting(["unknown"], PIECES) == []
    assert fitting([], PIECES) == []


MESSAGES = """
propositions:
  - {name: all, text: Measures while it runs.}
  - {name: large, segment: large, text: One contract for all plants.}
  - {name: late, stage: opportunity, text: Pays back in a year.}
"""


def test_what_is_said_is_what_was_agreed_for_such_a_person_at_that_stage() -> None:
    agreement = parse(f"messages: messages.yaml\n{AGREEMENT}", messages=MESSAGES)
    assert propositions(agreement, {"segment": "small", "stage": "mql"}) == ["Measures while it runs."]
    assert propositions(agreement, {"segment": "large", "stage": "opportunity"}) == [
        "Measures while it runs.",
        "One contract for all plants.",
        "Pays back in a year.",
    ]


def test_the_queue_and_the_leads_page_tell_the_story_to_whoever_calls(
    company: Path, cast: dict[str, User]
) -> None:
    (company / "messages.yaml").write_text(MESSAGES)
    (company / "agreement.yaml").write_text(f"messages: messages.yaml\n{AGREEMENT}")
    (handoff,) = handed_over(company, 1)
    client = Client()
    client.force_login(cast["ann"])
    for address in ("/queue", f"/leads/{handoff.person}"):
        with at(MONDAY + timedelta(hours=1)):
            text = client.get(address).content.decode()
        assert "Before you call" in text
        assert "Filled in a form: demo" in text and "Measures while it runs." in text
