from django.urls import path

from accord.desk.connections import views

urlpatterns = [
    path("connections", views.connections, name="connections"),
    path("connections/<slug:name>/again", views.again, name="connection-again"),
]
