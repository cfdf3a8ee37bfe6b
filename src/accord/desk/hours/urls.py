from django.urls import path

from accord.desk.hours import views

urlpatterns = [
    path("me", views.me, name="me"),
    path("hours", views.roster, name="hours"),
    path("hours/<int:pk>", views.person, name="person-hours"),
    path("hours/<int:pk>/absences", views.add_absence, name="add-absence"),
    path("hours/<int:pk>/calendar", views.calendar, name="set-calendar"),
    path("hours/<int:pk>/pause", views.pause, name="pause-new-leads"),
    path("absences/<int:pk>/remove", views.remove_absence, name="remove-absence"),
]
