from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Loading files in the browser: from dropping them to undoing the load."""

    name = "accord.desk.imports"
