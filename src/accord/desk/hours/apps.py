from django.apps import AppConfig


class HoursConfig(AppConfig):
    """When people work, how many leads they take, and when they are away."""

    name = "accord.desk.hours"
