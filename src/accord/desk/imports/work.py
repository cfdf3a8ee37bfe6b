"""What takes long: trying a load, and loading."""

from __future__ import annotations

from django.conf import settings

from accord.desk.imports import mappings
from accord.desk.imports.folder import Folder
from accord.desk.imports.models import Upload
from accord.desk.jobs.actions import enqueue_once
from accord.desk.jobs.kinds import Arguments, Report, work
from accord.desk.jobs.models import Job
from accord.errors import AccordError
from accord.workspace import Workspace


class UploadGone(AccordError):
    """The files were removed before they were loaded."""

    code = "upload_gone"


@work("dry run")
def dry_run(arguments: Arguments, report: Report) -> None:
    """Try a load; what it would do is kept in the upload's folder."""
    folder = Folder(_upload(arguments))
    tried = Workspace(settings.WORKSPACE).preview([folder.files], folder.mapping, progress=report)
    folder.write_preview(tried.as_dict())


@work("load")
def load(arguments: Arguments, report: Report) -> Arguments:
    """Load an upload's files, keep the mapping for the next ones, and ask for a build."""
    upload = _upload(arguments)
    folder = Folder(upload)
    receipt = Workspace(settings.WORKSPACE).load(
        [folder.files],
        folder.mapping,
        history=upload.history,
        by=upload.loading.by.name if upload.loading and upload.loading.by else "",
        progress=report,
    )
    Upload.objects.filter(pk=upload.pk).update(load_id=receipt.load_id)
    mappings.keep(upload)
    return {"load_id": receipt.load_id, "build": enqueue_once("build").pk}


def _upload(arguments: Arguments) -> Upload:
    found = Upload.objects.select_related("loading__by").filter(pk=arguments["upload"]).first()
    if found is None:
        raise UploadGone("The files were removed.", mend="Drop them again.")
    return found


def build_after(loading: Job) -> Job | None:
    """The build that was asked for after a load."""
    return Job.objects.filter(pk=loading.result.get("build")).first()
