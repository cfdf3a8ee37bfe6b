"""Content of a period, and pieces that contradict one another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from accord.insight.rollups import FAR_FUTURE, FAR_PAST

if TYPE_CHECKING:
    from accord.ledger.engine import Engine


def content(
    engine: Engine,
    *,
    start: datetime | None = None,
    end: datetime | None = None,
    channel: str | None = None,
) -> list[dict[str, Any]]:
    """Rows `{asset, listed, kind, stage, product, price, currency, owner, last_at, touches, people, uses}`.

    Every piece of the list of content and every one that was ever taken or used, the most used first.
    `touches` are people's in [start, end), naive UTC and whole local days; `people` those who took the piece
    there for the first time ever; `uses` those of sellers. `channel` is that of the touch; uses have none.
    `last_at` is when it was last taken or used at all.
    """
    sql = files(__package__).joinpath("content_totals.sql").read_text(encoding="utf-8")
    asked = [start or FAR_PAST, end or FAR_FUTURE, channel]
    rows: list[dict[str, Any]] = engine.query(sql, asked).to_pylist()
    return rows


def contradictions(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Of rows of `content` the pieces that quote different prices of one product, by product."""
    quoting: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["product"] and row["price"] is not None:
            quoting.setdefault(row["product"], []).append(row)
    groups = [group for _, group in sorted(quoting.items())]
    return [group for group in groups if len({(row["price"], row["currency"]) for row in group}) > 1]
