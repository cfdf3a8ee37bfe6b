from django.apps import AppConfig


class SealedConfig(AppConfig):
    """Sealed reports, and what has become of their numbers."""

    name = "accord.desk.sealed"
