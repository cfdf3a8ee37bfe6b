from django.urls import path

from accord.desk.signin import my_views, oidc_views, views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in/code", views.code, name="sign-in-code"),
    path("sign-in/oidc", oidc_views.go, name="sign-in-oidc"),
    path("sign-in/oidc/back", oidc_views.back, name="sign-in-oidc-back"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("first-account/<str:token>", views.first_account, name="first-account"),
    path("me/sign-in", my_views.mine, name="my-sign-in"),
    path("me/sign-in/on", my_views.turn_on, name="second-factor-on"),
    path("me/sign-in/off", my_views.turn_off, name="second-factor-off"),
    path("people/<int:pk>/second-factor", my_views.take_away, name="take-second-factor"),
    path("people/<int:pk>/forget-identity", oidc_views.forget, name="forget-identity"),
]
