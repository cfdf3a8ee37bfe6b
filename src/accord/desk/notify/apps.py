from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """What people are told: each thing once, where and when they want it."""

    name = "accord.desk.notify"
