"""Influence, cohorts, what leads said, and what finds no match: the pages beside what the library answers."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accord.desk.campaigns import said, unmatched
from accord.workspace import Workspace
from demo_company import demo_workspace
from example import EXAMPLE

Sign = Callable[[str], Client]
QUARTER = {"start": date(2026, 2, 1), "end": date(2026, 5, 1)}
PAGES = ("influence", "cohorts", "said", "unmatched")
OUTSIDE = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"

MORE_COSTS = f"""Line,Day,Campaign,Cost,Currency
1,2026-03-05,{OUTSIDE},700,EUR
2,2026-03-06,,45,EUR
3,2026-03-07,,5,EUR
4,2026-03-08,robot-cells,9,CHF
"""
MAPPING = """
mapping: more_costs
source: more
zone: Europe/Berlin
files:
  - match: more.csv
    facts:
      - table: spend
        id: Line
        at: Day
        set: {campaign_id: {campaign: Campaign}, cost: Cost, currency: Currency}
  - match: named.csv
    facts:
      - table: campaigns
        id: Campaign
        set: {name: Campaign}
"""


@pytest.fixture(scope="module")
def odd_company(example_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example company with spend that finds no match, and an answer and a campaign that are HTML."""
    inbox = tmp_path_factory.mktemp("more")
    folder = Path(shutil.copytree(example_workspace, tmp_path_factory.mktemp("odd") / "northwind"))
    (inbox / "more.csv").write_text(MORE_COSTS)
    (inbox / "named.csv").write_text(f"Campaign\n{OUTSIDE}\nrobot-cells\n")
    (inbox / "more.yaml").write_text(MAPPING)
    Workspace(folder).load([inbox / "more.csv", inbox / "named.csv"], inbox / "more.yaml", history=True)
    head, *contacts = (EXAMPLE / "export" / "contacts.csv").read_text().splitlines()
    carla = next(line for line in contacts if line.startswith("3,"))
    told = carla.replace("Website", OUTSIDE).removesuffix("16:05") + "16:06"
    (inbox / "contacts.csv").write_text(f"{head}\n{told}\n")
    Workspace(folder).load([inbox / "contacts.csv"], EXAMPLE / "crm.yaml", history=True)
    Workspace(folder).build()
    return folder


@pytest.fixture
def odd(odd_company: Path, settings: Any) -> Workspace:
    """That company is shown."""
    settings.WORKSPACE = odd_company
    return Workspace(odd_company)


@pytest.fixture
def demo(settings: Any) -> Workspace:
    """The demo company is shown."""
    space = demo_workspace()
    settings.WORKSPACE = space.folder
    return space


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("by", ["channel", "campaign", "content", "team", "person"])
@pytest.mark.parametrize("milestone", ["mql", "customer", "expansion"])
def test_influence_is_the_command_lines(as_role: Sign, demo: Workspace, by: str, milestone: str) -> None:
    page = as_role("marketer").get(f"/campaigns/influence?period=2026&by={by}&milestone={milestone}")
    year = {"start": date(2026, 2, 1), "end": date(2027, 2, 1)}
    rows = demo.rows("influenced", **year, by=by, milestone=milestone)
    assert [line.row for line in page.context["lines"]] == rows[: len(page.context["lines"])]
    assert page.context["more"] == len(rows) - len(page.context["lines"])
    touched = page.context["touched"]
    assert touched == sum(row["sourced"] for row in rows)
    if milestone == "customer":
        assert page.context["value"] == sum(row["sourced_value"] or 0 for row in rows) > 0
    for line in page.context["lines"]:
        assert round(line.influenced * touched) == line.row["influenced"] <= touched
        assert round(line.sourced * touched) == line.row["sourced"]


def test_influence_says_what_adds_up(as_role: Sign, demo: Workspace) -> None:
    shown = text(as_role("viewer").get("/campaigns/influence?period=2026"))
    assert "these overlap and do not add up" in shown and "overlaps" in shown


def test_influence_keeps_to_a_segment(as_role: Sign, demo: Workspace) -> None:
    page = as_role("viewer").get("/campaigns/influence?period=2026&segment=small&milestone=mql&channel=Email")
    year = {"start": date(2026, 2, 1), "end": date(2027, 2, 1)}
    rows = demo.rows("influenced", **year, milestone="mql", segment="small")
    assert rows and [line.row for line in page.context["lines"]] == rows


def test_people_of_sales_are_those_whose_leads_one_may_see(as_role: Sign, served: Path) -> None:
    address = "/campaigns/influence?period=2026Q1&by=person&milestone=sal"

    def people(role: str) -> set[str]:
        return {line.row["person"] for line in as_role(role).get(address).context["lines"]}

    rows = Workspace(served).rows("influenced", **QUARTER, by="person", milestone="sal")
    assert people("marketer") == {row["person"] for row in rows} > {"(marketing)", "Sam Tull"}
    assert "Sam Tull" not in people("manager") and people("manager") < people("marketer")
    assert people("other_team") == {"(marketing)"}
    assert people("manager") == people("rep")
    viewer = as_role("viewer").get(address)
    assert "There is no “person” to choose here" in text(viewer) and "by=person" not in str(
        viewer.context["bys"]
    )


@pytest.mark.parametrize("by", ["channel", "campaign"])
@pytest.mark.parametrize("segment", ["", "mid_market"])
def test_cohorts_are_the_command_lines(as_role: Sign, demo: Workspace, by: str, segment: str) -> None:
    page = as_role("marketer").get(f"/campaigns/cohorts?period=2025&by={by}&segment={segment}")
    year = {"start": date(2025, 2, 1), "end": date(2026, 2, 1)}
    rows = demo.rows("cohorts", **year, by=by, segment=segment or None)
    months = page.context["months"]
    assert [line.row for month in months for line in month.lines] == rows
    sums = page.context["sums"]
    for name in ("leads", "customers"):
        assert sum(month.shown[name] for month in months) == sums[name] == sum(row[name] for row in rows)
    for month in months:
        for name in ("cost", "value", "value_3m"):
            shown = [line.shown[name] for line in month.lines if line.shown[name] is not None]
            assert sum(shown) == (month.shown[name] or 0)
    assert round(sum(row["value"] for row in rows)) == sums["value"]
    assert (sums["cost"] is None) == bool(segment)
    assert ("Paid back after" in text(page)) == (not segment)


def test_an_age_that_is_not_over_is_a_dash_and_never_zero(as_role: Sign, demo: Workspace) -> None:
    page = as_role("viewer").get("/campaigns/cohorts?period=2026Q2")
    ages = [value for month in page.context["months"] for line in month.lines for value in line.aged]
    months = [value for month in page.context["months"] for value in month.aged]
    young = [value for value in [*ages, *months] if value is None]
    dash = '<span class="quiet" role="img" title="Not over yet" aria-label="Not over yet">—</span>'
    assert young and text(page).count(dash) == len(young)


def test_what_leads_said_is_the_command_lines_matrix(as_role: Sign, demo: Workspace) -> None:
    context = as_role("viewer").get("/campaigns/said?period=2026").context
    rows = demo.rows("sources", start=date(2026, 2, 1), end=date(2027, 2, 1))
    cells = {
        (line.name, channel): (cell.leads, cell.agrees)
        for line in context["lines"]
        for channel, cell in zip(context["channels"], line.cells, strict=True)
        if cell
    }
    assert {(str(said), str(tracked)): found for (said, tracked), found in cells.items()} == {
        (
            row["reported"].replace("(not said)", "No answer"),
            row["tracked"].replace("(no touch)", "No touch"),
        ): (row["leads"], bool(row["agree"]))
        for row in rows
    }
    assert context["sums"].leads == sum(row["leads"] for row in rows)
    assert context["sums"].won_value == sum(row["won_value"] for row in rows)
    both = [row for row in rows if row["agree"] is not None]
    agreed = sum(row["leads"] for row in both if row["agree"])
    assert context["agreed"] == agreed / sum(row["leads"] for row in both)
    assert context["apart"]["leads"] == max(row["leads"] for row in both if not row["agree"])


def test_cells_that_agree_are_marked_in_words(as_role: Sign, demo: Workspace) -> None:
    page = as_role("viewer").get("/campaigns/said?period=2026")
    agreeing = [cell for line in page.context["lines"] for cell in line.cells if cell and cell.agrees]
    assert agreeing and text(page).count('aria-label="Both say the same"') == len(agreeing)


def test_an_own_field_is_for_whoever_may_see_everybodys_personal_data(as_role: Sign, served: Path) -> None:
    address = "/campaigns/said?period=2026Q1&field=timeline"
    rows = Workspace(served).rows("sources", **QUARTER, field="timeline")
    assert {row["reported"] for row in rows} > {"(not said)"}
    assert as_role("marketer").get(address).context["rows"] == rows
    for role in ("viewer", "rep", "manager"):
        page = as_role(role).get(address)
        assert "There is no “timeline” to choose here, so this is Lead source" in text(page)
        assert page.context["rows"] == Workspace(served).rows("sources", **QUARTER)


def test_answers_beyond_the_most_given_share_a_line() -> None:
    rows = [
        {"reported": f"answer {n:02}", "tracked": "Email", "leads": 40 - n, "qualified": 1}
        | {"won_value": Decimal(n), "agree": False}
        for n in range(25)
    ]
    none = {"reported": "(not said)", "tracked": "(no touch)", "leads": 90, "qualified": 0}
    lines = said._lines([none | {"won_value": Decimal(0), "agree": None}, *rows], ["Email", "(no touch)"])
    names = [str(line.name) for line in lines]
    assert names[:2] == ["answer 00", "answer 01"] and names[-2:] == ["Other answers", "No answer"]
    assert len(lines) == said.SHOWN + 2 and lines[-1].cells[0] is None
    assert sum(line.leads for line in lines) == sum(row["leads"] for row in rows) + 90
    assert lines[-2].won_value == sum(range(20, 25))


def test_what_finds_no_match_is_the_command_lines(as_role: Sign, odd: Workspace) -> None:
    context = as_role("viewer").get("/campaigns/unmatched?period=2026Q1").context
    rows = odd.rows("unmatched", **QUARTER)
    shown = [row for kind in context["kinds"] for row in kind.rows]
    assert [{name: row[name] for name in rows[0]} for row in shown] == rows
    kinds = [str(kind.title) for kind in context["kinds"]]
    assert kinds == [str(unmatched.WHAT[what][0]) for what in dict.fromkeys(row["what"] for row in rows)]
    assert {
        "spend without a campaign",
        "spend without a channel",
        "spend without a rate",
        "spend on a campaign without a touch",
        "touches of a campaign without spend",
    } <= {row["what"] for row in rows}
    assert {"€700", "€50", "CHF9", "€8,000"} <= {row["amount_shown"] for row in shown}


def test_money_without_a_match_is_counted_once_whatever_it_misses(as_role: Sign, odd: Workspace) -> None:
    """The fair (8,000) and the webinar (1,500) have no channel, the new campaign (700) neither one nor a
    touch, and 50 name no campaign."""
    found = unmatched.missing(odd.rows("unmatched", **QUARTER))
    assert found == unmatched.Missing(Decimal(10_250), 3, True, ["CHF"])
    line = text(as_role("viewer").get("/campaigns?from=2026-03-05&to=2026-03-09"))
    assert "€750 of the spend finds no match: that of 1 campaign, and what names none." in line
    assert "Spend in CHF has no exchange rate." in line
    assert 'href="/campaigns/unmatched?from=2026-03-05&amp;to=2026-03-09"' in line


def test_where_all_spend_finds_its_match_nothing_is_said(as_role: Sign, demo: Workspace) -> None:
    year = {"start": date(2026, 2, 1), "end": date(2027, 2, 1)}
    assert unmatched.missing(demo.rows("unmatched", **year)) is None
    client = as_role("viewer")
    assert "finds no match" not in text(client.get("/campaigns?period=2026"))
    assert "Everything finds its match" in text(client.get("/campaigns/unmatched?period=2026"))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("influence?by=nonsense", "There is no “nonsense” to choose here, so this is Channel."),
        ("influence?by=origin", "There is: Channel, Campaign, Content, Team, Person of sales."),
        ("influence?milestone=nonsense", "so this is customer. There is: mql, sal, sql"),
        ("cohorts?by=person", "There is no “person” to choose here, so this is Channel."),
        ("said?field=nonsense", "There is no “nonsense” to choose here, so this is Lead source."),
        *((f"{name}?period=2026Q9", "There is no period “2026Q9”, so this is") for name in PAGES),
        *((f"{name}?from=never&to=2026-05-01", "There is no period “never – 2026-05-01”") for name in PAGES),
        *((f"{name}?period={OUTSIDE}", f"There is no period “{ESCAPED}”") for name in PAGES),
    ],
)
def test_a_mistake_in_the_address_is_told(as_role: Sign, address: str, told: str) -> None:
    page = as_role("marketer").get(f"/campaigns/{address}")
    assert page.status_code == 200
    assert told.casefold() in text(page).casefold() and 'role="alert"' in text(page)


@pytest.mark.parametrize("name", PAGES)
def test_without_a_mistake_nothing_is_told(as_role: Sign, name: str) -> None:
    for query in ("", "?period=2026-03", "?from=2026-02-01&to=2026-05-01&period=2026Q1"):
        assert 'role="alert"' not in text(as_role("marketer").get(f"/campaigns/{name}{query}"))


@pytest.mark.parametrize(
    "address", ["influence?by=campaign&milestone=mql", "cohorts?by=campaign", "said", "unmatched"]
)
def test_text_from_outside_is_escaped(as_role: Sign, odd: Workspace, address: str) -> None:
    joined = "&" if "?" in address else "?"
    shown = text(as_role("marketer").get(f"/campaigns/{address}{joined}period=2026Q1"))
    assert OUTSIDE not in shown
    if not address.startswith("influence"):
        assert ESCAPED in shown


@pytest.mark.parametrize(
    ("address", "mend"),
    [
        ("influence", "Look at a longer period or at an earlier stage"),
        ("cohorts", "A cohort is a whole month: look at a quarter or a year"),
        ("said", "Look at a longer period, or at all segments"),
        ("unmatched", "If a cost is missing here, load the export"),
    ],
)
def test_an_empty_page_says_what_to_do(as_role: Sign, address: str, mend: str) -> None:
    page = as_role("viewer").get(f"/campaigns/{address}?from=2026-11-02&to=2026-11-03")
    assert mend in text(page) and "<table" not in text(page)


def test_a_field_nobody_answered_says_how_to_ask(as_role: Sign) -> None:
    page = as_role("marketer").get("/campaigns/said?from=2026-04-21&to=2026-04-22&field=timeline")
    assert [row["reported"] for row in page.context["rows"]] == ["(not said)"]
    assert "Ask “How did you hear about us?” in a form" in text(page)


@pytest.mark.parametrize("name", PAGES)
def test_before_the_first_build_the_page_says_so(
    as_role: Sign, tmp_path: Path, settings: Any, name: str
) -> None:
    Workspace.create(tmp_path / "new")
    settings.WORKSPACE = tmp_path / "new"
    assert "Nothing has been built yet" in text(as_role("viewer").get(f"/campaigns/{name}"))


@pytest.mark.parametrize("name", ["", "/decision", *(f"/{page}" for page in PAGES)])
def test_each_page_leads_to_the_others_for_the_same_period(as_role: Sign, name: str) -> None:
    shown = text(as_role("viewer").get(f"/campaigns{name}?period=2026Q1&segment=small&by=campaign&sort=roi"))
    for other in ("", "/decision", *(f"/{page}" for page in PAGES)):
        here = ' aria-current="page"' if other == name else ""
        assert f'href="/campaigns{other}?period=2026Q1&amp;segment=small"{here}>' in shown


@pytest.mark.parametrize(
    ("address", "report", "options"),
    [
        ("influence?by=team&milestone=mql&", "influenced", {"by": "team", "milestone": "mql"}),
        ("cohorts?by=campaign&", "cohorts", {"by": "campaign"}),
        ("said?", "sources", {}),
        ("unmatched?", "unmatched", {}),
    ],
)
def test_the_file_has_every_line(
    as_role: Sign, odd: Workspace, address: str, report: str, options: dict[str, Any]
) -> None:
    answer = as_role("manager").get(f"/campaigns/{address}period=2026Q1&format=csv")
    found = list(csv.DictReader(io.StringIO(answer.content.decode())))
    rows = odd.rows(report, **QUARTER, **options)
    assert len(found) == len(rows) > 0 and list(found[0]) == list(rows[0])
