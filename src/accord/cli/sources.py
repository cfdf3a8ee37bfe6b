"""What leads said brought them against what was tracked, printed as a matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from accord.cli.output import Format, print_rows


def sources(rows: Sequence[dict[str, Any]], format: Format) -> None:
    """A line for each answer, a column for each tracked channel; as data, the rows themselves."""
    if format is not Format.table:
        print_rows(rows, format)
        return
    tracked = Counter[str]()
    for row in rows:
        tracked[row["tracked"]] += row["leads"]
    columns = [name for name, _ in tracked.most_common()]
    lines = [_line(answer, rows, columns) for answer in dict.fromkeys(row["reported"] for row in rows)]
    print_rows(lines, format, empty="There is no known lead in this period.")
    told = sum(row["leads"] for row in rows if row["agree"] is not None)
    if told:
        agreed = sum(row["leads"] for row in rows if row["agree"])
        print(f"\nOf {told:,} leads of which both are known, {agreed / told:.0%} agree.")


def _line(answer: str, rows: Sequence[dict[str, Any]], columns: list[str]) -> dict[str, Any]:
    found = {row["tracked"]: row for row in rows if row["reported"] == answer}
    counts = {name: found[name]["leads"] if name in found else None for name in columns}
    return {"said": answer, **counts, "won": sum(row["won"] for row in found.values())}
