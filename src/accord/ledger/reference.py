"""The reference page of the fact tables, written from their definitions."""

from __future__ import annotations

from accord.ledger.tables import COMMON, FACTS, SQL_TYPES, Column, Table

INTRO = """# Facts

Generated from `src/accord/ledger/tables.py` by `make docs`; do not edit.

A fact is appended once and never changed. A *record* (a person, a deal) has states that replace one another:
the newest by (`source_updated_at`, `recorded_at`, `fact_id`) is the current one. An *event* (a touch, a call)
happened at one moment. All moments are naive UTC with microseconds.

Names of records in other tables are text: `crm:person:17` is the record with id 17 that the source `crm`
keeps of a person; `email:ann@acme.example` is whoever has that address.
"""


def facts_reference() -> str:
    """`docs/reference/facts.md` as Markdown."""
    parts = [INTRO, "## Columns of every table\n", _columns(COMMON)]
    for table in FACTS.values():
        parts += [f"\n## {table.name}\n", f"{table.doc}\n", _about(table), _columns(table.columns)]
    return "\n".join(parts)


def _about(table: Table) -> str:
    return f"Grain: one row a state of a {table.grain}. Key: {table.key}. Schema version {table.version}.\n"


def _columns(columns: tuple[Column, ...]) -> str:
    rows = [f"| `{c.name}` | {SQL_TYPES[c.type].lower()} | {_notes(c)} |" for c in columns]
    return "\n".join(["| column | type | meaning |", "|---|---|---|", *rows, ""])


def _notes(column: Column) -> str:
    notes = [column.doc]
    if column.required:
        notes.append("Required.")
    if column.minimum is not None:
        notes.append(f"At least {column.minimum:g}.")
    if column.values:
        notes.append(f"One of {', '.join(column.values)}.")
    if column.derived:
        notes.append("Worked out by Accord; no part of the fact's identity.")
    return " ".join(notes)
