from django.apps import AppConfig


class LeadsConfig(AppConfig):
    """The leads: the list, one lead's whole story, and views of the list kept under a name."""

    name = "accord.desk.leads"
