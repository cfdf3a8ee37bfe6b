"""Writes the reference pages that are made from code (`make docs`); a test checks that they are current."""

from __future__ import annotations

import json
from pathlib import Path

from accord.agreement import reference as agreement_reference
from accord.insight import metrics
from accord.ledger.reference import facts_reference
from accord.sources.mapping_schema import mapping_schema

REFERENCE = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """File name in docs/reference to its text."""
    return {
        "facts.md": facts_reference(),
        "kpis.md": metrics.reference(),
        "agreement.schema.json": json.dumps(agreement_reference.json_schema(), indent=2) + "\n",
        "agreement.md": agreement_reference.reference_page(),
        "mapping.schema.json": mapping_schema(),
    }


if __name__ == "__main__":
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
