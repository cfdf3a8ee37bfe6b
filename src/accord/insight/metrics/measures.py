"""Measures: the sums and counts KPIs are made of, worked out by the build for its calendar, and for any span.

Each is a small query over shared building blocks. It has a row for every period of `board_spans` under every
filter of `board_filters`: the build fills both with what is commonly asked for, and publishes the answers as
`board`, `board_stages` and `board_left_out`; for anything else they hold the one question that was asked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from accord.insight.metrics.values import Found
from accord.insight.rollups import FAR_FUTURE, FAR_PAST, Rollup, is_whole, with_tables
from accord.ledger.engine import Engine, Step

if TYPE_CHECKING:
    from sqlglot import exp

SINGLE = ("leads", "contacts", "deals", "spend", "revenue", "customers", "touches", "credits")
"""The measures with one row a question."""

BLOCKS = ("board_spans", "board_filters", "asked", "filtered", "chosen_deals", "chosen_revenue")
"""What measures share, in an order in which each reads only those before it."""

DAYS = tuple(Rollup(__package__, name, "day") for name in ("lead_days", "entry_days", "touch_days"))


@dataclass(frozen=True)
class Asked:
    """One question: [start, end) in naive UTC, the start of the period before, and a channel or segment."""

    start: datetime
    end: datetime
    before: datetime | None = None
    channel: str | None = None
    segment: str | None = None


def steps() -> list[Step]:
    """`board`, `board_stages` and `board_left_out`, and the tables any other question is answered from.

    They read the tables of `accord.insight.metrics.steps()` and of attribution, stage_entries, deals_counted,
    leads, timeline, periods, stages and as_of.
    """
    given = ("board_spans", "board_filters", *(days.name for days in DAYS))
    first = [Step.from_file(__package__, name) for name in ("valued_deals", "win_credits", "known_time")]
    calendar = [Step.from_file(__package__, name) for name in ("board_spans", "board_filters")]
    single = [Step(f"measured_{name}", _query(name, given)) for name in SINGLE]
    rest = [Step(f"board_{name}", _query(name, given)) for name in ("stages", "left_out")]
    return [*first, *(days.step() for days in DAYS), *calendar, *single, _board(), *rest]


def answers(engine: Engine, questions: Sequence[Asked]) -> list[Found]:
    """The measures for each question, from what the build made where it can be. Raises StepError."""
    known = _published(engine, questions)
    return [known.get(asked) or _worked_out(engine, asked) for asked in questions]


def _published(engine: Engine, questions: Sequence[Asked]) -> dict[Asked, Found]:
    """Those questions that the build has answered; all have the same channel and segment."""
    query = "SELECT span, start_at, end_at FROM board_spans"
    spans = {(row["start_at"], row["end_at"]): row["span"] for row in engine.query(query).to_pylist()}
    wanted = {spans[q.start, q.end]: q for q in questions if (q.start, q.end) in spans}
    if not wanted:
        return {}
    given = [questions[0].channel, questions[0].segment, min(wanted), max(wanted)]
    board, stages, left_out = (engine.query(sql, given).to_pylist() for sql in _READ)
    return {
        wanted[row["span"]]: _found(
            row,
            [stage for stage in stages if stage["span"] == row["span"]],
            [missing for missing in left_out if missing["span"] == row["span"]],
        )
        for row in board
        if row["span"] in wanted
    }


_ROWS = """
SELECT b.*
FROM {table} AS b
JOIN board_filters AS f ON f.filter = b.filter
WHERE f.channel IS NOT DISTINCT FROM CAST($1 AS VARCHAR)
    AND f.segment IS NOT DISTINCT FROM CAST($2 AS VARCHAR)
    AND b.span BETWEEN $3 AND $4
"""
_READ = tuple(_ROWS.format(table=table) for table in ("board", "board_stages", "board_left_out"))


def _worked_out(engine: Engine, asked: Asked) -> Found:
    """The answer to a question the build does not know, by days where it is made of whole ones."""
    span = (
        None if asked.start == FAR_PAST else asked.start,
        None if asked.end == FAR_FUTURE else asked.end,
    )
    given = tuple(days.name for days in DAYS) if is_whole(engine, "day", span) else ()
    parameters = [asked.start, asked.end, asked.before, asked.channel, asked.segment]

    def rows(name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = engine.query(_query(name, given), parameters).to_pylist()
        return found

    single = {f"{name}.{column}": value for name in SINGLE for column, value in rows(name)[0].items()}
    return _found(single, rows("stages"), rows("left_out"))


def _found(single: dict[str, Any], stages: list[dict[str, Any]], left_out: list[dict[str, Any]]) -> Found:
    values = dict(single)
    for row in stages:
        values[f"stages.{row['stage']}.entered"] = row["entered"]
        values[f"stages.{row['stage']}.passed"] = row["passed"]
    credited = values["credits.value"]
    values["credits.gain"] = None if credited is None else credited - values["spend.total"]
    ordered = sorted(left_out, key=lambda row: (row["input"], row["reason"], row["currency"] or ""))
    return Found(values, ordered)


@cache
def _query(name: str, given: Collection[str]) -> str:
    """The measure's query with the blocks it reads, directly or through others, except those `given`."""
    query = _parsed("queries", name)
    blocks: dict[str, exp.Expr] = {}
    wanted = _tables(query)
    for block in reversed(BLOCKS):
        if block in wanted and block not in given:
            blocks[block] = _parsed("blocks", block)
            wanted |= _tables(blocks[block])
    days = {d.name: d.on_the_spot(1, 2) for d in DAYS if d.name in wanted and d.name not in given}
    return str(with_tables(query, days | dict(reversed(blocks.items()))).sql("duckdb"))


def _board() -> Step:
    """All measures of one row a question side by side; a column is called like `deals.won`."""
    from sqlglot import exp

    columns: list[exp.Expr] = [exp.column(name, "measured_leads") for name in ("span", "filter")]
    for name in SINGLE:
        for column in _parsed("queries", name).named_selects:
            if column not in ("span", "filter"):
                alias = exp.to_identifier(f"{name}.{column}", quoted=True)
                columns.append(exp.alias_(exp.column(column, f"measured_{name}"), alias))
    query = exp.select(*columns).from_("measured_leads")
    for name in SINGLE[1:]:
        query = query.join(f"measured_{name}", using=["span", "filter"])
    return Step.from_expression("board", query)


def _parsed(folder: str, name: str) -> exp.Select:
    from sqlglot import exp, parse_one

    text = files(__package__).joinpath(folder, f"{name}.sql").read_text(encoding="utf-8")
    return parse_one(text, dialect="duckdb", into=exp.Select)


def _tables(query: exp.Expr) -> set[str]:
    from sqlglot import exp

    return {table.name for table in query.find_all(exp.Table)}
