"""The sheet of a poster: seen as a page and as a draft's PDF before it is public, accessible, on one page of A4."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from unittest.mock import patch

import page as pdf_checker
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accountability.models import Poster, PosterSheet
from accountability.poster_files import POINTS, choose_size, make_boxes, make_pdf
from accountability.poster_sheets import ask_sheet, make_sheet, queue_lost_sheets
from accountability.postering import discard_poster
from s11.organisations.models import User
from s11.web.pdf import TooLongError
from tests.accountability.posters import poster_url, publish
from tests.conftest import Cast

SignIn = Callable[[User], Client]


def test_one_accessible_sheet(cast: Cast, poster: Poster) -> None:
    poster.boxes.filter(position=1).update(figure="11 of 12 (92%)")
    pdf, size = make_pdf(poster)
    assert size <= 3
    found = pdf_checker.validate_pdf_bytes(pdf, profile="ua1")
    assert [(one.rule_id, one.message) for one in found.failures] == []


def test_long_texts_take_smaller_letters_and_too_long_ones_are_refused(cast: Cast, poster: Poster) -> None:
    poster.boxes.update(text="Ask your team what they would do. " * 26)
    assert make_pdf(poster)[1] > 1
    poster.boxes.update(text="Word. " * 250)
    boxes = list(poster.boxes.all())
    for position in range(len(boxes) + 1, 8):
        poster.boxes.create(position=position, heading="More", text="Word. " * 250)
    # Tried in the smallest letters alone, for the sake of time
    with (
        patch("accountability.poster_files.choose_size", return_value=len(POINTS) + 3),
        pytest.raises(TooLongError, match="does not fit on one page"),
    ):
        make_pdf(poster)


def test_a_share_is_drawn_and_said_in_counts_first(poster: Poster) -> None:
    poster.boxes.filter(position=1).update(figure="11 of 12 (92%)")
    boxes = [(one.figure, one.percent) for one in make_boxes(poster)]
    assert boxes == [("11 of 12", 92), ("", None)]
    poster.boxes.filter(position=1).update(figure="1.85")
    assert next((one.figure, one.percent) for one in make_boxes(poster)) == ("1.85", None)


def test_more_words_take_smaller_letters(poster: Poster) -> None:
    few = choose_size(poster)
    poster.boxes.update(text="Ask your team what they would do. " * 26)
    assert 1 <= few < choose_size(poster) <= len(POINTS)


def test_the_page_shows_the_sheet_with_nothing_inline(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    client, at = sign_in(cast.publisher), poster_url("poster_sheet", poster)
    seen = client.get(at)
    assert seen["Cache-Control"] == "no-store"
    assert "<style" not in seen.text
    assert " style=" not in seen.text
    assert '<p class="poster__draft">Draft</p>' in seen.text
    assert 'href="/poster-sheet.css"' in seen.text
    assert "<title>QR code</title>" in seen.text
    rules = client.get("/poster-sheet.css")
    assert rules["Content-Type"] == "text/css; charset=utf-8"
    assert f".poster--{len(POINTS)} {{ font-size: {POINTS[-1]}pt; }}" in rules.text
    assert f".poster--{len(POINTS) + 1} " not in rules.text
    publish(poster, cast.publisher)
    assert "poster__draft" not in client.get(at).text


def test_a_draft_s_pdf_is_made_by_a_worker_and_goes_with_the_draft(
    cast: Cast, poster: Poster, sign_in: SignIn
) -> None:
    client, at = sign_in(cast.publisher), poster_url("poster", poster)
    file = poster_url("poster_sheet_file", poster)
    assert client.get(file).status_code == 404
    assert "Make a draft PDF" in client.get(at).text
    ask_sheet(poster=poster, by=cast.publisher)
    assert "The PDF is being made" in client.get(at).text
    with patch("s11.web.pdf.render_sheet", return_value=b"%PDF-1.7") as drawn:
        for _ in range(2):
            make_sheet.call(PosterSheet.objects.get().pk)
    assert drawn.call_count == 1
    made = client.get(file)
    assert (b"".join(made.streaming_content), made["Cache-Control"]) == (b"%PDF-1.7", "private, no-store")  # type: ignore[attr-defined]  # a stream
    assert 'filename="draft-harbour-poster.pdf"' in made["Content-Disposition"]
    assert ", of an earlier text" not in client.get(at).text
    Poster.objects.update(version=9)
    assert ", of an earlier text" in client.get(at).text
    name = str(PosterSheet.objects.get().file.name)
    discard_poster(poster=poster, seen_version=9, by=poster.created_by)
    assert not PosterSheet.objects.exists()
    assert default_storage.exists(name)  # until the transaction is done, which a test's never is


def test_why_a_draft_s_pdf_was_not_made_stands_on_its_page(
    cast: Cast, poster: Poster, sign_in: SignIn
) -> None:
    ask_sheet(poster=poster, by=cast.administrator)
    sheet = PosterSheet.objects.get()
    with patch(
        "accountability.poster_sheets.make_pdf", side_effect=TooLongError("Shorten the longest boxes.")
    ):
        make_sheet.call(sheet.pk)
    page = sign_in(cast.administrator).get(poster_url("poster", poster)).text
    assert "<strong>The PDF was not made.</strong> Shorten the longest boxes." in page
    # Lost by a worker that died: once more, and after an hour no more
    now = timezone.now()
    PosterSheet.objects.update(asked_at=now - datetime.timedelta(minutes=16))
    with patch("accountability.poster_sheets.make_sheet") as job:
        assert queue_lost_sheets(now) == 1
        PosterSheet.objects.update(asked_at=now - datetime.timedelta(minutes=61))
        assert queue_lost_sheets(now) == 0
    assert job.enqueue.call_count == 1
    assert PosterSheet.objects.get().asked_at is None


def test_once_it_is_public_no_draft_s_pdf_is_left(cast: Cast, poster: Poster, sign_in: SignIn) -> None:
    ask_sheet(poster=poster, by=cast.administrator)
    publish(poster, cast.publisher)
    assert not PosterSheet.objects.exists()
    assert sign_in(cast.publisher).post(poster_url("poster_sheet_make", poster)).status_code == 403
