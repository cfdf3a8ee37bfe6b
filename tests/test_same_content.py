"""Order does not matter: the same facts give the same numbers however they came in."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from accord.ledger.writer import Ledger
from example import EXAMPLE, EXPORT, content, differing, judge, rows_of, take
from proof import ORDERS, SEED


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger that got everything in one load a mapping, and was built once."""
    ledger = Ledger(tmp_path_factory.mktemp("at-once"))
    take(ledger, EXPORT)
    take(ledger, [EXAMPLE / "ads" / "costs.csv", EXAMPLE / "ads" / "rates.csv"], "ads.yaml")
    return ledger


def pieces(folder: Path, shuffled: random.Random) -> list[tuple[Path, str]]:
    """The example's files cut in two at a random row, in random order, each with its mapping."""
    cut = []
    for mapping, files in (("crm.yaml", EXPORT), ("ads.yaml", sorted((EXAMPLE / "ads").glob("*.csv")))):
        for file in files:
            header, *lines = file.read_text().splitlines(keepends=True)
            middle = shuffled.randint(0, len(lines))
            for part, some in (("a", lines[:middle]), ("b", lines[middle:])):
                target = folder / part / file.name
                target.parent.mkdir(exist_ok=True)
                target.write_text(header + "".join(some))
                cut.append((target, mapping))
    return shuffled.sample(cut, len(cut))


@pytest.mark.parametrize("number", range(ORDERS))
def test_any_order_of_loads_before_one_build_gives_the_same_tables(
    number: int, at_once: Ledger, tmp_path: Path
) -> None:
    ledger = Ledger(tmp_path / "ledger")
    for file, mapping in pieces(tmp_path, random.Random(SEED + number)):
        take(ledger, [file], mapping)
    take(ledger, EXPORT)
    assert differing(content(judge(at_once)), content(judge(ledger))) == []


@pytest.mark.parametrize("number", range(ORDERS))
def test_builds_in_between_change_no_table_but_decisions_and_each_change_is_named(
    number: int, at_once: Ledger, tmp_path: Path
) -> None:
    shuffled = random.Random(SEED + number)
    ledger = Ledger(tmp_path / "ledger")
    parts = pieces(tmp_path, shuffled)
    builds_after = set(shuffled.sample(range(len(parts)), 3))
    for place, (file, mapping) in enumerate(parts):
        take(ledger, [file], mapping)
        if place in builds_after:
            judge(ledger)
    straight, stepwise = content(judge(at_once)), content(judge(ledger))
    changed = set(differing(straight, stepwise))
    restated = {(row["lead"], row["stage"]) for row in stepwise["restatements"].to_pylist()}
    moved = rows_of(straight["decisions_made"]) ^ rows_of(stepwise["decisions_made"])
    names = stepwise["decisions_made"].column_names
    for row in moved:
        named = dict(zip(names, row, strict=True))
        assert (named["lead"], named["stage"]) in restated
    follow_decisions = {
        *("decisions_made", "decisions_accounted", "restatements", "stage_entries", "leads"),
        *("conversions", "credits", "exceptions"),
    }
    assert changed <= (follow_decisions | {"deal_leads", "buying_touches"} if moved else set())


def test_two_builds_of_the_same_facts_have_the_same_content(at_once: Ledger) -> None:
    assert differing(content(judge(at_once)), content(judge(at_once))) == []
