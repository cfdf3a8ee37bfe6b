from django.urls import path

from accord.desk.promises import views

urlpatterns = [
    path("promises", views.promises, name="promises"),
    path("promises/now", views.promises_now, name="promises-now"),
    path("promises/leads", views.leads, name="promise-leads"),
]
