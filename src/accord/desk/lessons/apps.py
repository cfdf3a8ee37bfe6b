from django.apps import AppConfig


class LessonsConfig(AppConfig):
    """What sales' answers teach of the agreement."""

    name = "accord.desk.lessons"
    label = "lessons"
