"""The pages that bring files in: drop them, say what their columns are, try, load; look back, undo."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accord.csv_text import csv_text
from accord.desk.imports import actions, forms, mappings
from accord.desk.imports.folder import Folder
from accord.desk.imports.handlers import is_too_large
from accord.desk.imports.models import Upload
from accord.desk.imports.work import build_after
from accord.desk.reading import reading_of
from accord.desk.rights import Right, needs
from accord.desk.shell.tables import wants_csv
from accord.desk.teams.actions import note
from accord.errors import AccordError, MistakesError
from accord.ledger.writer import UnknownLoad
from accord.sources.readers import SUFFIXES
from accord.sources.text_files import FileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from accord.desk.teams.models import User
    from accord.sources.history import LoadRecord

LATEST = 8
"""How many loads the first page lists."""


def _uploaded(view: Callable[[HttpRequest, Upload], HttpResponseBase]) -> Any:
    """A view of one upload, for people who may import."""

    @needs(Right.IMPORT)
    @wraps(view)
    def found(request: HttpRequest, slug: str) -> HttpResponseBase:
        upload = get_object_or_404(Upload.objects.select_related("dry_run", "loading", "by"), slug=slug)
        return view(request, upload)

    return found


@needs(Right.IMPORT)
def start(request: HttpRequest) -> HttpResponse:
    """Where files are dropped, and what was loaded last."""
    if request.method == "POST":
        return _receive(request)
    loads = reading_of(request).workspace.loads()[::-1]
    return _page(
        request,
        "imports/start.html",
        uploads=[(upload, Folder(upload).names) for upload in Upload.objects.filter(load_id="")[:LATEST]],
        loads=loads[:LATEST],
        more=len(loads) > LATEST,
        kinds=SUFFIXES,
        largest=_largest(),
    )


def _receive(request: HttpRequest, mends: LoadRecord | None = None) -> HttpResponse:
    back = redirect("imports:load-record", mends.load_id) if mends else redirect("imports")
    files = request.FILES.getlist("files")
    if is_too_large(request):
        messages.error(
            request,
            _("That was more than %(size)s MB, so nothing was taken in. Load it in parts.")
            % {"size": _largest()},
        )
        return back
    try:
        upload, refused = actions.receive(files, by=_user(request), mends=mends)
    except AccordError as error:
        messages.error(request, str(error))
        return back
    for reason in refused:
        messages.warning(request, reason)
    return redirect("imports:mapping", upload.slug)


@_uploaded
def mapping(request: HttpRequest, upload: Upload) -> HttpResponse:
    """What the columns of the files are, to be corrected; sending the form keeps it, and may try the load."""
    if upload.choices is None:
        return redirect("imports:text", upload.slug)
    folder, choices = Folder(upload), actions.choices_of(upload.choices)
    try:
        shapes = folder.shapes
    except FileError:
        return redirect("imports:text", upload.slug)
    if request.method == "POST":
        history = "history" in request.POST
        changed = forms.read(request.POST, shapes, choices)
        return _kept(
            request, upload, lambda: actions.choose(upload, changed, history, by=_user(request)), "mapping"
        )
    return _page(
        request,
        "imports/mapping.html",
        **_about(upload, folder),
        choices=choices,
        parts=forms.parts(shapes, choices),
        questions=forms.questions(shapes, choices),
        tables=forms.TABLES,
    )


@_uploaded
def text(request: HttpRequest, upload: Upload) -> HttpResponse:
    """The mapping as YAML, to be edited; sending it keeps it, and may try the load."""
    if request.method == "POST":
        written, history = request.POST.get("text", ""), "history" in request.POST
        return _kept(
            request, upload, lambda: actions.write(upload, written, history, by=_user(request)), "text"
        )
    folder = Folder(upload)
    unread = ""
    try:
        folder.shapes  # noqa: B018  whether the files can be read at all
    except FileError as error:
        unread = folder.plain(str(error))
    return _page(request, "imports/text.html", **_about(upload, folder), text=folder.text, unread=unread)


def _kept(request: HttpRequest, upload: Upload, keep: Callable[[], None], place: str) -> HttpResponse:
    """Keep the mapping; back to its page, or on to the dry run if that was asked for and nothing is wrong."""
    try:
        keep()
        if request.POST.get("then") == "try":
            actions.try_load(upload, by=_user(request))
            return redirect("imports:dry-run", upload.slug)
    except AccordError as error:
        messages.error(request, str(error))
    return redirect(f"imports:{place}", upload.slug)


@_uploaded
@require_POST
def check(request: HttpRequest, upload: Upload) -> HttpResponse:
    """What is wrong with a mapping being typed, as a piece of its page."""
    found = mappings.mistakes(request.POST.get("text", ""))
    return render(request, "imports/mistakes.html", {"mistakes": found})


@_uploaded
@require_POST
def start_from(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Begin the mapping again, from one there is or from a guess."""
    _told(request, lambda: actions.start_from(upload, request.POST.get("name", ""), by=_user(request)))
    return redirect("imports:mapping", upload.slug)


@_uploaded
@require_POST
def leave_out(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Leave out one of the files."""
    _told(request, lambda: actions.remove_file(upload, request.POST.get("name", ""), by=_user(request)))
    return redirect("imports:mapping", upload.slug)


@_uploaded
@require_POST
def discard(request: HttpRequest, upload: Upload) -> HttpResponse:
    """Remove the upload with its files."""
    if _told(request, lambda: actions.discard(upload, by=_user(request))):
        messages.success(request, _("The files were removed. Nothing that was loaded has changed."))
    return redirect("imports")


@_uploaded
def dry_run(request: HttpRequest, upload: Upload) -> HttpResponse:
    """What the load would do."""
    if request.method == "POST":
        _told(request, lambda: actions.try_load(upload, by=_user(request)))
        return redirect("imports:dry-run", upload.slug)
    if upload.dry_run is None:
        return redirect("imports:mapping", upload.slug)
    folder = Folder(upload)
    tried = folder.preview if not upload.dry_run.is_open else None
    total = {
        name: sum(table[name] for table in tried["tables"]) if tried else 0
        for name in ("received", "new", "changed", "known", "quarantined", "skipped")
    }
    error = folder.plain(upload.dry_run.error)
    about = _about(upload, folder)
    return _page(
        request, "imports/dry_run.html", **about, job=upload.dry_run, tried=tried, total=total, error=error
    )


@_uploaded
def load(request: HttpRequest, upload: Upload) -> HttpResponse:
    """The load under way, and the build after it."""
    if request.method == "POST":
        done = _told(request, lambda: actions.load(upload, by=_user(request)))
        return redirect("imports:load" if done else "imports:dry-run", upload.slug)
    if upload.loading is None:
        return redirect("imports:mapping", upload.slug)
    folder = Folder(upload)
    loaded = _record(request, upload.load_id) if upload.load_id and not upload.loading.is_open else None
    return _page(
        request,
        "imports/load.html",
        **_about(upload, folder),
        job=upload.loading,
        build=build_after(upload.loading),
        loaded=loaded,
        error=folder.plain(upload.loading.error),
    )


@needs(Right.IMPORT)
def loads(request: HttpRequest) -> HttpResponse:
    """The history of loads."""
    found = reading_of(request).workspace.loads()[::-1]
    if wants_csv(request):
        note(_user(request), "exported", f"loads: {len(found)} rows")
        shown = ("load_id", "finished_at", "by", "source", "received", "loaded", "quarantined", "withdrawn")
        answer = HttpResponse(
            csv_text([{name: getattr(one, name) for name in shown} for one in found]),
            content_type="text/csv; charset=utf-8",
        )
        answer["Content-Disposition"] = 'attachment; filename="loads.csv"'
        return answer
    return _page(request, "imports/loads.html", loads=found)


@needs(Right.IMPORT)
def load_record(request: HttpRequest, load_id: str) -> HttpResponse:
    """One load: its receipt, what waits in quarantine, and the way to undo it."""
    record = _record(request, load_id)
    upload = Upload.objects.filter(load_id=load_id).first()
    return _page(request, "imports/load_record.html", load=record, upload=upload)


@needs(Right.IMPORT)
@require_GET
def quarantine(request: HttpRequest, load_id: str, number: int) -> FileResponse:
    """The rows of one file that could not be loaded, to be mended."""
    record = _record(request, load_id)
    if number >= len(record.quarantine):
        raise Http404
    path = record.quarantine[number]
    note(_user(request), "exported", f"quarantine of load {load_id}, file {number + 1}")
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv")


@needs(Right.IMPORT)
@require_POST
def mend(request: HttpRequest, load_id: str) -> HttpResponse:
    """Takes in the mended rows of a load."""
    return _receive(request, mends=_record(request, load_id))


@needs(Right.IMPORT)
def undo(request: HttpRequest, load_id: str) -> HttpResponse:
    """Asks whether a load is to be withdrawn; withdraws it when that is sent."""
    record = _record(request, load_id)
    if request.method != "POST":
        return _page(request, "imports/undo.html", load=record)
    try:
        later = actions.undo(load_id, by=_user(request))
    except AccordError as error:
        messages.error(request, str(error))
        return redirect("imports:load-record", load_id)
    messages.success(request, _("The load is undone. The numbers are being built without it."))
    if later:
        named = ", ".join(later)
        messages.warning(
            request,
            ngettext(
                "A later load left out rows that this one had brought; load its files again: %(loads)s.",
                "Later loads left out rows that this one had brought; load their files again: %(loads)s.",
                len(later),
            )
            % {"loads": named},
        )
    return redirect("imports:load-record", load_id)


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """The page. It opens even where the agreement has mistakes: loading does not need one."""
    try:
        zone = reading_of(request).agreement.calendar.zone
    except MistakesError:
        zone = "UTC"
    return render(request, template, {"zone": zone, **context})


def _about(upload: Upload, folder: Folder) -> dict[str, Any]:
    """What all pages of an upload show."""
    return {
        "upload": upload,
        "files": folder.names,
        "mistakes": mappings.mistakes(folder.text),
        "mappings": list(mappings.known()),
    }


def _record(request: HttpRequest, load_id: str) -> LoadRecord:
    try:
        return reading_of(request).workspace.load_record(load_id)
    except UnknownLoad:
        raise Http404 from None


def _told(request: HttpRequest, act: Callable[[], Any]) -> bool:
    """Do it; what is refused is said on the next page. Whether it was done."""
    try:
        act()
    except AccordError as error:
        messages.error(request, str(error))
        return False
    return True


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)


def _largest() -> int:
    from django.conf import settings

    return int(settings.UPLOAD_BYTES // 1_000_000)
