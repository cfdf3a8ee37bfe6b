from django.apps import AppConfig


class StartConfig(AppConfig):
    """The first steps of a new workspace."""

    name = "accord.desk.start"
    label = "start"
