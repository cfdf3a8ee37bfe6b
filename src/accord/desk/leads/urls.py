from django.urls import path

from accord.desk.leads import stories, views

urlpatterns = [
    path("leads", views.leads, name="leads"),
    path("leads/<path:name>", stories.lead, name="lead"),
    path("accounts/<path:name>", stories.account, name="account"),
    path("deals/<path:name>", stories.deal, name="deal"),
    path("lead-views", views.keep_view, name="keep-view"),
    path("lead-views/<int:pk>/forget", views.forget_view, name="forget-view"),
]
