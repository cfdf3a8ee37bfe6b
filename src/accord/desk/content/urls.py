from django.urls import path

from accord.desk.content import views

urlpatterns = [path("content", views.content, name="content")]
