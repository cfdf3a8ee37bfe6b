from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    """What campaigns cost, whom they bring, and what comes back."""

    name = "accord.desk.campaigns"
