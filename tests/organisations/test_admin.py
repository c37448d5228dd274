"""The admin site, for repair: staff alone, no secrets, nothing deleted."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import ContactKind, MembershipRole
from s11.organisations.models import Contact, Invitation, User
from tests import factories
from tests.conftest import Cast
from tests.organisations.invitations import make_invitation
from tests.organisations.second_factors import give_app
from tests.organisations.taking_part import make_application

MODELS = [
    model._meta.model_name for model in admin.site._registry if model._meta.app_label == "organisations"
]
QUERIES = {"contact": 6, "application": 6, "maildomain": 6}


@pytest.fixture
def operator(cast: Cast, client: Client) -> Client:
    user = User.objects.create_superuser("operator@s11.example", factories.PASSWORD)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_model_of_the_app_is_there(cast: Cast) -> None:
    assert set(MODELS) == {
        "user",
        "partnership",
        "organisation",
        "participation",
        "membership",
        "membershipapproval",
        "officer",
        "invitation",
        "groupaccess",
        "contact",
        "application",
        "maildomain",
        "feedtoken",
    }


def test_lists_open_and_search(cast: Cast, operator: Client) -> None:
    make_invitation(
        email="x@anchor.example", role=MembershipRole.VIEWER, organisation=cast.organisation, by=cast.lead
    )
    for model in MODELS:
        listed = operator.get(reverse(f"admin:organisations_{model}_changelist"), {"q": "anchor"})
        assert listed.status_code == 200, model


def test_nothing_is_deleted(cast: Cast, operator: Client) -> None:
    request = operator.get(reverse("admin:index")).wsgi_request
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label != "organisations":
            continue
        assert not model_admin.has_delete_permission(request), model
        address = reverse(f"admin:organisations_{model._meta.model_name}_delete", args=[1])
        assert operator.post(address, {"post": "yes"}).status_code in (403, 302), model
        assert User.objects.filter(pk=cast.lead.pk).exists()


def test_no_password_is_shown_or_set(cast: Cast, operator: Client) -> None:
    cast.lead.password = make_password("a secret of hers")
    cast.lead.save()
    address = reverse("admin:organisations_user_change", args=[cast.lead.pk])
    page = operator.get(address).text
    assert "lead@anchor.example" in page
    assert cast.lead.password not in page
    assert 'name="password"' not in page
    operator.post(
        address, {"email": " New@Anchor.Example", "name": "Lee", "password": "x", "is_active": "on"}
    )
    cast.lead.refresh_from_db()
    assert (cast.lead.email, cast.lead.name) == ("new@anchor.example", "Lee")
    assert cast.lead.check_password("a secret of hers")


def test_the_moment_of_a_deactivation_is_kept(cast: Cast, operator: Client) -> None:
    address = reverse("admin:organisations_user_change", args=[cast.lead.pk])
    operator.post(address, {"email": cast.lead.email, "name": "Lee"})
    cast.lead.refresh_from_db()
    moment = cast.lead.deactivated_at
    assert moment is not None
    operator.post(address, {"email": cast.lead.email, "name": "Lee Hill"})
    assert User.objects.filter(pk=cast.lead.pk, is_active=False, deactivated_at=moment).exists()
    operator.post(address, {"email": cast.lead.email, "name": "Lee Hill", "is_active": "on"})
    assert User.objects.filter(pk=cast.lead.pk, is_active=True, deactivated_at=None).exists()


def test_somebody_made_here_signs_in_first_by_reset(db: None, operator: Client) -> None:
    operator.post(
        reverse("admin:organisations_user_add"), {"email": "New@S11.example", "name": "", "is_active": "on"}
    )
    assert not User.objects.get(email="new@s11.example").has_usable_password()


def test_an_invitations_secret_is_not_shown(cast: Cast, operator: Client) -> None:
    invitation, _ = make_invitation(
        email="x@anchor.example", role=MembershipRole.VIEWER, organisation=cast.organisation, by=cast.lead
    )
    page = operator.get(reverse("admin:organisations_invitation_change", args=[invitation.pk])).text
    assert "x@anchor.example" in page
    assert invitation.token_hash not in page
    assert Invitation.objects.get().token_hash == invitation.token_hash


def test_an_applications_secret_is_not_shown_and_nothing_is_decided_here(
    cast: Cast, operator: Client
) -> None:
    application = make_application(cast.partnership)
    address = reverse("admin:organisations_application_change", args=[application.pk])
    page = operator.get(address).text
    assert application.email in page
    assert application.token_hash not in page
    assert operator.post(address, {"decision": "accepted"}).status_code == 403
    assert operator.get(reverse("admin:organisations_application_add")).status_code == 403


def make_contact(cast: Cast, name: str) -> Contact:
    return Contact.objects.create(
        participation=cast.organisation.participations.get(),
        kind=ContactKind.OTHER,
        name=name,
        email=f"{name.lower()}@anchor.example",
        refused_at=timezone.now(),
    )


def test_a_contacts_slip_is_put_right_and_a_refusal_taken_back(cast: Cast, operator: Client) -> None:
    contact = make_contact(cast, "Ann")
    address = reverse("admin:organisations_contact_change", args=[contact.pk])
    other = cast.other_organisation.participations.get()
    operator.post(
        address,
        {"kind": "deputy", "name": "Anne", "email": " Anne@Anchor.Example", "participation": other.pk}
        | {"ended_at_0": "2026-01-01", "ended_at_1": "10:00"},
    )
    contact.refresh_from_db()
    assert (contact.kind, contact.name, contact.email, contact.refused_at, contact.ended_at) == (
        ContactKind.DEPUTY,
        "Anne",
        "anne@anchor.example",
        None,
        None,
    )
    assert contact.participation.organisation == cast.organisation
    assert operator.get(reverse("admin:organisations_contact_add")).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_of_the_new_lists_do_not_grow(
    cast: Cast, operator: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        make_contact(cast, f"Ann{number}")
        make_application(cast.partnership, email=f"a{number}@x.example")
        cast.organisation.mail_domains.create(
            domain=f"d{number}.example", confirmed_in=cast.partnership, confirmed_by=cast.administrator
        )
    for model in ("contact", "application", "maildomain"):
        address = reverse(f"admin:organisations_{model}_changelist")
        operator.get(address)
        with django_assert_num_queries(QUERIES[model]):
            operator.get(address)


def test_the_colours_contrast_is_checked_here_too(cast: Cast, operator: Client) -> None:
    address = reverse("admin:organisations_partnership_change", args=[cast.partnership.pk])
    page = operator.post(address, {"name": "Harbour", "colour": "#ffdd00"}).text
    assert "Choose a darker colour" in page


def test_people_who_are_not_staff_are_shown_the_door(cast: Cast, client: Client) -> None:
    login = reverse("admin:login")
    assert client.get(login).headers["Location"].startswith(reverse("account_login"))
    client.force_login(cast.administrator, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(login).status_code == 403


def test_a_second_factor_is_reset_and_its_secrets_are_not_shown(
    client: Client, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    """Of anybody but oneself, and of the all-powerful only by one of them."""
    helper = User.objects.create_user("helper@s11.example", is_staff=True)
    helper.user_permissions.set(Permission.objects.filter(codename__in=["change_user", "view_user"]))
    mighty = User.objects.create_superuser("mighty@s11.example", "x")
    for person in (cast.outsider, helper, mighty):
        give_app(person)
    client.force_login(helper, backend="django.contrib.auth.backends.ModelBackend")
    chosen = {"action": "reset_second_factors", "_selected_action": [cast.outsider.pk, helper.pk, mighty.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        told = client.post("/admin/organisations/user/", chosen, follow=True)
    assert {one.user for one in Authenticator.objects.all()} == {helper, mighty}
    assert told.text.count("Use manage.py reset_second_factor.") == 2
    assert [one.to for one in mail.outbox] == [[cast.outsider.email]]
    client.force_login(mighty, backend="django.contrib.auth.backends.ModelBackend")
    for secret in ("mfa/authenticator", "socialaccount/socialapp", "account/emailaddress"):
        assert client.get(f"/admin/{secret}/").status_code == 404
