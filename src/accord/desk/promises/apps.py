from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """What both teams owe each other, and how they keep it."""

    name = "accord.desk.promises"
    label = "promises"
