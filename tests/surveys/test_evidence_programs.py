"""A PDF that acts when it is opened is kept, and whoever opens it is told."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from s11.organisations.models import User
from surveys.enums import Caution
from surveys.evidence_files import check_file, receive_file
from surveys.evidence_library import add_files
from surveys.evidence_programs import BOTH, FILES, MOST_UNPACKED, SCRIPTS, find_caution
from tests.conftest import Cast
from tests.surveys.evidence_samples import PDF, make_open_document


def with_object(written: bytes) -> bytes:
    return PDF.replace(b"trailer", b"2 0 obj" + written + b"endobj\ntrailer")


def with_stream(dictionary: bytes, content: bytes) -> bytes:
    return with_object(b"<<" + dictionary + b">>stream\n" + content + b"\nendstream ")


SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"


@pytest.mark.parametrize(
    ("pdf", "caution"),
    [
        (PDF, ""),
        (with_object(SCRIPT), SCRIPTS),
        (with_object(b"<</S/#4aavaScript/#4a#53(x)>>"), SCRIPTS),
        (with_object(b"<</S/Launch/F(x.exe)>>"), SCRIPTS),
        (with_object(b"<</Names<</EmbeddedFiles 3 0 R>>>>"), FILES),
        (with_object(SCRIPT + b"<</Type/EmbeddedFile>>"), BOTH),
        (with_stream(b"/Type/ObjStm/Filter/FlateDecode", zlib.compress(SCRIPT)), SCRIPTS),
        (with_stream(b"/Subtype/Image", SCRIPT), ""),
        (with_stream(b"/Type/ObjStm/Filter/FlateDecode", b"broken"), ""),
        (with_object(b"<</JSON 1/LaunchDay 2>>"), ""),
    ],
)
def test_what_it_holds_is_found(pdf: bytes, caution: str) -> None:
    assert find_caution(pdf) == caution
    found, kept = receive_file("Form.pdf", io.BytesIO(pdf))
    assert found.caution == caution
    assert kept.read() == pdf


def test_a_bomb_is_unpacked_up_to_the_limit() -> None:
    bomb = zlib.compress(b"\0" * (MOST_UNPACKED + (8 << 20)) + SCRIPT, 1)
    assert find_caution(with_stream(b"/Type/ObjStm", bomb)) == ""


def test_lists_that_libreoffice_always_writes_are_no_macros() -> None:
    assert check_file("Plan.odt", io.BytesIO(make_open_document("text"))).type.label == "OpenDocument text"


@pytest.mark.django_db
def test_whoever_opens_it_is_told(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    file = SimpleUploadedFile("Form.pdf", with_object(SCRIPT))
    outcome = add_files(organisation=cast.organisation, files=[file], by=cast.lead)[0]
    assert "holds scripts, which are programs: whoever opens it is told" in outcome.sentence
    assert outcome.version is not None
    assert {one.value for one in Caution} == {SCRIPTS, FILES, BOTH}
    page = sign_in(cast.viewer).get(f"/p/harbour/o/anchor/evidence/{outcome.version.evidence_id}/").text
    assert "open it only if you know who made it" in page
