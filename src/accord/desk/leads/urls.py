from django.urls import path

from accord.desk.leads import views

urlpatterns = [
    path("leads", views.leads, name="leads"),
    path("lead-views", views.keep_view, name="keep-view"),
    path("lead-views/<int:pk>/forget", views.forget_view, name="forget-view"),
]
