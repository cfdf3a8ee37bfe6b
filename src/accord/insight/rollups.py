"""Roll-ups: read models summed by local day or month, and the same sums made on the spot for any other span.

The SQL of a roll-up reads `grains` (starts_utc, ends_utc): in a build the local days or months; where it is
made on the spot there are none, so that every row keeps its own moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from accord.ledger.engine import Step

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa
    from sqlglot import exp

    from accord.ledger.engine import Engine

Grain = Literal["day", "month"]


@dataclass(frozen=True)
class Rollup:
    """The read model `name`, made by `<name>.sql` in `package`; its column `at` is the start of a grain."""

    package: str
    name: str
    grain: Grain

    def step(self) -> Step:
        """The step of a build that makes it."""
        return Step.from_expression(self.name, self.query(self.grain))

    def query(self, grain: Grain | None) -> exp.Expr:
        """What makes it by the day or month, or for every moment by itself."""
        from sqlglot import exp, parse_one

        text = files(self.package).joinpath(f"{self.name}.sql").read_text(encoding="utf-8")
        query = parse_one(text, dialect="duckdb")
        kind = exp.column("kind").eq(exp.Literal.string(grain)) if grain else exp.false()
        grains = exp.select("starts_utc", "ends_utc").from_("periods").where(kind)
        return _with(query, {"grains": grains})


def ask(
    engine: Engine,
    sql: str,
    parameters: Sequence[Any],
    rollup: Rollup,
    span: tuple[datetime | None, datetime | None],
) -> pa.Table:
    """The rows of a query over a roll-up, of the span [start, end) its parameters name (none: open).

    It reads what the build made if the span is made of whole grains, and otherwise makes the roll-up for it.
    Raises StepError.
    """
    if not is_whole(engine, rollup.grain, span):
        sql = _on_the_spot(sql, rollup)
    return engine.query(sql, parameters)


def is_whole(engine: Engine, grain: Grain, span: tuple[datetime | None, datetime | None]) -> bool:
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


@cache
def _on_the_spot(sql: str, rollup: Rollup) -> str:
    from sqlglot import parse_one

    return str(_with(parse_one(sql, dialect="duckdb"), {rollup.name: rollup.query(None)}).sql("duckdb"))


def _with(query: exp.Expr, tables: dict[str, exp.Expr]) -> exp.Expr:
    """The query with these tables defined before its own."""
    from sqlglot import exp

    given = [exp.CTE(this=q, alias=exp.TableAlias(this=exp.to_identifier(n))) for n, q in tables.items()]
    own = query.args.get("with_")
    query.set("with_", exp.With(expressions=[*given, *(own.expressions if own else [])]))
    return query
