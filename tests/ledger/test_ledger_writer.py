"""The writer's promises: nothing twice, nothing lost, corrections count once, a load can be undone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.ledger import facts
from accord.ledger.engine import DuckDBEngine
from accord.ledger.tables import FACTS, SQL_TYPES
from accord.ledger.writer import Appended, Ledger, UnknownLoad
from proof import EXAMPLES
from world import ARROW, rows

NOW = datetime(2026, 9, 1, 12)


def append(
    ledger: Ledger, table: str, given_rows: list[dict[str, Any]], load: str = "load-1", **how: Any
) -> Appended:
    """Append hand-made rows as the loader would stage them."""
    staged = [
        "source",
        "object",
        "source_id",
        "twin",
        "deleted",
        "occurred_at",
        "source_updated_at",
        "assumed",
    ]
    staged += [c.name for c in FACTS[table].columns]
    kinds = {c: ARROW[SQL_TYPES[FACTS[table].column(c).type]] for c in staged}
    schema = pa.schema([*kinds.items(), ("file_no", pa.int64()), ("mapped_derived", pa.string())])
    defaults = {"source": "crm", "object": table, "deleted": False, "assumed": False, "file_no": 1}
    engine = DuckDBEngine(folders=[ledger.folder])
    engine.add("staged", pa.Table.from_pylist([defaults | row for row in given_rows], schema=schema))
    result = ledger.append(
        engine,
        table,
        "staged",
        load_id=load,
        recorded_at=how.get("at", NOW),
        history=how.get("history", True),
    )
    engine.close()
    return result


def current(ledger: Ledger, sql: str, as_of: datetime | None = None) -> list[tuple[Any, ...]]:
    engine = DuckDBEngine(folders=[ledger.folder])
    facts.attach(engine, ledger, facts.as_known(as_of))
    return rows(engine, sql)


def deal(amount: int, updated: int = 1, **more: Any) -> dict[str, Any]:
    day = datetime(2026, 1, updated)
    return {
        "source_id": "D1",
        "amount": amount,
        "currency": "EUR",
        "source_updated_at": day,
        "occurred_at": day,
    } | more


DEALS = "SELECT source_id, amount FROM facts.deals ORDER BY ALL"


def test_the_same_export_twice_adds_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert append(ledger, "deals", [deal(100)]).loaded == 1
    again = append(ledger, "deals", [deal(100)], load="load-2")
    assert (again.loaded, again.known, again.known_from) == (0, 1, {"load-1": 1})


def test_a_corrected_amount_adds_one_fact_and_counts_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    append(ledger, "deals", [deal(100)])
    assert append(ledger, "deals", [deal(120, updated=2)], load="load-2").loaded == 1
    assert [(i, int(a)) for i, a in current(ledger, DEALS)] == [("D1", 120)]
    assert current(ledger, "SELECT count(*) FROM states.deals") == [(2,)]


def test_an_older_state_arriving_late_does_not_win(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    append(ledger, "deals", [deal(120, updated=2)])
    append(ledger, "deals", [deal(100, updated=1)], load="load-2")
    assert [int(a) for _, a in current(ledger, DEALS)] == [120]


def test_a_delete_is_history_not_loss(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    append(ledger, "deals", [deal(100)])
    append(ledger, "deals", [deal(100, updated=3, deleted=True)], load="load-2")
    assert current(ledger, DEALS) == []
    assert current(ledger, "SELECT count(*) FROM states.deals") == [(2,)]


def test_rows_without_an_id_keep_apart_within_a_file_and_are_known_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    view = {"kind": "page_view", "path": "/pricing", "occurred_at": datetime(2026, 1, 5)}
    assert append(ledger, "touches", [view, view, view | {"path": "/demo"}]).loaded == 3
    assert append(ledger, "touches", [view, view, view | {"path": "/demo"}], load="load-2").known == 3


def test_the_same_row_with_an_id_twice_in_a_file_is_one_fact(tmp_path: Path) -> None:
    result = append(Ledger(tmp_path), "deals", [deal(100), deal(100)])
    assert (result.loaded, result.duplicate) == (1, 1)


def test_events_of_several_months_lie_in_their_months(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    views = [
        {"kind": "page_view", "source_id": str(m), "occurred_at": datetime(2026, m, 5)} for m in (1, 2, 3)
    ]
    append(ledger, "touches", views)
    assert len(ledger.files("touches", ["2026-02"])) == 1
    assert len(ledger.files("touches")) == 3


def test_what_was_known_when(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    append(ledger, "deals", [deal(100, updated=1, created_at=datetime(2026, 1, 1))], history=True)
    append(ledger, "deals", [deal(120, updated=2)], load="load-2", history=False, at=datetime(2026, 5, 1))
    assert [int(a) for _, a in current(ledger, DEALS, datetime(2026, 4, 30))] == [100]
    assert [int(a) for _, a in current(ledger, DEALS, datetime(2026, 5, 1))] == [120]
    assert current(ledger, DEALS, datetime(2025, 12, 31)) == []


def test_the_first_state_of_a_record_of_history_was_known_since_it_was_made(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    made, changed = datetime(2026, 2, 1), datetime(2026, 6, 1)
    changed_later = {"source_updated_at": changed, "occurred_at": changed}
    append(
        ledger,
        "accounts",
        [{"source_id": "undated"}, {"source_id": "made", "created_at": made, **changed_later}],
    )
    append(ledger, "accounts", [{"source_id": "new"}], load="load-2", history=False)
    known = dict(current(ledger, "SELECT source_id, known_at FROM facts.accounts"))
    assert known == {"undated": datetime(1, 1, 1), "made": made, "new": NOW}


def test_a_corrected_channel_of_the_mapping_is_a_correction_a_worked_out_one_is_not(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    view = {"source_id": "1", "kind": "page_view", "occurred_at": datetime(2026, 1, 5), "channel": "Email"}
    append(ledger, "touches", [view | {"mapped_derived": "channel=Email"}])
    social = {"channel": "Paid Social"}
    assert (
        append(ledger, "touches", [view | social | {"mapped_derived": "channel=Paid Social"}], "2").loaded
        == 1
    )
    append(ledger, "touches", [view | {"source_id": "2"}], "3")
    assert append(ledger, "touches", [view | {"source_id": "2"} | social], "4").known == 1


def test_an_undone_load_no_longer_counts_and_can_be_loaded_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    first = ledger.new_load_id("export A")
    append(ledger, "deals", [deal(100)], load=first)
    ledger.finish_load(first, {"tables": []}, NOW)
    append(ledger, "deals", [deal(120, updated=2)], load="load-2")
    ledger.finish_load("load-2", {"tables": []}, NOW)
    ledger.withdraw("load-2", NOW)
    assert [int(a) for _, a in current(ledger, DEALS)] == [100]
    ledger.withdraw(first, NOW)
    assert current(ledger, DEALS) == []
    second = ledger.new_load_id("export A")
    assert second != first
    assert append(ledger, "deals", [deal(100)], load=second).loaded == 1
    assert [int(a) for _, a in current(ledger, DEALS)] == [100]


def test_undoing_what_is_not_there_changes_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    append(ledger, "deals", [deal(100)])
    ledger.finish_load("load-1", {}, NOW)
    with pytest.raises(UnknownLoad, match="load-1"):
        ledger.withdraw("load-9", NOW)
    assert ledger.withdrawn() == set()
    assert len(current(ledger, DEALS)) == 1


states = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 28), st.integers(0, 5)), min_size=1, max_size=12
)


@settings(max_examples=EXAMPLES // 5, deadline=None)
@given(states, st.randoms())
def test_any_order_of_loading_gives_the_same_current_view(
    tmp_path_factory: pytest.TempPathFactory, given_states: list[tuple[int, int, int]], random: Any
) -> None:
    batch = [deal(amount, day, source_id=f"D{number}") for number, day, amount in given_states]
    shuffled = random.sample(batch, len(batch))
    cut = random.randint(0, len(batch))
    one, two = (Ledger(tmp_path_factory.mktemp("ledger")) for _ in range(2))
    append(one, "deals", batch)
    append(two, "deals", shuffled[:cut])
    append(two, "deals", shuffled[cut:], load="load-2")
    assert current(one, DEALS) == current(two, DEALS)
    newest = {n: max((d, a) for m, d, a in given_states if m == n)[0] for n, _, _ in given_states}
    assert [i for i, _ in current(one, DEALS)] == sorted(f"D{n}" for n in newest)
    for source_id, amount in current(one, DEALS):
        number = int(source_id[1:])
        assert (number, newest[number], int(amount)) in given_states
