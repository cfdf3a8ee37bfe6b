"""The Spark engine: the steps that DuckDB runs, in Spark's dialect, for a company that outgrew one machine.

Every table is plain Parquet in the run's scratch folder with a temporary view over it: no plan is longer than
its step, and what a lost executor held is read again. The workers must see that folder under the same path.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.errors import AccordError
from accord.ledger.engine import Step, StepError

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession
    from sqlglot import exp

SAME = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    # A decimal(38,9) stays one when it is added up or multiplied.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.jsonGenerator.ignoreNullFields": "false",
}
"""What makes Spark mean by a step what DuckDB means."""

LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "4",
}
"""On one machine: reached from there alone, and in fewer parts than a cluster's two hundred."""

TYPES = {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"}
"""SQL types that Spark calls by another name."""


class NoSpark(AccordError):
    """Spark, or the Java it runs on, is not there."""

    code = "no_spark"


def connect(master: str, memory: str) -> SparkSession:
    """A session on a Spark master, `spark://host:port` or `local[4]`; for `spark` the one this process has,
    or what its environment configures. `memory`: of the driver, if it starts now. Raises NoSpark."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise NoSpark("PySpark is not installed.", mend="Run `pip install 'accord[spark]'`.") from None
    builder = SparkSession.builder.appName("Accord").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.memory", f"{megabytes(memory)}m")
    if master != "spark":
        builder = builder.master(master)
    for name, value in LOCAL.items() if master.startswith("local") else ():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise NoSpark(
            f"No session on Spark's master {master}: {str(error).splitlines()[0]}",
            mend="Spark needs Java 17 or later, and the master must be reached from here.",
        ) from error


class SparkEngine:
    """Runs steps on Spark. `scratch` is a folder of this run alone, the same on every worker.

    `session` is this engine's own, with its own views, beside others of the same Spark application.
    """

    def __init__(self, session: SparkSession, scratch: Path) -> None:
        self.session = session.newSession()
        for name, value in SAME.items():
            self.session.conf.set(name, value)
        self._scratch = scratch
        self._views: set[str] = set()
        scratch.mkdir(parents=True, exist_ok=True)

    def run(self, steps: Iterable[Step]) -> None:
        for step in steps:
            self._keep(step, self._frame(step))

    def view(self, step: Step) -> None:
        self._name(step.name, self._frame(step))

    def schema(self, name: str) -> None:
        """Nothing: views of a session stand in no schema, so its name begins theirs."""

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        step = Step("query", given(sql, parameters) if parameters else sql)
        frame = self._frame(step)
        try:
            return frame.toArrow()
        except Exception as error:
            raise StepError(step, error) from error

    def add(self, name: str, table: pa.Table) -> None:
        import pyarrow.parquet as pq

        folder = self._new_folder(name)
        folder.mkdir()
        pq.write_table(table, folder / "part-0.parquet")
        self._name(name, self.session.read.parquet(_address(folder)))

    def read_parquet(self, name: str, paths: Sequence[str], columns: dict[str, str]) -> None:
        schema = ", ".join(f"`{column}` {TYPES.get(kind, kind)}" for column, kind in columns.items())
        if paths:
            frame = self.session.read.schema(schema).parquet(*(_address(Path(path)) for path in paths))
        else:
            frame = self.session.createDataFrame([], schema)
        self._name(name, frame)

    def write_parquet(self, name: str, folder: Path, order: Sequence[str] = ()) -> None:
        frame = self.session.table(_flat(name))
        if order:
            frame = frame.orderBy(*(column.strip('"') for column in order))
        folder.mkdir(parents=True, exist_ok=True)
        frame.write.mode("append").option("compression", "zstd").parquet(_address(folder))

    def close(self) -> None:
        """Forget this engine's views; the Spark application goes on."""
        for view in self._views:
            self.session.catalog.dropTempView(view)

    def _frame(self, step: Step) -> DataFrame:
        written = Step(step.name, in_spark(step.sql))
        try:
            return self.session.sql(written.sql)
        except Exception as error:
            raise StepError(written, error) from error

    def _keep(self, step: Step, frame: DataFrame) -> None:
        folder = self._new_folder(step.name)
        try:
            frame.write.parquet(_address(folder))
        except Exception as error:
            raise StepError(step, error) from error
        self._name(step.name, self.session.read.schema(frame.schema).parquet(_address(folder)))

    def _name(self, name: str, frame: DataFrame) -> None:
        frame.createOrReplaceTempView(_flat(name))
        self._views.add(_flat(name))

    def _new_folder(self, name: str) -> Path:
        """A table made again is read by the views made before: each has a folder of its own."""
        return self._scratch / f"{_flat(name)}-{uuid.uuid4().hex[:8]}"


def in_spark(sql: str) -> str:
    """A query of DuckDB's dialect in Spark's, meaning the same; tables of a schema are views without one."""
    from sqlglot import parse_one

    return parse_one(sql, dialect="duckdb").transform(_as_spark).sql(dialect="spark")


def _as_spark(node: exp.Expr) -> exp.Expr:
    from sqlglot import exp

    if isinstance(node, exp.Table) and node.db:
        name = exp.to_identifier(_flat(f"{node.db}.{node.name}"))
        node.set("this", name)
        node.set("db", None)
    elif isinstance(node, exp.Div) and not _is_double(node.this):
        # DuckDB divides anything as doubles; Spark divides decimals as decimals.
        node.set("this", exp.cast(exp.paren(node.this), "DOUBLE"))
    elif isinstance(node, exp.Window) and isinstance(node.this, exp.RowNumber):
        return exp.cast(node, "BIGINT")
    elif isinstance(node, exp.Cast) and node.is_type("text") and isinstance(node.this, exp.Cast):
        return _all_digits(node)
    return node


def _all_digits(cast: exp.Cast) -> exp.Expr:
    """A decimal or double as text without an exponent: Spark writes 0E-9 and 1.0E7."""
    from sqlglot import exp

    kind = cast.this.to
    if kind.is_type("decimal"):
        places = "0." + "0" * int(kind.expressions[1].name)
    elif kind.is_type("double"):
        places = "0.0" + "#" * 16
    else:
        return cast
    return exp.Anonymous(this="format_number", expressions=[cast.this, exp.Literal.string(places)])


def _is_double(node: exp.Expr) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Cast) and node.to.is_type("double")


def given(sql: str, parameters: Sequence[Any]) -> str:
    """The query with the values of its parameters, `$1` and on, in their places."""
    from sqlglot import exp, parse_one

    def filled(node: exp.Expr) -> exp.Expr:
        return _literal(parameters[int(node.name) - 1]) if isinstance(node, exp.Placeholder) else node

    return parse_one(sql, dialect="duckdb").transform(filled).sql(dialect="duckdb")


def _literal(value: Any) -> exp.Expr:
    from sqlglot import exp

    if isinstance(value, datetime):
        return exp.cast(exp.Literal.string(value.isoformat(sep=" ")), "TIMESTAMP")
    return exp.convert(value)


def megabytes(memory: str) -> int:
    """Of an amount like 3GB or 1.5 GiB."""
    number, unit = re.fullmatch(r"([\d.]+) ?([KMGT])i?B", memory).groups()  # type: ignore[union-attr]
    return max(1, int(float(number) * 1024 ** ("KMGT".index(unit) - 1)))


def _flat(name: str) -> str:
    return name.replace('"', "").replace(".", "__")


def _address(path: Path) -> str:
    """The path as Spark is told it: its own default file system may be another."""
    return f"file://{path.resolve()}"
