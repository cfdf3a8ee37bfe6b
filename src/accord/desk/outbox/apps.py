from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Facts on their way from the desk database to the ledger."""

    name = "accord.desk.outbox"
