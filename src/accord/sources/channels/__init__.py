"""Where a touch came from: source, medium and campaign, and its channel by GA4's default channel grouping."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TYPE_CHECKING

from accord.ledger.engine import Step

if TYPE_CHECKING:
    import pyarrow as pa

    from accord.ledger.engine import DuckDBEngine

STEPS = ("touch_evidence", "touch_sources", "source_categories", "touch_origins")


def add_origin(engine: DuckDBEngine, staged: str) -> None:
    """Fill `origin`, `medium`, `channel` and `campaign` of the engine table `staged` (columns of `touches`).

    `staged` becomes a view, so that the rows are not copied; the table under it is `<staged>_unfilled`.

    A value the mapping set wins, then utm parameters, an advertising click id, the referrer; a web touch with
    none of them is direct, any other keeps NULL. All other columns, and the rows, stay as they are.
    The rules and their sources are in `docs/reference/channels.md`. Raises StepError.
    """
    from sqlglot import exp

    from accord.sources.sql import rename

    unfilled = f"{staged}_unfilled"
    source = exp.Create(
        this=exp.to_table("touches_staged"),
        kind="VIEW",
        replace=True,
        expression=exp.select("*").from_(exp.to_table(unfilled)),
    )
    rename(engine, staged, unfilled)
    engine.connection.execute(_text("words.sql"))
    engine.connection.execute(source.sql(dialect="duckdb"))
    engine.connection.execute(_text("keyed.sql"))
    engine.add("channel_sources", _categories())
    engine.run(Step.from_file(__package__, name) for name in STEPS)
    engine.view(Step(staged, _text("filled.sql")))
    engine.connection.execute(_text("tidy.sql"))


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _categories() -> pa.Table:
    """The known sources: name or domain, category (search, social, video, shopping, ai), usual name."""
    import pyarrow as pa

    rows = list(csv.DictReader(_text("categories.csv").splitlines()))
    return pa.table(
        {
            "source": [row["source"] for row in rows],
            "category": [row["category"] for row in rows],
            "name": [row["name"] for row in rows],
            "subdomains": [row["subdomains"] == "true" for row in rows],
        }
    )
