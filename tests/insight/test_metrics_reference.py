"""The reference page of the KPIs is the one generated from them."""

from __future__ import annotations

from pathlib import Path

from accord.insight import metrics

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "kpis.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == metrics.reference()


def test_every_kpi_has_its_section() -> None:
    for kpi in metrics.KPIS:
        assert f"\n## {kpi.name}\n\n**{kpi.label}.** {kpi.definition}\n" in metrics.reference()
