from django.urls import path

from accord.desk.shell import views

urlpatterns = [
    path("icons.svg", views.icons, name="icons"),
    path("charts/<str:version>.js", views.chart_library, name="chart-library"),
]
