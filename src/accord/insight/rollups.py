"""Roll-ups: read models summed by local day or month, and the same sums made on the spot for any other span.

The SQL of a roll-up joins its rows to `grains` (starts_utc, ends_utc, and `day`, a date in UTC that the grain
touches): in a build the local days or months, on the spot the one span that is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from accord.ledger.engine import Step

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

    from accord.ledger.engine import Engine

Grain = Literal["day", "month"]
Span = tuple[datetime | None, datetime | None]
"""[start, end) in naive UTC; None: an open side."""

FAR_PAST = datetime(1, 1, 1)
FAR_FUTURE = datetime(9999, 12, 31)


@dataclass(frozen=True)
class Rollup:
    """The read model `name`, made by `<name>.sql` in `package`; its column `at` is the start of a grain.

    What lies in no grain of the agreement's calendar keeps its own moment there.
    """

    package: str
    name: str
    grain: Grain

    def step(self) -> Step:
        """The step of a build that makes it."""
        return Step.from_expression(self.name, with_tables(self._parsed(), {"grains": _grains(self.grain)}))

    def on_the_spot(self, start: int, end: int) -> exp.Expr:
        """What makes it for the span that the parameters of these numbers give."""
        from sqlglot import exp

        query = self._parsed()
        for join in query.find_all(exp.Join):
            if join.this.name == "grains":
                join.set("side", None)
                join.set("on", exp.and_(*(c for c in join.args["on"].flatten() if not _looks_up(c))))
        return with_tables(query, {"grains": _span(start, end)})

    def _parsed(self) -> exp.Expr:
        from sqlglot import parse_one

        text = files(self.package).joinpath(f"{self.name}.sql").read_text(encoding="utf-8")
        return parse_one(text, dialect="duckdb")


def ask(engine: Engine, sql: str, parameters: Sequence[Any], rollup: Rollup, span: Span) -> pa.Table:
    """The rows of a query over a roll-up, of the span that its parameters name too.

    It reads what the build made if the span is made of whole grains, and otherwise makes the roll-up for it.
    Raises StepError.
    """
    if is_whole(engine, rollup.grain, span):
        return engine.query(sql, parameters)
    bounds = [span[0] or FAR_PAST, span[1] or FAR_FUTURE]
    return engine.query(_on_the_spot(sql, rollup, len(parameters) + 1), [*parameters, *bounds])


def is_whole(engine: Engine, grain: Grain, span: Span) -> bool:
    """Whether both ends of the span, if it has them, are ends of the agreement's local days or months."""
    ends = {moment for moment in span if moment is not None}
    if not ends:
        return True
    found = engine.query(_ENDS, [grain, min(ends), max(ends)]).to_pylist()[0]["found"]
    return bool(found == len(ends))


_ENDS = """
SELECT count(DISTINCT edges.at) AS found
FROM (
    SELECT kind, starts_utc AS at FROM periods
    UNION ALL
    SELECT kind, ends_utc AS at FROM periods
) AS edges
WHERE edges.kind = $1 AND (edges.at = $2 OR edges.at = $3)
"""

_GRAINS = """
SELECT g.starts_utc, g.ends_utc, CAST(d.starts_utc AS DATE) AS day
FROM periods AS g
JOIN periods AS d ON d.starts_utc >= g.starts_utc AND d.starts_utc < g.ends_utc
WHERE d.kind = 'day' AND g.kind = 'grain'
UNION
SELECT g.starts_utc, g.ends_utc, CAST(d.ends_utc AS DATE) AS day
FROM periods AS g
JOIN periods AS d ON d.starts_utc >= g.starts_utc AND d.starts_utc < g.ends_utc
WHERE d.kind = 'day' AND g.kind = 'grain'
"""


def with_tables(query: exp.Expr, tables: dict[str, exp.Expr]) -> exp.Expr:
    """The query with these tables defined before its own."""
    from sqlglot import exp

    given = [exp.CTE(this=q, alias=exp.TableAlias(this=exp.to_identifier(n))) for n, q in tables.items()]
    own = query.args.get("with_")
    query.set("with_", exp.With(expressions=[*given, *(own.expressions if own else [])]))
    return query


@cache
def _on_the_spot(sql: str, rollup: Rollup, start: int) -> str:
    from sqlglot import parse_one

    made = {rollup.name: rollup.on_the_spot(start, start + 1)}
    return str(with_tables(parse_one(sql, dialect="duckdb"), made).sql("duckdb"))


def _grains(grain: Grain) -> exp.Expr:
    from sqlglot import exp, parse_one

    query = parse_one(_GRAINS, dialect="duckdb")
    for literal in query.find_all(exp.Literal):
        if literal.this == "grain":
            literal.replace(exp.Literal.string(grain))
    return query


def _span(start: int, end: int) -> exp.Expr:
    """The one grain of a roll-up made on the spot."""
    from sqlglot import exp

    names = {"starts_utc": start, "ends_utc": end}
    moments = [
        exp.alias_(exp.cast(exp.Parameter(this=exp.Literal.number(number)), "TIMESTAMP"), name)
        for name, number in names.items()
    ]
    return exp.select(*moments)


def _looks_up(condition: exp.Expr) -> bool:
    """The condition only narrows the grains down to those of one date."""
    from sqlglot import exp

    return isinstance(condition, exp.EQ) and condition.this.name == "day"
