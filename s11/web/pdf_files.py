"""Which files a document may take in: our own static files and pictures that stand in it, nothing from disk or network.

Imported only by render_pdf, when a document is made: it needs WeasyPrint.
"""

import mimetypes
from pathlib import Path
from urllib.parse import unquote, urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from weasyprint.urls import URLFetcher, URLFetcherResponse

PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,")


class OwnFiles(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
    """Text from people is in documents, so whatever else is asked for is refused, and stays out of the document."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.static = urljoin(f"{settings.SITE_URL}/", settings.STATIC_URL)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url.startswith(PICTURES):
            return super().fetch(url, headers)
        if url.startswith(self.static):
            name = unquote(url.removeprefix(self.static).split("?")[0].split("#")[0])
            kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, body=read_static(name), headers={"Content-Type": kind})
        raise ValueError("a document may use our own static files only")


def read_static(name: str) -> bytes:
    """From where it is written or, under its name with a hash, from where it was collected."""
    found = finders.find(name)
    if isinstance(found, str):
        return Path(found).read_bytes()
    with staticfiles_storage.open(name) as file:
        content: bytes = file.read()
    return content
