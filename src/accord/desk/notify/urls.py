from django.urls import path

from accord.desk.notify import views

urlpatterns = [
    path("me/notifications", views.mine, name="my-notifications"),
    path("messages", views.sent, name="messages"),
    path("messages/held", views.held, name="held-messages"),
    path("messages/<int:pk>/again", views.again, name="message-again"),
    path("destinations/<int:pk>/enable", views.enable, name="enable-destination"),
]
