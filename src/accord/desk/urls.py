"""Every address of the desk."""

from django.urls import include, path

urlpatterns = [
    path("", include("accord.desk.shell.urls")),
    path("", include("accord.desk.signin.urls")),
    path("", include("accord.desk.teams.urls")),
    path("", include("accord.desk.hours.urls")),
    path("", include("accord.desk.notify.urls")),
    path("", include("accord.desk.jobs.urls")),
    path("", include("accord.desk.imports.urls")),
    path("", include("accord.desk.connections.urls")),
    path("", include("accord.desk.start.urls")),
    path("", include("accord.desk.agreement.urls")),
    path("", include("accord.desk.proposals.urls")),
    path("", include("accord.desk.scoreboard.urls")),
    path("", include("accord.desk.sealed.urls")),
    path("", include("accord.desk.numbers.urls")),
    path("", include("accord.desk.handoff.urls")),
    path("", include("accord.desk.bulk.urls")),
    path("", include("accord.desk.promises.urls")),
    path("", include("accord.desk.planning.urls")),
    path("", include("accord.desk.lessons.urls")),
    path("", include("accord.desk.leads.urls")),
    path("", include("accord.desk.search.urls")),
    path("", include("accord.desk.campaigns.urls")),
    path("", include("accord.desk.journey.urls")),
    path("", include("accord.desk.content.urls")),
]

handler403 = "accord.desk.shell.views.refused"
handler404 = "accord.desk.shell.views.not_found"
handler500 = "accord.desk.shell.views.failed"
