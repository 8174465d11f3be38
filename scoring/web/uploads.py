"""Files that are sent to the site: a table of patients, to the page that takes one, from a user who
may; it stays in memory and is gone with the request. Anything else is left unread.
"""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from scoring.models import Right

# Addresses that take a table: the page, and what its buttons send to.
TAKES_A_TABLE = {
    "cohort",
    "cohort-columns",
    "cohort-results",
    "cohort-mend",
    "cohort-import-check",
    "cohort-import",
    "cohort-import-mend",
}
_FIELD = "table"
# A body that is this many times too large is not read to its end, so that the page could say so.
_READ_ON = 4


def is_too_large(request: HttpRequest) -> bool:
    """Whether a table was sent that is larger than the settings allow."""
    return getattr(request, "table_is_too_large", False)


class TableUploadHandler(FileUploadHandler):
    """Keeps a table in memory, up to the limit of the settings."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Whether a file may come, which is known before any of it is read."""
        self._most = settings.TABLE_MB * 1024 * 1024
        self._resets = content_length > _READ_ON * self._most
        self._kept = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Refuses what no page asked for."""
        super().new_file(*args, **kwargs)
        request = self.request
        match = getattr(request, "resolver_match", None)
        wanted = match is not None and match.url_name in TAKES_A_TABLE
        user = getattr(request, "user", None)
        if not wanted or self.field_name != _FIELD or not (user and user.has_perm(Right.ASSESS)):
            raise StopUpload(connection_reset=self._resets)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keeps a piece."""
        if self._kept.tell() + len(raw_data) > self._most:
            self._kept.close()
            self.request.table_is_too_large = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=self._resets)
        self._kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file."""
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type or "",
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
