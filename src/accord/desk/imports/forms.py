"""The mapping as a form: for each column of each file, what it becomes; and the choices read back from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from accord.ledger.tables import FACTS
from accord.sources.choices import (
    OWN,
    Choice,
    Choices,
    Shape,
    dates_of,
    filled_in,
    guessed_as,
    targets,
)

if TYPE_CHECKING:
    from django.http import QueryDict

SHOWN, LONGEST = 3, 40
"""How many sample values of a column are shown, and how much of a long one."""

TABLES = tuple(name for name in FACTS if name not in ("decisions", "handoff_moves"))
"""The fact tables that files can fill; the others Accord writes itself."""


@dataclass(frozen=True)
class Row:
    """One column in the form: its field's name, samples, and the label of the target chosen."""

    field: str
    column: str
    samples: str
    chosen: str
    again: bool


@dataclass(frozen=True)
class Part:
    """The files of one shape in the form; `needed` are labels of targets still missing."""

    number: int
    match: str
    files: list[str]
    table: str
    doc: str
    rows: list[Row]
    labels: list[str]
    columns: list[str]
    needed: list[str]


@dataclass(frozen=True)
class DateQuestion:
    """A column whose dates can be read in several ways, and how each reads a sample."""

    column: str
    sample: str
    readings: list[tuple[str, datetime, bool]]


def label(target: str) -> str:
    """What a target is called on the page."""
    words = {
        "id": _("Its id"),
        "at": _("When it happened"),
        "updated": _("When it last changed"),
        "actor.person": _("Who: person's id"),
        "actor.lead": _("Who: lead's id"),
        "actor.visitor": _("Who: visitor's id"),
        "actor.email": _("Who: e-mail"),
        OWN: _("Own field"),
    }
    return words.get(target) or target.replace("_", " ").capitalize()


def parts(shapes: Sequence[Shape], choices: Choices) -> list[Part]:
    """The form's parts, one for the files of each shape."""
    chosen = {choice.match: choice for choice in choices.files}
    return [
        _part(number, shape, chosen.get(shape.match, Choice(shape.match, None, {})))
        for number, shape in enumerate(shapes)
    ]


def _part(number: int, shape: Shape, choice: Choice) -> Part:
    known = targets(choice.table) if choice.table else []
    given = {*choice.targets, *(filled_in(choice.table, choice.targets) if choice.table else ())}
    return Part(
        number=number,
        match=shape.match,
        files=[one.path.name for one in shape.samples],
        table=choice.table or "",
        doc=FACTS[choice.table].doc if choice.table else "",
        rows=list(_rows(number, shape, choice)),
        labels=[label(target.name) for target in known],
        columns=[column.name for column in shape.first.fields],
        needed=[label(target.name) for target in known if target.required and target.name not in given],
    )


def _rows(number: int, shape: Shape, choice: Choice) -> Iterator[Row]:
    """A row for each column, and a further one for each further target it has."""
    for place, column in enumerate(shape.first.fields):
        values = list(dict.fromkeys(column.values))[:SHOWN]
        samples = " · ".join(value if len(value) <= LONGEST else f"{value[:LONGEST]}…" for value in values)
        chosen = [target for target, columns in choice.targets.items() if column.name in columns]
        for nth, target in enumerate(chosen or [""]):
            named = label(target) if target else ""
            yield Row(f"part{number}-column{place}", column.name, samples, named, nth > 0)


def questions(shapes: Sequence[Shape], choices: Choices) -> list[DateQuestion]:
    """What only somebody who knows the files can say: which way round days and months stand."""
    asked: dict[tuple[str, ...], DateQuestion] = {}
    for question in dates_of(shapes, choices).questions:
        values = [
            value
            for shape in shapes
            for column in shape.first.fields
            if column.name == question.column
            for value in column.values
        ]
        found = next(filter(None, (_readings(value, question.formats) for value in values)), None)
        if found is None or question.formats in asked:
            continue
        sample, moments = found
        chosen = next((one for one in question.formats if one in choices.dates), question.formats[0])
        readings = [(one, at, one == chosen) for one, at in zip(question.formats, moments, strict=True)]
        asked[question.formats] = DateQuestion(question.column, sample, readings)
    return list(asked.values())


def _readings(value: str, formats: Sequence[str]) -> tuple[str, list[datetime]] | None:
    """The value and how each format reads it; None for one that does not fit them all."""
    try:
        return value, [datetime.strptime(value, one) for one in formats]
    except ValueError:
        return None


def read(post: QueryDict, shapes: Sequence[Shape], before: Choices) -> Choices:
    """The choices in a sent form; where another table was chosen, its columns are guessed anew."""
    known = {choice.match: choice for choice in before.files}
    return Choices(
        source=post.get("source", "").strip() or before.source,
        files=tuple(_choice(post, number, shape, known) for number, shape in enumerate(shapes)),
        zone=post.get("zone", "").strip() or before.zone,
        dates=tuple(post.getlist("dates")),
    )


def _choice(post: Any, number: int, shape: Shape, known: dict[str, Choice]) -> Choice:
    table = post.get(f"part{number}-table", "")
    if table not in TABLES:
        return Choice(shape.match, None, {})
    if shape.match not in known or known[shape.match].table != table:
        return guessed_as(shape, table)
    by_label = {label(target.name): target.name for target in targets(table)}
    found: dict[str, list[str]] = {}
    for place, column in enumerate(shape.first.fields):
        for name in post.getlist(f"part{number}-column{place}"):
            found.setdefault(by_label.get(name, ""), []).append(column.name)
    more = by_label.get(post.get(f"part{number}-more-target", ""), "")
    found.setdefault(more, []).append(post.get(f"part{number}-more-column", ""))
    own = {column.name for column in shape.first.fields}
    return Choice(
        shape.match,
        table,
        {
            target: tuple(dict.fromkeys(name for name in columns if name in own))
            for target, columns in found.items()
            if target and own.intersection(columns)
        },
    )
