from django.urls import path

from accord.desk.lessons import views

urlpatterns = [
    path("lessons", views.lessons, name="lessons"),
    path("lessons/look", views.look, name="look-for-lessons"),
    path("lessons/<int:pk>/learned/propose", views.propose_learned, name="propose-learned"),
    path("lessons/<int:pk>/<int:number>/propose", views.propose, name="propose-suggestion"),
]
