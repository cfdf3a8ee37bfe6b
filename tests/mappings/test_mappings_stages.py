"""Each shipped mapping with an agreement, from files to stages: at least one lead reaches every stage."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow.csv
import pyarrow.parquet
import pytest
from exports import HERE, leadforge_tables

from accord.sources.shipped import shipped, shipped_agreement
from accord.workspace import Workspace

AGAIN = [("opportunity", "2026-02-25")]
"""Ada's second deal, after the first was won: a second cycle, which begins with it."""

STAGES = ["mql", "sal", "sql", "opportunity", "customer"]


def workspace(folder: Path, agreement: Path = HERE / "northwind.yaml") -> Workspace:
    folder.mkdir(exist_ok=True)
    shutil.copy(agreement, folder / "agreement.yaml")
    return Workspace(folder)


def stages(built: Workspace, basis: str = "agreement") -> dict[str, list[tuple[str, str]]]:
    """Person to the stages entered, in order, with the day."""
    people = {row["person"]: row["person_id"] for row in built.table("people").to_pylist()}
    entries: dict[str, list[tuple[str, str]]] = {}
    found = [row for row in built.table("stage_entries").to_pylist() if row["basis"] == basis]
    for row in sorted(found, key=lambda row: (row["lead"], row["stage_no"])):
        entries.setdefault(people[row["person"]], []).append((row["stage"], row["at"].date().isoformat()))
    return entries


def rows(built: Workspace, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row[name] for name in columns) for row in built.table(table).to_pylist())


def test_hubspot_from_mail_and_form_to_customer(tmp_path: Path) -> None:
    built = workspace(tmp_path / "ws")
    built.load([HERE / "hubspot_export"], shipped()["hubspot"])
    built.build()
    found = stages(built)
    assert found["hubspot:person:101"] == [
        ("mql", "2026-01-12"),
        ("sal", "2026-01-13"),
        ("sql", "2026-01-16"),
        ("opportunity", "2026-01-20"),
        ("customer", "2026-02-20"),
        *AGAIN,
    ]
    assert found["hubspot:person:103"] == [("mql", "2026-01-12")]
    assert "hubspot:person:102" not in found  # only opened a mail and took the newsletter
    assert [stage for stage, _ in stages(built, "tools")["hubspot:person:101"]][:5] == STAGES


def test_mailchimps_clicks_make_the_crms_contact_an_mql(tmp_path: Path) -> None:
    built = workspace(tmp_path / "ws")
    built.load([HERE / "mailchimp_export"], shipped()["mailchimp"])
    built.load([HERE / "hubspot_export"], shipped()["hubspot"])
    built.build()
    found = [entries for entries in stages(built).values() if len(entries) > 1]
    assert found == [
        [
            ("mql", "2026-01-04"),  # the third click, eight days before the form
            ("sal", "2026-01-13"),
            ("sql", "2026-01-16"),
            ("opportunity", "2026-01-20"),
            ("customer", "2026-02-20"),
            *AGAIN,
        ]
    ]


def test_ga4s_visitor_becomes_the_crms_contact_by_its_user_id(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    text = shipped()["ga4"].read_text(encoding="utf-8")
    mapping.write_text(
        text.replace("{person: user_id}]", "{person: user_id, source: hubspot}]"), encoding="utf-8"
    )
    built = workspace(tmp_path / "ws")
    built.load([HERE / "ga4_export"], mapping)
    built.load([HERE / "hubspot_export"], shipped()["hubspot"])
    built.build()
    assert stages(built)["hubspot:person:101"] == [
        ("mql", "2026-01-09"),  # a mail click and three pages, before the form of the 12th
        ("sal", "2026-01-13"),
        ("sql", "2026-01-16"),
        ("opportunity", "2026-01-20"),
        ("customer", "2026-02-20"),
        *AGAIN,
    ]


@pytest.mark.parametrize(
    ("vendor", "cost"), [("google_ads", "231.3300"), ("linkedin_ads", "530.6200"), ("meta_ads", "643.6300")]
)
def test_the_cost_of_the_ads_stands_with_their_campaigns(tmp_path: Path, vendor: str, cost: str) -> None:
    built = workspace(tmp_path / "ws")
    built.load([HERE / "fivetran" / vendor], shipped()[vendor])
    built.load([HERE / "hubspot_export"], shipped()["hubspot"])
    built.build()
    spend = built.table("spend_values").to_pylist()
    assert str(sum(row["value"] for row in spend)) == cost
    named = {f"{vendor}:campaign:{row['source_id']}" for row in built.table("facts.campaigns").to_pylist()}
    known = {row["campaign_id"] for row in spend}
    assert known
    assert known & named == known if vendor != "linkedin_ads" else known & named
    assert [stage for stage, _ in stages(built)["hubspot:person:101"]][:5] == STAGES


def as_parquet(source: Path, folder: Path) -> Path:
    """The tables as the generator writes them."""
    folder.mkdir()
    for path in source.glob("*.csv"):
        pyarrow.parquet.write_table(pyarrow.csv.read_csv(path), folder / f"{path.stem}.parquet")
    return folder


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_leadforges_world_in_small(tmp_path: Path, form: str) -> None:
    export = HERE / "leadforge_export"
    built = workspace(tmp_path / "ws", shipped_agreement("leadforge"))
    built.load([export if form == "csv" else as_parquet(export, tmp_path / "tables")], shipped()["leadforge"])
    built.build()
    # Fit 50: core size 15, economic buyer 15, senior 10, mature process 10. Engagement passes 30 with the
    # third touch, on the 5th: webinar 15 and download 10, a little faded, and the reply 10.
    assert stages(built) == {
        "leadforge:person:cnt_1": [
            ("mql", "2024-01-05"),
            ("sal", "2024-01-10"),
            ("sql", "2024-01-15"),
            ("opportunity", "2024-01-20"),
            ("customer", "2024-01-20"),
        ],
        "leadforge:person:cnt_2": [("opportunity", "2024-02-14")],
        "leadforge:person:cnt_3": [("opportunity", "2024-02-03")],
    }


def test_leadforges_whole_world(tmp_path: Path) -> None:
    built = workspace(tmp_path / "ws", shipped_agreement("leadforge"))
    built.load([leadforge_tables()], shipped()["leadforge"])
    built.build()
    leads = built.table("leads").num_rows
    entered = dict.fromkeys(STAGES, 0)
    for entries in stages(built).values():
        for stage, _ in entries:
            entered[stage] += 1
    assert all(entered.values())
    assert 0.1 < entered["mql"] / leads < 0.4
    assert {row["currency"] for row in built.table("deals_counted").to_pylist()} == {"USD"}
