"""The letter from its draft to the e-mail that carries it; and the PDF, which is of what was signed."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from accountability.enums import LetterStatus, MinutesStatus
from accountability.holding import note_good_practice
from accountability.letter_writing import (
    change_letter,
    draft_letter,
    get_signed_paper,
    send_letter,
    sign_letter,
    take_back_letter,
)
from accountability.minutes_text import get_held_on
from accountability.models import Letter, Meeting, Paper, Recommendation
from s11.organisations.models import Membership
from s11.web.errors import NotInThisState
from surveys.documents import build_content, make_file_name
from surveys.enums import MessageKind
from surveys.models import Message, MessageAttachment
from surveys.working_days import add_working_days
from tests.accountability.outcomes import hold_meeting, make_held_round, write_minutes
from tests.conftest import Cast
from tests.ground import grounded


@grounded
def meeting(cast: Cast) -> Meeting:
    return hold_meeting(make_held_round(cast), cast.organisation, cast.quality_officer)


@grounded
def letter(cast: Cast, meeting: Meeting) -> Letter:
    note_good_practice(meeting=meeting, text="A song.", by=cast.quality_officer)
    write_minutes(meeting, cast.quality_officer, MinutesStatus.FINAL)
    meeting.recommendations.create(
        number=2, text="Tell governors.", due_on=datetime.date(2027, 3, 3), created_by=cast.quality_officer
    )
    return draft_letter(meeting=meeting, held_on=get_held_on(meeting), by=cast.quality_officer)


def sign(letter: Letter, cast: Cast, *, version: int = 1) -> Paper:
    paper = sign_letter(
        letter=letter, signed_as=" Ada Byron, Chair ", seen_version=version, by=cast.quality_officer
    )
    letter.refresh_from_db()
    return paper


def make(paper: Paper) -> None:
    """As the worker does."""
    paper.document.file.save("letter.pdf", ContentFile(b"%PDF-signed"))
    paper.document.built_at = timezone.now()
    paper.document.save()


def test_a_draft_says_what_was_agreed(meeting: Meeting, letter: Letter) -> None:
    held_on = get_held_on(meeting)
    assert letter.subject.startswith("Anchor Trust: what was agreed at your accountability meeting on ")
    # Each stands in a paragraph of its own.
    assert "\n\n1. Train the new staff.\n\n2. Tell governors. By 3 March 2027.\n\nAnswer each" in letter.body
    assert "within 20 working days of this letter" in letter.body
    assert "\n\n• A film for new starters.\n• A song.\n\nWhat the panel recommends" in letter.body
    assert letter.due_on == add_working_days(held_on, 10)


def test_a_second_draft_is_the_first(cast: Cast, meeting: Meeting, letter: Letter) -> None:
    change_letter(letter=letter, subject="Ours", body="Dear all", seen_version=1, by=cast.administrator)
    again = draft_letter(meeting=meeting, held_on=datetime.date(2020, 1, 1), by=cast.administrator)
    assert (again.pk, again.subject, again.due_on) == (letter.pk, "Ours", letter.due_on)


def test_a_meeting_without_recommendations_says_so(cast: Cast, meeting: Meeting) -> None:
    Recommendation.objects.all().delete()
    letter = draft_letter(meeting=meeting, held_on=get_held_on(meeting), by=cast.administrator)
    assert "The panel made no recommendations." in letter.body
    assert "What the panel recommends" not in letter.body


def test_a_stale_save_keeps_what_the_other_wrote(cast: Cast, letter: Letter) -> None:
    assert (
        change_letter(letter=letter, subject="A", body="One", seen_version=1, by=cast.administrator) is None
    )
    late = change_letter(letter=letter, subject="B", body="Two", seen_version=1, by=cast.quality_officer)
    assert late is not None
    assert (late.subject, late.body, late.version) == ("A", "One", 2)
    # The same words once more are no conflict.
    assert (
        change_letter(letter=letter, subject="A", body="One", seen_version=1, by=cast.quality_officer) is None
    )


def test_what_is_signed_is_what_the_page_showed(cast: Cast, letter: Letter) -> None:
    change_letter(letter=letter, subject="A", body="One", seen_version=1, by=cast.administrator)
    with pytest.raises(NotInThisState, match="changed meanwhile"):
        sign(letter, cast)
    sign(letter, cast, version=2)
    assert (letter.status, letter.signed_as, letter.signed_by) == (
        LetterStatus.SIGNED,
        "Ada Byron, Chair",
        cast.quality_officer,
    )
    with pytest.raises(NotInThisState, match="signed by now"):
        change_letter(letter=letter, subject="B", body="Two", seen_version=2, by=cast.administrator)


def test_nothing_is_signed_before_the_minutes_are_final(cast: Cast, meeting: Meeting) -> None:
    write_minutes(meeting, cast.quality_officer, MinutesStatus.AGREED)
    letter = draft_letter(meeting=meeting, held_on=get_held_on(meeting), by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="minutes are not final"):
        sign(letter, cast)


def test_it_waits_for_its_pdf_and_then_goes_with_it(cast: Cast, meeting: Meeting, letter: Letter) -> None:
    with pytest.raises(NotInThisState, match="draft by now"):
        send_letter(letter=letter, by=cast.quality_officer)
    paper = sign(letter, cast)
    with pytest.raises(NotInThisState, match="still being made"):
        send_letter(letter=letter, by=cast.quality_officer)
    make(paper)
    sent = send_letter(letter=letter, by=cast.quality_officer)

    assert [one.email for one in sent] == ["lead@anchor.example", "signatory@anchor.example"]
    first = sent[0]
    assert (first.kind, first.invitee) == (MessageKind.MEETING_LETTER, meeting.invitee)
    assert first.subject.startswith("Answer 2 recommendations by ")
    assert "/p/harbour/o/anchor/meetings/2026/" in first.body
    attached = MessageAttachment.objects.get(message=first)
    assert (attached.name, bytes(attached.content)) == ("letter.pdf", b"%PDF-signed")
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SENT
    due = set(Recommendation.objects.values_list("respond_by", flat=True))
    assert due == {add_working_days(timezone.localdate(letter.sent_at), 20)}
    with pytest.raises(NotInThisState, match="sent by now"):
        send_letter(letter=letter, by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="sent by now"):
        take_back_letter(letter=letter, by=cast.quality_officer)
    assert Message.objects.filter(kind=MessageKind.MEETING_LETTER).count() == 2


def test_the_pdf_of_a_signature_that_was_taken_back_does_not_go(cast: Cast, letter: Letter) -> None:
    old = sign(letter, cast)
    take_back_letter(letter=letter, by=cast.quality_officer)
    letter.refresh_from_db()
    assert (letter.status, letter.signed_as, letter.signed_at) == (LetterStatus.DRAFT, "", None)
    change_letter(letter=letter, subject="A", body="Other words", seen_version=1, by=cast.administrator)
    new = sign(letter, cast, version=2)
    # One that is still being made would say what was signed before: another is asked for.
    assert new != old
    make(old)
    with pytest.raises(NotInThisState, match="still being made"):
        send_letter(letter=letter, by=cast.quality_officer)
    assert letter.signed_at is not None
    assert get_signed_paper(letter.meeting, letter.signed_at) == new


def test_nobody_to_write_to(cast: Cast, letter: Letter) -> None:
    make(sign(letter, cast))
    Membership.objects.filter(user__in=[cast.lead, cast.signatory]).update(ended_at=timezone.now())
    with pytest.raises(NotInThisState, match="Nobody of Anchor Trust can be written to"):
        send_letter(letter=letter, by=cast.quality_officer)
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SIGNED


def test_the_pdf_says_what_was_signed(cast: Cast, letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = sign(letter, cast)
    shown: dict[str, object] = {}

    def render(_: str, context: dict[str, object]) -> bytes:
        shown.update(context)
        return b"%PDF"

    monkeypatch.setattr("accountability.letters.render_pdf", render)
    assert build_content(paper.document) == b"%PDF"
    assert shown["to"] == ["Anchor Trust"]
    assert shown["by"] == "Ada Byron, Chair"
    assert "Train the new staff." in str(shown["text"])
    assert make_file_name(paper.document) == "anchor-trust-2026-letter.pdf"
