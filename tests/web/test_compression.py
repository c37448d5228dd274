"""Texts go out compressed to whoever takes that; files that are compressed already, and streams, go as they are."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client, RequestFactory

from s11.web.compression import CompressionMiddleware

NGINX = Path(settings.BASE_DIR) / "docs/deploy/nginx.conf"
LONG = b"What we do, and how we know. " * 100


def test_a_page_is_a_fraction_of_its_length(client: Client, db: None) -> None:
    plain = client.get("/cookies/")
    packed = client.get("/cookies/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert (packed.headers["Content-Encoding"], packed.headers["Content-Length"]) == (
        "gzip",
        str(len(packed.content)),
    )
    assert len(packed.content) < len(plain.content) / 2
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed.headers["Vary"]
    # As long as it is, its length says nothing: some bytes are there at random.
    again = {len(client.get("/cookies/", headers={"Accept-Encoding": "gzip"}).content) for _ in range(20)}
    assert len(again) > 1


@pytest.mark.parametrize(
    ("response", "is_packed"),
    [
        (HttpResponse(LONG, content_type="text/csv"), True),
        (HttpResponse(LONG, content_type="image/svg+xml"), True),
        (HttpResponse(LONG, content_type="application/json"), True),
        (HttpResponse(LONG, content_type="application/pdf"), False),
        (HttpResponse(LONG, content_type="application/zip"), False),
        (StreamingHttpResponse([LONG], content_type="text/csv"), False),
        (HttpResponse(LONG, headers={"Content-Encoding": "br"}), False),
        (HttpResponse(b"Short."), False),
    ],
)
def test_what_is_compressed(*, response: HttpResponseBase, is_packed: bool) -> None:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    found = CompressionMiddleware(lambda request: response).process_response(request, response)
    assert (found.headers.get("Content-Encoding") == "gzip") is is_packed


def test_one_of_both_compresses() -> None:
    """The proxy would not add the bytes at random."""
    assert "    gzip off;\n" in NGINX.read_text(encoding="utf-8")
