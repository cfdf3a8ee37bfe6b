from django.urls import path

from accord.desk.search import views

urlpatterns = [path("search", views.search, name="search")]
