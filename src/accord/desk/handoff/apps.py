from django.apps import AppConfig


class HandoffConfig(AppConfig):
    """Leads handed over to sales: owners, clocks, verdicts."""

    name = "accord.desk.handoff"

    def ready(self) -> None:
        """Let clocks follow changes of working time."""
        from accord.desk.handoff.actions import reschedule  # noqa: F401
