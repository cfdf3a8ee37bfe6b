from django.urls import path

from accord.desk.bulk import views

urlpatterns = [
    path("several", views.several, name="several"),
    path("several/<int:pk>", views.bulk, name="bulk"),
    path("several/<int:pk>/undo", views.undo, name="bulk-undo"),
]
