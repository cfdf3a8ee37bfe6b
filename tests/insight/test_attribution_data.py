"""Credit from data: exact against brute force, by hand where it is small, and what every model keeps to."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv, parquet
from typer.testing import CliRunner

import accord
from accord.cli.main import app
from accord.insight.attribution import ModelError
from accord.insight.attribution.data_driven import Chain, JourneyError
from accord.insight.attribution.data_driven.paths import paths_of
from proof import COVERED, EXAMPLES, SEED

CHANNELS = ["Email", "Events", "Organic", "Paid"]
START, WON, LOST = ("start",), ("won",), ("lost",)

Row = dict[str, Any]
amounts = st.integers(0, 5)


@st.composite
def row_of_a_path(draw: st.DrawFn) -> Row:
    conversions = draw(amounts)
    return {
        "path": draw(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=5)),
        "conversions": conversions,
        "value": draw(amounts) if conversions else 0,
        "nulls": draw(amounts),
        "open": draw(amounts),
    }


journeys = st.lists(row_of_a_path(), min_size=1, max_size=12)


def table(rows: Iterable[Row]) -> pa.Table:
    return pa.Table.from_pylist(list(rows))


def credit(rows: Any, model: str = "markov", order: int = 1, **options: Any) -> dict[str | None, float]:
    found = accord.attribute(rows, model, order, **options).to_pylist()
    return {row["channel"]: row["conversions"] for row in found}


# Markov


def reached(rows: list[Row], order: int, without: str | None = None) -> tuple[float, float]:
    """What a journey reaches from the start: a conversion, its value; each channel's chain is built anew."""
    steps: dict[tuple[Any, ...], dict[tuple[Any, ...], float]] = defaultdict(lambda: defaultdict(float))
    worth: dict[tuple[Any, ...], float] = defaultdict(float)
    for row in rows:
        state = START
        for place, channel in enumerate(row["path"]):
            after = ("at", *row["path"][max(0, place - order + 1) : place + 1])
            gone = channel == without
            steps[state][LOST if gone else after] += row["conversions"] + row["nulls"] + row["open"]
            state = after
        steps[state][WON] += row["conversions"]
        steps[state][LOST] += row["nulls"]
        worth[state] += row["value"]
    states = [START, *(state for state in steps if state != START)]
    place_of = {state: number for number, state in enumerate(states)}
    chances, ends = np.zeros((len(states), len(states))), np.zeros((len(states), 2))
    for state, after in steps.items():
        total = sum(after.values())
        if total:
            ends[place_of[state]] = np.array([after[WON], worth[state]]) / total
            for other, count in after.items():
                if other in place_of:
                    chances[place_of[state], place_of[other]] = count / total
    found = np.zeros((len(states), 2))
    for _ in range(40_000):
        new = ends + chances @ found
        if np.abs(new - found).max() < 1e-15:
            break
        found = new
    return float(found[0, 0]), float(found[0, 1])


@pytest.mark.parametrize("order", [1, 2, 3])
@settings(max_examples=EXAMPLES, deadline=None)
@given(rows=journeys)
def test_removal_effects_are_those_of_a_chain_from_which_each_channel_is_deleted(
    order: int, rows: list[Row]
) -> None:
    paths = paths_of(table(rows))
    counts, value = (found[0] for found in Chain.of(paths, order).counts(paths.ends).removal_effects())
    whole = reached(rows, order)
    for place, channel in enumerate(paths.channels):
        left = reached(rows, order, without=channel)
        for effect, total, rest in zip((counts[place], value[place]), whole, left, strict=True):
            assert effect == pytest.approx(1 - rest / total if total else 0, abs=1e-9)


def test_a_chain_by_hand() -> None:
    rows = [
        {"path": "A > B", "conversions": 1, "nulls": 0, "value": 10},
        {"path": "A", "conversions": 0, "nulls": 1, "value": 0},
        {"path": "B", "conversions": 1, "nulls": 1, "value": 90},
    ]
    # From the start: 2/4 to A, 2/4 to B; from A half go on to B; from B 2 of 3 convert.
    # 1/2*1/2*2/3 + 1/2*2/3 = 1/2; without A 1/3; without B nothing.
    paths = paths_of(table(rows))
    counts, _value = Chain.of(paths).counts(paths.ends).removal_effects()
    assert counts[0] == pytest.approx([1 / 3, 1])
    assert credit(table(rows)) == pytest.approx({"A": 0.5, "B": 1.5})


def test_open_journeys_tell_how_journeys_run_and_not_how_they_end() -> None:
    rows = [
        {"path": "A", "conversions": 1, "nulls": 1, "open": 0},
        {"path": "B", "conversions": 1, "nulls": 3, "open": 0},
    ]
    opened = [*rows, {"path": "A", "conversions": 0, "nulls": 0, "open": 8}]
    lost = [*rows, {"path": "A", "conversions": 0, "nulls": 8, "open": 0}]
    # Of A's journeys that ended, one in two converts: 10/14 * 1/2 beside 4/14 * 1/4.
    assert credit(table(rows)) == pytest.approx({"A": 1, "B": 1})
    assert credit(table(opened)) == pytest.approx({"A": 2 * 5 / 6, "B": 2 / 6})
    assert credit(table(lost)) == pytest.approx({"A": 1, "B": 1})


def test_channels_that_lead_nowhere_earn_nothing_and_break_nothing() -> None:
    rows = [
        {"path": "A > B > A > B", "conversions": 0, "nulls": 0, "open": 5},
        {"path": "C", "conversions": 2, "nulls": 1, "open": 0},
    ]
    for order in (1, 2):
        assert credit(table(rows), order=order) == {"A": 0, "B": 0, "C": 2}


def test_a_channel_that_follows_itself_counts_once_where_asked() -> None:
    rows = [
        {"path": "A > A > A > B", "conversions": 3, "nulls": 1},
        {"path": "B > B", "conversions": 1, "nulls": 5},
    ]
    once = [
        {"path": "A > B", "conversions": 3, "nulls": 1},
        {"path": "B", "conversions": 1, "nulls": 5},
    ]
    for model, order in (("markov", 1), ("markov", 2), ("shapley", 1)):
        assert credit(table(rows), model, order, repeats=False) == credit(table(once), model, order)
    shorter = paths_of(table(rows)).without_repeats()
    assert shorter.codes.tolist() == [1, 2, 2] and shorter.offsets.tolist() == [0, 2, 3]


# Shapley


def enumerated(rows: list[Row], name: str) -> dict[str, float]:
    """Each channel's mean addition over all coalitions it can join."""
    players = sorted({channel for row in rows for channel in row["path"]})

    def earns(team: frozenset[str]) -> float:
        return float(sum(row[name] for row in rows if set(row["path"]) <= team))

    n = len(players)
    found = dict.fromkeys(players, 0.0)
    for player in players:
        others = [other for other in players if other != player]
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for team in combinations(others, size):
                before = frozenset(team)
                found[player] += weight * (earns(before | {player}) - earns(before))
    return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows=journeys)
def test_shapley_is_what_all_coalitions_enumerated_give(rows: list[Row]) -> None:
    found = accord.attribute(table(rows), "shapley").to_pylist()
    for name in ("conversions", "value"):
        assert {row["channel"]: row[name] for row in found} == pytest.approx(enumerated(rows, name), abs=1e-9)


@settings(max_examples=EXAMPLES, deadline=None)
@given(rows=journeys, model=st.sampled_from([("markov", 1), ("markov", 2), ("shapley", 1)]))
def test_what_every_model_keeps_to(rows: list[Row], model: tuple[str, int]) -> None:
    name, order = model
    found = accord.attribute(table(rows), name, order)
    for column in ("conversions", "value"):
        assert sum(found[column].to_pylist()) == pytest.approx(sum(row[column] for row in rows), abs=1e-7)
    idle = [*rows, {"path": ["Idle"], "conversions": 0, "value": 0, "nulls": 3, "open": 1}]
    assert credit(table(idle), name, order)["Idle"] == pytest.approx(0, abs=1e-12)
    swapped = [{**row, "path": [_swap(channel) for channel in row["path"]]} for row in rows]
    both = [*rows, *swapped]  # Email and Paid stand alike in these
    earned = credit(table(both), name, order)
    assert earned.get("Email", 0) == pytest.approx(earned.get("Paid", 0), abs=1e-9)


def _swap(channel: str) -> str:
    return {"Email": "Paid", "Paid": "Email"}.get(channel, channel)


# Intervals


def company(chance: random.Random, journeys: int) -> list[Row]:
    """Journeys of a company whose channels differ in how often they begin, lead on and convert."""
    found: dict[str, Row] = {}
    for _ in range(journeys):
        path, converted = [], False
        while not path or (not converted and len(path) < 6 and chance.random() < 0.55):
            path.append(chance.choices(CHANNELS, (4, 1, 3, 2))[0])
            converted = (
                chance.random() < {"Email": 0.1, "Events": 0.5, "Organic": 0.2, "Paid": 0.15}[path[-1]]
            )
        row = found.setdefault(" > ".join(path), {"conversions": 0, "value": 0, "nulls": 0})
        row["conversions" if converted else "nulls"] += 1
        row["value"] += 100 * converted
    return [{"path": path, **row} for path, row in found.items()]


@pytest.mark.parametrize(("model", "order"), [("markov", 1), ("markov", 2), ("shapley", 1)])
def test_intervals_cover_the_share_of_a_hundred_times_the_journeys(model: str, order: int) -> None:
    companies, (fewest, most) = COVERED
    chance = random.Random(SEED)
    whole = credit(company(chance, 60_000), model, order)
    truth = {channel: amount / sum(whole.values()) for channel, amount in whole.items()}
    covered = 0
    for number in range(companies):
        rows = company(chance, 600)
        total = sum(row["conversions"] for row in rows)
        found = accord.attribute(rows, model, order, replicates=200, seed=number).to_pylist()
        assert all(row["journeys"] >= 30 for row in found)
        covered += sum(
            row["conversions_low"] <= truth[row["channel"]] * total <= row["conversions_high"]
            for row in found
        )
    assert fewest <= covered / (companies * len(CHANNELS)) <= most


def test_intervals_hold_what_was_found_and_are_the_same_for_the_same_seed() -> None:
    rows = company(random.Random(3), 2_000)
    for model, order in (("markov", 1), ("markov", 2), ("shapley", 1)):
        found = accord.attribute(rows, model, order, replicates=130, seed=5)
        assert found.equals(accord.attribute(rows, model, order, replicates=130, seed=5))
        assert not found.equals(accord.attribute(rows, model, order, replicates=130, seed=6))
        plain = accord.attribute(rows, model, order)
        assert found.select(["channel", "conversions", "value"]).equals(plain)
        for row in found.to_pylist():
            assert row["conversions_low"] < row["conversions"] < row["conversions_high"]
            assert row["value_low"] < row["value"] < row["value_high"]
            touched = sum(one["conversions"] for one in rows if row["channel"] in one["path"])
            assert row["journeys"] == touched


def test_a_conversion_without_a_touch_has_no_interval() -> None:
    rows = [{"path": "", "conversions": 2}, {"path": "A", "conversions": 9, "nulls": 9}]
    *_, last = accord.attribute(rows, replicates=10).to_pylist()
    assert last["channel"] is None and (last["conversions"], last["journeys"]) == (2, 2)
    assert last["conversions_low"] is None and last["value_high"] is None


# Tables


def test_touches_and_paths_say_the_same() -> None:
    chance = random.Random(7)
    touches: list[Row] = []
    paths: list[Row] = []
    for journey in range(200):
        path = [chance.choice(CHANNELS) for _ in range(chance.randint(1, 6))]
        ended = chance.choice([True, False, None])
        value = chance.randint(1, 9) if ended else 0
        for place, channel in enumerate(path):
            touches.append(
                {
                    "journey_id": f"j{journey}",
                    "position": place,
                    "channel": channel,
                    "converted": ended,
                    "value": value,
                }
            )
        paths.append(
            {
                "path": " > ".join(path),
                "conversions": int(ended is True),
                "value": value,
                "nulls": int(ended is False),
                "open": int(ended is None),
            }
        )
    chance.shuffle(touches)
    dated = [{**row, "occurred_at": f"2026-01-0{1 + row['position']}"} for row in touches]
    for row in dated:
        del row["position"]
    for model, order in (("markov", 1), ("markov", 2), ("shapley", 1)):
        expected = accord.attribute(paths, model, order).to_pylist()
        for other in (touches, dated, table(touches)):
            found = accord.attribute(other, model, order).to_pylist()
            assert [row["channel"] for row in found] == [row["channel"] for row in expected]
            for one, two in zip(found, expected, strict=True):
                assert one["value"] == pytest.approx(two["value"]) and one["conversions"] == pytest.approx(
                    two["conversions"]
                )


def test_conversions_without_a_touch_are_told_apart() -> None:
    rows = [{"path": "", "conversions": 2, "value": 7}, {"path": "A", "conversions": 1, "value": 3}]
    found = accord.attribute(rows).to_pylist()
    assert found == [
        {"channel": "A", "conversions": 1, "value": 3},
        {"channel": None, "conversions": 2, "value": 7},
    ]
    lists = [{**row, "path": [row["path"]] if row["path"] else []} for row in rows]
    assert accord.attribute(lists).to_pylist() == found


def test_rows_that_leave_out_what_they_have_none_of() -> None:
    rows = [{"path": "A", "conversions": 1}, {"path": "B", "conversions": 1, "nulls": 3}]
    found = paths_of(rows)
    assert sorted(zip(found.conversions.tolist(), found.lost.tolist(), strict=True)) == [(1, 0), (1, 3)]


def test_nothing_at_all() -> None:
    none = pa.table({"path": pa.array([], pa.string()), "conversions": pa.array([], pa.float64())})
    for model in ("markov", "shapley"):
        assert accord.attribute(none, model).num_rows == 0
    never = [{"path": "A > B", "conversions": 0, "nulls": 4}]
    assert credit(never) == credit(never, "shapley") == {"A": 0, "B": 0}


TOUCH = {"journey_id": 1, "position": 1, "channel": "A", "converted": True, "value": 1}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"path": "A", "conversions": -1}], "conversions of row 1 is -1"),
        ([{"path": "A", "conversions": 1, "value": float("nan")}], "value of row 1 is nan"),
        ([{"path": "A", "conversions": 1}, {"path": None, "conversions": 1}], "path of row 2 is empty"),
        ([{"path": "A", "conversions": "many"}], "conversions is no column of numbers"),
        ([{"path": "A", "conversions": 0, "value": 5}], "value of row 1 is 5, with no conversion"),
        (["A > B"], "This is no table: list"),
        ([{"path": "A"}], "There is no column 'conversions'"),
        ([{"channel": "A", "conversions": 1}], "There is no column journey_id, converted"),
        ([{**TOUCH, "channel": None}], "channel of row 1 is empty"),
        ([TOUCH, {**TOUCH, "position": None}], "position of row 2 is empty"),
        ([{**TOUCH, "value": -3}], "value of row 1 is -3"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_its_row(rows: list[Row], told: str) -> None:
    with pytest.raises(JourneyError, match=told):
        accord.attribute(rows)


def test_what_is_not_there_is_refused() -> None:
    rows = [{"path": "A", "conversions": 1}]
    with pytest.raises(ModelError, match="Use one of markov, shapley"):
        accord.attribute(rows, "magic")
    with pytest.raises(JourneyError, match="An order of 0"):
        accord.attribute(rows, order=0)
    with pytest.raises(JourneyError, match="This is no table: int"):
        accord.attribute(7)


def test_a_very_long_journey_and_very_many_channels() -> None:
    long = {"path": [CHANNELS[n * n % 4] for n in range(100_000)], "conversions": 1.0, "nulls": 0.0}
    short = {"path": ["Email"], "conversions": 1.0, "nulls": 1.0}
    for order in (1, 2):
        assert sum(credit([long, short], order=order).values()) == pytest.approx(2)
    many = [{"path": f"c{n} > c{n + 1}", "conversions": 1} for n in range(10_000)]
    with pytest.raises(JourneyError, match="Group rare channels"):
        accord.attribute(many)
    assert sum(credit(many, "shapley").values()) == pytest.approx(10_000)


def test_the_command_takes_a_file_and_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    file = tmp_path / "paths.csv"
    file.write_text("path,conversions,nulls,value\nA > B,1,0,10\nA,0,1,0\nB,1,1,90\n,1,0,5\n")
    run = CliRunner().invoke
    answer = run(app, ["attribute", str(file), "--format", "json"])
    assert answer.exit_code == 0, answer.output
    found = {row["channel"]: row["conversions"] for row in json.loads(answer.stdout)}
    assert found == pytest.approx({"A": 0.5, "B": 1.5, "(none)": 1})
    arrow = csv.read_csv(file)
    parquet.write_table(arrow, tmp_path / "paths.parquet")
    again = run(app, ["attribute", str(tmp_path / "paths.parquet"), "--format", "json"])
    assert again.stdout == answer.stdout
    file.write_text("path,conversions\nA,-2\n")
    for arguments, told in (
        ([str(file)], "conversions of row 1 is -2"),
        ([str(tmp_path / "none.csv")], "none.csv"),
        ([str(file), "--model", "magic"], "Use one of markov, shapley"),
    ):
        wrong = run(app, ["attribute", *arguments])
        assert wrong.exit_code != 0 and told in f"{wrong.output} {wrong.exception}"


def test_a_file_broken_inside_is_told_in_one_message(tmp_path: Path) -> None:
    file = tmp_path / "paths.parquet"
    parquet.write_table(table([{"path": "A > B", "conversions": 1}] * 50), file)
    content = bytearray(file.read_bytes())
    content[4:80] = b"\xff" * 76  # the first pages; the footer is whole
    file.write_bytes(content)
    told = CliRunner().invoke(app, ["attribute", str(file)])
    assert isinstance(told.exception, JourneyError) and str(file) in str(told.exception)
