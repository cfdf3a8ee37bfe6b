from django.apps import AppConfig


class SigninConfig(AppConfig):
    """How people show who they are."""

    name = "accord.desk.signin"
