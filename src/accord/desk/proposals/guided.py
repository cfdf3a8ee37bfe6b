"""The agreement as a form: every number and condition of it in a field, and what was changed as edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from accord.agreement.edits import Edit
from accord.agreement.yaml_tree import read_yaml

Path = tuple[str | int, ...]
NEW = "new"
TAKE_OUT = "take-out"
PERIODS = ("year", "quarter", "month")
ONLY = ("segment", "channel", "team")


@dataclass(frozen=True)
class Cell:
    """One value: where it stands, its text (empty where there is none), and whether it is a number."""

    path: Path
    label: str
    text: str
    is_number: bool = False
    error: str = ""

    @property
    def is_condition(self) -> bool:
        """Whether it is a condition, which takes room."""
        return self.path[-1] in ("where", "when")

    @property
    def name(self) -> str:
        """What the form calls it."""
        return "/".join(map(str, self.path))


@dataclass(frozen=True)
class Row:
    """One rule, stage, promise or target; one that `adds` is empty. `path`: what is taken out with it."""

    title: str
    cells: list[Cell]
    path: Path | None = None
    adds: bool = False

    @property
    def take_out(self) -> str:
        """What the form calls the box that takes it out."""
        return "/".join(map(str, (TAKE_OUT, *(self.path or ()))))


@dataclass(frozen=True)
class Part:
    """A part of the agreement and its rows."""

    name: str
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class _Shape:
    """Where a part stands in the file and what its rows hold: a column's key with whether it is a number.

    `adds`: what an empty row asks for before the columns: a name of its own (`key`), or nothing.
    """

    name: str
    title: Any
    base: Path
    columns: Mapping[str, bool]
    adds: str | None = ""
    only: tuple[str, ...] = ()


def _shapes() -> list[_Shape]:
    text, number = False, True
    return [
        _Shape("fit", _("Fit: who they are"), ("scoring", "fit"), {"where": text, "points": number}, "key"),
        _Shape(
            "engagement",
            _("Engagement: what they do"),
            ("scoring", "engagement"),
            {"on": text, "where": text, "points": number, "half_life": text, "cap": number},
            "key",
        ),
        _Shape("stages", _("The way to customer"), ("stages",), {"when": text, "within": text}, None),
        _Shape("segments", _("Segments"), ("audience", "segments"), {"name": text, "where": text}),
        _Shape(
            "exclude",
            _("Never qualified"),
            ("audience", "exclude"),
            {"name": text, "where": text, "to": text},
        ),
        _Shape("route", _("Who gets a lead"), ("handoff", "route"), {"where": text, "to": text, "by": text}),
        _Shape(
            "marketing",
            _("Marketing promises"),
            ("sla", "marketing"),
            {"deliver": number, "of": text, "that": text, "per": text},
        ),
        _Shape(
            "sales",
            _("Sales promises"),
            ("sla", "sales"),
            {"within": text, "attempts": number},
            None,
            ("accept", "first_contact", "follow_up"),
        ),
    ]


def parts(text: str) -> list[Part]:
    """The agreement in `text` as a form. Raises MistakesError if it is not YAML."""
    tree = read_yaml(text, "agreement.yaml").tree
    plain: dict[str, Any] = tree.plain() if tree is not None and isinstance(tree.value, dict) else {}
    return [*(_part(shape, plain) for shape in _shapes()), _targets(plain)]


def _part(shape: _Shape, plain: Mapping[str, Any]) -> Part:
    held: Any = plain
    for step in shape.base:
        held = held.get(step) if isinstance(held, Mapping) else None
    rows = [_row(shape, key, value) for key, value in _items(held) if _shown(shape, key, value)]
    if shape.adds is not None:
        rows.append(_empty_row(shape, len(rows)))
    return Part(shape.name, shape.title, rows)


def _items(held: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(held, Mapping):
        yield from held.items()
    elif isinstance(held, tuple):
        yield from enumerate(held)


def _shown(shape: _Shape, key: str | int, value: Any) -> bool:
    return isinstance(value, Mapping) and key != "detours" and (not shape.only or key in shape.only)


def _row(shape: _Shape, key: str | int, value: Mapping[str, Any]) -> Row:
    path = (*shape.base, key)
    title = str(value.get("label") or value.get("name") or key).replace("_", " ")
    cells = [
        Cell((*path, column), _label(column), _text(value.get(column)), is_number)
        for column, is_number in shape.columns.items()
    ]
    return Row("" if isinstance(key, int) else title, cells, path if shape.adds is not None else None)


def _empty_row(shape: _Shape, count: int) -> Row:
    path = (*shape.base, NEW if shape.adds == "key" else count)
    named = [Cell((*path, "key"), _("Name"), "")] if shape.adds == "key" else []
    cells = [Cell((*path, name), _label(name), "", is_number) for name, is_number in shape.columns.items()]
    return Row("", [*named, *cells], adds=True)


def _targets(plain: Mapping[str, Any]) -> Part:
    """Targets: each the amount of one metric in one period."""
    rows = []
    for number, target in _items(plain.get("targets")):
        if isinstance(target, Mapping):
            period = next((str(target[kind]) for kind in PERIODS if kind in target), "")
            metric = next((name for name in target if name not in (*PERIODS, *ONLY)), "")
            only = " ".join(str(target[name]) for name in ONLY if name in target)
            cell = Cell(("targets", number, metric), _("Amount"), _text(target.get(metric)), True)
            rows.append(
                Row(f"{metric} {period} {only}".strip().replace("_", " "), [cell], ("targets", number))
            )
    path = ("targets", len(rows))
    new = [
        Cell((*path, "key"), _("Of what"), ""),
        Cell((*path, "amount"), _("Amount"), "", True),
        Cell((*path, "quarter"), _("Quarter"), ""),
        Cell((*path, "segment"), _("Only of this segment"), ""),
        Cell((*path, "channel"), _("Only by this channel"), ""),
        Cell((*path, "team"), _("Only pipeline found by marketing, or sales"), ""),
    ]
    return Part("targets", _("What both teams aim at"), [*rows, Row("", new, adds=True)])


def _label(column: str) -> str:
    words = {
        "where": _("Who"),
        "points": _("Points"),
        "on": _("Touch"),
        "half_life": _("Half gone after"),
        "cap": _("At most"),
        "when": _("When"),
        "within": _("Within"),
        "name": _("Name"),
        "to": _("To"),
        "by": _("By"),
        "deliver": _("How many"),
        "of": _("Of"),
        "that": _("That are"),
        "per": _("Per"),
        "attempts": _("Attempts"),
    }
    return words[column]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def changed(text: str, given: Mapping[str, str]) -> tuple[list[Edit], list[Part]]:
    """What the filled form changes in the agreement, and the form as it was filled, with its errors.

    A field that was emptied takes its value out.
    """
    edits: list[Edit] = []
    removed: list[Path] = []
    filled = []
    for part in parts(text):
        rows = []
        for row in part.rows:
            if row.path is not None and given.get(row.take_out):
                removed.append(row.path)
                rows.append(row)
                continue
            cells = _named([_filled(cell, given) for cell in row.cells])
            rows.append(replace(row, cells=cells))
            edits += _edits(row, cells)
        filled.append(replace(part, rows=rows))
    # Later places of a list first: taking one out moves those behind it.
    edits += [Edit(path, None) for path in reversed(removed)]
    return edits, filled


def _named(cells: list[Cell]) -> list[Cell]:
    """The cells of a row; a new one that was filled in needs its name."""
    if not any(cell.text for cell in cells):
        return cells
    return [
        replace(cell, error=_("It needs a name.")) if cell.path[-1] == "key" and not cell.text else cell
        for cell in cells
    ]


def _filled(cell: Cell, given: Mapping[str, str]) -> Cell:
    text = given.get(cell.name, cell.text).strip()
    error = ""
    if cell.is_number and text and _number(text) is None:
        error = _("%(text)s is no number.") % {"text": text[:20]}
    return replace(cell, text=text, error=error)


def _edits(row: Row, cells: list[Cell]) -> Iterator[Edit]:
    if row.adds:
        if edit := _added(cells):
            yield edit
        return
    for before, cell in zip(row.cells, cells, strict=True):
        if cell.text != before.text and not cell.error:
            yield Edit(cell.path, _value(cell) if cell.text else None)


def _added(cells: list[Cell]) -> Edit | None:
    """A row that was filled in as a whole new value."""
    if not any(cell.text for cell in cells) or any(cell.error for cell in cells):
        return None
    path = cells[0].path[:-1]
    values = {str(cell.path[-1]): _value(cell) for cell in cells if cell.text}
    key = str(values.pop("key", ""))
    if path[0] == "targets":
        return Edit(path, {key: values.pop("amount", 0), **values})
    return Edit((*path[:-1], key) if path[-1] == NEW else path, values)


def _value(cell: Cell) -> Any:
    number = _number(cell.text) if cell.is_number else None
    return cell.text if number is None else number


def _number(text: str) -> float | int | None:
    try:
        return int(text)
    except ValueError:
        try:
            value = float(text)
        except ValueError:
            return None
        return value if abs(value) < 1e15 else None
