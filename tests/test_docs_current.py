"""The reference pages made from code are those the code makes today."""

import runpy
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def test_generated_pages_are_current() -> None:
    pages = runpy.run_path(str(DOCS / "generate.py"))["pages"]()
    assert pages
    for name, text in pages.items():
        assert (DOCS / "reference" / name).read_text(encoding="utf-8") == text, f"`make docs` for {name}"
