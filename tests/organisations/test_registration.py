"""Deciding about requests to take part: who becomes what, by whose yes, and who is told; forgetting them again."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from s11.organisations import workflow
from s11.organisations.enums import ApplicationDecision, MembershipRole, Variant
from s11.organisations.models import (
    Application,
    MailDomain,
    Membership,
    MembershipApproval,
    Organisation,
    Participation,
    User,
)
from s11.organisations.registration import get_applications, get_suggestions
from s11.web.errors import NotInThisState
from surveys.tick import run_due
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.organisations.taking_part import find_path, make_application, run_at_once
from tests.organisations.test_two_at_once import run_together


@pytest.fixture(autouse=True)
def _mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "on_commit", run_at_once)


@grounded
def willow(cast: Cast) -> Organisation:
    """Takes part here alone and has no lead."""
    return factories.make_organisation("Willow Trust", slug="willow", partnership=cast.partnership)


def confirm(cast: Cast, organisation: Organisation, domain: str = "kelp.example") -> MailDomain:
    return workflow.confirm_mail_domain(
        organisation=organisation, domain=domain, partnership=cast.partnership, by=cast.administrator
    )


def verify(cast: Cast, organisation: Organisation | None, email: str = "nora@kelp.example") -> Application:
    application = make_application(
        cast.partnership, organisation=organisation, email=email, is_verified=False
    )
    workflow.verify_application(application=application)
    application.refresh_from_db()
    return application


def accept(
    cast: Cast, application: Application, organisation: Organisation | None = None, **more: Any
) -> Participation:
    return workflow.accept_application(
        application=application, organisation=organisation, is_statutory=False, by=cast.administrator, **more
    )


def get_tos() -> list[list[str]]:
    return [message.to for message in mail.outbox]


# Verified -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_vouched", [True, False])
@pytest.mark.parametrize("has_lead", [True, False])
@pytest.mark.parametrize("is_elsewhere", [True, False])
@pytest.mark.parametrize("is_active", [True, False])
def test_what_becomes_of_a_verified_request(
    cast: Cast, willow: Organisation, *, is_vouched: bool, has_lead: bool, is_elsewhere: bool, is_active: bool
) -> None:
    """At once by a domain and Tenancy's rule together; passed to a lead; else it waits for an officer."""
    if is_vouched:
        confirm(cast, willow)
    if has_lead:
        factories.make_member("lead@willow.example", organisation=willow)
    if is_elsewhere:
        willow.participations.create(partnership=cast.elsewhere)
    willow.participations.filter(partnership=cast.partnership).update(is_active=is_active)
    application = verify(cast, willow)
    membership = Membership.objects.filter(user__email="nora@kelp.example").first()
    if not is_active:
        expected: tuple[str, str | None] = ("", None)
    elif has_lead:
        expected = ("accepted", "request")
    elif is_vouched and not is_elsewhere:
        expected = ("accepted", "active")
    else:
        expected = ("", None)
    found = None if membership is None else "active" if membership.is_active else "request"
    assert (application.decision, found) == expected
    assert application.decided_by is None
    told = {
        "request": "lead@willow.example",
        "active": "nora@kelp.example",
        None: "administrator@harbour.example",
    }
    assert get_tos() == [[told[found]]]


@pytest.mark.parametrize(
    "email", ["nora@mail.kelp.example", "nora@example", "nora@xkelp.example", "nora@kelp.example.org"]
)
def test_only_the_very_domain_vouches(cast: Cast, willow: Organisation, email: str) -> None:
    confirm(cast, willow)
    assert verify(cast, willow, email).decision == ""


def test_the_domain_of_another_organisation_does_not_vouch(cast: Cast, willow: Organisation) -> None:
    confirm(cast, cast.other_organisation)
    assert verify(cast, willow).decision == ""


def test_a_domain_lets_in_one_person_and_the_next_asks_them(cast: Cast, willow: Organisation) -> None:
    confirm(cast, willow)
    verify(cast, willow)
    verify(cast, willow, "second@kelp.example")
    assert Membership.objects.get(user__email="second@kelp.example").is_request


def test_an_entered_organisation_waits_for_an_officer(cast: Cast) -> None:
    assert verify(cast, None).decision == ""
    assert not User.objects.filter(email="nora@kelp.example").exists()


def test_the_address_of_a_closed_account_comes_back_by_no_domain(cast: Cast, willow: Organisation) -> None:
    confirm(cast, willow)
    User.objects.create(email="nora@kelp.example", is_active=False)
    application = verify(cast, willow)
    assert application.decision == ""
    with pytest.raises(NotInThisState, match="is closed"):
        accept(cast, application, willow)


# Accepted by an officer -----------------------------------------------------------------------------------------------


def test_a_new_organisation_is_made_only_when_it_is_accepted(cast: Cast) -> None:
    application = make_application(cast.partnership, urn="100123")
    assert not Organisation.objects.filter(name="Kelp House").exists()
    participation = accept(cast, application)
    assert participation.partnership == cast.partnership
    assert (participation.organisation.name, participation.organisation.urn) == ("Kelp House", "100123")
    membership = Membership.objects.get(user__email="nora@kelp.example")
    assert (membership.role, membership.is_active) == (MembershipRole.LEAD, True)
    assert membership.user.name == "Nora Quay"
    application.refresh_from_db()
    assert (application.decision, application.decided_by) == ("accepted", cast.administrator)
    assert application.organisation == participation.organisation


def test_the_person_sets_a_password_by_the_link_in_the_mail(cast: Cast, client: Client) -> None:
    accept(cast, make_application(cast.partnership))
    (message,) = mail.outbox
    assert message.to == ["nora@kelp.example"]
    assert message.subject.startswith("Set your password within 3 days")
    link = re.findall(r"https?://[^/\s]+(/\S+)", str(message.body))[0]
    page = client.get(link, follow=True)
    assert page.status_code == 200
    assert "assword" in page.content.decode()


def test_somebody_with_an_account_signs_in_as_before(cast: Cast) -> None:
    factories.make_user("nora@kelp.example", password=factories.PASSWORD, name="N. Quay")
    accept(cast, make_application(cast.partnership))
    assert mail.outbox[0].subject.startswith("Sign in to begin")
    assert find_path() == "/home/"
    assert User.objects.get(email="nora@kelp.example").name == "N. Quay", "what they call themselves stays"


def test_linked_to_one_that_takes_part_and_has_no_lead(cast: Cast, willow: Organisation) -> None:
    accept(cast, make_application(cast.partnership, name="Willow"), willow)
    assert willow.has_lead()
    assert Organisation.objects.filter(name__startswith="Willow").count() == 1
    assert willow.participations.get().is_statutory, "what it was before stays"


def test_linked_to_one_with_a_lead_its_lead_decides(cast: Cast) -> None:
    accept(cast, make_application(cast.partnership, name="Anchor"), cast.organisation)
    membership = Membership.objects.get(user__email="nora@kelp.example")
    assert membership.is_request
    assert get_tos() == [["lead@anchor.example"], ["nora@kelp.example"]]
    assert "somebody else must agree too" in mail.outbox[1].subject


def test_linked_to_one_that_is_elsewhere_too_the_other_partnership_must_agree(cast: Cast) -> None:
    """This partnership's yes is given with the acceptance; nobody's second yes is asked."""
    moor = factories.make_organisation("Moor House", slug="moor", partnership=cast.elsewhere, urn="100999")
    accept(cast, make_application(cast.partnership, name="Moor House", urn="100999"), moor)
    membership = Membership.objects.get(user__email="nora@kelp.example")
    assert membership.is_request
    assert [approval.partnership for approval in MembershipApproval.objects.all()] == [cast.partnership]
    assert get_tos() == [["administrator@moorland.example"], ["nora@kelp.example"]]
    workflow.approve_request(membership=membership, partnership=cast.elsewhere, by=cast.outsider)
    membership.refresh_from_db()
    assert membership.is_active


def test_one_that_was_made_meanwhile_with_the_same_identifier_is_that_one(cast: Cast) -> None:
    application = make_application(cast.partnership, urn="100123")
    there = factories.make_organisation("Quay", slug="quay", partnership=cast.partnership, urn="100123")
    assert accept(cast, application).organisation == there


def test_it_is_decided_once(cast: Cast) -> None:
    application = make_application(cast.partnership)
    accept(cast, application)
    for act in (
        lambda: accept(cast, application),
        lambda: workflow.decline_application(application=application, reason="No", by=cast.quality_officer),
    ):
        with pytest.raises(NotInThisState, match="has been accepted by administrator@"):
            act()
    assert Organisation.objects.filter(name="Kelp House").count() == 1


def test_nothing_is_decided_before_the_address_is_verified(cast: Cast) -> None:
    application = make_application(cast.partnership, is_verified=False)
    with pytest.raises(NotInThisState, match="not been verified"):
        accept(cast, application)


def test_whoever_is_declined_is_told_why(cast: Cast) -> None:
    application = make_application(cast.partnership)
    workflow.decline_application(
        application=application, reason="Ask the school's trust.", by=cast.administrator
    )
    (message,) = mail.outbox
    assert message.to == ["nora@kelp.example"]
    assert "Ask the school's trust." in message.body
    assert not User.objects.filter(email="nora@kelp.example").exists()


# What is suggested ----------------------------------------------------------------------------------------------------


def test_duplicates_are_suggested_by_identifier_everywhere_and_by_name_here_alone(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    def make(name: str, slug: str, at: str = "here", urn: str = "") -> Organisation:
        partnership = cast.partnership if at == "here" else cast.elsewhere
        return factories.make_organisation(name, slug=slug, partnership=partnership, urn=urn)

    same = make("Something else", "same", "elsewhere", "100123")
    best = make("Kelpwood Saint Marys Primary School", "best")
    near = make("Kelpwood Nursery", "near")
    make("Kelpwood Saint Marys", "hidden", "elsewhere")
    make("Other Primary School", "other")
    application = make_application(
        cast.partnership, name="Saint Marys Primary School, Kelpwood", urn="100123"
    )
    with django_assert_num_queries(3):
        found = get_suggestions(application)
    assert [(one.organisation, one.is_identified) for one in found] == [
        (same, True),
        (best, False),
        (near, False),
    ]
    assert [one.hint for one in found] == [
        "The same identifier. Does not take part here.",
        "A similar name. Takes part here.",
        "A similar name. Takes part here.",
    ]


def test_a_name_without_a_telling_word_suggests_nothing(cast: Cast) -> None:
    factories.make_organisation("Primary School Trust", slug="x", partnership=cast.partnership)
    assert get_suggestions(make_application(cast.partnership, name="The Primary School")) == []


def test_a_similar_name_is_told_by_words_that_begin_alike(cast: Cast) -> None:
    def make(name: str) -> Organisation:
        return factories.make_organisation(name, partnership=cast.partnership)

    mary = make("St Mary's Church of England Primary School")
    make("Bayview Primary School")  # mary is in primary
    found = get_suggestions(make_application(cast.partnership, name="Saint Marys School"))
    assert [one.organisation for one in found] == [mary]


def test_what_is_not_verified_is_on_no_list(cast: Cast) -> None:
    make_application(cast.partnership, is_verified=False)
    make_application(cast.elsewhere, email="other@kelp.example")
    assert not get_applications(cast.partnership, is_decided=False)


# Forgotten ------------------------------------------------------------------------------------------------------------


def test_the_clock_forgets_what_expired_and_what_was_declined_after_ninety_days(cast: Cast) -> None:
    now = timezone.now()
    old, young = now - datetime.timedelta(days=90), now - datetime.timedelta(days=89)

    def make(email: str, **columns: Any) -> Application:
        application = make_application(cast.partnership, email=email)
        for name, value in columns.items():
            setattr(application, name, value)
        application.save()
        return application

    declined = {"decision": ApplicationDecision.DECLINED, "decided_by": cast.administrator}
    forgotten = [
        make("expired@kelp.example", verified_at=None, created_at=old),
        make("declined@kelp.example", decided_at=old, **declined),
    ]
    kept = [
        make("young@kelp.example", verified_at=None, created_at=young),
        make("declined-lately@kelp.example", decided_at=young, **declined),
        make("waits@kelp.example", created_at=old, verified_at=old),
        make("accepted@kelp.example", decision=ApplicationDecision.ACCEPTED, decided_at=old),
    ]
    kind = ContentType.objects.get_for_model(Application)
    logged = LogEntry.objects.filter(content_type=kind)
    assert logged.filter(object_pk=str(forgotten[0].pk)).exists()
    for _ in range(2):
        run_due(now)
        assert set(Application.objects.all()) == set(kept)
        assert set(logged.values_list("object_pk", flat=True)) == {str(one.pk) for one in kept}


# Mail domains ---------------------------------------------------------------------------------------------------------


def test_a_domain_is_confirmed_once_in_the_whole_country(cast: Cast, willow: Organisation) -> None:
    confirm(cast, willow)
    with pytest.raises(NotInThisState, match="confirmed already"):
        confirm(cast, cast.organisation)


def test_a_withdrawn_domain_vouches_no_more(cast: Cast, willow: Organisation) -> None:
    found = confirm(cast, willow)
    workflow.withdraw_mail_domain(mail_domain=found, by=cast.administrator)
    assert verify(cast, willow).decision == ""


def test_a_school_is_asked_as_a_school_when_it_is_linked_to_one(cast: Cast) -> None:
    """The variant of what is known stays; the form's is of a new one alone."""
    school = factories.make_organisation(
        "Quay School", slug="quay", partnership=cast.partnership, variant=Variant.SCHOOL
    )
    accept(cast, make_application(cast.partnership, name="Quay"), school)
    school.refresh_from_db()
    assert school.variant == Variant.SCHOOL


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    not connection.features.test_db_allows_multiple_connections,
    reason="needs a database that two connections can write to",
)
def test_two_first_people_of_one_domain_and_only_one_starts_at_once(cast: Cast, willow: Organisation) -> None:
    confirm(cast, willow)
    applications = [
        make_application(
            cast.partnership, organisation=willow, email=f"{name}@kelp.example", is_verified=False
        )
        for name in "ab"
    ]

    def press(application: Application) -> Callable[[], object]:
        own = Application.objects.select_related("partnership", "organisation").get(pk=application.pk)
        return lambda: workflow.verify_application(application=own)

    assert run_together(*map(press, applications)) == ["", ""]
    members = Membership.objects.filter(organisation=willow)
    assert sorted(one.is_active for one in members) == [False, True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    not connection.features.test_db_allows_multiple_connections,
    reason="needs a database that two connections can write to",
)
def test_a_link_used_twice_at_once_works_once(cast: Cast) -> None:
    application = make_application(cast.partnership, is_verified=False)

    def press() -> Callable[[], object]:
        own = Application.objects.select_related("partnership").get(pk=application.pk)
        return lambda: workflow.verify_application(application=own)

    assert sorted(run_together(press(), press())) == [
        "",
        "This link has been used already. Nothing was changed.",
    ]
