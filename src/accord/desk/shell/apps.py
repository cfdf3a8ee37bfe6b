from django.apps import AppConfig


class ShellConfig(AppConfig):
    """Layout, components, charts, formats: what all pages share."""

    name = "accord.desk.shell"
    label = "shell"
