"""A sealed report keeps its numbers; what they are now is split over what was learnt since, to the cent."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.cli.main import app
from accord.insight.restatement import Cause, Number, itemise
from accord.restating import Restatement
from accord.sealing import SealError
from accord.workspace import Workspace
from example import EXAMPLE, EXPORT

pytestmark = pytest.mark.xdist_group("restating")
"""One company, built anew six times, is enough."""

SEALED = datetime(2026, 9, 1, 12)
LATER = datetime(2026, 10, 1, 12)
PERIOD = (date(2026, 2, 1), date(2026, 9, 1))
LINKS = """
mapping: links_by_hand
source: by_hand
files:
  - match: links.csv
    facts:
      - table: links
        id: id
        set: {kind: kind, a: a, b: b, rule: {constant: by_hand}}
"""
INVOICES = "Invoice,Day,Company ID,Deal ID,Amount,Currency,Kind,Until\n"
DEALS = (
    "Deal ID,Name,Company ID,Contact ID,Rep,Amount,Currency,Stage,Created,Closed,Loss Reason,Last Modified\n"
)


class Company:
    """The example's workspace, at a moment of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, folder.parent / "files"
        Workspace.create(folder)
        self.files.mkdir()
        shutil.copy(EXAMPLE / "agreement.yaml", folder / "agreement.yaml")
        (self.files / "links.yaml").write_text(LINKS)

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.folder)

    def load(self, name: str, text: str, mapping: str = "crm.yaml") -> str:
        """Load a file of that name and text as news, not as history; the load's id."""
        (self.files / name).write_text(text)
        of = self.files / mapping if mapping == "links.yaml" else EXAMPLE / mapping
        return self.workspace.load([self.files / name], of, history=False).load_id


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Sealed in September; by October everything that can change a number has happened."""
    company = Company(tmp_path_factory.mktemp("restated") / "workspace")
    with patch("accord.workspace.now", lambda: SEALED):
        company.workspace.load(EXPORT, EXAMPLE / "crm.yaml", history=True)
        ads = sorted((EXAMPLE / "ads").glob("*.csv"))
        company.workspace.load(ads, EXAMPLE / "ads.yaml", history=True)
        mistaken = company.load("invoices.csv", INVOICES + "i90,2026-06-10,100,d1,5000,EUR,new,\n")
        company.workspace.build()
        company.workspace.seal("h1", *PERIOD, sealed_by="Priya Raman")
    with patch("accord.workspace.now", lambda: LATER):
        company.load("invoices.csv", INVOICES + "i91,2026-06-12,100,d1,10000,EUR,new,\n")
        company.load(
            "deals.csv",
            DEALS
            + "d3,Fontana line 4,104,7,rita,120000,EUR,Closed won,2026-08-03,2026-09-20,,2026-09-20 09:00\n"
            "d91,Evers line 2,102,9,sam,40000,EUR,Proposal,2026-07-02,,,2026-09-21 10:00\n",
        )
        costs = "Day,Campaign,Cost,Currency,Impressions,Clicks\n2026-03-20,robot-cells,395.00,USD,8800,37\n"
        company.load("costs.csv", costs, "ads.yaml")
        company.load("links.csv", "id,kind,a,b\n1,join,crm:person:2,crm:person:3\n", "links.yaml")
        company.workspace.undo(mistaken)
        text = (company.folder / "agreement.yaml").read_text()
        (company.folder / "agreement.yaml").write_text(text.replace("fit >= 40 and", "fit >= 50 and"))
        company.workspace.build()
        yield company


@pytest.fixture(scope="module")
def restated(company: Company) -> Restatement:
    return company.workspace.restate("h1")


def parts(found: Restatement, of: str, figure: str = "value") -> dict[Cause, Decimal]:
    """The parts of one number's change."""
    [one] = [n for n in found.numbers if n.number.of == of and n.number.figure == figure]
    return dict(one.parts)


def test_each_cause_is_found(restated: Restatement) -> None:
    assert parts(restated, "revenue") == {Cause.LATE: 10000, Cause.TAKEN_BACK: -5000}
    assert parts(restated, "opportunities") == {Cause.LATE: 1}
    assert parts(restated, "opportunity_to_customer").keys() == {Cause.LOOK_BACK, Cause.LATE}
    assert parts(restated, "spend") == {Cause.COST: 93}
    assert parts(restated, "leads") == {Cause.MERGE: -1}
    assert parts(restated, "mql") == {Cause.AGREEMENT: -1}
    assert parts(restated, "robot-cells", "cost") == {Cause.COST: 93}
    assert parts(restated, "Paid Search", "cost") == {Cause.COST: 93}


def test_parts_sum_to_the_change(restated: Restatement) -> None:
    assert len(restated.numbers) > 20
    for one in restated.numbers:
        assert sum(change for _, change in one.parts) == one.change == (one.now or 0) - (one.was or 0)
        assert one.change


def test_the_facts_known_then_give_what_was_sealed(restated: Restatement) -> None:
    assert not [one for one in restated.numbers if Cause.NOT_ITEMISED in dict(one.parts)]


def test_what_was_learnt_is_told_with_its_load(restated: Restatement) -> None:
    learnt = [(one.cause, one.table, one.facts) for one in restated.learnt]
    assert learnt == [
        (Cause.LOOK_BACK, "deals", 1),
        (Cause.LATE, "deals", 1),
        (Cause.LATE, "revenue", 1),
        (Cause.COST, "spend", 1),
        (Cause.MERGE, "links", 1),
        (Cause.TAKEN_BACK, "revenue", 1),
    ]
    assert all(one.load_id for one in restated.learnt)
    assert [row["registered_at"] for row in restated.versions] == [LATER]


def test_now_is_what_the_page_shows(company: Company, restated: Restatement) -> None:
    start, end = PERIOD
    board = {row["kpi"]: row["value"] for row in company.workspace.rows("scoreboard", start=start, end=end)}
    shown = {one.number.of: one.now for one in restated.numbers if one.number.report == "scoreboard"}
    assert shown.items() <= board.items()


def test_a_report_sealed_now_is_not_restated(company: Company) -> None:
    company.workspace.seal("again", *PERIOD)
    assert company.workspace.restate("again").numbers == []


def test_a_sealed_report_is_never_written_over(company: Company) -> None:
    before = (company.folder / "ledger" / "sealed" / "h1.json").read_bytes()
    with pytest.raises(SealError, match="sealed already"):
        company.workspace.seal("h1")
    for name in ("../h1", "H1", "", "a" * 61, ".h1"):
        with pytest.raises(SealError, match="cannot be called"):
            company.workspace.seal(name)
    with pytest.raises(SealError, match="Sealed are: h1"):
        company.workspace.restate("h2")
    assert (company.folder / "ledger" / "sealed" / "h1.json").read_bytes() == before
    assert {file.name for file in (company.folder / "ledger" / "sealed").iterdir()} <= {
        "h1.json",
        "again.json",
    }


def test_commands(
    company: Company,
    restated: Restatement,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What is found is tested above; here, how it is asked for and told.
    monkeypatch.setattr(Workspace, "restate", lambda space, name, progress: restated)
    printed = run("restate", "--since", "2026-09-01", "--format", "json", company=company, capsys=capsys)
    h1 = json.loads(printed)[0]
    assert h1["sealed"] == "h1" and h1["sealed_by"] == "Priya Raman"
    assert h1["sealed_version"] == restated.sealed.version != restated.versions[0]["version"]
    revenue = next(one for one in h1["numbers"] if one["of"] == "revenue")
    assert revenue == {
        "report": "scoreboard",
        "of": "revenue",
        "figure": "value",
        "model": None,
        "unit": "money",
        "was": 53000,
        "now": 58000,
        "change": 5000,
        "parts": [
            {"cause": "late fact", "change": 10000},
            {"cause": "load taken back", "change": -5000},
        ],
    }
    table = run("restate", company=company, capsys=capsys)
    assert "+10,000.00 late fact; −5,000.00 load taken back" in " ".join(table.split())
    assert "No report sealed since then" in run(
        "restate", "--since", "2026-12-31", company=company, capsys=capsys
    )
    lines = run("restate", "--format", "csv", company=company, capsys=capsys).splitlines()
    assert lines[0] == "sealed,report,of,figure,model,unit,was,now,cause,change"
    assert "h1,scoreboard,leads,value,,count,10,9,merge or un-merge,-1" in lines
    assert "Priya Raman" in run("show", "sealed", company=company, capsys=capsys)


def run(*words: str, company: Company, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints."""
    capsys.readouterr()
    app([*words, "--workspace", str(company.folder)], standalone_mode=False)
    return capsys.readouterr().out


AMOUNTS = st.none() | st.integers(-5, 5).map(Decimal)
STATES = st.lists(st.tuples(st.sampled_from(Cause), AMOUNTS), max_size=6)


@given(AMOUNTS, STATES)
def test_any_parts_sum_to_the_change(
    sealed: Decimal | None, states: list[tuple[Cause, Decimal | None]]
) -> None:
    number = Number("scoreboard", "leads", "value", "", "count")
    found = itemise({number: sealed}, [(cause, {number: value}) for cause, value in states])
    now = states[-1][1] if states else sealed
    assert bool(found) == ((sealed is None) != (now is None) or (sealed or 0) != (now or 0))
    for one in found:
        assert sum((change for _, change in one.parts), Decimal(0)) == one.change
