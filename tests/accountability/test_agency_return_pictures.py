"""Pictures of a return: only pictures, without what the camera wrote, described, few, and read by whom it concerns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accountability.agency_return_standing import get_standing
from accountability.enums import AgencyReturnStatus
from accountability.models import AgencyReturnPicture, ReturnRequest
from s11.organisations.models import User
from surveys.enums import ScanState
from surveys.models import Evidence, EvidenceVersion
from tests.accountability.agency_returns import make_picture, make_request, make_return
from tests.conftest import Cast
from tests.surveys.evidence_samples import EXIF, GIF, PDF, PNG, make_jpeg

SignIn = Callable[[User], Client]
TICKED = {"alt": "Boats on a wall", "has_agreement": "on", "shows_no_child": "on"}


@pytest.fixture
def asked(cast: Cast) -> ReturnRequest:
    return make_request(cast.partnership)


def url(name: str, **more: Any) -> str:
    place = {"partnership": "harbour", "organisation": "anchor", "year": "2025-26"}
    return reverse(f"accountability:{name}", kwargs=place | more)


def send(client: Client, content: bytes, name: str = "wall.jpg", **data: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(url("agency_return_picture_add"), {**TICKED, **data, "file": file})


def test_a_picture_is_kept_without_what_the_camera_wrote(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn
) -> None:
    client = sign_in(cast.contributor)
    assert send(client, make_jpeg(exif=EXIF)).status_code == 302
    picture = AgencyReturnPicture.objects.get()
    assert (picture.alt, picture.added_by) == ("Boats on a wall", cast.contributor)
    assert picture.version.is_stripped
    assert Evidence.objects.of(cast.organisation).get() == picture.version.evidence
    page = client.get(url("agency_return")).text
    assert 'alt="Boats on a wall"' in page
    shown = client.get(url("agency_return_picture_file", picture=picture.pk))
    content = b"".join(shown.streaming_content)  # type: ignore[attr-defined]  # a file's answer
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert b"Phone" not in content


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ((PDF, "plan.pdf"), "is no picture that every browser shows"),
        ((GIF, "wall.gif"), "is no picture that every browser shows"),
        ((b"", "wall.jpg"), "is empty"),
        ((PNG, "wall.jpg"), "‘wall.jpg’"),
    ],
)
def test_what_is_no_picture_is_refused(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn, file: tuple[bytes, str], why: str
) -> None:
    response = send(sign_in(cast.lead), *file)
    assert response.status_code == 422
    assert why in response.text
    assert 'value="Boats on a wall"' in response.text
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("left_out", TICKED)
def test_nothing_is_taken_without_a_description_and_both_statements(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn, left_out: str
) -> None:
    assert send(sign_in(cast.lead), PNG, "wall.png", **{left_out: ""}).status_code == 422
    assert not EvidenceVersion.objects.exists()


def test_four_are_the_most_and_none_comes_twice(cast: Cast, asked: ReturnRequest, sign_in: SignIn) -> None:
    found = make_return(asked, cast.organisation, by=cast.lead)
    client = sign_in(cast.lead)
    send(client, PNG, "wall.png")
    assert "in your return already" in send(client, PNG, "again.png").text
    for number in range(3):
        make_picture(found, f"A pool {number}")
    assert send(client, make_jpeg()).status_code == 403
    assert found.pictures.count() == 4


def test_described_anew_and_taken_out(cast: Cast, asked: ReturnRequest, sign_in: SignIn) -> None:
    """Putting it back stands in tests/test_removed.py."""
    found = make_return(asked, cast.organisation, by=cast.lead)
    picture, client = make_picture(found), sign_in(cast.contributor)
    client.post(url("agency_return_picture", picture=picture.pk), {"alt": "A pool at dusk"})
    assert "A pool at dusk" in client.get(url("agency_return")).text
    client.post(url("agency_return_picture_take_out", picture=picture.pk))
    assert not found.pictures.exists()
    assert EvidenceVersion.objects.get().file, "its file stays in the library"


def test_one_that_is_scanned_or_gone_holds_the_return_up(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn, settings: LazySettings
) -> None:
    found = make_return(asked, cast.organisation, by=cast.lead)
    picture = make_picture(found)
    client, address = sign_in(cast.lead), url("agency_return_picture_file", picture=picture.pk)
    EvidenceVersion.objects.update(scan_state=ScanState.WAITING)
    assert client.get(address).status_code == 404
    assert "being scanned" in client.get(url("agency_return")).text
    assert "Not ready: the picture ‘A pool’" in client.get(url("agency_return_hand_in")).text
    EvidenceVersion.objects.update(scan_state=ScanState.CLEAN)
    assert not get_standing(asked, found.participation).missing
    EvidenceVersion.objects.update(file="")
    assert get_standing(asked, found.participation).missing


def ask(client: Client, address: str) -> int:
    """Read to its end, the test client closes the file."""
    response = client.get(address)
    if response.streaming:
        assert b"".join(response.streaming_content)  # type: ignore[attr-defined]  # a file's answer
    return response.status_code


@pytest.mark.parametrize("status", AgencyReturnStatus)
def test_officers_see_it_once_it_is_approved_and_others_never(
    cast: Cast, asked: ReturnRequest, sign_in: SignIn, status: AgencyReturnStatus
) -> None:
    found = make_return(asked, cast.organisation, status, by=cast.signatory)
    address = url("agency_return_picture_file", picture=make_picture(found).pk)
    for name, person in cast.people.items():
        expected = 404
        if name in {"lead", "contributor", "signatory", "viewer"}:
            expected = 200
        elif name in {"panel_member", "panel_chair"}:
            expected = 403
        elif name in {"administrator", "quality_officer", "scrutineer", "publisher"}:
            expected = 200 if found.is_approved else 403
        assert ask(sign_in(person), address) == expected, name
    assert sign_in(cast.lead).get(address.replace("2025-26", "2024-25")).status_code == 404
    assert sign_in(cast.stranger).get(address.replace("anchor", "beacon")).status_code == 404
