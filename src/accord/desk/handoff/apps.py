from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """Leads handed over to sales: owners, clocks, verdicts."""

    name = "accord.desk.handoff"
