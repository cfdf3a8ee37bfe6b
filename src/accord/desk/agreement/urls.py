from django.urls import path

from accord.desk.agreement import views

urlpatterns = [
    path("agreement", views.agreement, name="agreement"),
    path("agreement/as-if/<slug:version>", views.as_if, name="as-if"),
    path("agreement/as-judged", views.as_judged, name="as-judged"),
    path("agreement.yaml", views.file, name="agreement-file"),
]
