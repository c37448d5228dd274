"""All that passed with one organisation: each sort of entry, their order, whose they are, and how many queries."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import ContactKind, MembershipRole
from s11.organisations.models import Contact, Invitation, Membership, Participation, User
from surveys.contact_trail import get_contact_trail
from surveys.cycle_plans import change_exemption, change_extension, change_obligation
from surveys.enums import AuditEventKind, AuditStatus, EscalationStep, MessageKind, MessageStatus
from surveys.models import AuditEvent, Clarification, Cycle, Escalation, Invitee, Message
from surveys.supporting import answer_offer, take_offer_on
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.offers import make_offer

PAGE = "/p/harbour/desk/organisations/anchor/timeline/"
DAY = datetime.timedelta(days=1)
SignIn = Callable[[User], Client]


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


@grounded
def here(cast: Cast) -> Participation:
    """With what the fixtures of the cast left behind taken out of sight: their people began before it joined."""
    participation = cast.organisation.participations.get()
    participation.joined_at = timezone.now()
    participation.save()
    return participation


def write(cast: Cast, **columns: Any) -> Message:
    given = {
        "partnership": cast.partnership,
        "organisation": cast.organisation,
        "kind": MessageKind.OPENING,
        "email": "lead@anchor.example",
        "subject": "The audit is open",
        "body": "It is.",
    }
    return Message.objects.create(**given | columns)


def tell(here: Participation) -> list[tuple[str, str, str]]:
    return [(one.what, one.by, one.word) for one in get_contact_trail(here, None).contacts]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (MessageStatus.WAITING, "Waiting"),
        (MessageStatus.HELD, "Waiting"),
        (MessageStatus.SENDING, "Waiting"),
        (MessageStatus.SENT, "Sent"),
        (MessageStatus.REFUSED, "Refused"),
        (MessageStatus.FAILED, "Not sent"),
        (MessageStatus.CANCELLED, "Cancelled"),
    ],
)
def test_messages(cast: Cast, here: Participation, sign_in: SignIn, status: MessageStatus, word: str) -> None:
    sent_at = timezone.now() if status == MessageStatus.SENT else None
    write(cast, status=status, sent_at=sent_at, by=cast.administrator)
    assert tell(here) == [("E-mail to lead@anchor.example: The audit is open", str(cast.administrator), word)]
    assert word in str(sign_in(cast.scrutineer).get(PAGE).content.decode())


def test_people(cast: Cast, here: Participation) -> None:
    now = timezone.now()
    invitation = Invitation(
        email="new@anchor.example",
        organisation=cast.organisation,
        partnership=cast.partnership,
        role=MembershipRole.LEAD,
        invited_by=cast.quality_officer,
        sent_at=now + DAY,
        accepted_at=now + 2 * DAY,
        accepted_by=cast.lead,
    )
    invitation.set_new_token()
    invitation.save()
    Membership.objects.filter(user=cast.viewer).update(ended_at=now + 3 * DAY, ended_by=cast.lead)
    Membership.objects.filter(user=cast.contributor).update(started_at=now + 4 * DAY)
    expected = [
        (f"{cast.contributor} became contributor", "", ""),
        (f"{cast.viewer} is no longer viewer", str(cast.lead), ""),
        ("The invitation to new@anchor.example as lead was accepted", str(cast.lead), "Accepted"),
        ("Invitation to new@anchor.example as lead", str(cast.quality_officer), "Sent"),
    ]
    assert tell(here) == expected
    # Its people are its own affair once it takes no part here; what this partnership wrote stays.
    here.is_active = False
    here.save()
    assert tell(here) == [
        ("The invitation to new@anchor.example as lead was accepted", str(cast.lead), "Accepted"),
        expected[3],
    ]


def test_what_was_agreed(cast: Cast, cycle: Cycle, here: Participation) -> None:
    invitee = factories.make_invitee(cycle, cast.organisation)
    until = datetime.date(2027, 3, 9)
    by = cast.administrator
    change_extension(invitee=invitee, extended_to=until, extension_reason="The lead is ill", by=by)
    change_extension(invitee=invitee, extended_to=None, extension_reason="", by=by)
    change_exemption(invitee=invitee, exempt_reason="Closed for repairs", by=by)
    change_exemption(invitee=invitee, exempt_reason="", by=by)
    change_obligation(invitee=invitee, obligation="may", by=by)
    place = "Anchor Trust in Audit 2026"
    found = [(one.what, one.text) for one in get_contact_trail(here, None).contacts]
    assert found == [
        (f"It may take part: {place}", ""),
        (f"No longer exempt: {place}", ""),
        (f"Made exempt: {place}", "Closed for repairs"),
        (f"The extension was taken back: {place}", ""),
        (f"More time, until 9 March 2027: {place}", "The lead is ill"),
        ("Invited to Audit 2026", ""),
    ]


@pytest.mark.parametrize("kind", AuditEventKind)
def test_of_an_audit_only_what_officers_may_know(
    cast: Cast, cycle: Cycle, here: Participation, kind: AuditEventKind
) -> None:
    """Not that there is an audit elsewhere, nor what its people do among themselves before they submit."""
    audit = factories.make_audit(cycle, cast.organisation)
    AuditEvent.objects.create(audit=audit, kind=kind, by=cast.lead, at=timezone.now() + DAY, detail="Ours")
    told = {
        AuditEventKind.OPENED,
        AuditEventKind.IMPORTED,
        AuditEventKind.SUBMITTED,
        AuditEventKind.RECALLED,
        AuditEventKind.SIGN_OFF_ASKED,
        AuditEventKind.SIGNED_OFF,
        AuditEventKind.RETURNED,
        AuditEventKind.SERIES_CLOSED,
        AuditEventKind.SERIES_REOPENED,
    }
    found = [one for one in get_contact_trail(here, None).contacts if one.by == str(cast.lead)]
    assert [one.what for one in found] == ([f"Audit 2026: {kind.label.lower()}"] if kind in told else [])
    assert all(one.text == "" for one in found)


def test_steps_questions_and_own_tools(cast: Cast, cycle: Cycle, here: Participation) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    now = timezone.now()
    chief = Contact.objects.create(
        participation=here, kind=ContactKind.CHIEF_EXECUTIVE, name="Chris Chief", email="c@anchor.example"
    )
    step = EscalationStep.CHIEF_EXECUTIVE
    Escalation.objects.create(
        invitee=audit.invitee, step=step, note="No reply", contact=chief, by=cast.administrator, at=now + DAY
    )
    Clarification.objects.create(
        answer=audit.answers.get(indicator__code="A1.1"),
        submission=1,
        question="How do you know?",
        asked_by=cast.quality_officer,
        asked_at=now + 2 * DAY,
        reply="We looked.",
        replied_by=cast.lead,
        replied_at=now + 3 * DAY,
    )
    other = factories.make_cycle(
        cast.partnership, slug="own", questionnaires=(audit.invitee.cycle_questionnaire.questionnaire,)
    )
    factories.make_own_tool_return(
        factories.make_invitee(other, cast.organisation), submitted_at=now + 4 * DAY
    )
    found = [(one.what, one.by, one.text) for one in get_contact_trail(here, None).contacts][:4]
    assert found == [
        ("Audit own: its own audit returned, National self-assessment", "", ""),
        ("Reply on Audit 2026, A1.1", str(cast.lead), "We looked."),
        ("Question on Audit 2026, A1.1", str(cast.quality_officer), "How do you know?"),
        ("Letter to the chief executive, to Chris Chief: Audit 2026", str(cast.administrator), "No reply"),
    ]
    here.is_active = False
    here.save()
    assert [one.by for one in get_contact_trail(here, None).contacts][:3] == [
        "",
        "",
        str(cast.quality_officer),
    ]


def test_another_partnerships_affairs_are_its_own(cast: Cast, cycle: Cycle, here: Participation) -> None:
    bank = cycle.cycle_questionnaires.get().questionnaire
    there = factories.make_cycle(cast.elsewhere, slug="moor", questionnaires=(bank,))
    Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    audit = factories.make_audit(there, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    write(cast, partnership=cast.elsewhere)
    invitation = Invitation(
        email="new@anchor.example",
        organisation=cast.organisation,
        partnership=cast.elsewhere,
        role=MembershipRole.LEAD,
    )
    invitation.set_new_token()
    invitation.save()
    Escalation.objects.create(invitee=audit.invitee, step=EscalationStep.CALL, by=cast.outsider)
    change_extension(
        invitee=factories.make_invitee(there, cast.other_organisation),
        extended_to=there.closes_on + DAY,
        extension_reason="Ill",
        by=cast.outsider,
    )
    write(cast, organisation=cast.other_organisation)
    factories.make_invitee(cycle, cast.other_organisation)
    assert tell(here) == []


def make_many(cast: Cast, cycle: Cycle, many: int) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    Invitee.objects.update(invited_at=timezone.now())
    for number in range(many):
        write(cast, by=cast.administrator)
        invitation = Invitation(
            email=f"{number}@anchor.example",
            organisation=cast.organisation,
            partnership=cast.partnership,
            role=MembershipRole.VIEWER,
            invited_by=cast.administrator,
        )
        invitation.set_new_token()
        invitation.save()
        Escalation.objects.create(invitee=audit.invitee, step=EscalationStep.CALL, by=cast.administrator)
        AuditEvent.objects.create(audit=audit, kind=AuditEventKind.RECALLED, by=cast.lead)
        factories.make_member(f"member{number}@anchor.example", organisation=cast.organisation)


def test_offers_of_support(cast: Cast, cycle: Cycle, here: Participation) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    offer = make_offer(audit, cast.quality_officer)
    answer_offer(offer=offer, answer="accepted", by=cast.lead)
    by = cast.administrator
    take_offer_on(offer=offer, status="meeting", text="On Monday.", owner=offer.owner, by=by)
    take_offer_on(offer=offer, text="They were early.", owner=offer.owner, by=by)
    found = [(one.what, one.by, one.text) for one in get_contact_trail(here, None).contacts]
    assert [one for one in found if one[0].startswith("Support, ")] == [
        ("Support, Audit 2026: a note", str(by), "They were early."),
        ("Support, Audit 2026: meeting arranged", str(by), "On Monday."),
        ("Support, Audit 2026: the agency has accepted it", str(cast.lead), ""),
        ("Support, Audit 2026: contacted", str(cast.quality_officer), ""),
    ]


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.usefixtures("here")
def test_queries_do_not_grow(
    cast: Cast,
    cycle: Cycle,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    many: int,
) -> None:
    make_many(cast, cycle, many)
    client = sign_in(cast.scrutineer)
    with django_assert_num_queries(QUERIES):
        assert client.get(PAGE).status_code == 200


QUERIES = 12


def test_fifty_stand_on_a_page(cast: Cast, here: Participation, sign_in: SignIn) -> None:
    for number in range(51):
        write(cast, subject=f"Number {number:02}", created_at=timezone.now() + number * DAY)
    client = sign_in(cast.administrator)
    first = str(client.get(PAGE).content.decode())
    assert "Number 50" in first
    assert "Number 00" not in first
    assert "Number 00" in str(client.get(f"{PAGE}?page=2").content.decode())


def test_nothing_yet(cast: Cast, here: Participation, sign_in: SignIn) -> None:
    assert "Nothing has passed with it yet." in str(sign_in(cast.scrutineer).get(PAGE).content.decode())
    assert sign_in(cast.outsider).get(PAGE).status_code == 404
    assert sign_in(cast.publisher).get(PAGE).status_code == 403
