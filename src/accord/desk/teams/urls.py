from django.urls import include, path

from accord.desk.staff import views as staff_views
from accord.desk.teams import leaving_views, people_views

of_people = [
    path("add", people_views.add_person, name="add"),
    path("<int:pk>", people_views.person, name="person"),
    path("<int:pk>/link", people_views.link, name="link"),
    path("<int:pk>/deactivate", people_views.deactivate, name="deactivate"),
    path("load", staff_views.load_staff, name="load-staff"),
    path("files/<str:kind>.csv", staff_views.file, name="staff-file"),
    path("teams/add", people_views.add_team, name="add-team"),
    path("teams/<slug:slug>", people_views.team, name="team"),
    path("teams/<slug:slug>/delete", people_views.delete_team, name="delete-team"),
    path("<int:pk>/leave", leaving_views.leave, name="leave"),
    path("owners/match", people_views.match_owner, name="match-owner"),
    path("owners/<int:pk>/unmatch", people_views.unmatch_owner, name="unmatch-owner"),
]

urlpatterns = [
    path("welcome/<str:key>/<str:token>", people_views.welcome, name="welcome"),
    path("people", people_views.people, name="people"),
    path("people/", include((of_people, "people"))),
]
