"""What a camera wrote into a picture is taken out of it, and nothing else."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from surveys.evidence_containers import Unfit
from surveys.evidence_files import Refused, receive_file
from surveys.evidence_library import add_files
from surveys.evidence_pictures import TOO_MANY, strip
from surveys.models import EvidenceVersion
from tests.conftest import Cast
from tests.surveys.evidence_samples import EXIF, JPEG, PNG, XMP, make_box, make_heic, make_jpeg

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
SECRETS = (b"Phone 9", b"Jo Smith", b"a comment", b"behind")


def make_exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0110] = "Phone 9"
    exif[0x013B] = "Jo Smith"
    exif[274] = orientation
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def make_photo(kind: str, orientation: int = 1, **more: Any) -> bytes:
    if kind == "jpeg":
        written = {
            "exif": make_exif(orientation),
            "comment": b"a comment",
            "xmp": XMP,
            "icc_profile": PROFILE,
        }
        return make_jpeg(quality=90, **written | more) + b"behind the end"
    target, words = io.BytesIO(), PngImagePlugin.PngInfo()
    words.add_text("Author", "Jo Smith")
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    picture = Image.open(io.BytesIO(JPEG)).convert("RGBA")
    picture.save(target, "PNG", pnginfo=words, exif=make_exif(orientation), icc_profile=PROFILE, dpi=(72, 72))
    return target.getvalue() + b"behind the end"


@pytest.mark.parametrize("kind", ["jpeg", "png"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_place_and_camera_go_and_the_picture_stays(kind: str, orientation: int) -> None:
    before = make_photo(kind, orientation)
    after = strip(kind, before)
    assert not [secret for secret in SECRETS if secret in after]
    old, new = Image.open(io.BytesIO(before)), Image.open(io.BytesIO(after))
    assert new.info["icc_profile"] == PROFILE
    assert dict(new.getexif()) == ({274: orientation} if orientation > 1 else {})
    shown = ImageOps.exif_transpose(new)
    assert ImageOps.exif_transpose(old).tobytes() == shown.tobytes(), "the same pixels, the same way up"
    assert strip(kind, after) == after


@pytest.mark.parametrize("more", [{"progressive": True}, {"subsampling": 2, "restart_marker_rows": 1}])
def test_every_kind_of_jpeg_stays_whole(more: dict[str, Any]) -> None:
    before = make_photo("jpeg", 6, **more)
    after = strip("jpeg", before)
    assert Image.open(io.BytesIO(after)).tobytes() == Image.open(io.BytesIO(before)).tobytes()


@pytest.mark.parametrize("version", [0, 1])
def test_in_heic_it_is_overwritten(version: int) -> None:
    before = make_heic(version=version) + make_box(b"uuid", b"Jo Smith")
    after = strip("heic", before)
    assert EXIF in before
    assert not [secret for secret in (*SECRETS, EXIF[4:], XMP) if secret in after]
    assert len(after) == len(before)
    assert after.count(b"PIXELS") == 20
    assert strip("heic", after) == after


def make_huge(kind: str) -> bytes:
    """A few bytes that say they are 20,000 pixels wide and high."""
    if kind == "png":
        body = b"IHDR" + struct.pack(">LL", 20_000, 20_000) + b"\10\2\0\0\0"
        return PNG[:8] + struct.pack(">L", 13) + body + struct.pack(">L", zlib.crc32(body)) + PNG[33:]
    if kind == "heic":
        return make_heic(size=(20_000, 20_000))
    at = JPEG.index(b"\xff\xc0") + 5
    return JPEG[:at] + struct.pack(">HH", 20_000, 20_000) + JPEG[at + 4 :]


@pytest.mark.parametrize(("kind", "name"), [("jpeg", "a.jpg"), ("png", "a.png"), ("heic", "a.heic")])
def test_a_picture_that_would_fill_the_memory_is_refused(kind: str, name: str) -> None:
    with pytest.raises(Refused, match=f"‘{name}’ {TOO_MANY}"):
        receive_file(name, io.BytesIO(make_huge(kind)))


@pytest.mark.parametrize("kind", ["jpeg", "png", "heic"])
@given(data=st.data())
def test_whatever_it_is_made_of_it_is_a_picture_or_refused(kind: str, data: st.DataObject) -> None:
    whole = {"jpeg": make_photo("jpeg"), "png": PNG, "heic": make_heic(version=1)}[kind]
    at = data.draw(st.integers(0, len(whole)))
    broken = whole[:at] + data.draw(st.binary(max_size=20)) + whole[data.draw(st.integers(at, len(whole))) :]
    try:
        strip(kind, broken)
    except Unfit as unfit:
        assert str(unfit)  # noqa: PT017  either is right


@pytest.mark.django_db
def test_the_checksum_is_of_what_is_kept_and_the_page_says_what_was_done(cast: Cast) -> None:
    photo = make_photo("jpeg", 6)
    files = [SimpleUploadedFile("Photo.jpg", photo), SimpleUploadedFile("Plain.jpg", JPEG)]
    outcomes = add_files(organisation=cast.organisation, files=files, by=cast.lead)
    assert "such as the place and the day, is removed" in outcomes[0].sentence
    assert outcomes[1].sentence == "‘Plain.jpg’ is added."
    first, second = EvidenceVersion.objects.order_by("pk")
    for version in (first, second):
        with version.file.open() as file:
            kept = file.read()
        assert (version.sha256, version.size) == (hashlib.sha256(kept).hexdigest(), len(kept))
    assert (first.is_stripped, second.is_stripped) == (True, False)
    again = SimpleUploadedFile("Photo.jpg", photo)
    assert "already" in add_files(organisation=cast.organisation, files=[again], by=cast.lead)[0].sentence
