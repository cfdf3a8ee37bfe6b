from django.apps import AppConfig


class ContentConfig(AppConfig):
    """What marketing has made for buyers, who takes it, and where it contradicts itself."""

    name = "accord.desk.content"
