from django.urls import path

from accord.desk.journey import views

urlpatterns = [path("journey", views.journey, name="journey")]
