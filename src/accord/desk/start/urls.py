from django.urls import path

from accord.desk.start import views

urlpatterns = [
    path("start", views.start, name="start"),
    path("start/build", views.build, name="start-build"),
]
