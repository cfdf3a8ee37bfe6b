from django.urls import path

from accord.desk.notify import channel_views, views

urlpatterns = [
    path("me/notifications", views.mine, name="my-notifications"),
    path("messages", views.sent, name="messages"),
    path("messages/held", views.held, name="held-messages"),
    path("messages/<int:pk>/again", views.again, name="message-again"),
    path("channels", channel_views.channels, name="channels"),
    path("channels/slack", channel_views.slack, name="slack"),
    path("channels/<int:pk>", channel_views.channel, name="channel"),
    path("channels/<int:pk>/try", channel_views.attempt, name="try-channel"),
    path("channels/<int:pk>/remove", channel_views.remove, name="remove-channel"),
    path("destinations/<int:pk>/enable", views.enable, name="enable-destination"),
]
