from django.apps import AppConfig


class NumbersConfig(AppConfig):
    """What stands behind a number."""

    name = "accord.desk.numbers"
