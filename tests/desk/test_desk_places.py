"""Where numbers and findings lead: addresses of what the library names by KPI, or by page and filters."""

from __future__ import annotations

from accord.desk.shell.places import address


def test_what_a_number_opens_has_an_address() -> None:
    leads = {"page": "leads", "filters": {"flag": "overdue", "status": "open"}}
    assert address(leads) == "/leads?flag=overdue&status=open"
    assert address({"kpi": "revenue"}) == "/numbers/revenue"
    period = {"kpi": "revenue", "filters": {"period": "2026Q3"}}
    assert address(period) == "/numbers/revenue?period=2026Q3"
    assert address({"page": "job", "filters": {"pk": "3"}}) == "/jobs/3"
    assert address({"page": "a page there is none of"}) is None
