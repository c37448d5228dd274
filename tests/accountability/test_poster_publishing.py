"""Posters before the public: published as they are, all or nothing, by one worker; withdrawn with a word instead."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.test import Client
from django.urls import reverse

from accountability.enums import FindingStatus
from accountability.models import Finding, Poster, PublishedFile
from accountability.poster_publishing import ask_poster, publish_poster, queue_lost_posters, withdraw_poster
from accountability.postering import NotInThisState, change_box, rename_poster
from accountability.report_files import MadeFile
from accountability.reporting import withdraw_report
from accountability.reports import get_published_posters
from s11.organisations.models import User
from s11.web.pdf import TooLongError
from surveys.models import Message
from tests.accountability.posters import publish, url
from tests.conftest import Cast

SignIn = Callable[[User], Client]


def test_published_at_once_with_number_files_and_hashes(cast: Cast, poster: Poster, client: Client) -> None:
    publish(poster, cast.publisher)
    assert (poster.status, poster.number, poster.published_by) == ("published", 1, cast.publisher)
    # Its title is its report's, so lists tell them apart by its kind.
    for address in ("/p/harbour/", "/p/harbour/reports/"):
        assert f">Poster: {poster.title}</a>" in client.get(address).text
    assert Finding.objects.get().status == FindingStatus.PUBLISHED
    with poster.files.get(kind="page").file.open("rb") as page:
        assert b"print-color-adjust: exact" in page.read()
    for one in poster.files.all():
        with one.file.open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == one.sha256
    publish_poster.call(poster.pk)
    assert PublishedFile.objects.filter(poster=poster).count() == 2


def test_nothing_changes_once_publication_is_asked_for(cast: Cast, poster: Poster) -> None:
    box = poster.boxes.all()[0]
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    with pytest.raises(NotInThisState):
        change_box(box=box, heading="X", figure="", text="", seen_version=box.version, by=cast.administrator)


def test_what_does_not_fit_is_a_draft_again_and_who_asked_is_told(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    with patch(
        "accountability.poster_files.make_pdf", side_effect=TooLongError("Shorten the longest boxes.")
    ):
        publish_poster.call(poster.pk)
    poster.refresh_from_db()
    assert (poster.status, poster.number, poster.approved_at) == ("draft", None, None)
    message = Message.objects.get(subject__startswith="Publish a poster again")
    assert message.email == cast.publisher.email
    assert "Shorten the longest boxes." in message.body


def test_a_disk_that_is_full_after_the_first_file_keeps_none(
    cast: Cast, poster: Poster, settings: LazySettings
) -> None:
    def list_files() -> set[Path]:
        return {one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()}

    before, save = list_files(), FieldFile.save
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)

    def save_pages(file: FieldFile, name: str, *content: Any, **options: Any) -> None:
        if not name.endswith(".html"):
            raise OSError("disk full")
        save(file, name, *content, **options)

    with (
        patch("s11.web.pdf.render_sheet", return_value=b"%PDF-1.7"),
        patch.object(FieldFile, "save", save_pages),
    ):
        publish_poster.call(poster.pk)
    assert list_files() == before


def test_what_fails_at_the_last_step_leaves_no_file_behind(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    with (
        patch("accountability.poster_publishing.make_poster_files", return_value=[]),
        patch("accountability.poster_publishing._make_public_at_once", side_effect=RuntimeError("disk full")),
    ):
        publish_poster.call(poster.pk)
    poster.refresh_from_db()
    assert poster.status == FindingStatus.DRAFT
    assert not PublishedFile.objects.filter(poster=poster).exists()


def test_one_that_a_dead_worker_left_is_queued_again(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    poster.refresh_from_db()
    assert poster.approved_at is not None
    assert queue_lost_posters(poster.approved_at + datetime.timedelta(minutes=14)) == 0
    with patch("accountability.poster_files.make_pdf", return_value=(b"%PDF-1.7", 2)):
        assert queue_lost_posters(poster.approved_at + datetime.timedelta(minutes=16)) == 1
    poster.refresh_from_db()
    assert poster.status == FindingStatus.PUBLISHED


def test_what_fails_again_and_again_can_be_changed_after_an_hour(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    poster.refresh_from_db()
    assert poster.approved_at is not None
    assert queue_lost_posters(poster.approved_at + datetime.timedelta(minutes=61)) == 0
    assert not Poster.objects.exclude(status=FindingStatus.DRAFT, approved_at=None).exists()
    assert Message.objects.filter(subject__startswith="Publish a poster again").exists()


def test_a_worker_ends_once_another_has_given_it_up(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)

    def give_up(*_: object) -> list[MadeFile]:
        assert Poster.objects.filter(approved_at__isnull=False).update(approved_at=None, approved_by=None)
        return []

    with patch("accountability.poster_publishing.make_poster_files", side_effect=give_up) as makes:
        publish_poster.call(poster.pk)
    assert makes.call_count == 1
    poster.refresh_from_db()
    assert poster.status == FindingStatus.DRAFT


def test_of_a_report_that_is_withdrawn_meanwhile_nothing_is_published(cast: Cast, poster: Poster) -> None:
    ask_poster(poster=poster, seen_version=poster.version, by=cast.publisher)
    assert poster.report is not None
    withdraw_report(report=poster.report, reason="It named a child.", by=cast.publisher)
    with patch("accountability.poster_files.make_pdf", return_value=(b"%PDF-1.7", 2)):
        publish_poster.call(poster.pk)
    poster.refresh_from_db()
    assert (poster.status, poster.approved_at) == ("draft", None)
    assert "is not published any more" in Message.objects.latest("pk").body
    assert not PublishedFile.objects.filter(poster=poster).exists()


def test_only_what_was_read_is_published(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    seen = poster.version
    box = poster.boxes.all()[0]
    change = partial(change_box, box=box, heading="X", figure="", text="All of them.", by=cast.administrator)
    assert change(seen_version=box.version) is None
    with pytest.raises(NotInThisState, match="changed the poster since you read it"):
        ask_poster(poster=poster, seen_version=seen, by=cast.publisher)
    rename_poster(poster=poster, title="Another", seen_title=poster.title, by=cast.administrator)
    with pytest.raises(NotInThisState, match="changed the poster since you read it"):
        ask_poster(poster=poster, seen_version=seen + 1, by=cast.publisher)
    assert poster.report is not None
    client, at = sign_in(cast.publisher), url("poster", poster.report, poster=poster.pk)
    assert f'name="version" value="{seen + 2}"' in client.get(f"{at}publish/").text
    for version, is_asked in (("", False), ("9" * 5_000, False), (str(seen), False), (str(seen + 2), True)):
        client.post(f"{at}publish/", {"version": version})
        assert (Poster.objects.get(pk=poster.pk).approved_at is not None) == is_asked


def test_the_public_reads_it_without_cookies_and_not_once_it_is_withdrawn(
    cast: Cast, poster: Poster, client: Client
) -> None:
    public = reverse("accountability:published_poster", args=("harbour", 1))
    assert client.get(public).status_code == 404
    publish(poster, cast.publisher)
    page = client.get(public)
    assert page.status_code == 200
    assert not page.cookies
    assert page["Cache-Control"] == "public, max-age=300"
    file = poster.files.get(kind="pdf")
    sheet = client.get(reverse("accountability:published_poster_file", args=("harbour", 1, file.name)))
    assert (sheet.status_code, sheet["ETag"]) == (200, f'"{file.sha256}"')
    assert "immutable" in sheet["Cache-Control"]
    assert client.get(public.replace("harbour", "moorland")).status_code == 404
    withdraw_poster(poster=poster)
    gone = client.get(public)
    assert gone.status_code == 410
    assert "It has been withdrawn since." in gone.text
    assert default_storage.exists(str(file.file.name))


def test_the_public_reads_no_poster_of_a_withdrawn_report(cast: Cast, poster: Poster, client: Client) -> None:
    publish(poster, cast.publisher)
    assert poster.report is not None
    withdraw_report(report=poster.report, reason="It named a child.", by=cast.publisher)
    page = reverse("accountability:published_poster", args=("harbour", 1))
    why = reverse("accountability:published_version", args=("harbour", 1, 1))
    for address in (page, f"{page}{poster.files.all()[0].name}"):
        gone = client.get(address)
        assert gone.status_code == 410
        # Not even its title: that may be what must not be read.
        assert poster.title not in gone.text
        assert (
            f'the report that it was made of was withdrawn: <a class="govuk-link" href="{why}">' in gone.text
        )
    assert not get_published_posters(poster.partnership)
