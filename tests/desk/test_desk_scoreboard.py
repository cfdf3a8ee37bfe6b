from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from accord.desk.shell import formats
from accord.workspace import Workspace

QUARTER = {"start": date(2026, 2, 1), "end": date(2026, 5, 1)}


@pytest.mark.parametrize("filters", [{}, {"channel": "Paid Search"}, {"segment": "mid_market"}])
def test_numbers_on_the_page_equal_the_command_lines(
    as_role: Callable[[str], Client], served: Path, filters: dict[str, str]
) -> None:
    page = as_role("operations").get("/", {"period": "2026Q1", **filters})
    tiles = page.context["tiles"]
    rows = Workspace(served).rows("scoreboard", **QUARTER, **filters)
    assert len(rows) == len(tiles) == 37
    text = page.content.decode()
    for row in rows:
        tile = tiles[row["kpi"]]
        assert tile.row == row | {"period": tile.row["period"]}
        shown = formats.exact(row["value"], row["unit"], "EUR")
        assert f'<a class="n" href="/numbers/{row["kpi"]}?' in text
        assert f">{shown}</a>" in text


def test_the_downloaded_table_equals_the_page(as_role: Callable[[str], Client]) -> None:
    client = as_role("operations")
    rows = list(csv.DictReader(io.StringIO(client.get("/?period=2026Q1&format=csv").content.decode())))
    tiles = client.get("/?period=2026Q1").context["tiles"]
    assert {row["kpi"] for row in rows} == set(tiles)
    assert {row["kpi"]: row["value"] for row in rows}["mql"] == str(tiles["mql"].row["value"])


def test_a_number_opens_its_definition_version_build_and_facts(
    as_role: Callable[[str], Client], served: Path
) -> None:
    text = as_role("viewer").get("/numbers/mql?period=2026Q1").content.decode()
    build = Workspace(served).builds.current()
    assert "Leads that entered MQL in the period, by the agreement." in text
    assert build.build_id in text and build.about["version"] in text
    assert "accord show scoreboard --from 2026-02-01 --to 2026-05-01" in text


@pytest.mark.parametrize(
    ("address", "first", "last"),
    [
        ("period=2026-03", date(2026, 3, 1), date(2026, 3, 31)),
        ("period=2026-W10", date(2026, 3, 2), date(2026, 3, 8)),
        ("period=2026Q1", date(2026, 2, 1), date(2026, 4, 30)),
        ("period=2026", date(2026, 2, 1), date(2027, 1, 31)),
        ("from=2026-03-05&to=2026-03-08", date(2026, 3, 5), date(2026, 3, 7)),
    ],
)
def test_the_address_names_the_period(
    as_role: Callable[[str], Client], address: str, first: date, last: date
) -> None:
    filters = as_role("viewer").get(f"/?{address}").context["filters"]
    assert (filters.first_day, filters.last_day) == (first, last)


@pytest.mark.parametrize("address", ["period=nonsense", "from=x&to=y", "from=2026-03-08&to=2026-03-01", ""])
def test_a_senseless_period_gives_the_running_quarter(as_role: Callable[[str], Client], address: str) -> None:
    filters = as_role("viewer").get(f"/?{address}").context["filters"]
    assert filters.period.kind == "quarter" and filters.is_running


def test_values_are_written_in_the_readers_locale(as_role: Callable[[str], Client]) -> None:
    page = as_role("viewer").get("/?period=2026Q1", headers={"accept-language": "de-DE,de;q=0.9"})
    assert "48.000 €" in page.content.decode().replace("\xa0", " ")


def test_pages_carry_headers_that_keep_other_hosts_out(as_role: Callable[[str], Client]) -> None:
    answer = as_role("viewer").get("/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe-eval" not in policy
    assert answer["X-Frame-Options"] == "DENY"


def test_revenue_on_the_page_is_the_sum_of_its_days(as_role: Callable[[str], Client], served: Path) -> None:
    page = as_role("operations").get("/?period=2026Q2")
    rows = page.context["course"].rows
    assert [(row["at"].date(), row["total"]) for row in rows] == [(date(2026, 5, 14), 24000)]
    assert page.context["tiles"]["revenue"].row["value"] == rows[-1]["total"]
    assert "Q2 2026 missed its target:" in page.content.decode()


def test_a_funnel_stage_opens_its_own_number(as_role: Callable[[str], Client]) -> None:
    page = as_role("operations").get("/?period=2026Q1")
    opened = {row["stage"]: (row["kpi"], row["team"], row["at_seam"]) for row in page.context["funnel"]}
    assert opened == {
        "new": ("leads", "m", False),
        "mql": ("mql", "m", False),
        "sal": ("sal", "s", True),
        "sql": ("sql", "s", False),
        "opportunity": ("opportunities", "s", False),
        "customer": ("wins", "s", False),
    }
