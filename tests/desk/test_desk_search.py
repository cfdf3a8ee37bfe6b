"""The search box and its page: what is found, by whom, and where it leads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from desk_people import known_names

SignedIn = Callable[[str], Client]


def found(client: Client, query: str) -> list[tuple[str, str]]:
    groups = client.get("/search", {"q": query}).context["hits"]
    return [(group["kind"], row["title"]) for group in groups for row in group["rows"]]


@pytest.mark.parametrize(
    ("role", "query", "titles"),
    [
        ("operations", "brenner", [
            ("person", "Hugo Keller"), ("person", "Ada Brandt"),
            ("account", "Brenner Maschinenbau"), ("deal", "Brenner cell 1"),
        ]),
        ("operations", "carla", [("person", "Carla Ruiz")]),
        ("operations", "webinar", [("campaign", "spring-webinar")]),
        ("rep", "carla", []),
        ("rep", "ada", [("person", "Ada Brandt")]),
        ("viewer", "ada", []),
        ("viewer", "brenner", [("account", "Brenner Maschinenbau"), ("deal", "Brenner cell 1")]),
        ("operations", "nobody at all", []),
        ("operations", "", []),
    ],
)  # fmt: skip
def test_each_role_finds_what_it_may_see(
    as_role: SignedIn, role: str, query: str, titles: list[tuple[str, str]]
) -> None:
    assert found(as_role(role), query) == titles


def test_every_result_opens(as_role: SignedIn) -> None:
    client = as_role("operations")
    for query in ("brenner", "webinar", "calder"):
        for group in client.get("/search", {"q": query}).context["hits"]:
            for row in group["rows"]:
                assert client.get(row["address"], follow=True).status_code == 200, row


def test_the_box_gets_the_results_alone(as_role: SignedIn) -> None:
    answer = as_role("operations").get("/search?q=ada", headers={"hx-request": "true"})
    text = answer.content.decode()
    assert "Ada Brandt" in text and "<html" not in text


def test_nothing_found_says_so_and_repeats_what_was_asked_harmlessly(as_role: SignedIn) -> None:
    text = as_role("operations").get("/search", {"q": "<b>x</b>"}).content.decode()
    assert "Nothing is called “&lt;b&gt;x&lt;/b&gt;”." in text


def test_a_viewers_results_name_nobody(as_role: SignedIn) -> None:
    for query in ("brenner", "calder", "gmail"):
        text = as_role("viewer").get("/search", {"q": query}).content.decode()
        assert not {name for name in known_names() if name in text}
