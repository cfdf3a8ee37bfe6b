from django.urls import path

from accord.desk.numbers import views

urlpatterns = [path("numbers/<slug:kpi>", views.number, name="number")]
