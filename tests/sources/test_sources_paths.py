"""A path is a name and never a pattern: signs that globs know mean themselves, for files of every kind."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from accord.sources.propose import propose

ODD = 'größe und [raum] #1 it\'s a?b*c{d} "q" 100%20 year=2026'
MAPPING = """
mapping: crm
source: crm
files:
  - match: costs*
    facts:
      - {table: spend, id: id, at: at, set: {cost: cost, currency: {constant: EUR}}}
"""
ROWS = "id,at,cost\n{},2026-01-02,1.50\n{}x,2026-99-99,1.50\n"


def exports(desk, folder: str) -> Path:
    """A file of every kind, each with a good and a bad row, in a folder that has a likeness beside it."""
    place = desk.folder / "in" / folder
    desk.file(f"in/{folder}/costs [1]?.csv", ROWS.format(1, 1))
    desk.file(f"in/{folder}/costs*.csv.gz", gzip.compress(ROWS.format(2, 2).encode()))
    lines = [json.dumps({"id": i, "at": at, "cost": 1.5}) for i, at in (("3", "2026-01-02"), ("3x", "no"))]
    desk.file(f"in/{folder}/costs*.jsonl", "\n".join(lines))
    table = pa.table({"id": ["4", "4x"], "at": ["2026-01-02", "no"], "cost": [1.5, 1.5]})
    pq.write_table(table, place / "costs[4].parquet")
    decoy = 'größe und r #1 it\'s axb-c{d} "q" 100%20 year=2026'
    for name in ("costs 1x.csv", "costs4.parquet"):
        desk.file(f"in/{decoy}/{name}", "not,the\nright,file\n")
        desk.file(f"in/{folder}/sub/{name}", "not,the\nright,file\n")
    return place


def test_files_load_from_a_folder_with_odd_signs(desk, counted):
    place = exports(desk, ODD)
    receipt = desk.load(MAPPING, *(path for path in sorted(place.iterdir()) if path.is_file()))
    count = counted(receipt, "spend")
    assert (count.loaded, count.quarantined) == (4, 4)
    assert desk.facts("SELECT source_id FROM facts.spend ORDER BY 1") == [("1",), ("2",), ("3",), ("4",)]
    again = desk.load(MAPPING, *map(Path, receipt.quarantine))
    assert counted(again, "spend").quarantined == 4


@pytest.mark.parametrize("folder", ["größe und [raum] #1 it's a?b", "a*b", "[r]", "{x,y}"])
def test_only_the_file_that_was_meant_is_read(desk, counted, folder):
    meant = desk.file(f"{folder}/costs[1].csv", "id,at,cost\nmeant,2026-01-02,1\n")
    for other in ("größe und r #1 it's axb", "aab", "r", "x", folder):
        desk.file(f"{other}/costs1.csv", "id,at,cost\nother,2026-01-02,1\n")
    desk.load(MAPPING, meant)
    assert desk.facts("SELECT source_id FROM facts.spend") == [("meant",)]
    assert "table: spend" in propose([meant])
