"""The upload handler that stops a file from filling the disk before a form has seen it."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from guides.images.decoding import MAX_BYTES


class Quota(FileUploadHandler):
    """Swallows what comes after MAX_BYTES and one more of a file; the form then refuses it as too large.

    Stands first in FILE_UPLOAD_HANDLERS, so that those behind it keep no more than this on disk or in memory.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        room = MAX_BYTES + 1 - start
        return raw_data[:room] if room > 0 else None

    def file_complete(self, file_size: int) -> Any:
        return None
