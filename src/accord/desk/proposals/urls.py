from django.urls import path

from accord.desk.proposals import views

urlpatterns = [
    path("proposals", views.proposals, name="proposals"),
    path("proposals/add", views.add, name="add-proposal"),
    path("proposals/guided", views.guided, name="guided-proposal"),
    path("proposals/check", views.check, name="check-proposal"),
    path("proposals/<int:pk>", views.proposal, name="proposal"),
    path("proposals/<int:pk>/edit", views.edit, name="edit-proposal"),
    path("proposals/<int:pk>/sign", views.sign, name="sign-proposal"),
    path("proposals/<int:pk>/withdraw", views.withdraw, name="withdraw-proposal"),
    path("proposals/<int:pk>/comment", views.comment, name="comment-proposal"),
    path("proposals/<int:pk>/pilot", views.start_pilot, name="start-pilot"),
    path("proposals/<int:pk>/pilot/stop", views.stop_pilot, name="stop-pilot"),
    path("proposals/<int:pk>/try", views.try_it, name="try-proposal"),
]
