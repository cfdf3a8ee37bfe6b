"""Changing values in an agreement's file and nothing else: comments, order and layout stay as written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accord.agreement.yaml_tree import Node, Path, read_yaml
from accord.errors import MistakesError

_PLAIN = re.compile(r"[A-Za-z][\w ]*[\w]|[A-Za-z]|\d+ [a-z ]+[a-z]|\d+[a-z%]")
"""Text that needs no quotes, such as a name or a length of time."""
_WORDS = {"true", "false", "null", "yes", "no", "on", "off"}


@dataclass(frozen=True)
class Edit:
    """The value at `path` becomes `value`; None takes it out.

    A path leads through keys and places in lists, such as ("scoring", "engagement", "webinar", "cap"). What
    is not there is added; the place after the last one of a list adds to it.
    """

    path: Path
    value: Any


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text of an agreement with the edits made, one after the other. Raises MistakesError if it is not
    YAML."""
    for edit in edits:
        text = _edited(text, edit)
    return text


def _edited(text: str, edit: Edit) -> str:
    source = read_yaml(text, "agreement.yaml")
    if source.tree is None:
        raise MistakesError(source.mistakes)
    text, (parent, *above) = source.text, reversed(_way(source.tree, edit.path[:-1]))
    depth = len(above)
    if depth < len(edit.path) - 1:
        missing = edit.path[depth + 1 :]
        return text if edit.value is None else _added(text, parent, edit.path[depth], _nested(missing, edit))
    held, last = _held(parent), edit.path[-1]
    if last not in held:
        return text if edit.value is None else _added(text, parent, last, edit.value)
    if edit.value is None:
        return _removed(text, parent, last)
    return _replaced(text, held[last], _written(edit.value))


def _way(tree: Node, path: Path) -> list[Node]:
    """The nodes along the path as far as they are there, the root first."""
    way = [tree]
    for step in path:
        inner = _held(way[-1]).get(step)
        if inner is None or not isinstance(inner.value, dict | tuple):
            break
        way.append(inner)
    return way


def _held(node: Node) -> dict[str | int, Node]:
    """The values of a mapping by key, or of a list by place."""
    if isinstance(node.value, dict):
        return dict(node.value)
    return dict(enumerate(node.value)) if isinstance(node.value, tuple) else {}


def _nested(path: Path, edit: Edit) -> Any:
    value = edit.value
    for step in reversed(path):
        value = {step: value} if isinstance(step, str) else [value]
    return value


def _added(text: str, parent: Node, step: str | int, value: Any) -> str:
    """A key of a mapping, or one more of a list, behind those that are there."""
    entry = f"{step}: {_written(value)}" if isinstance(step, str) else _written(value)
    held = list(_held(parent).values())
    if parent.style == "{":
        start, end = parent.spelled[0], _end(text, held[-1]) if held else parent.spelled[1] - 1
        if text[start] not in "{[":  # a single key in a list needs no brackets, two do
            return f"{text[:start]}{{{text[start:end]}, {entry}}}{text[end:]}"
        return f"{text[:end]}{', ' if held else ''}{entry}{text[end:]}"
    if isinstance(step, int):
        entry = f"- {entry}"
    column = parent.column - 1
    after = text.find("\n", _end(text, held[-1]))
    at = len(text) if after < 0 else after
    return f"{text[:at]}\n{' ' * column}{entry}{text[at:]}"


def _removed(text: str, parent: Node, step: str | int) -> str:
    """Without one key or place; of a mapping in lines its lines go, else it and one comma."""
    spans = _entries(text, parent)
    places, (start, end) = list(spans), spans[step]
    if len(places) == 1:
        return _replaced(text, parent, "[]" if isinstance(step, int) else "{}")
    number = places.index(step)
    line = text.rfind("\n", 0, start) + 1
    if parent.style != "{" and text[line:start].strip() == ("-" if isinstance(step, int) else ""):
        after = text.find("\n", end)
        return text[:line] + (text[after + 1 :] if after >= 0 else "")
    if number:
        start = spans[places[number - 1]][1]
    else:
        end = spans[places[1]][0]
    return text[:start] + text[end:]


def _entries(text: str, parent: Node) -> dict[str | int, tuple[int, int]]:
    """Where each key with its value, or each value of a list, stands."""
    found: dict[str | int, tuple[int, int]] = {}
    for step, node in _held(parent).items():
        start = _index(text, *parent.keys[step]) if isinstance(step, str) else node.spelled[0]
        found[step] = (start, _end(text, node))
    return found


def _index(text: str, line: int, column: int) -> int:
    at = 0
    for _ in range(line - 1):
        at = text.index("\n", at) + 1
    return at + column - 1


def _replaced(text: str, node: Node, written: str) -> str:
    # The space: a list in lines may stand below its key's first letter, a value in one line may not.
    space = " " if _in_lines(node) else ""
    return f"{text[: node.spelled[0]]}{space}{written}{text[_end(text, node) :]}"


def _in_lines(node: Node) -> bool:
    return node.style != "{" and isinstance(node.value, dict | tuple)


def _end(text: str, node: Node) -> int:
    """Where a value ends, without the comments and blank lines behind it."""
    if _in_lines(node) and node.value:
        return _end(text, list(_held(node).values())[-1])
    end = node.spelled[1]
    return node.spelled[0] + len(text[node.spelled[0] : end].rstrip())


def _written(value: Any) -> str:
    """A value in brackets, as people write them."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_written, value)) + "]"
    if isinstance(value, float):
        return f"{value:g}" if value == float(f"{value:g}") else repr(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
