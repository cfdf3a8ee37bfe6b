from django.urls import path

from accord.desk.agreement import views

urlpatterns = [
    path("agreement", views.agreement, name="agreement"),
    path("agreement.yaml", views.file, name="agreement-file"),
]
