from django.urls import path

from accord.desk.planning import views

urlpatterns = [path("plan", views.plan, name="plan")]
