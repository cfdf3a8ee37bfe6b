from django.urls import path

from accord.desk.scoreboard import views

urlpatterns = [path("", views.scoreboard, name="scoreboard")]
