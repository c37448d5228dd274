"""What is overdue escalates: the leads, ten working days later the signatories, then an officer. Each step once."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accountability import following_up
from accountability.enums import ChaseAbout, ChaseStep, Standing
from accountability.following import get_followed, get_last_actions, get_last_recommendations
from accountability.following_up import chase_overdue, list_for_letter, write_late_letter
from accountability.models import Chase, LateLetter, Meeting, Recommendation
from accountability.recommending import refuse_recommendation, return_answer
from s11.organisations.models import Contact, Membership, Participation, User
from s11.web.dates import LONDON, date
from s11.web.errors import NotInThisState
from surveys.enums import MessageKind
from surveys.models import Action, ActionReminder, Message, MessageAttachment
from surveys.tasks import build_document
from tests import factories
from tests.accountability.factories import make_meeting, make_panel
from tests.accountability.followed import agree_on_action, finish, follow, verify
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
# A Tuesday; the reminder's ten working days end on Tuesday 29 June.
DUE = datetime.date(2027, 6, 14)
NOON = datetime.datetime(2027, 6, 15, 12, 0, tzinfo=LONDON)
A_DAY = datetime.timedelta(days=1)


@grounded
def meeting(cast: Cast) -> Meeting:
    cycle = factories.make_cycle(
        cast.partnership, slug="round", questionnaires=(factories.make_questionnaire(),)
    )
    meeting = make_meeting(make_panel(cycle), cast.organisation)
    follow(meeting, cast.administrator, recommendations=2)
    Recommendation.objects.update(respond_by=DUE)
    return meeting


def addresses() -> list[str]:
    return sorted(Message.objects.values_list("email", flat=True))


def test_the_lead_then_the_signatory_then_an_officer(meeting: Meeting, cast: Cast) -> None:
    assert chase_overdue(NOON - A_DAY) == 0
    for _ in range(3):
        chase_overdue(NOON)
    chase_overdue(NOON + 13 * A_DAY)
    assert addresses() == [cast.lead.email]
    assert list_for_letter(meeting, NOON.date()) == []

    for day in (14, 15, 40):
        chase_overdue(NOON + day * A_DAY)
    assert addresses() == sorted([cast.lead.email, cast.signatory.email])
    assert Chase.objects.count() == 4  # two recommendations, two steps
    assert [one.recommendation.number for one in list_for_letter(meeting, NOON.date() + 40 * A_DAY)] == [1, 2]


def test_the_words_can_be_acted_on(meeting: Meeting, cast: Cast) -> None:
    chase_overdue(NOON)
    first = Message.objects.get()
    assert first.subject == "2 answers to the panel are overdue: Anchor Trust"
    assert first.body.startswith("Answer each recommendation with an action, or with the reason")
    assert "/p/harbour/o/anchor/meetings/round/recommendations/" in first.body
    assert "Recommendation 1: Train everybody, part 1." in first.body
    assert "14 June 2027" in first.body
    chase_overdue(NOON + 14 * A_DAY)
    second = Message.objects.get(user=cast.signatory)
    assert "were reminded ten working days ago" in second.body
    assert "Harbour writes to your organisation" in second.body


def test_killed_half_way_it_leaves_one_result(meeting: Meeting, cast: Cast) -> None:
    with (
        patch.object(following_up, "put_in_outbox", side_effect=RuntimeError("killed")),
        pytest.raises(RuntimeError),
    ):
        chase_overdue(NOON)
    assert not Chase.objects.exists()
    chase_overdue(NOON)
    chase_overdue(NOON)
    assert (Chase.objects.count(), Message.objects.count()) == (2, 1)


def test_an_answer_ends_it_and_a_returned_one_gets_a_new_day(meeting: Meeting, cast: Cast) -> None:
    chase_overdue(NOON)
    for asked in meeting.recommendations.all():
        refuse_recommendation(recommendation=asked, reason="We have none.", by=cast.lead)
    assert chase_overdue(NOON + 30 * A_DAY) == 0
    asked = meeting.recommendations.get(number=1)
    return_answer(recommendation=asked, note="Who does it then?", by=cast.quality_officer)
    asked.refresh_from_db()
    assert asked.respond_by is not None
    Recommendation.objects.filter(pk=asked.pk).update(respond_by=DUE + 30 * A_DAY)
    # The first reminder again: it is another day that was missed.
    assert chase_overdue(NOON + 31 * A_DAY) == 1
    assert Message.objects.latest("pk").user == cast.lead
    assert "Who does it then?" in Message.objects.latest("pk").body


def test_an_action_whose_owner_was_reminded_is_not_told_of_twice(meeting: Meeting, cast: Cast) -> None:
    asked = meeting.recommendations.get(number=1)
    meeting.recommendations.filter(number=2).delete()
    action = agree_on_action(asked, cast.lead, cast.quality_officer, due_on=DUE)
    ActionReminder.objects.create(action=action, due_on=DUE)
    assert chase_overdue(NOON) == 0
    assert Chase.objects.get().about == ChaseAbout.ACTION
    assert chase_overdue(NOON + 14 * A_DAY) == 1
    message = Message.objects.get()
    assert message.user == cast.signatory
    assert message.subject == "1 action agreed with the panel is overdue: Anchor Trust"
    assert action.what in message.body


def test_nobody_to_write_to_is_said(meeting: Meeting, cast: Cast) -> None:
    Membership.objects.filter(user__in=(cast.lead, cast.signatory)).delete()
    chase_overdue(NOON)
    chase_overdue(NOON + 14 * A_DAY)
    assert not Message.objects.exists()
    assert set(Chase.objects.values_list("people", flat=True)) == {0}


def test_an_agency_that_takes_no_part_any_more_is_left_alone(meeting: Meeting, cast: Cast) -> None:
    Participation.objects.filter(organisation=cast.organisation).update(is_active=False)
    assert chase_overdue(NOON) == 0


def get_late_contact(cast: Cast) -> Contact:
    """Both reminders have gone."""
    Recommendation.objects.update(respond_by=datetime.date(2024, 1, 5))
    past = datetime.datetime(2024, 2, 1, 12, 0, tzinfo=LONDON)
    chase_overdue(past)
    chase_overdue(past + 20 * A_DAY)
    place = Participation.objects.get(organisation=cast.organisation)
    return Contact.objects.create(
        participation=place, kind="chief_executive", name="Cora Chief", email="cora@anchor.example"
    )


def test_an_officer_writes_once_about_all_of_it(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    contact = get_late_contact(cast)
    officer = sign_in(cast.quality_officer)
    at = {"partnership": "harbour", "cycle": "round", "organisation": "anchor"}
    address = reverse("accountability:late_letter", kwargs=at)
    page = officer.get(address).content.decode()
    assert "Cora Chief" in page
    assert "2 recommendations are still open" in page
    assert b"Choose whom you write to" in officer.post(address, {"subject": "x", "body": "y"}).content
    given = {"contact": contact.pk, "subject": "Answer us", "body": "Two are open."}
    assert officer.post(address, given).status_code == 302
    message = Message.objects.get(contact=contact)
    letter = LateLetter.objects.get()
    assert (letter.subject, letter.body, letter.contact) == ("Answer us", "Two are open.", contact)
    assert message.subject == "Answer us"
    assert (
        message.body
        == f"Two are open.\n\nThis letter is HARBOUR-ROUND-R{letter.pk}: quote it when you reply."
    )
    assert message.due_at > timezone.now()
    assert Chase.objects.filter(step=ChaseStep.LETTER, by=cast.quality_officer).count() == 2
    with pytest.raises(NotInThisState, match="Nothing waits for a letter"):
        write_late_letter(meeting=meeting, contact=contact, subject="x", body="y", by=cast.administrator)
    one = reverse("accountability:followed", kwargs={**at, "number": 1})
    assert "letter from the partnership, " in officer.get(one).content.decode()


def test_a_letter_about_what_is_late_has_a_file(meeting: Meeting, cast: Cast, sign_in: SignIn) -> None:
    """Its e-mail takes it along, and whoever reads the meeting finds it."""
    contact = get_late_contact(cast)
    write_late_letter(
        meeting=meeting, contact=contact, subject="Answer us", body="Two are open.", by=cast.administrator
    )
    letter = LateLetter.objects.get()
    assert letter.paper is not None
    with patch("accountability.late_letters.render_pdf", return_value=b"%PDF-1.7") as render:
        build_document.func(letter.paper.document_id, 0)
    written = render.call_args.args[1]
    assert (written["to"][0], written["text"]) == ("Cora Chief", "Two are open.")
    assert written["cover"].version == f"HARBOUR-ROUND-R{letter.pk}"
    assert MessageAttachment.objects.get(message__contact=contact).name == "letter.pdf"
    at = {"partnership": "harbour", "cycle": "round", "organisation": "anchor"}
    officer = sign_in(cast.quality_officer)
    file = reverse("accountability:late_letter_file", kwargs={**at, "letter": letter.pk})
    for page in ("late_letter", "followed"):
        number = {"number": 1} if page == "followed" else {}
        assert file in officer.get(reverse(f"accountability:{page}", kwargs=at | number)).content.decode()
    assert officer.get(file).getvalue() == b"%PDF-1.7"
    for stranger in (cast.outsider, cast.stranger):
        assert sign_in(stranger).get(file).status_code == 404


def test_the_clock_runs_it(meeting: Meeting, cast: Cast) -> None:
    Recommendation.objects.update(respond_by=datetime.date(2024, 1, 5))
    out = StringIO()
    call_command("tick", stdout=out)
    call_command("tick", stdout=out)
    assert "written into the outbox" in out.getvalue()
    assert Message.objects.get(kind=MessageKind.MEETING).user == cast.lead
    assert Chase.objects.count() == 2


def count_queries(meeting: Meeting) -> int:
    with CaptureQueriesContext(connection) as found:
        get_followed(Recommendation.objects.filter(meeting=meeting), NOON.date())
        get_last_actions(meeting, NOON.date())
        get_last_recommendations(meeting)
    return len(found)


@pytest.mark.parametrize("rows", [1, 3])
def test_what_is_followed_and_what_was_agreed_before_ask_the_same(rows: int, cast: Cast) -> None:
    bank = factories.make_questionnaire()
    before, now = (
        factories.make_cycle(
            cast.partnership,
            slug=slug,
            questionnaires=(bank,),
            opens_on=DUE - years * 365 * A_DAY,
            closes_on=DUE - (years * 365 - 60) * A_DAY,
        )
        for slug, years in (("before", 1), ("now", 0))
    )
    past, meeting = (
        make_meeting(make_panel(before), cast.organisation),
        make_meeting(make_panel(now), cast.organisation),
    )
    follow(past, cast.administrator, recommendations=rows)
    for asked in past.recommendations.all():
        action = agree_on_action(asked, cast.lead, cast.quality_officer)
        finish(action, cast.lead)
        verify(action, cast.quality_officer)
    meeting = Meeting.objects.with_place().get(pk=meeting.pk)
    last = get_last_actions(meeting, NOON.date())
    assert [(one.state, one.verified, one.is_from_panel) for one in last] == [
        ("Done", f"It worked ({cast.quality_officer}, {date(timezone.localdate())})", True)
    ] * rows
    assert len(get_last_recommendations(meeting)) == rows
    assert get_last_actions(Meeting.objects.with_place().get(pk=past.pk), NOON.date()) == []
    assert count_queries(meeting) == 9


def test_where_each_stands(meeting: Meeting, cast: Cast) -> None:
    asked = meeting.recommendations.get(number=1)

    def stands() -> tuple[Standing, bool]:
        [found] = get_followed(Recommendation.objects.filter(pk=asked.pk), NOON.date())
        return found.standing, found.is_overdue

    assert stands() == (Standing.NOT_ANSWERED, True)
    action = agree_on_action(asked, cast.lead, cast.quality_officer, due_on=DUE)
    assert stands() == (Standing.IN_PROGRESS, True)
    Action.objects.update(due_on=NOON.date())
    assert stands() == (Standing.IN_PROGRESS, False)
    finish(action, cast.lead)
    assert stands() == (Standing.TO_VERIFY, False)
    verify(action, cast.quality_officer)
    assert stands() == (Standing.VERIFIED, False)
