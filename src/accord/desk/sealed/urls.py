from django.urls import path

from accord.desk.sealed import views

urlpatterns = [
    path("sealed", views.reports, name="sealed"),
    path("seal", views.seal, name="seal"),
    path("sealed/<str:name>", views.report, name="sealed-report"),
    path("sealed/<str:name>/causes", views.causes, name="sealed-causes"),
]
