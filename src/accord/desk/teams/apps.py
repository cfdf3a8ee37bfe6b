from django.apps import AppConfig


class TeamsConfig(AppConfig):
    """People, their roles and teams."""

    name = "accord.desk.teams"
