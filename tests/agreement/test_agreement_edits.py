"""Editing a file: the value asked for changes, everything else stays as it was written."""

from __future__ import annotations

import copy
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from accord.agreement import parse
from accord.agreement.edits import Edit, edited
from accord.agreement.yaml_tree import read_yaml
from accord.errors import MistakesError
from proof import EXAMPLES

EXAMPLE = Path(__file__).parents[2] / "examples/northwind/agreement.yaml"


def lines_changed(old: str, new: str) -> tuple[list[str], list[str]]:
    before, after = old.splitlines(), new.splitlines()
    return [one for one in before if one not in after], [one for one in after if one not in before]


@pytest.mark.parametrize(
    ("edit", "gone", "new"),
    [
        (
            Edit(("scoring", "engagement", "webinar", "cap"), 20),
            "    webinar:      {on: webinar, points: 20, half_life: 30d, cap: 40}",
            "    webinar:      {on: webinar, points: 20, half_life: 30d, cap: 20}",
        ),
        (
            Edit(("scoring", "engagement", "download", "cap"), 22.5),
            "    download:     {on: content_download, points: 15, half_life: 30d}",
            "    download:     {on: content_download, points: 15, half_life: 30d, cap: 22.5}",
        ),
        (
            Edit(("scoring", "engagement", "webinar", "cap"), None),
            "    webinar:      {on: webinar, points: 20, half_life: 30d, cap: 40}",
            "    webinar:      {on: webinar, points: 20, half_life: 30d}",
        ),
        (
            Edit(("audience", "exclude", 1), {"name": "small_firms", "where": "employees < 100"}),
            None,
            '    - {name: small_firms, where: "employees < 100"}',
        ),
        (
            Edit(("verdicts", "return", 1), None),
            "    - {reason: no_interest, debits: engagement}",
            None,
        ),
        (
            Edit(("sla", "sales", "accept", "within"), "2 business hours"),
            "    accept: {within: 4 business hours}",
            "    accept: {within: 2 business hours}",
        ),
    ],
)
def test_one_line_changes_and_it_is_an_agreement_still(edit: Edit, gone: str | None, new: str | None) -> None:
    text = EXAMPLE.read_text()
    changed = edited(text, [edit])
    assert lines_changed(text, changed) == ([gone] if gone else [], [new] if new else [])
    parse(changed)


def test_comments_stay_where_they_are() -> None:
    text = "# ours\na:  # first\n  b: 1   # one\n  # two\n  c: x\n"
    assert edited(text, [Edit(("a", "b"), 2)]) == text.replace("1 ", "2 ")
    assert edited(text, [Edit(("a", "d"), 3)]) == text + "  d: 3\n"
    assert edited(text, [Edit(("a", "c"), None)]) == text.replace("  c: x\n", "")
    assert edited(text, [Edit(("e", "f"), 1)]) == text + "e: {f: 1}\n"


def test_what_is_not_there_cannot_be_taken_out() -> None:
    assert edited("a: {b: 1}\n", [Edit(("c",), None), Edit(("a", "x", "y"), None)]) == "a: {b: 1}\n"


def test_a_file_that_is_not_yaml_is_refused() -> None:
    with pytest.raises(MistakesError):
        edited("a: [", [Edit(("a",), 1)])


NAMES = st.sampled_from(["a", "b", "with_line", "d1"])
SCALARS = st.one_of(
    st.integers(-99, 99),
    st.booleans(),
    st.floats(-1e6, 1e6).map(lambda value: round(value, 3)),
    st.text(st.sampled_from("abz 0'\"#:,{}[]-&*!|>%@äß\\"), max_size=8),
)
TREES = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=8,
    ),
    min_size=1,
)


def places(value: Any) -> list[tuple[str | int, ...]]:
    """Every path there is, and one beyond the end of every list and a new key of every mapping."""
    if isinstance(value, dict):
        inner = [(key, *rest) for key, held in value.items() for rest in [(), *places(held)]]
        return [*inner, ("new",), ("new", "below")]
    if isinstance(value, list):
        inner = [(n, *rest) for n, held in enumerate(value) for rest in [(), *places(held)]]
        return [*inner, (len(value),)]
    return []


def put(tree: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """The same edit on plain values."""
    tree = copy.deepcopy(tree)
    inner = tree
    for step in path[:-1]:
        if isinstance(inner, dict):
            if step not in inner and value is None:
                return tree
            inner = inner.setdefault(step, {})
        else:
            inner = inner[step]
    last = path[-1]
    if value is None:
        if isinstance(inner, list):
            del inner[last : last + 1]
        else:
            inner.pop(last, None)
    elif isinstance(inner, list) and last == len(inner):
        inner.append(value)
    else:
        inner[last] = value
    return tree


def untupled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: untupled(inner) for key, inner in value.items()}
    return [untupled(inner) for inner in value] if isinstance(value, tuple) else value


@settings(max_examples=EXAMPLES, deadline=None)
@given(tree=TREES, flow=st.sampled_from([None, True, False]), data=st.data())
def test_an_edit_of_the_file_is_the_edit_of_its_values(
    tree: Any, flow: bool | None, data: st.DataObject
) -> None:
    writer, file = YAML(typ="safe", pure=True), io.StringIO()
    writer.default_flow_style, writer.version, writer.width = flow, (1, 2), 10_000
    writer.dump(tree, file)
    text = file.getvalue().split("---\n", 1)[1] if "---\n" in file.getvalue() else file.getvalue()
    text = text.removesuffix("...\n")
    path = data.draw(st.sampled_from(places(tree)))
    value = data.draw(st.none() | SCALARS | st.lists(SCALARS, max_size=2))
    read = read_yaml(text, "a").tree
    assume(read is not None and untupled(read.plain()) == tree)  # the writer leaves out a few quotes
    new = read_yaml(edited(text, [Edit(path, value)]), "a")
    assert new.mistakes == []
    assert new.tree is not None and untupled(new.tree.plain()) == put(tree, path, value)
