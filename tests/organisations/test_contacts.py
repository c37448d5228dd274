"""A partnership's contacts at an organisation, and what its page says when mail comes back or a lead has left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from s11.organisations.models import Contact, Membership, Participation, User
from s11.organisations.workflow.contacts import add_contact, change_contact, end_contact
from s11.web.errors import NotInThisState
from surveys.enums import MessageKind, MessageStatus
from surveys.models import Message
from tests.conftest import Cast
from tests.ground import grounded

SignIn = Callable[[User], Client]
PAGE = "/p/harbour/desk/organisations/anchor/"
FACTS = {
    "name": "Dee  Puty",
    "kind": "deputy",
    "job_title": "",
    "email": "Dee@Anchor.example",
    "telephone": "",
}


@grounded
def place(cast: Cast) -> Participation:
    return Participation.objects.get(partnership=cast.partnership, organisation=cast.organisation)


@pytest.fixture
def officer(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.quality_officer)


def test_added_changed_and_ended(place: Participation, cast: Cast, officer: Client) -> None:
    page = officer.post(f"{PAGE}contacts/add/", FACTS, follow=True).text
    assert "Dee Puty is a contact of Anchor Trust now." in page
    contact = Contact.objects.get()
    assert (contact.participation, contact.name, contact.email) == (place, "Dee Puty", "dee@anchor.example")
    assert "is a contact of this kind already" in officer.post(f"{PAGE}contacts/add/", FACTS).text
    contact.refused_at = timezone.now()
    contact.save()
    assert "was refused" in officer.get(PAGE).text
    officer.post(f"{PAGE}contacts/{contact.pk}/", {**FACTS, "job_title": "Deputy head"})
    contact.refresh_from_db()
    assert contact.job_title == "Deputy head"
    assert "was refused" in officer.get(PAGE).text
    officer.post(f"{PAGE}contacts/{contact.pk}/", {**FACTS, "email": "new@anchor.example"})
    assert "was refused" not in officer.get(PAGE).text
    assert "End Dee Puty as a contact?" in officer.get(f"{PAGE}contacts/{contact.pk}/end/").text
    officer.post(f"{PAGE}contacts/{contact.pk}/end/")
    contact.refresh_from_db()
    assert (contact.ended_at is None, contact.ended_by) == (False, cast.quality_officer)
    assert officer.get(f"{PAGE}contacts/{contact.pk}/").status_code == 404


def test_two_at_once(place: Participation, cast: Cast) -> None:
    facts = {"name": "Dee", "kind": "deputy", "job_title": "", "email": "dee@anchor.example", "telephone": ""}
    first = add_contact(participation=place, by=cast.administrator, **facts)
    with pytest.raises(NotInThisState):
        add_contact(participation=place, by=cast.administrator, **facts)
    second = add_contact(participation=place, by=cast.administrator, **{**facts, "email": "b@anchor.example"})
    with pytest.raises(NotInThisState):
        change_contact(contact=second, **facts)
    end_contact(contact=first, by=cast.administrator)
    with pytest.raises(NotInThisState):
        end_contact(contact=first, by=cast.administrator)


def test_another_partnership_has_its_own(place: Participation, cast: Cast, officer: Client) -> None:
    there = Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    facts = {"name": "Their Own", "kind": "other", "email": "x@anchor.example"}
    contact = add_contact(participation=there, by=cast.outsider, **facts)
    assert "Their Own" not in officer.get(PAGE).text
    assert officer.get(f"{PAGE}contacts/{contact.pk}/").status_code == 404
    assert officer.post(f"{PAGE}contacts/{contact.pk}/end/").status_code == 404


def test_a_lead_who_has_left_is_said_and_the_deputy_is_offered(
    place: Participation, cast: Cast, officer: Client
) -> None:
    add_contact(
        participation=place, by=cast.administrator, name="Dee", kind="deputy", email="dee@anchor.example"
    )
    assert "It has no lead now." not in officer.get(PAGE).text
    Membership.objects.filter(user=cast.lead).update(ended_at=timezone.now())
    page = officer.get(PAGE).text
    assert "It has no lead now." in page
    assert "Take the deputy: invite Dee" in page
    page = officer.get(f"{PAGE}invite/?email=dee%40anchor.example").text
    assert 'value="dee@anchor.example"' in page


@pytest.mark.parametrize("is_sent_since", [False, True])
def test_a_lead_whose_mail_was_refused_is_said(
    place: Participation, cast: Cast, officer: Client, is_sent_since: bool
) -> None:
    values = {"partnership": cast.partnership, "kind": MessageKind.NOTICE, "email": cast.lead.email}
    Message.objects.create(**values, status=MessageStatus.REFUSED)
    if is_sent_since:
        Message.objects.create(**values, status=MessageStatus.SENT, sent_at=timezone.now())
    assert ("a lead, was refused" in officer.get(PAGE).text) == (not is_sent_since)
    assert ("Invite a successor" in officer.get(PAGE).text) == (not is_sent_since)
