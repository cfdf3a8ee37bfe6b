from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """Reads the folders that accord.toml names, again and again."""

    name = "accord.desk.connections"
