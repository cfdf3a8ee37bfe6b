from django.apps import AppConfig


class BulkConfig(AppConfig):
    """Changes of many leads at once."""

    name = "accord.desk.bulk"
