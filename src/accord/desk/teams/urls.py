from django.urls import path

from accord.desk.teams import views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("first-account/<str:token>", views.first_account, name="first-account"),
]
