from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """What a revenue target takes, and where a miss arose."""

    name = "accord.desk.planning"
    label = "planning"
