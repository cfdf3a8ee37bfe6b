from django.urls import path

from accord.desk.campaigns import views

urlpatterns = [path("campaigns", views.campaigns, name="campaigns")]
