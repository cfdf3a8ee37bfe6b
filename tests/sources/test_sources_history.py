"""The history of loads tells what each brought, by whom, what waits to be mended, and what was undone."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from accord.ledger.writer import UnknownLoad
from accord.sources.history import history, record
from accord.sources.load import TableCount, load

DEALS = """
mapping: crm
source: crm
files:
  - match: deals*
    facts:
      - {table: deals, id: id, set: {name: name, amount: amount, currency: {constant: EUR}}}
"""
MONDAY, TUESDAY, FRIDAY = (datetime(2026, 9, day, 12) for day in (7, 8, 11))


def test_a_load_keeps_its_receipt_through_repetition_and_undo(desk):
    path = desk.file("deals.csv", "id,name,amount\n1,One,1\n2,Two,many\n")
    mapping = desk.mapping(DEALS)
    done = load([path], mapping, desk.ledger, history=True, now=MONDAY, by="Olga Ops")
    load([path], mapping, desk.ledger, history=True, now=TUESDAY)
    other = desk.load(DEALS, desk.file("deals_2.csv", "id,name,amount\n3,Three,3\n"), now=FRIDAY)
    desk.ledger.withdraw(done.load_id, FRIDAY)
    first, second = history(desk.ledger)
    assert (first.load_id, first.finished_at, first.by, first.source) == (
        done.load_id,
        MONDAY,
        "Olga Ops",
        "crm",
    )
    assert first.files == ["deals.csv"]
    assert first.tables == [TableCount("deals", 2, 1, 1, 0, {"column amount: is not a number": 1})]
    assert (first.received, first.loaded, first.quarantined) == (2, 1, 1)
    assert first.repeated_at == [TUESDAY]
    assert (first.withdrawn, first.withdrawn_at) == (True, FRIDAY)
    assert (second.load_id, second.withdrawn, second.repeated_at) == (other.load_id, False, [])
    assert record(desk.ledger, done.load_id) == first


def test_quarantine_files_are_named_while_they_exist(desk):
    done = desk.load(DEALS, desk.file("deals.csv", "id,name,amount\n2,Two,many\n"))
    assert record(desk.ledger, done.load_id).quarantine == [Path(done.quarantine[0])]
    shutil.rmtree(desk.folder / "quarantine")
    assert record(desk.ledger, done.load_id).quarantine == []


def test_an_unknown_load_is_said_so(desk):
    with pytest.raises(UnknownLoad, match="There is no load 77"):
        record(desk.ledger, "77")
    assert history(desk.ledger) == []
