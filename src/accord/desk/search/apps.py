from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The search box on every page, and its page."""

    name = "accord.desk.search"
