"""A CRM and an automation tool that mirror each other: nothing counts twice, until links are taken away."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accord import agreement, pipeline
from accord.insight import metrics
from accord.ledger.builds import Build, Builds
from accord.ledger.writer import Ledger
from accord.settings import Settings
from accord.sources.load import load
from accord.sources.mapping import load_mapping
from example import EXAMPLE, NOW, content

MAPPING = """
mapping: {name}
source: {name}
zone: UTC
files:
  - match: people.csv
    facts:
      - table: people
        id: id
        set: {{email: email, role: role, account_id: {{account: company}}, created_at: made}}
  - match: companies.csv
    facts:
      - {{table: accounts, id: id, set: {{name: name, domain: domain, employees: employees}}}}
  - match: forms.csv
    facts:
      - table: touches
        id: id
        at: at
        actor: {{person: person}}
        set: {{kind: {{constant: form_submit}}, form: form}}
  - match: deals.csv
    facts:
      - table: deals
        id: id
        actor: {{person: person}}
        twin: {{source: crm, object: deal, id: crm_id}}
        set:
          account_id: {{account: company}}
          amount: amount
          currency: currency
          status: status
          created_at: made
  - match: links.csv
    facts:
      - {{table: links, id: id, set: {{kind: kind, a: a, b: b}}}}
"""
PEOPLE = "id,email,role,company,made\n1,Ann@Acme.example,operations,7,2026-01-01\n"
COMPANIES = "id,name,domain,employees\n7,Acme,acme.example,500\n"
FORMS = "id,at,person,form\nf1,2026-02-01T10:00:00,1,demo\nf2,2026-02-01T11:00:00,1,demo\n"
MIRRORED_FORMS = "id,at,person,form\nx1,2026-02-01T10:01:30,1,demo\nx2,2026-02-01T11:00:20,1,demo\n"
DEALS = "id,person,company,amount,currency,status,made,crm_id\nd1,1,7,9000,EUR,open,2026-03-01,\n"
MIRRORED_DEALS = "id,person,company,amount,currency,status,made,crm_id\nm1,1,7,9000,EUR,open,2026-03-01,d1\n"
APART = (
    "id,kind,a,b\n"
    "1,unjoin,crm:deal:d1,marketing:deal:m1\n"
    "2,unjoin,crm:touches:f1,marketing:touches:x1\n"
    "3,unjoin,crm:touches:f2,marketing:touches:x2\n"
)


def take(ledger: Ledger, folder: Path, name: str, **files: str) -> None:
    folder.mkdir(exist_ok=True)
    for table, text in files.items():
        (folder / f"{table}.csv").write_text(text)
    (folder / "mapping.yaml").write_text(MAPPING.format(name=name))
    paths = [folder / f"{table}.csv" for table in files]
    load(paths, load_mapping(folder / "mapping.yaml"), ledger, history=True, now=NOW)


def judged(ledger: Ledger) -> Build:
    settings = Settings(master={"deals": "crm", "forms": "crm", "people": "crm"}, memory="1GB")
    request = pipeline.Request(agreement.load(EXAMPLE / "agreement.yaml"), settings, datetime(2026, 3, 2))
    return pipeline.build(ledger, Builds(ledger.folder / "builds"), request)


def figures(build: Build) -> dict[str, Any]:
    """Pipeline, points of the demo requests and counted touches of a build."""
    promised = agreement.load(EXAMPLE / "agreement.yaml")
    board = {row["kpi"]: row["value"] for row in metrics.scoreboard(build.open(), promised)}
    tables = content(build)
    lines = [line for line in tables["score_lines"].to_pylist() if line["rule"] == "demo_request"]
    return {
        "people": tables["people"].num_rows,
        "accounts": tables["accounts"].num_rows,
        "pipeline": board["pipeline"],
        "hits": [line["hits"] for line in lines],
        "touches": sum(row["counted"] for row in tables["timeline"].to_pylist()),
    }


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    folder = tmp_path_factory.mktemp("mirrored")
    ledger = Ledger(folder / "ledger")
    take(ledger, folder / "crm", "crm", people=PEOPLE, companies=COMPANIES, forms=FORMS, deals=DEALS)
    mirror = {"people": PEOPLE, "companies": COMPANIES, "forms": MIRRORED_FORMS, "deals": MIRRORED_DEALS}
    take(ledger, folder / "marketing", "marketing", **mirror)
    return ledger


def test_one_person_one_deal_two_requests(both: Ledger) -> None:
    build = judged(both)
    expected = {"people": 1, "accounts": 1, "pipeline": Decimal(9000), "hits": [2], "touches": 2}
    assert figures(build) == expected
    uncounted = content(build)["uncounted"].to_pylist()
    assert sorted(row["table_name"] for row in uncounted) == ["deals", "touches", "touches"]
    assert all(row["reason"] for row in uncounted)


def test_taking_the_links_away_doubles_them(both: Ledger, tmp_path: Path) -> None:
    judged(both)
    take(both, tmp_path / "apart", "byhand", links=APART)
    expected = {"people": 1, "accounts": 1, "pipeline": Decimal(18000), "hits": [4], "touches": 4}
    assert figures(judged(both)) == expected
