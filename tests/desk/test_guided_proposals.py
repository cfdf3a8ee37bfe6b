"""The agreement as a form: what is changed in it becomes a text in which nothing else has changed."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from handoff_world import AGREEMENT, MONDAY, at, live_company
from notify_world import cast, company

from accord.agreement import parse
from accord.agreement.edits import edited
from accord.desk.proposals.guided import changed, parts
from accord.desk.proposals.models import Proposal
from accord.desk.teams.models import User
from example import EXAMPLE

__all__ = ["cast", "company", "live_company"]

Cast = dict[str, User]
LARGER = (EXAMPLE / "agreement.yaml").read_text()


def filled(text: str, **changes: str) -> dict[str, str]:
    """The form as a browser sends it when nothing, or only this, was changed."""
    given = {cell.name: cell.text for part in parts(text) for row in part.rows for cell in row.cells}
    assert set(changes) <= {*given, *(row.take_out for part in parts(text) for row in part.rows)}
    return given | changes


def made(text: str, **changes: str) -> str:
    edits, form = changed(text, filled(text, **changes))
    assert not [cell for part in form for row in part.rows for cell in row.cells if cell.error]
    return edited(text, edits)


@pytest.mark.parametrize("text", [AGREEMENT, LARGER], ids=["small", "larger"])
def test_an_untouched_form_changes_nothing(text: str) -> None:
    assert changed(text, filled(text))[0] == [] and made(text) == text


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({"scoring/engagement/demo/points": "40"}, "points: 50, half_life", "points: 40, half_life"),
        ({"scoring/engagement/demo/cap": "80"}, "hand_raiser: true}", "hand_raiser: true, cap: 80}"),
        ({"stages/mql/when": "fit >= 20"}, 'when: "hand_raiser and fit > 0"', 'when: "fit >= 20"'),
        ({"sla/sales/accept/within": "2 hours"}, "within: 4 business hours", "within: 2 hours"),
        ({"sla/marketing/0/deliver": "12"}, "deliver: 10", "deliver: 12"),
        ({"handoff/route/0/to": "reps"}, "to: key-accounts", "to: reps"),
    ],
)
def test_a_changed_field_changes_its_value_and_nothing_else(
    changes: dict[str, str], old: str, new: str
) -> None:
    assert made(AGREEMENT, **changes) == AGREEMENT.replace(old, new)


def test_rows_are_added_and_taken_out() -> None:
    more = parse(
        made(
            AGREEMENT,
            **{
                "scoring/fit/new/key": "large",
                "scoring/fit/new/where": "employees >= 1000",
                "scoring/fit/new/points": "15",
                "audience/exclude/0/name": "tests",
                "audience/exclude/0/where": "is_test",
                "targets/0/key": "pipeline",
                "targets/0/amount": "500000",
                "targets/0/quarter": "2026Q4",
            },
        )
    )
    assert more.scoring.fit["large"].points == 15
    assert [one.name for one in more.audience.exclude] == ["tests"]
    assert [(one.metric, one.value, one.period) for one in more.targets] == [("pipeline", 5e5, "2026Q4")]
    less = parse(
        made(
            LARGER,
            **{
                "take-out/audience/exclude/0": "yes",
                "take-out/audience/segments/0": "yes",
                "take-out/audience/segments/1": "yes",
                "take-out/scoring/fit/budget_known": "yes",
                "take-out/targets/1": "yes",
            },
        )
    )
    assert less.audience.exclude == () and [one.name for one in less.audience.segments] == ["small"]
    assert "budget_known" not in less.scoring.fit
    assert [one.metric for one in less.targets] == ["revenue"]


class Fields(HTMLParser):
    """The fields of a page's last form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "input" and named.get("name") and named.get("type") != "checkbox":
            self.values[str(named["name"])] = named.get("value") or ""


def test_from_the_form_to_the_proposal(company: Any, cast: Cast) -> None:
    client = Client()
    client.force_login(cast["mia"])
    with at(MONDAY):
        form = Fields(client.get("/proposals/guided").content.decode()).values
        answer = client.post("/proposals/guided", {**form, "sla/sales/accept/within": "2 business hours"})
        page = answer.content.decode()
        assert answer.status_code == 200 and 'action="/proposals/add"' in page
        assert "accept: within 2 business hours instead of 4 business hours." in page
        text = AGREEMENT.replace("within: 4 business hours", "within: 2 business hours")
        assert answer.context["given"]["text"] == text
        sent = client.post("/proposals/add", answer.context["given"])
    assert sent.status_code == 302 and Proposal.objects.get().text == text


def test_what_is_no_number_is_told_and_kept_in_the_form(company: Any, cast: Cast) -> None:
    client = Client()
    client.force_login(cast["max"])
    with at(MONDAY):
        form = Fields(client.get("/proposals/guided").content.decode()).values
        answer = client.post("/proposals/guided", {**form, "scoring/engagement/demo/points": "many"})
        page = answer.content.decode()
        assert answer.status_code == 422 and "many is no number" in page and 'value="many"' in page
        nameless = client.post("/proposals/guided", {**form, "scoring/fit/new/points": "5"})
        assert nameless.status_code == 422 and "It needs a name" in nameless.content.decode()
        nothing = client.post("/proposals/guided", form)
        assert nothing.status_code == 422 and "Nothing was changed" in nothing.content.decode()
    assert not Proposal.objects.exists()


def test_a_mistake_made_in_the_form_is_told_with_its_place(company: Any, cast: Cast) -> None:
    client = Client()
    client.force_login(cast["max"])
    with at(MONDAY):
        form = Fields(client.get("/proposals/guided").content.decode()).values
        answer = client.post("/proposals/guided", {**form, "stages/mql/when": "fitt > 0"})
    assert "fitt" in answer.content.decode() and answer.context["mistakes"][0].line > 0
