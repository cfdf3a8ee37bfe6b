from django.urls import include, path

from accord.desk.imports import views

own = [
    path("loads", views.loads, name="loads"),
    path("loads/<slug:load_id>", views.load_record, name="load-record"),
    path("loads/<slug:load_id>/quarantine/<int:number>", views.quarantine, name="quarantine"),
    path("loads/<slug:load_id>/mend", views.mend, name="mend"),
    path("loads/<slug:load_id>/undo", views.undo, name="undo"),
    path("<slug:slug>", views.mapping, name="mapping"),
    path("<slug:slug>/yaml", views.text, name="text"),
    path("<slug:slug>/yaml/check", views.check, name="check"),
    path("<slug:slug>/start-from", views.start_from, name="start-from"),
    path("<slug:slug>/leave-out", views.leave_out, name="leave-out"),
    path("<slug:slug>/remove", views.discard, name="discard"),
    path("<slug:slug>/dry-run", views.dry_run, name="dry-run"),
    path("<slug:slug>/load", views.load, name="load"),
]

urlpatterns = [
    path("import", views.start, name="imports"),
    path("import/", include((own, "imports"))),
]
