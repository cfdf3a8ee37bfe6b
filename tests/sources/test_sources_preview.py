"""A dry run says what the load then does, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from accord.sources.preview import ChangedRow, NewRow, Preview, RefusedRow, TablePreview, preview
from accord.sources.text_files import FileError

DEALS = """
mapping: crm
source: crm
files:
  - match: deals*
    facts:
      - table: deals
        id: id
        updated: changed
        only: {kind: [new business, renewal]}
        set:
          name: name
          amount: amount
          currency: {constant: EUR}
          status: status
"""
HEAD = "id,changed,kind,name,amount,status\n"
FIRST = HEAD + "1,2026-01-01,renewal,One,100,open\n2,2026-01-02,renewal,Two,200,open\n"
# 1 changed, 2 as it was, 3 new, 3 again, 4 has no number, 5 is not selected, the last line is no row
SECOND = HEAD + (
    "1,2026-01-05,renewal,One,150,won\n"
    "2,2026-01-02,renewal,Two,200,open\n"
    "3,2026-01-06,new business,=Three,300,open\n"
    "3,2026-01-06,new business,=Three,300,open\n"
    "4,2026-01-06,renewal,Four,many,open\n"
    "5,2026-01-06,test,Five,500,open\n"
    "6,2026-01-06\n"
)


def tried(desk, *paths: Path, mapping: str = DEALS) -> Preview:
    result = preview(paths, desk.mapping(mapping), desk.ledger, now=datetime(2026, 9, 2))
    for table in result.tables:
        assert table.received == table.new + table.changed + table.known + table.quarantined + table.skipped
        assert sum(table.reasons.values()) == table.quarantined + table.skipped
    return result


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    return ((str(path), path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


def test_new_changed_known_quarantined_and_skipped_add_up(desk):
    desk.load(DEALS, desk.file("deals.csv", FIRST))
    second = desk.file("deals_2.csv", SECOND)
    [table] = tried(desk, second).tables
    assert table == TablePreview(
        "deals",
        received=7,
        new=1,
        changed=1,
        known=1,
        quarantined=2,
        skipped=2,
        reasons={
            "column amount: is not a number": 1,
            "the line has fewer fields than the header": 1,
            "not selected by `only`": 1,
            "the same fact twice in this load": 1,
        },
        new_rows=[
            NewRow(
                "deal",
                "3",
                {
                    "occurred_at": datetime(2026, 1, 6, 12),
                    "source_updated_at": datetime(2026, 1, 6, 12),
                    "name": "=Three",
                    "amount": Decimal("300.0000"),
                    "currency": "EUR",
                    "status": "open",
                },
            )
        ],
        changed_rows=[
            ChangedRow(
                "deal",
                "1",
                {
                    "occurred_at": datetime(2026, 1, 1, 12),
                    "source_updated_at": datetime(2026, 1, 1, 12),
                    "amount": Decimal("100.0000"),
                    "status": "open",
                },
                {
                    "occurred_at": datetime(2026, 1, 5, 12),
                    "source_updated_at": datetime(2026, 1, 5, 12),
                    "amount": Decimal("150.0000"),
                    "status": "won",
                },
            )
        ],
    )


def test_quarantined_rows_are_shown_with_line_and_reason(desk):
    refused = tried(desk, desk.file("deals_2.csv", SECOND)).refused
    assert [(row.file, row.line, row.tables) for row in refused] == [
        ("deals_2.csv", 6, "deals"),
        ("deals_2.csv", 8, "deals"),
    ]
    assert "'many'" in refused[0].reason
    assert refused[1] == RefusedRow("deals_2.csv", 8, "deals", "the line has fewer fields than the header")


def test_the_load_then_does_what_the_dry_run_said(desk, counted):
    desk.load(DEALS, desk.file("deals.csv", FIRST))
    second = desk.file("deals_2.csv", SECOND)
    [said] = tried(desk, second).tables
    done = counted(desk.load(DEALS, second, now=datetime(2026, 9, 2)), "deals")
    assert done.received == said.received
    assert done.loaded == said.new + said.changed
    assert done.quarantined == said.quarantined
    assert done.skipped == said.skipped + said.known


@pytest.mark.parametrize("loaded_before", [True, False])
def test_a_dry_run_leaves_nothing_behind(desk, loaded_before):
    if loaded_before:
        desk.load(DEALS, desk.file("deals.csv", FIRST))
    path = desk.file("deals_2.csv", SECOND)
    desk.mapping(DEALS)
    before, places = list(everything(desk.folder)), sorted(desk.folder.rglob("*"))
    tried(desk, path)
    assert list(everything(desk.folder)) == before
    assert sorted(desk.folder.rglob("*")) == places


def test_a_file_that_cannot_be_read_leaves_nothing_behind_either(desk):
    path = desk.file("deals.csv", "id,changed\n1,2026-01-01\n")
    desk.mapping(DEALS)
    places = sorted(desk.folder.rglob("*"))
    with pytest.raises(FileError, match="has no column 'name'"):
        tried(desk, path)
    assert sorted(desk.folder.rglob("*")) == places


def test_what_was_undone_is_new_again(desk):
    path = desk.file("deals.csv", FIRST)
    desk.ledger.withdraw(desk.load(DEALS, path).load_id, datetime(2026, 9, 1, 13))
    [table] = tried(desk, path).tables
    assert (table.new, table.changed, table.known) == (2, 0, 0)


def test_at_most_twenty_samples_of_a_kind(desk):
    def rows(status: str) -> str:
        return "".join(f"{n},,renewal,x,{n},{status}\n" for n in range(30))

    broken = "".join(f"b{n},,renewal,x,no,open\n" for n in range(30))
    first = desk.file("deals.csv", HEAD + rows("open") + broken)
    said = tried(desk, first)
    assert (said.tables[0].new, len(said.tables[0].new_rows), len(said.refused)) == (30, 20, 20)
    desk.load(DEALS, first)
    [table] = tried(desk, desk.file("deals_2.csv", HEAD + rows("won"))).tables
    assert (table.changed, len(table.changed_rows)) == (30, 20)
    # a record without a moment of its own: only what the file says has changed
    assert {tuple(row.new) for row in table.changed_rows} == {("status",)}


def test_events_and_links_are_tried_too(desk, counted):
    mapping = """
mapping: web
source: web
files:
  - match: hits*
    facts:
      - table: touches
        at: at
        actor: [{visitor: cookie}, {email: mail}]
        set: {kind: {constant: page_view}, url: url}
"""
    path = desk.file(
        "hits.csv",
        "at,cookie,mail,url\n2026-01-01T10:00:00,v1,ada@x.example,https://x.example/a\n"
        "2026-01-01T10:00:00,v2,,https://x.example/b\n",
    )
    said = tried(desk, path, mapping=mapping)
    assert {table.table: table.new for table in said.tables} == {"touches": 2, "links": 1}
    receipt = desk.load(mapping, path)
    assert {table.table: table.loaded for table in receipt.tables} == {"touches": 2, "links": 1}
    assert [table.known for table in tried(desk, path, mapping=mapping).tables] == [2, 1]
