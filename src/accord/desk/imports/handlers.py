"""How uploaded files come in: to a file in the workspace, and not more than the workspace allows."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest


class Limited(FileUploadHandler):
    """Takes files in until all together are larger than allowed; then leaves out the rest of the request."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, in the folder for unfinished uploads."""
        super().new_file(*args, **kwargs)
        folder = Path(settings.WORKSPACE) / "uploads" / ".unfinished"
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115  the request closes it
        self.file: UploadedFile[Any] = UploadedFile(unfinished, self.file_name, self.content_type)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take in one piece."""
        self._taken += len(raw_data)
        if self._taken > settings.UPLOAD_BYTES:
            self.file.close()
            raise StopUpload(connection_reset=False)
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The whole file."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """The browser has gone away."""
        self.file.close()


def is_too_large(request: HttpRequest) -> bool:
    """Whether files of the request were left out because there was too much of them."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_BYTES
