from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Keeps secrets, encrypted with the workspace's key."""

    name = "accord.desk.vault"
