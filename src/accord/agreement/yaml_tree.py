"""Reading YAML 1.2 into a tree whose every value knows its line and column.

The tree is built from the parser's events, so that doubled keys, anchors, tags and depth are seen before any
value is made. Anchors and aliases are refused: an agreement is read by people, and an alias can be a bomb.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from accord.errors import Mistake

LARGEST = 250_000
"""Most bytes of a file; an agreement is a few pages, and reading is slow on purpose-made giants."""
MOST = 200
"""Most mistakes gathered of one kind; who has more mends these first."""
DEEPEST = 20
TOO_LARGE = f"The file is larger than {LARGEST // 1000} kB."

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_NULLS = {"", "~", "null", "Null", "NULL"}
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

Path = tuple[str | int, ...]


@dataclass
class Node:
    """One value: `value` is text, number, boolean, None, a tuple of nodes or a dict of nodes.

    `line` and `column` count from 1. `source` and `spelled` (start and end in the file's text) lead from a
    place inside a text back to the file; a value within brackets has the style "{". `keys` holds the place of
    each key of a mapping.
    """

    value: Any
    line: int
    column: int
    spelled: tuple[int, int] = (0, 0)
    style: str | None = None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def plain(self) -> Any:
        """The value without places: dicts, tuples, text, numbers, booleans. Empty values are left out."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items() if node.value is not None}
        if isinstance(self.value, tuple):
            return tuple(node.plain() for node in self.value if node.value is not None)
        return self.value

    def at(self, path: Path) -> Node:
        """The node at `path`, or the nearest one above it."""
        node = self
        for step in path:
            inner = _step(node, step)
            if inner is None:
                return node
            node = inner
        return node


def _step(node: Node, step: str | int) -> Node | None:
    if isinstance(node.value, dict):
        return node.value.get(str(step))
    if isinstance(node.value, tuple) and isinstance(step, int):
        held = [inner for inner in node.value if inner.value is not None]
        return held[step] if step < len(held) else None
    return None


@dataclass
class Source:
    """A YAML file's text, its tree (None where there is none) and the mistakes found while reading it."""

    file: str
    text: str
    tree: Node | None
    mistakes: list[Mistake]

    def place(self, node: Node, offset: int) -> tuple[int, int]:
        """Line and column of the character `offset` of a text value, whatever its YAML style."""
        start, end = node.spelled
        at = start
        if node.style in ("|", ">"):
            at = self.text.find("\n", start, end) + 1 or start
        elif node.style:
            at += 1
        for index, sign in enumerate(node.value):
            if sign.isspace():
                continue
            found = self.text.find(sign, at, end)
            if found < 0:
                return node.line, node.column
            at = found
            if index >= offset:
                break
            at += 1
            if node.style == "'" and sign == "'":
                at += 1
        line = self.text.count("\n", 0, at) + 1
        return line, at - (self.text.rfind("\n", 0, at) + 1) + 1


class _Refused(Exception):
    def __init__(self, mark: Any, message: str, mend: str) -> None:
        self.line: int = mark.line + 1 if mark is not None else 0
        self.column: int = mark.column + 1 if mark is not None else 0
        self.message = message
        self.mend = mend


def read_yaml(text: str, file: str) -> Source:
    """The tree of a YAML file. Never raises: what is wrong stands in `mistakes`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    source = Source(file, text, None, [])
    try:
        if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
            raise _Refused(None, TOO_LARGE, "An agreement is a few pages; is this the file?")
        source.tree = _Builder(source, YAML(typ="safe", pure=True).parse(text)).document()
    except _Refused as refused:
        source.mistakes.append(Mistake(file, refused.line, refused.column, "", refused.message, refused.mend))
    except YAMLError as error:
        source.mistakes.append(_syntax(error, source))
    except (ValueError, AssertionError, IndexError, TypeError, AttributeError, OverflowError) as error:
        # The YAML library lets a few broken files through to plain Python errors.
        message = f"This is not YAML ({type(error).__name__})."
        source.mistakes.append(Mistake(file, 0, 0, "", message, "Check quotes, brackets and indentation."))
    return source


def _syntax(error: Any, source: Source) -> Mistake:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        line, column = mark.line + 1, mark.column + 1
    elif (at := getattr(error, "position", None)) is not None:  # a sign YAML does not allow
        line = source.text.count("\n", 0, at) + 1
        column = at - source.text.rfind("\n", 0, at)
    else:
        line = column = 0
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    what = str(what).splitlines()[0]
    if "\t" in what or "'\\t'" in what:
        return Mistake(source.file, line, column, "", "A tab is not allowed here.", "Indent with spaces.")
    mend = "Check quotes, brackets, the colon after each key, and indentation with spaces."
    return Mistake(source.file, line, column, "", f"This is not YAML: {what}.", mend)


class _Builder:
    def __init__(self, source: Source, events: Iterator[Any]) -> None:
        self.source = source
        self.events = events

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self.events:
            name = type(event).__name__
            if name == "DocumentStartEvent" and root is not None:
                raise _Refused(
                    event.start_mark, "A second document begins here.", "Keep one; remove the ---."
                )
            if name in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent", "AliasEvent"):
                root = self.node(event, 1)
        return root

    def node(self, event: Any, depth: int) -> Node:
        name = type(event).__name__
        mark = event.start_mark
        if name == "AliasEvent" or event.anchor:
            raise _Refused(
                mark, "Anchors (&) and aliases (*) are not used here.", "Write the value itself, or quote it."
            )
        if event.tag is not None and str(event.tag) != "!":
            raise _Refused(mark, "Tags (!) are not used here.", "Remove the tag, or quote the text.")
        if depth > DEEPEST:
            raise _Refused(mark, f"The file is nested more than {DEEPEST} deep.", "Check the brackets.")
        line, column = mark.line + 1, mark.column + 1
        if name == "ScalarEvent":
            spelled = (mark.index, event.end_mark.index)
            value = _resolve(event.value) if event.style is None else event.value
            return Node(value, line, column, spelled, event.style)
        within = Node({}, line, column, style="{" if event.flow_style else None)
        end = self.mapping(within, depth) if name == "MappingStartEvent" else self.items(within, depth)
        within.spelled = (mark.index, end.end_mark.index)
        return within

    def items(self, node: Node, depth: int) -> Any:
        """Read the values of a list into `node`; returns the event that ends it."""
        held = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            held.append(self.node(event, depth + 1))
        node.value = tuple(held)
        return event

    def mapping(self, node: Node, depth: int) -> Any:
        """Read the keys and values of a mapping into `node`; returns the event that ends it."""
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            key = self.node(event, depth + 1)
            value = self.node(next(self.events), depth + 1)
            if isinstance(key.value, dict | tuple) or key.value is None:
                self.complain(key, "A key must be one word.", "Check the brackets and colons on this line.")
                continue
            word = self.source.text[key.spelled[0] : key.spelled[1]] if key.style is None else key.value
            if word in node.value:
                first = node.keys[word][0]
                self.complain(
                    key, f"The key {word!r} stands here twice (first on line {first}).", "Keep one of them."
                )
                continue
            node.value[word] = value
            node.keys[word] = (key.line, key.column)
        return event

    def complain(self, node: Node, message: str, mend: str) -> None:
        if len(self.source.mistakes) < MOST:
            self.source.mistakes.append(Mistake(self.source.file, node.line, node.column, "", message, mend))


def _resolve(text: str) -> Any:
    """The value of an unquoted word by the core schema of YAML 1.2."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
