from django.apps import AppConfig


class JourneyConfig(AppConfig):
    """The way of leads through the stages: where they go on, leave and wait."""

    name = "accord.desk.journey"
    label = "desk_journey"
