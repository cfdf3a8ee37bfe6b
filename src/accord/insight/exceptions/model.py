"""The read model `exceptions`: made by the build, read with its sentences."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from accord.insight.exceptions import (
    campaigns,
    channels,
    contact,
    content,
    machines,
    pace,
    records,
    silence,
    two_owners,
)
from accord.insight.exceptions.finding import Finding, Look
from accord.insight.exceptions.words import WORDS, tell
from accord.insight.exceptions.words.told import ENGLISH, Told
from accord.insight.owners import owner_names
from accord.ledger.engine import Engine, Step

if TYPE_CHECKING:
    import pyarrow as pa

    from accord.agreement import Agreement
    from accord.insight.exceptions.parts import Language

STATES = ("bad", "risk", "new")
"""From worst to best: broken, at risk, worth knowing."""

KINDS = tuple(WORDS)

_STEPS = ("source_days", "freshness")
_FINDERS = (
    contact.find,
    pace.find,
    campaigns.find,
    channels.find,
    two_owners.find,
    machines.find,
    content.find,
    records.find,
    silence.find,
)


def steps() -> list[Step]:
    """`freshness`, and the tables the exceptions are found in. Reads `facts.*` and the journey's tables."""
    return [owner_names(), *(Step.from_file(__package__, name) for name in _STEPS)]


def find(engine: Engine, agreement: Agreement) -> pa.Table:
    """The rows of `exceptions`, worst first.

    Columns no (from 1), state, team, kind, page, and as JSON text filters (of the page that shows the rows
    behind it) and data. Reads the tables of `steps()` and of metrics and attribution.
    """
    import pyarrow as pa

    now: datetime = engine.query("SELECT now FROM as_of").to_pylist()[0]["now"]
    look = Look(engine, agreement, now)
    found = sorted((finding for finder in _FINDERS for finding in finder(look)), key=_worst_first)
    text = pa.string()
    columns = {"no": pa.int64(), **dict.fromkeys(("state", "team", "kind", "page", "filters", "data"), text)}
    rows = [_row(no, finding) for no, finding in enumerate(found, start=1)]
    return pa.Table.from_pylist(rows, schema=pa.schema(list(columns.items())))


def exceptions(engine: Engine, language: Language = ENGLISH) -> list[dict[str, Any]]:
    """Rows `{no, state, team, kind, title, why, next_step, page, filters, data}`, worst first.

    `state` is bad (a promise is broken), risk or new (worth knowing). `title` says what changed; it, `why`
    and `next_step` are lists of parts in the language. `page` with `filters` shows the rows behind it.
    """
    rows = engine.query("SELECT * FROM exceptions ORDER BY no").to_pylist()
    return [_told(row, language) for row in rows]


def _worst_first(finding: Finding) -> tuple[int, int, float]:
    return STATES.index(finding.state), KINDS.index(finding.kind), -finding.size


def _row(no: int, finding: Finding) -> dict[str, Any]:
    return {
        "no": no,
        "state": finding.state,
        "team": finding.team,
        "kind": finding.kind,
        "page": finding.page,
        "filters": json.dumps(finding.filters, sort_keys=True),
        "data": json.dumps(finding.data, sort_keys=True, default=_number),
    }


def _number(value: Any) -> float:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value).__name__} cannot be kept in an exception's data")


def _told(row: dict[str, Any], language: Language) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(row["data"])
    rows = {"page": row["page"], "filters": json.loads(row["filters"])}
    told: Told = tell(row["kind"], {**data, "rows": rows}, language)
    return {
        **{name: row[name] for name in ("no", "state", "team", "kind")},
        "title": told.title,
        "why": told.why,
        "next_step": told.next_step,
        **rows,
        "data": data,
    }
