from django.apps import AppConfig


class ScoreboardConfig(AppConfig):
    """The page both teams look at first."""

    name = "accord.desk.scoreboard"
