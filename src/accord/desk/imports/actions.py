"""What changes uploads and loads. Each action checks, writes, and leaves a line in the audit log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accord.desk.imports import mappings
from accord.desk.imports.files import FileRefused, keep
from accord.desk.imports.folder import Folder
from accord.desk.imports.models import Upload
from accord.desk.jobs.actions import enqueue, enqueue_once
from accord.desk.teams.actions import note
from accord.errors import AccordError
from accord.sources.choices import Choice, Choices, guessed
from accord.sources.history import LoadRecord
from accord.sources.mapping_text import mapping_text
from accord.sources.text_files import FileError
from accord.workspace import Workspace

if TYPE_CHECKING:
    from accord.desk.teams.models import User


class UploadRefused(AccordError):
    """Files cannot be taken in, or not be worked on, as they are."""

    code = "upload_refused"


def receive(
    files: Iterable[UploadedFile[Any]], *, by: User, mends: LoadRecord | None = None
) -> tuple[Upload, list[str]]:
    """Take in files to be loaded together, with a mapping proposed for them; also why others were left out.

    Rows that `mends` a load's quarantined ones are read as that load was. Raises UploadRefused if no file
    can be taken in; then nothing is kept.
    """
    upload = Upload(by=by)
    folder = Folder(upload)
    folder.make()
    refused = []
    for file in files:
        try:
            keep(file, folder.files)
        except FileRefused as error:
            refused.append(str(error))
    if not folder.names:
        folder.remove()
        raise UploadRefused(" ".join(refused) or "No file came with it.", mend="Choose files, and try again.")
    if mends:
        upload.mends, upload.history = mends.load_id, _was_history(mends)
    with transaction.atomic():
        _begin(upload, folder, mends)
        upload.save()
        note(by, "files uploaded", f"{upload}: {len(folder.names)} files")
    return upload, refused


def _begin(upload: Upload, folder: Folder, mends: LoadRecord | None = None) -> None:
    """Give the upload its mapping: of the load it mends, else the one such files had, else a guess."""
    if mends and (text := mappings.of_load(mends.load_id, mends.mapping)):
        upload.choices = None
        folder.write_mapping(text)
    elif name := mappings.fitting(folder.names):
        upload.choices = None
        folder.write_mapping(mappings.known()[name].read_text(encoding="utf-8"))
    else:
        propose(upload, folder)


def propose(upload: Upload, folder: Folder) -> None:
    """Guess the mapping from the files' names and first rows; empty if they cannot be read."""
    try:
        shapes = folder.shapes
    except FileError:
        upload.choices = None
        folder.write_mapping("")
        return
    choices = guessed(shapes)
    upload.choices = asdict(choices)
    folder.write_mapping(mapping_text(shapes, choices))


def _was_history(load: LoadRecord) -> bool:
    """Whether its facts were history: said so, or the first of their source."""
    earlier = [one for one in Workspace(settings.WORKSPACE).loads() if one.finished_at < load.finished_at]
    return load.history or all(one.source != load.source for one in earlier)


@transaction.atomic
def choose(upload: Upload, choices: Choices, history: bool, *, by: User) -> None:
    """Make the mapping from corrected choices. Raises UploadRefused while a job works on the files."""
    upload = _locked(upload)
    folder = Folder(upload)
    upload.choices, upload.history, upload.dry_run = asdict(choices), history, None
    folder.write_mapping(mapping_text(folder.shapes, choices))
    upload.save()
    note(by, "mapping corrected", str(upload))


@transaction.atomic
def write(upload: Upload, text: str, history: bool, *, by: User) -> None:
    """Take a mapping edited as text, with its mistakes. Raises UploadRefused."""
    upload = _locked(upload)
    upload.choices, upload.history, upload.dry_run = None, history, None
    Folder(upload).write_mapping(text.replace("\r\n", "\n")[: mappings.LONGEST + 1])
    upload.save()
    note(by, "mapping edited", str(upload))


@transaction.atomic
def start_from(upload: Upload, name: str, *, by: User) -> None:
    """Begin again with a mapping there is, or, without a name, with a guess. Raises UploadRefused."""
    upload = _locked(upload)
    folder = Folder(upload)
    upload.dry_run = None
    if not name:
        propose(upload, folder)
    elif path := mappings.known().get(name):
        upload.choices = None
        folder.write_mapping(path.read_text(encoding="utf-8"))
    else:
        raise UploadRefused(
            f"There is no mapping {name}.", mend=f"Choose from {', '.join(mappings.known())}."
        )
    upload.save()
    note(by, "mapping chosen", f"{upload}: {name or 'a guess'}")


@transaction.atomic
def remove_file(upload: Upload, name: str, *, by: User) -> None:
    """Leave one of the files out, and begin with the mapping again. Raises UploadRefused."""
    upload = _locked(upload)
    folder = Folder(upload)
    if name not in folder.names or len(folder.names) == 1:
        raise UploadRefused("That file cannot be left out.", mend="Remove the whole upload instead.")
    (folder.files / name).unlink()
    folder.forget_samples()
    upload.dry_run = None
    _begin(upload, folder)
    upload.save()
    note(by, "file left out", str(upload))


@transaction.atomic
def try_load(upload: Upload, *, by: User) -> None:
    """Ask for a dry run. Raises UploadRefused for a mapping with mistakes, or while a job is under way."""
    upload = _locked(upload)
    if mappings.mistakes(Folder(upload).text):
        raise UploadRefused("The mapping has mistakes.", mend="Mend them first.")
    upload.dry_run = enqueue("dry run", {"upload": upload.pk}, by=by)
    upload.save()


@transaction.atomic
def load(upload: Upload, *, by: User) -> None:
    """Ask for the load that the dry run tried. Raises UploadRefused without one, or while a job runs."""
    upload = _locked(upload)
    if Folder(upload).preview is None:
        raise UploadRefused("What this load would do is not known yet.", mend="Make the dry run first.")
    upload.loading = enqueue("load", {"upload": upload.pk}, by=by)
    upload.save()
    note(by, "load started", str(upload))


@transaction.atomic
def discard(upload: Upload, *, by: User) -> None:
    """Remove an upload with its files. What was loaded from it stays. Raises UploadRefused."""
    upload = _locked(upload)
    note(by, "upload removed", str(upload))
    Folder(upload).remove()
    upload.delete()


def undo(load_id: str, *, by: User) -> list[str]:
    """Withdraw a load and ask for a build; the later loads whose files must be loaded again.

    Raises UnknownLoad for one that is not there or is withdrawn already.
    """
    later = Workspace(settings.WORKSPACE).undo(load_id)
    note(by, "load undone", f"load {load_id}")
    enqueue_once("build")
    return later


def choices_of(data: dict[str, Any]) -> Choices:
    """The choices kept with an upload."""
    files = tuple(
        Choice(one["match"], one["table"], {name: tuple(columns) for name, columns in one["targets"].items()})
        for one in data["files"]
    )
    return Choices(data["source"], files, data["zone"], tuple(data["dates"]))


def _locked(upload: Upload) -> Upload:
    """The upload as it stands now, held until the transaction ends. Raises UploadRefused."""
    found = (
        Upload.objects.select_for_update().select_related("dry_run", "loading").filter(pk=upload.pk).first()
    )
    if found is None:
        raise UploadRefused("The files were removed.", mend="Drop them again.")
    if found.is_busy:
        raise UploadRefused("A job is working on these files.", mend="Wait until it has ended.")
    return found
