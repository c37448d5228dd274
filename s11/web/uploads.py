"""Receiving files: nothing larger than the setting reaches the disk, and the page can say which file it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Boundaries, headers and the form's other fields.
BESIDE_FILES = 10 << 20


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def takes_up_to(size: int) -> Callable[[V], V]:
    """For a view that is sent a file larger than the setting: the outermost decorator."""

    def mark(view: V) -> V:
        view.largest_upload = size  # type: ignore[attr-defined]  # functions hold what they are given
        return view

    return mark


def get_largest(request: HttpRequest) -> int:
    """Which view it is for is known before any of the request's body is read."""
    view = request.resolver_match.func if request.resolver_match else None
    return int(getattr(view, "largest_upload", settings.UPLOAD_MAX_SIZE))


class LimitedUploadHandler(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS: counts what arrives, and passes it on until it is too much."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 (the base class's name)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Refused before it is read: no page sends so much, whatever its files are."""
        assert self.request is not None
        # A view that takes one large file takes no others.
        self.largest = get_largest(self.request)
        most = max(settings.UPLOAD_MAX_FILES * settings.UPLOAD_MAX_SIZE, self.largest)
        if content_length > most + BESIDE_FILES:
            raise RequestDataTooBig("The request holds more than all files of one upload may.")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > self.largest:
            self._skip()
        return raw_data

    def _skip(self) -> NoReturn:
        """The rest of this file is read and thrown away, the other files of the request are kept."""
        assert self.request is not None
        get_too_large(self.request).append(self.file_name or "")
        raise SkipFile

    def file_complete(self, file_size: int) -> None:
        """The file itself is made by the handlers after this one."""


def get_too_large(request: HttpRequest) -> list[str]:
    """Names of the files of this request that were larger than the setting."""
    names: list[str] = request.__dict__.setdefault("too_large_uploads", [])
    return names
