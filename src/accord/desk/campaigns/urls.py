from django.urls import path

from accord.desk.campaigns import decision, views

urlpatterns = [
    path("campaigns", views.campaigns, name="campaigns"),
    path("campaigns/decision", decision.decision, name="decision"),
]
