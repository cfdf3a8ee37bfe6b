"""The plan as a page: the numbers of the library, what if, and what was asked wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accord.insight.planning import Asked, Scenario, outlook
from demo_company import demo_workspace, truth

Sign = Callable[[str], Client]


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.WORKSPACE = demo_workspace().folder


def asked(**options: Any) -> Any:
    space = demo_workspace()
    return outlook(space.builds.current().open(), space.agreement, Asked(**options))


def test_the_page_shows_the_librarys_plan(as_role: Sign) -> None:
    page = as_role("viewer").get("/plan")
    assert page.status_code == 200 and page.context["plan"] == asked().plan
    text = page.content.decode()
    assert "Qualified leads a week" in text and "Weeks whose leads still matter" in text
    shares = sum(part["share"] for part in page.context["parts"])
    assert shares == pytest.approx(1.0)


def test_what_if_changes_the_plan_and_stays_in_the_form(as_role: Sign) -> None:
    page = as_role("rep").get("/plan?volume=2&deal_size=1.5&target=500000&minutes=30&share=0.25")
    expected = asked(
        scenario=Scenario(volume=2, deal_size=1.5), target=500_000, minutes=30, share_of_time=0.25
    )
    assert page.context["plan"] == expected.plan != asked().plan
    text = page.content.decode()
    assert 'name="volume"' in text and 'value="2"' in text and 'value="500000"' in text


def test_a_period_that_is_over_tells_where_the_miss_arose(as_role: Sign) -> None:
    missed = truth(demo_workspace())["diseases"]["missed_quarter"]["quarter"]
    page = as_role("manager").get(f"/plan?period={missed}")
    gap = page.context["gap"]
    assert gap == asked(period=missed).gap and "Where it arose" in page.content.decode()
    assert sum(row["part"] for row in page.context["factors"]) == pytest.approx(gap.actual - gap.target)
    assert all(0 <= row["low"] <= row["high"] <= 100 for row in page.context["factors"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("volume=many", "many is no number"),
        ("volume=9", "9 lies outside of 0.25 to 3"),
        ("target=-5", "A target of -5 is none"),
        ("period=2031Q1", "no revenue target for 2031Q1"),
        ("volume=nan", "nan lies outside"),
        ("target=inf", "A target of inf is none"),
    ],
)
def test_what_was_asked_wrongly_is_told_and_the_usual_plan_shown(
    as_role: Sign, query: str, said: str
) -> None:
    page = as_role("marketer").get(f"/plan?{query}")
    assert page.status_code == 422 and said in page.content.decode()
    assert page.context["plan"] == asked().plan


def test_the_weeks_are_a_file_for_who_may_take_them(as_role: Sign) -> None:
    answer = as_role("marketer").get("/plan?format=csv")
    lines = answer.content.decode().splitlines()
    assert lines[0].split(",") == ["week", "chance", "share", "needed"]
    assert len(lines) == 1 + len(asked().plan.weeks)
    assert as_role("viewer").get("/plan?format=csv").status_code == 403
