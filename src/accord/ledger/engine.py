"""The engine that runs named SQL steps: a step is text in, table out.

Steps are written in DuckDB's dialect and use only constructs that mean the same on Spark (DESIGN 2d). The
engine is the only place that opens a database connection.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from accord.errors import AccordError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from sqlglot import exp


VECTOR = 2048
"""Rows that DuckDB reads and writes at once; a row group holds a multiple of them."""

GROUPS, LARGEST = 64, 60
"""Into how many groups a sorted file is divided, and the vectors of the largest: so a key is found soonest,
as measured over a hundred thousand to ten million rows."""


@dataclass(frozen=True)
class Step:
    """One named step: `name` is the table it makes, `sql` the query in DuckDB's dialect that makes it."""

    name: str
    sql: str

    @staticmethod
    def from_file(package: str, name: str) -> Step:
        """The step `name` whose SQL stands in `<name>.sql` in `package`."""
        return Step(name, files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8"))

    @staticmethod
    def from_expression(name: str, query: exp.Expr) -> Step:
        """The step `name` whose query was built as a sqlglot expression."""
        return Step(name, query.sql(dialect="duckdb"))


class StepError(AccordError):
    """A step failed: names the step and shows its SQL."""

    code = "step_failed"

    def __init__(self, step: Step, cause: Exception) -> None:
        super().__init__(f"Step {step.name} failed: {cause}\n{step.sql}", step=step.name)


class Engine(Protocol):
    """Runs steps and answers queries. Session zone UTC; integers, text and decimals as DESIGN 2d says."""

    def run(self, steps: Iterable[Step]) -> None:
        """Make each step's table, in order, replacing a table of that name. Raises StepError."""

    def view(self, step: Step) -> None:
        """Make the step's name a view instead of a table, for what is read once. Raises StepError."""

    def schema(self, name: str) -> None:
        """Let tables and views be called `<name>.<table>` from now on."""

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """The rows of a query. Raises StepError."""

    def add(self, name: str, table: pa.Table) -> None:
        """Make a table `name` from Arrow rows."""

    def read_parquet(self, name: str, paths: Sequence[str], columns: dict[str, str]) -> None:
        """Make `name` a view over Parquet files; with none, an empty one. `columns` are name to SQL type."""

    def write_parquet(self, name: str, folder: Path, order: Sequence[str] = ()) -> None:
        """Write the table `name` as plain Parquet into `folder` (made if missing), in `order` if given.

        What is in order is meant to be read by key, and grouped so that a key's rows are found quickly.
        """

    def close(self) -> None:
        """Give back the connection and its memory."""


class DuckDBEngine:
    """The embedded engine: one DuckDB database, locked to the folders it is given.

    `scratch` is a folder of this run alone; what does not fit in `memory` is spilled there. An engine is for
    one thread at a time; `cursor` gives other threads their own.
    """

    def __init__(
        self,
        scratch: Path | None = None,
        *,
        folders: Sequence[Path] = (),
        memory: str = "3GB",
        threads: int | None = None,
    ) -> None:
        import duckdb

        self._connection: duckdb.DuckDBPyConnection
        if scratch is None:
            self._connection = duckdb.connect(":memory:")
        else:
            scratch.mkdir(parents=True, exist_ok=True)
            self._connection = duckdb.connect(str(scratch / "work.duckdb"))
        settings = {
            "TimeZone": "UTC",
            "memory_limit": memory,
            "preserve_insertion_order": False,
            "temp_directory": str(scratch / "spill") if scratch else "",
            "allowed_directories": [str(folder) for folder in (*folders, *((scratch,) if scratch else ()))],
            "enable_external_access": False,
            "parquet_metadata_cache": True,
        }
        if threads is not None:
            settings["threads"] = threads
        for name, value in settings.items():
            self._connection.execute(f"SET GLOBAL {name} = ?", [value])
        self._connection.execute("SET lock_configuration = true")

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection itself, for loading files with DuckDB's own readers; analytics go through steps."""
        return self._connection

    def cursor(self) -> DuckDBEngine:
        """Another handle on the same database, cheap enough for a request; closing this engine ends both."""
        other = copy.copy(self)
        other._connection = self._connection.cursor()
        return other

    def run(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._execute(Step(step.name, f"CREATE OR REPLACE TABLE {_quoted(step.name)} AS\n{step.sql}"))

    def view(self, step: Step) -> None:
        self._execute(Step(step.name, f"CREATE OR REPLACE VIEW {_quoted(step.name)} AS\n{step.sql}"))

    def schema(self, name: str) -> None:
        self._execute(Step(name, f"CREATE SCHEMA IF NOT EXISTS {_quoted(name)}"))

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        import duckdb

        try:
            return self._connection.sql(sql, params=list(parameters) or None).to_arrow_table()
        except duckdb.Error as error:
            raise StepError(Step("query", sql), error) from error

    def add(self, name: str, table: pa.Table) -> None:
        self._connection.register("arrow_rows", table)
        self.run([Step(name, "SELECT * FROM arrow_rows")])
        self._connection.unregister("arrow_rows")

    def read_parquet(
        self, name: str, paths: Sequence[str], columns: dict[str, str], *, keep: bool = False
    ) -> None:
        """As the protocol says; with `keep`, a table that holds the rows in memory instead of a view."""
        from sqlglot import exp

        if paths:
            files = exp.Array(expressions=[exp.Literal.string(path) for path in paths])
            by_name = exp.PropertyEQ(this=exp.to_identifier("union_by_name"), expression=exp.true())
            wanted = [exp.column(name) if name != "*" else exp.Star() for name in columns]
            query = exp.select(*wanted).from_(
                exp.Anonymous(this="read_parquet", expressions=[files, by_name])
            )
        else:
            nulls = [exp.alias_(exp.cast(exp.null(), kind), column) for column, kind in columns.items()]
            query = exp.select(*nulls).where(exp.false())
        kind = "TABLE" if keep else "VIEW"
        made = exp.Create(this=exp.to_table(name), kind=kind, replace=True, expression=query)
        self._execute(Step.from_expression(name, made))

    def write_parquet(self, name: str, folder: Path, order: Sequence[str] = ()) -> None:
        from sqlglot import exp

        folder.mkdir(parents=True, exist_ok=True)
        rows = exp.select("*").from_(exp.to_identifier(name, quoted=True))
        options = {"FORMAT": "parquet", "COMPRESSION": "zstd"}
        if order:
            options["ROW_GROUP_SIZE"] = str(_group_rows(self._count(name)))
        copy = exp.Copy(
            this=exp.paren(rows.order_by(*order) if order else rows),
            kind=False,
            files=[exp.Literal.string(str(folder / "part-0.parquet"))],
            params=[exp.CopyParameter(this=exp.var(k), expression=exp.var(v)) for k, v in options.items()],
        )
        self._execute(Step.from_expression(name, copy))

    def _count(self, table: str) -> int:
        from sqlglot import exp

        query = exp.select("count(*) AS n").from_(exp.to_identifier(table, quoted=True))
        return int(self.query(query.sql(dialect="duckdb"))["n"][0].as_py())

    def columns(self, table: str) -> list[str]:
        """Names of a table's columns."""
        from sqlglot import exp

        query = exp.select("*").from_(exp.to_identifier(table, quoted=True)).limit(0)
        names: list[str] = self.query(query.sql(dialect="duckdb")).column_names
        return names

    def command(self, step: Step) -> None:
        """Run a statement that makes no table, such as COPY. Raises StepError."""
        self._execute(step)

    def close(self) -> None:
        self._connection.close()

    def _execute(self, step: Step) -> None:
        import duckdb

        try:
            self._connection.execute(step.sql)
        except duckdb.Error as error:
            raise StepError(step, error) from error


def _quoted(name: str) -> str:
    """The name of a table, in a schema or in none, as it stands in SQL."""
    return ".".join(f'"{part}"' for part in name.split("."))


def _group_rows(rows: int) -> int:
    """Rows of a sorted file to keep together: finding a key looks at each group, then through all of one."""
    return min(max(1, rows // GROUPS // VECTOR), LARGEST) * VECTOR
