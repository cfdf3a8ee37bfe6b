from django.apps import AppConfig


class AgreementConfig(AppConfig):
    """The agreement as both teams read it."""

    name = "accord.desk.agreement"
    label = "agreement"
