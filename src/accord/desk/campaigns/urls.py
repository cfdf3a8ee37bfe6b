from django.urls import path

from accord.desk.campaigns import cohorts, decision, influence, said, unmatched, views

urlpatterns = [
    path("campaigns", views.campaigns, name="campaigns"),
    path("campaigns/decision", decision.decision, name="decision"),
    path("campaigns/influence", influence.influence, name="influence"),
    path("campaigns/cohorts", cohorts.cohorts, name="cohorts"),
    path("campaigns/said", said.said, name="said"),
    path("campaigns/unmatched", unmatched.unmatched, name="unmatched"),
]
