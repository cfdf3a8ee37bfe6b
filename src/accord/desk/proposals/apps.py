from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """Changes of the agreement, and who signed them."""

    name = "accord.desk.proposals"
