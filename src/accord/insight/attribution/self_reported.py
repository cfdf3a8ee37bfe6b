"""What leads said brought them, against what was tracked: a matrix."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accord.errors import AccordError
from accord.insight.attribution.asked import Asked, sql
from accord.ledger.engine import Engine

NOT_SAID, NO_TOUCH = "(not said)", "(no touch)"


class UnknownField(AccordError):
    """The agreement declares no such field of people."""

    code = "unknown_field"


def self_reported(
    engine: Engine,
    *,
    field: str | None = None,
    fields: tuple[str, ...] = (),
    start: datetime | None = None,
    end: datetime | None = None,
    segment: str | None = None,
    channel: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{reported, tracked, leads, qualified, won, won_value, agree}`, most leads first.

    `reported` is what people of known leads opened in [start, end), naive UTC, answered in the own `field`
    (one of `fields`; none: the source their tool keeps), `(not said)` where they did not. `tracked` is the
    channel of their first touch, `(no touch)` without one. `agree`: both say the same, whatever the case of
    letters; None where one of them says nothing. `won` are deals of the leads. Raises UnknownField.
    """
    if field is not None and field not in fields:
        known = ", ".join(fields) or "none"
        raise UnknownField(
            f"The agreement declares no field {field!r} of people.",
            mend=f"It declares: {known}. Declare it under fields, with on: person, and map it.",
        )
    asked = Asked(start, end, segment, channel)
    rows = engine.query(sql("self_reported"), [field, *asked.period, segment, channel]).to_pylist()
    return [row | {"agree": _agree(row["reported"], row["tracked"])} for row in rows]


def _agree(reported: str, tracked: str) -> bool | None:
    if reported == NOT_SAID or tracked == NO_TOUCH:
        return None
    return reported.casefold() == tracked.casefold()
