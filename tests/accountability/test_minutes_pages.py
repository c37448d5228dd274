"""Minutes and letters on the desk, in the agency's room and by a link: what they say, and who may do what when."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accountability.at_meeting import get_at_meeting_or_404
from accountability.enums import LetterStatus, MeetingStatus, MinutesStatus
from accountability.minutes_permissions import (
    check_can_agree_minutes,
    check_can_ask_correction,
    check_can_begin_minutes,
    check_can_decide_corrections,
    check_can_finalise_minutes,
    check_can_read_letter,
    check_can_read_minutes,
    check_can_take_back_minutes,
    check_can_write_letter,
    check_can_write_passages,
)
from accountability.minuting import agree_minutes
from accountability.models import Correction, Letter, Meeting, Minutes, Panel, Passage, Seat
from accountability.queries import get_round_or_404
from s11.organisations.models import User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import reason_why_not
from surveys.documents import build_content, make_file_name
from surveys.enums import AuditStatus, DocumentKind, MessageKind, Series
from surveys.models import Audit, Document, Message, SeriesClose
from tests import factories
from tests.accountability.factories import make_interest
from tests.accountability.outcomes import (
    add_paper,
    get_members,
    hold_meeting,
    make_held_round,
    write_letter,
    write_minutes,
)
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
ROUND = "/p/harbour/desk/meetings/2026/"
MINUTES, LETTER = f"{ROUND}anchor/minutes/", f"{ROUND}anchor/letter/"
OWN = "/p/harbour/o/anchor/meetings/2026/"
READERS = {"administrator", "quality_officer", "scrutineer"}
ORGANISERS = {"administrator", "quality_officer"}
CHAIRING = ORGANISERS | {"panel_chair"}
OFFICERS = ("administrator", "quality_officer", "panel_member", "panel_chair", "scrutineer", "publisher")
NOBODY: set[str] = set()
DRAFT, AGREED, FINAL = MinutesStatus.DRAFT, MinutesStatus.AGREED, MinutesStatus.FINAL


def check_ask(at: Any) -> None:
    check_can_ask_correction(at, timezone.localdate())


# By act: who may where nothing is begun, in a draft, once agreed, once final.
TABLE: list[tuple[Callable[[Any], None], set[str], set[str], set[str], set[str]]] = [
    (
        check_can_read_minutes,
        READERS | {"panel_chair"},
        READERS | {"panel_chair"},
        READERS | {"panel_chair", "panel_member"},
        READERS | {"panel_chair", "panel_member"},
    ),
    (check_can_begin_minutes, CHAIRING, CHAIRING, CHAIRING, CHAIRING),
    (check_can_write_passages, CHAIRING, CHAIRING, NOBODY, NOBODY),
    (check_can_agree_minutes, NOBODY, CHAIRING, NOBODY, NOBODY),
    (check_can_take_back_minutes, NOBODY, NOBODY, CHAIRING, NOBODY),
    (check_ask, NOBODY, NOBODY, CHAIRING | {"panel_member"}, NOBODY),
    (check_can_decide_corrections, NOBODY, NOBODY, CHAIRING, NOBODY),
    (check_can_finalise_minutes, NOBODY, NOBODY, ORGANISERS, NOBODY),
    (check_can_read_letter, READERS, READERS, READERS, READERS),
    (check_can_write_letter, NOBODY, NOBODY, NOBODY, ORGANISERS),
]


@grounded
def panel(cast: Cast) -> Panel:
    return make_held_round(cast)


@grounded
def meeting(cast: Cast, panel: Panel) -> Meeting:
    return hold_meeting(panel, cast.organisation, cast.quality_officer)


def write(meeting: Meeting, cast: Cast, status: MinutesStatus = DRAFT) -> Minutes:
    return write_minutes(meeting, cast.quality_officer, status)


def who_may(cast: Cast, check: Callable[[Any], None]) -> set[str]:
    found = set()
    for name in OFFICERS:
        person = cast.people[name]
        here = get_round_or_404(person, get_desk_or_404(person, "harbour"), "2026")
        if not reason_why_not(check, get_at_meeting_or_404(person, here, "anchor")):
            found.add(name)
    return found


@pytest.mark.parametrize("state", range(4), ids=("none", "draft", "agreed", "final"))
def test_who_may_what_when(cast: Cast, meeting: Meeting, state: int) -> None:
    if state:
        write(meeting, cast, (DRAFT, AGREED, FINAL)[state - 1])
    for check, *sets in TABLE:
        assert who_may(cast, check) == sets[state], check.__name__
    # A conflict of interest closes all of it, whatever the office.
    chair, member, _ = get_members(meeting.panel)
    for one in (chair, member):
        make_interest(one, cast.organisation)
    for name in ("administrator", "quality_officer", "scrutineer"):
        factories.make_member(cast.people[name].email, organisation=cast.organisation)
    for check, *_sets in TABLE:
        assert who_may(cast, check) == set(), check.__name__


def test_what_else_refuses(cast: Cast, meeting: Meeting) -> None:
    write(meeting, cast, AGREED)
    Minutes.objects.update(corrections_until=timezone.localdate() - datetime.timedelta(days=1))
    assert who_may(cast, check_ask) == set()
    Seat.objects.filter(member__officer__user=cast.panel_member).update(attended=False)
    assert "panel_member" not in who_may(cast, check_can_read_minutes)
    Meeting.objects.update(status=MeetingStatus.CALLED)
    for check in (check_can_begin_minutes, check_can_decide_corrections, check_can_finalise_minutes):
        assert who_may(cast, check) == set()


def test_the_letter_is_the_panels_once_sent(cast: Cast, meeting: Meeting) -> None:
    write(meeting, cast, FINAL)
    write_letter(meeting, cast.quality_officer, LetterStatus.SENT)
    assert who_may(cast, check_can_read_letter) == READERS | {"panel_chair", "panel_member"}


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def test_from_notes_to_the_chairs_word(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    client = sign_in(cast.panel_chair)
    assert "Make the draft from the notes" in read(client, MINUTES)
    assert client.post(f"{MINUTES}begin/").status_code == 302
    page = read(client, MINUTES)
    assert "A good start." in page
    assert "Train the new staff." in page
    assert "Two files were shown." in page
    passage = Passage.objects.first()
    assert passage is not None
    data = {"part-1-text": "The trust made a good start.", "part-1-version": "1"}
    assert client.post(MINUTES, data).status_code == 302
    passage.refresh_from_db()
    assert passage.text == "The trust made a good start."
    # Stale, from another window: both texts are kept.
    late = client.post(MINUTES, {"part-1-text": "Mine.", "part-1-version": "1"}).content.decode()
    assert "Mine." in late
    assert "The trust made a good start." in late
    assert "1 part is not saved yet" in late
    kept = client.post(MINUTES, {"part-1-text": "Mine.", "part-1-version": "2"})
    assert kept.status_code == 302
    until = timezone.localdate() + datetime.timedelta(days=7)
    dates = {f"corrections_until_{part}": str(getattr(until, part)) for part in ("day", "month", "year")}
    assert (
        "must be today or later"
        in client.post(f"{MINUTES}agree/", {**dates, "corrections_until_year": "2020"}).content.decode()
    )
    assert client.post(f"{MINUTES}agree/", dates).status_code == 302
    minutes = Minutes.objects.get()
    assert (minutes.status, minutes.agreed_by, minutes.corrections_until) == (AGREED, cast.panel_chair, until)


def test_one_passage_saves_itself(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    minutes = write(meeting, cast)
    client = sign_in(cast.quality_officer)
    address = f"{MINUTES}passages/{minutes.passages.all()[1].pk}/"
    saved = client.post(address, {"part-2-text": "Two.", "part-2-version": "1"})
    assert (saved.status_code, saved["X-Outcome"]) == (200, "saved")
    assert 'value="2"' in saved.content.decode()
    stale = client.post(address, {"part-2-text": "Other.", "part-2-version": "1"})
    assert (stale.status_code, stale["X-Outcome"]) == (409, "conflict")
    assert "Two." in stale.content.decode()
    agree_minutes(minutes=minutes, by=cast.panel_chair)
    refused = client.post(address, {"part-2-text": "Late.", "part-2-version": "2"})
    assert (refused.status_code, refused["X-Outcome"]) == (403, "refused")


def test_who_is_told(cast: Cast, meeting: Meeting) -> None:
    came = factories.make_member("came@anchor.example", organisation=cast.organisation)
    meeting.representatives.create(name="Came", email="came@anchor.example", user=came, attended=True)
    meeting.representatives.create(name="Did not", user=cast.viewer, attended=False)
    Seat.objects.filter(member__officer__user=cast.panel_member).update(attended=False)
    agree_minutes(minutes=write(meeting, cast), by=cast.panel_chair)

    told = {one.email: one for one in Message.objects.filter(kind=MessageKind.MEETING)}
    assert set(told) == {
        "panel_chair@harbour.example",
        "holly@dock.example",
        "lead@anchor.example",
        "signatory@anchor.example",
        "came@anchor.example",
    }
    assert f"{OWN}minutes/" in told["lead@anchor.example"].body
    assert MINUTES in told["panel_chair@harbour.example"].body
    holly = told["holly@dock.example"]
    assert "/t/" in holly.personal_link
    assert "/t/" not in holly.body
    assert "say by" in holly.body


def test_a_conflict_declared_later_gets_no_mail(cast: Cast, meeting: Meeting) -> None:
    make_interest(get_members(meeting.panel)[2], cast.organisation)
    agree_minutes(minutes=write(meeting, cast), by=cast.panel_chair)
    assert not Message.objects.filter(email="holly@dock.example").exists()


def test_an_agency_reads_and_asks(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    minutes = write(meeting, cast)
    client = sign_in(cast.lead)
    assert client.get(f"{OWN}minutes/").status_code == 404
    assert "once the chair has agreed" in read(client, OWN)
    agree_minutes(minutes=minutes, by=cast.panel_chair)
    page = read(client, f"{OWN}minutes/")
    assert "A good start." in page
    assert "Train the new staff." in page
    # The moderated scores behind these grades may not be the agency's to see yet.
    assert "Grades before and after" not in page
    passage = minutes.passages.all()[0]
    assert client.post(f"{OWN}minutes/", {"passage": passage.pk, "text": ""}).status_code == 200
    asked = client.post(f"{OWN}minutes/", {"passage": passage.pk, "text": "It was March."})
    assert asked.status_code == 302
    one = Correction.objects.get()
    assert (one.by, one.by_name, one.text) == (cast.lead, str(cast.lead), "It was March.")
    assert "It was March." in read(client, f"{OWN}minutes/")
    viewer = sign_in(cast.viewer)
    assert "asks for corrections" in read(viewer, f"{OWN}minutes/")
    data = {"passage": passage.pk, "text": "No."}
    assert viewer.post(f"{OWN}minutes/", data).status_code == 403
    meeting.representatives.create(name="Vi", user=cast.viewer)
    assert viewer.post(f"{OWN}minutes/", data).status_code == 302
    assert sign_in(cast.stranger).get(f"{OWN}minutes/").status_code == 404


def test_a_correction_that_comes_too_late_is_shown_as_it_was_typed(
    cast: Cast, meeting: Meeting, sign_in: SignIn, client: Client
) -> None:
    minutes = write(meeting, cast, AGREED)
    data = {"passage": minutes.passages.all()[0].pk, "text": "It was the March of last year."}
    lead = sign_in(cast.lead)
    for _ in range(2):
        assert lead.post(f"{OWN}minutes/", data).status_code == 302
    assert Correction.objects.count() == 1  # the button was pressed twice
    Minutes.objects.update(status=FINAL, final_at=timezone.now())
    link = f"/t/{get_members(meeting.panel)[2].get_link_token()}/minutes/anchor/"
    data["text"] = "No: it was May."
    for late in (lead.post(f"{OWN}minutes/", data), client.post(link, data)):
        assert late.status_code == 403
        assert "nothing in them changes. Copy what you typed" in late.content.decode()
        assert "No: it was May." in late.content.decode()


def test_a_correction_is_decided(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    minutes = write(meeting, cast, AGREED)
    passage = minutes.passages.all()[0]
    first, second = (
        Correction.objects.create(passage=passage, text=text, by_name="Ada") for text in ("March.", "May.")
    )
    client = sign_in(cast.quality_officer)
    address = f"{MINUTES}corrections/{first.pk}/"
    assert "March." in read(client, address)
    declined = {"decision": "declined", "new_text": "x", "version": "1", "reply": ""}
    assert "Say why it is not taken in" in client.post(address, declined).content.decode()
    accepted = {"decision": "accepted", "new_text": "In March.", "version": "1", "reply": "Thanks."}
    assert client.post(address, accepted).status_code == 302
    passage.refresh_from_db()
    assert passage.text == "In March."
    # The second was opened before: it does not overwrite the first.
    other = f"{MINUTES}corrections/{second.pk}/"
    stale = client.post(other, {**accepted, "new_text": "In May."}).content.decode()
    assert "changed meanwhile" in stale
    assert "In May." in stale
    second.refresh_from_db()
    assert second.decision == ""
    assert client.post(other, {**declined, "reply": "It was March."}).status_code == 302
    assert client.get(other).status_code == 302
    page = read(sign_in(cast.lead), f"{OWN}minutes/")
    assert "Reply: It was March." in page


def test_an_officer_records_what_somebody_told(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    minutes = write(meeting, cast, AGREED)
    passage = minutes.passages.all()[0]
    data = {"passage": passage.pk, "text": "It was March."}
    client = sign_in(cast.quality_officer)
    assert "Enter who asks for it" in client.post(f"{MINUTES}correct/", data).content.decode()
    assert client.post(f"{MINUTES}correct/", {**data, "by_name": "Gwen"}).status_code == 302
    sign_in(cast.panel_member).post(f"{MINUTES}correct/", {**data, "by_name": "Somebody else"})
    assert [one.by_name for one in Correction.objects.order_by("pk")] == ["Gwen", str(cast.panel_member)]


def test_final_says_first_what_it_freezes(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    minutes = write(meeting, cast, AGREED)
    client = sign_in(cast.quality_officer)
    one = minutes.passages.all()[0].corrections.create(text="x", by_name="Ada")
    page = read(client, f"{MINUTES}final/")
    assert "1 correction to decide first" in page
    assert "Grades before and after" in page
    assert "ends that" in page
    client.post(f"{MINUTES}final/")
    minutes.refresh_from_db()
    assert minutes.status == AGREED
    one.delete()
    assert client.post(f"{MINUTES}final/").status_code == 302
    minutes.refresh_from_db()
    assert (minutes.status, minutes.final_by) == (FINAL, cast.quality_officer)
    assert SeriesClose.objects.filter(series=Series.PANEL).exists()
    # The final PDF is asked for at once.
    assert Document.objects.get().kind == DocumentKind.MINUTES
    assert "the letter to Anchor Trust" in read(client, MINUTES)


def test_final_promises_no_scores_where_there_is_no_audit(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    write(meeting, cast, AGREED)
    meeting.proposals.all().delete()
    assert "nor the scores" in read(sign_in(cast.quality_officer), f"{MINUTES}final/")
    Audit.objects.filter(invitee=meeting.invitee).update(
        status=AuditStatus.DRAFT, submitted_at=None, first_submitted_at=None
    )
    page = read(sign_in(cast.quality_officer), f"{MINUTES}final/")
    assert "has submitted no audit, so there are no scores" in page
    assert "nor the scores" not in page


def test_final_minutes_keep_what_was_agreed_of_an_earlier_submission(
    cast: Cast, meeting: Meeting, sign_in: SignIn
) -> None:
    write_minutes(meeting, cast.quality_officer, FINAL)
    add_paper(meeting, DocumentKind.MINUTES)
    Audit.objects.filter(invitee=meeting.invitee).update(submission=2)
    officer = sign_in(cast.quality_officer)
    page = officer.get(MINUTES).text
    assert "Two files were shown." in page
    assert "has corrected its audit since" in page
    # And the file stays the one that was made of them then.
    officer.post(f"{MINUTES}pdf/")
    assert Document.objects.filter(kind=DocumentKind.MINUTES).count() == 1


def test_by_a_personal_link(cast: Cast, meeting: Meeting, client: Client) -> None:
    write(meeting, cast, AGREED)
    holly = get_members(meeting.panel)[2]
    base = f"/t/{holly.get_link_token()}/minutes/"
    listed = client.get(base)
    assert listed["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in listed["Cache-Control"]
    assert "Anchor Trust" in listed.content.decode()
    page = client.get(f"{base}anchor/")
    assert "A good start." in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    passage = Passage.objects.filter(minutes__meeting=meeting)[0]
    asked = client.post(f"{base}anchor/", {"passage": passage.pk, "text": "It was March."})
    assert asked.status_code == 302
    one = Correction.objects.get()
    assert (one.by, one.by_name) == (None, "Holly")
    assert client.get(f"{base}cove/").status_code == 404
    make_interest(holly, cast.organisation)
    assert client.get(f"{base}anchor/").status_code == 403
    assert "These minutes are closed to you" in client.get(base).content.decode()
    assert client.get("/t/made-up/minutes/").status_code == 404


def test_who_did_not_come_reads_nothing_by_link(cast: Cast, meeting: Meeting, client: Client) -> None:
    write(meeting, cast, AGREED)
    holly = get_members(meeting.panel)[2]
    meeting.seats.filter(member=holly).update(attended=False)
    assert client.get(f"/t/{holly.get_link_token()}/minutes/anchor/").status_code == 404


def test_the_letter_from_draft_to_the_agency(
    cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accountability.letters.render_pdf", lambda *_: b"%PDF")
    write(meeting, cast, FINAL)
    client, lead = make_client(cast.quality_officer), make_client(cast.lead)
    assert "ten working days after the meeting" in read(client, LETTER)
    assert client.post(f"{LETTER}draft/").status_code == 302
    letter = Letter.objects.get()
    edited = {"subject": "What we agreed", "body": "Dear all", "version": "1"}
    assert client.post(f"{LETTER}edit/", edited).status_code == 302
    stale = client.post(f"{LETTER}edit/", {**edited, "body": "Mine."}).content.decode()
    assert "Mine." in stale
    assert "Dear all" in stale
    assert "Enter the name and office" in client.post(f"{LETTER}sign/", {"version": "2"}).content.decode()
    assert client.post(f"{LETTER}sign/", {"version": "2", "signed_as": "Ada Byron, Chair"}).status_code == 302
    assert lead.get(f"{OWN}letter/").status_code == 404
    waiting = client.get(LETTER)
    assert "Being made" in waiting.content.decode()
    assert waiting["Refresh"] == "5"
    client.post(f"{LETTER}send/")
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SIGNED
    add_paper(meeting, DocumentKind.MEETING_LETTER)
    client.post(f"{LETTER}send/")
    letter.refresh_from_db()
    assert letter.status == LetterStatus.SENT
    assert "Dear all" in read(lead, f"{OWN}letter/")
    assert "Sent on" in read(lead, OWN)
    file = lead.get(f"{OWN}letter/file/")
    assert file["Cache-Control"] == "private, no-store"
    # Read to its end it is closed.
    assert b"".join(file.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert make_client(cast.panel_member).get(LETTER).status_code == 200


def test_the_list_has_what_is_overdue_first(
    cast: Cast, panel: Panel, meeting: Meeting, sign_in: SignIn
) -> None:
    write(meeting, cast, FINAL)
    write_letter(meeting, cast.quality_officer, LetterStatus.SENT)
    for number, days_ago in enumerate((3, 40)):
        place = factories.make_organisation(f"Agency {number}", partnership=cast.partnership)
        hold_meeting(panel, place, cast.quality_officer, days_ago=days_ago)
    client = sign_in(cast.scrutineer)
    page = read(client, f"{ROUND}letters/")
    assert page.index("Agency 1") < page.index("Agency 0") < page.index("Anchor Trust")
    assert "overdue by" in page
    home = read(client, ROUND)
    assert "1 of 3 sent; 1 overdue" in home
    # One that is closed to the reader is named, and nothing else of it.
    factories.make_member(cast.scrutineer.email, organisation=cast.organisation)
    assert "Closed to you" in read(client, f"{ROUND}letters/")


def make_client(person: User) -> Client:
    """One of their own, for tests in which two people take turns."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def count(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(client, address)
    return len(queries)


def test_queries_do_not_grow(cast: Cast, panel: Panel, meeting: Meeting) -> None:
    minutes = write(meeting, cast, AGREED)
    passage = minutes.passages.all()[0]
    passage.corrections.create(text="x", by_name="Ada")
    officer, lead = make_client(cast.quality_officer), make_client(cast.lead)
    pages = ((officer, MINUTES), (officer, f"{ROUND}letters/"), (lead, f"{OWN}minutes/"))
    for client, address in pages:
        read(client, address)
    before = [count(client, address) for client, address in pages]
    for number in range(3):
        passage.corrections.create(text="y", by_name="Ada")
        meeting.representatives.create(name=f"Guest {number}")
        meeting.recommendations.create(number=number + 2, text="More.", created_by=cast.quality_officer)
        place = factories.make_organisation(f"Agency {number}", partnership=cast.partnership)
        hold_meeting(panel, place, cast.quality_officer)
    assert [count(client, address) for client, address in pages] == before


def test_a_strangers_officer_finds_nothing(cast: Cast, meeting: Meeting, sign_in: SignIn) -> None:
    write(meeting, cast, AGREED)
    client = sign_in(cast.outsider)
    for address in (MINUTES, f"{MINUTES}file/", LETTER, f"{ROUND}letters/"):
        assert client.get(address).status_code == 404


def test_minutes_on_paper(cast: Cast, meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> None:
    write(meeting, cast, AGREED)
    shown: dict[str, Any] = {}

    def render(_: str, context: dict[str, Any]) -> bytes:
        shown.update(context)
        return b"%PDF"

    monkeypatch.setattr("accountability.minutes_files.render_pdf", render)
    document = add_paper(meeting, DocumentKind.MINUTES).document
    assert build_content(document) == b"%PDF"
    assert shown["cover"].title == "Minutes: Anchor Trust"
    assert shown["cover"].status.startswith("Agreed by the chair on")
    assert shown["cover"].status.endswith("not final")
    assert shown["text"].panel[0] == f"{cast.panel_chair} (chair)"
    assert make_file_name(document) == "anchor-trust-2026-minutes.pdf"
