from django.urls import path

from accord.desk.leads import by_hand_views, stories, views

urlpatterns = [
    path("leads", views.leads, name="leads"),
    path("leads/add", by_hand_views.add, name="add-lead"),
    path("leads/<path:name>", stories.lead, name="lead"),
    path("accounts/<path:name>", stories.account, name="account"),
    path("deals/<path:name>", stories.deal, name="deal"),
    path("lead-notes/<int:pk>/remove/<path:name>", by_hand_views.remove_note, name="remove-note"),
    path("lead-notes/<path:name>", by_hand_views.add_note, name="add-note"),
    path("lead-views", views.keep_view, name="keep-view"),
    path("lead-views/<int:pk>/forget", views.forget_view, name="forget-view"),
]
