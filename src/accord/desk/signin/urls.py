from django.urls import path

from accord.desk.signin import my_views, views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in/code", views.code, name="sign-in-code"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("first-account/<str:token>", views.first_account, name="first-account"),
    path("me/sign-in", my_views.mine, name="my-sign-in"),
    path("me/sign-in/on", my_views.turn_on, name="second-factor-on"),
    path("me/sign-in/off", my_views.turn_off, name="second-factor-off"),
    path("people/<int:pk>/second-factor", my_views.take_away, name="take-second-factor"),
]
