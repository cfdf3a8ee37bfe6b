from django.urls import path

from accord.desk.jobs import views

urlpatterns = [path("jobs/<int:pk>", views.job, name="job")]
