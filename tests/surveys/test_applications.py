"""Requests to take part on the desk: who sees them, what accepting does, and that two officers do not collide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from s11.organisations import permissions
from s11.organisations.enums import ApplicationDecision, Variant
from s11.organisations.models import Application, MailDomain, Membership, Organisation, User
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import NotInThisState, reason_why_not
from surveys.enums import CycleStatus, Obligation
from surveys.models import Invitee
from surveys.taking_part import accept_and_invite
from tests import factories
from tests.conftest import Cast
from tests.organisations.taking_part import make_application, run_at_once
from tests.organisations.test_permissions import OFFICERS, ORGANISERS, ask_desk, make_table
from tests.organisations.test_two_at_once import run_together

LIST = "/p/harbour/desk/requests/"
SignIn = Callable[[User], Client]


def get_page(application: Application) -> str:
    return f"{LIST}{application.pk}/"


# Who may --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decision", ["", "accepted", "declined"])
def test_deciding(cast: Cast, decision: str) -> None:
    application = make_application(cast.partnership)
    application.decision = decision
    told = ask_desk(cast, lambda desk: permissions.check_can_decide_application(desk, application))
    refused = "Only an administrator or quality officer of Harbour can do this. Ask one of them."
    expected = make_table(cast, ORGANISERS, OFFICERS - ORGANISERS, refused)
    if decision:
        expected |= dict.fromkeys(ORGANISERS, f"The request of Nora Quay has been {decision} already.")
    assert told == expected


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("is_own", [True, False])
def test_withdrawing_a_domain(cast: Cast, *, is_active: bool, is_own: bool) -> None:
    participation = cast.organisation.participations.get()
    participation.is_active = is_active
    domain = MailDomain(
        organisation=cast.organisation,
        domain="anchor.example",
        confirmed_in=cast.partnership if is_own else cast.elsewhere,
    )
    told = ask_desk(cast, lambda desk: permissions.check_can_withdraw_domain(desk, participation, domain))
    refused = "Only an administrator or quality officer of Harbour can do this. Ask one of them."
    expected = make_table(cast, ORGANISERS, OFFICERS - ORGANISERS, refused)
    if not is_active:
        left = "Anchor Trust no longer takes part in Harbour. Make it active again first."
        expected |= dict.fromkeys(ORGANISERS, left)
    elif not is_own:
        other = "anchor.example was confirmed in Moorland, which alone can withdraw it."
        expected |= dict.fromkeys(ORGANISERS, other)
    assert told == expected


def test_an_officer_elsewhere_reaches_none_of_it(cast: Cast, sign_in: SignIn) -> None:
    application = make_application(cast.partnership)
    domain = cast.organisation.mail_domains.create(
        domain="anchor.example", confirmed_in=cast.partnership, confirmed_by=cast.administrator
    )
    client = sign_in(cast.outsider)
    own = "/p/moorland/desk/"
    assert client.get(LIST).status_code == 404
    for path in (
        get_page(application),
        f"{get_page(application)}decline/",
        f"{own}requests/{application.pk}/",
        f"{own}requests/{application.pk}/decline/",
        f"{own}organisations/anchor/mail-domains/",
    ):
        assert client.get(path).status_code == 404, path
        assert client.post(path, {"organisation": "new", "is_statutory": "no"}).status_code == 404, path
    assert client.post(f"{own}organisations/anchor/mail-domains/{domain.pk}/withdraw/").status_code == 404
    assert "Kelp" not in client.get(f"{own}requests/").content.decode()


def test_one_that_is_not_verified_has_no_page(cast: Cast, sign_in: SignIn) -> None:
    application = make_application(cast.partnership, is_verified=False)
    assert sign_in(cast.administrator).get(get_page(application)).status_code == 404


def test_the_room_is_offered_to_those_who_decide(cast: Cast, sign_in: SignIn) -> None:
    for name in sorted(OFFICERS):
        page = sign_in(cast.people[name]).get("/p/harbour/desk/").content.decode()
        assert (f'href="{LIST}"' in page) == (name in ORGANISERS), name


def test_what_waits_stands_on_the_desk(cast: Cast, sign_in: SignIn) -> None:
    make_application(cast.partnership)
    assert "1 request to take part" in sign_in(cast.administrator).get("/p/harbour/desk/").content.decode()
    assert "request to take part" not in sign_in(cast.scrutineer).get("/p/harbour/desk/").content.decode()


# The list -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("show", ["", "?show=decided"])
def test_a_list_asks_as_much_for_one_as_for_three(
    cast: Cast, sign_in: SignIn, rows: int, show: str, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        application = make_application(
            cast.partnership, email=f"{number}@kelp.example", organisation=cast.organisation
        )
        if show:
            application.decision, application.decided_at = ApplicationDecision.DECLINED, timezone.now()
            application.decided_by = cast.administrator
            application.save()
    client = sign_in(cast.administrator)
    with django_assert_num_queries(5):
        page = client.get(LIST + show)
    assert page.content.decode().count("@kelp.example") == rows


def test_a_list_is_paged(cast: Cast, sign_in: SignIn) -> None:
    for number in range(51):
        make_application(cast.partnership, email=f"{number}@kelp.example")
    client = sign_in(cast.administrator)
    assert client.get(LIST).content.decode().count("@kelp.example") == 50
    assert client.get(f"{LIST}?page=2").content.decode().count("@kelp.example") == 1


# Accepting ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def _mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "on_commit", run_at_once)


@pytest.mark.usefixtures("_mail")
def test_accepting_a_new_one_invites_it_to_the_cycles_that_are_ticked(cast: Cast, sign_in: SignIn) -> None:
    bank = factories.make_questionnaire(Variant.STANDARD)
    school = factories.make_questionnaire(Variant.SCHOOL)
    wanted = factories.make_cycle(cast.partnership, slug="wanted", questionnaires=(bank,))
    factories.make_cycle(cast.partnership, slug="not-wanted", questionnaires=(bank,))
    factories.make_cycle(cast.partnership, slug="schools", questionnaires=(school,))
    factories.make_cycle(cast.partnership, slug="planned", questionnaires=(bank,), status=CycleStatus.PLANNED)
    factories.make_cycle(cast.elsewhere, slug="elsewhere", questionnaires=(bank,))
    application = make_application(cast.partnership)
    client = sign_in(cast.quality_officer)
    page = client.get(get_page(application)).content.decode()
    assert "A new organisation: Kelp House" in page
    assert "Audit planned" not in page
    assert "Audit elsewhere" not in page
    chosen = {"organisation": "new", "is_statutory": "yes", "cycles": ["wanted", "schools"]}
    response = client.post(get_page(application), chosen)
    organisation = Organisation.objects.get(name="Kelp House")
    assert response.headers["Location"] == f"/p/harbour/desk/organisations/{organisation.slug}/"
    invited = [(one.cycle, one.obligation) for one in Invitee.objects.filter(organisation=organisation)]
    assert invited == [(wanted, Obligation.MUST)], "the schools' cycle does not ask its variant"
    assert "It is invited to Audit wanted." in client.get(response.headers["Location"]).content.decode()
    assert organisation.has_lead()
    assert mail.outbox[-1].to == ["nora@kelp.example"]


@pytest.mark.usefixtures("_mail")
def test_accepting_as_one_that_is_suggested(cast: Cast, sign_in: SignIn) -> None:
    application = make_application(cast.partnership, name="Beacon Home")
    client = sign_in(cast.administrator)
    assert "Beacon Homes" in client.get(get_page(application)).content.decode()
    client.post(
        get_page(application), {"organisation": str(cast.other_organisation.pk), "is_statutory": "no"}
    )
    assert Membership.objects.get(user__email="nora@kelp.example").organisation == cast.other_organisation


def test_only_what_is_suggested_can_be_chosen(cast: Cast, sign_in: SignIn) -> None:
    """Nobody is linked to an organisation of another partnership by a number made up."""
    hidden = factories.make_organisation("Moor House", slug="moor", partnership=cast.elsewhere)
    application = make_application(cast.partnership)
    response = sign_in(cast.administrator).post(
        get_page(application), {"organisation": str(hidden.pk), "is_statutory": "no"}
    )
    assert response.status_code == 200
    assert "Moor House" not in response.content.decode()
    application.refresh_from_db()
    assert application.decision == ""


def test_with_a_known_identifier_no_second_one_is_made(cast: Cast, sign_in: SignIn) -> None:
    factories.make_organisation("Quay", slug="quay", partnership=cast.partnership, urn="100123")
    application = make_application(cast.partnership, urn="100123")
    page = sign_in(cast.administrator).get(get_page(application)).content.decode()
    assert "The same identifier. Takes part here." in page
    assert "A new organisation" not in page


def test_declining_asks_for_the_reason_that_is_mailed(cast: Cast, sign_in: SignIn) -> None:
    application = make_application(cast.partnership)
    client = sign_in(cast.administrator)
    path = f"{get_page(application)}decline/"
    assert "Say why: the person reads it" in client.post(path, {"reason": " "}).content.decode()
    assert client.post(path, {"reason": "You are\nin Moorland."}).headers["Location"] == LIST
    application.refresh_from_db()
    assert (application.decision, application.decision_reason) == ("declined", "You are in Moorland.")
    assert client.get(path).status_code == 403
    assert "You are in Moorland." in client.get(get_page(application)).content.decode()


def test_all_of_it_or_nothing(cast: Cast) -> None:
    """A cycle that has closed meanwhile undoes the acceptance too."""
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,), status=CycleStatus.CLOSED)
    application = make_application(cast.partnership)
    with pytest.raises(NotInThisState):
        accept_and_invite(
            application=application,
            organisation=None,
            is_statutory=False,
            cycles=[cycle],
            by=cast.administrator,
        )
    application.refresh_from_db()
    assert application.decision == ""
    assert not Organisation.objects.filter(name="Kelp House").exists()


@pytest.mark.django_db(transaction=True)
def test_two_officers_accept_and_one_organisation_comes_of_it(cast: Cast) -> None:
    if not connection.features.test_db_allows_multiple_connections:
        pytest.skip("needs a database that two connections can write to")
    application = make_application(cast.partnership)

    def accept(by: User) -> Callable[[], object]:
        own = Application.objects.select_related("partnership").get(pk=application.pk)
        return lambda: accept_and_invite(
            application=own, organisation=None, is_statutory=False, cycles=[], by=by
        )

    told = run_together(accept(cast.administrator), accept(cast.quality_officer))
    assert sorted(bool(one) for one in told) == [False, True]
    assert "has been accepted by" in max(told)
    assert Organisation.objects.filter(name="Kelp House").count() == 1
    assert Membership.objects.filter(user__email="nora@kelp.example").count() == 1


# Mail domains ---------------------------------------------------------------------------------------------------------


def test_an_officer_confirms_and_withdraws_a_domain(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.quality_officer)
    page = "/p/harbour/desk/organisations/anchor/mail-domains/"
    assert "No domain is confirmed" in client.get(page).content.decode()
    client.post(page, {"domain": " @Anchor.Example "})
    domain = cast.organisation.mail_domains.get()
    assert (domain.domain, domain.confirmed_by) == ("anchor.example", cast.quality_officer)
    assert (
        "anchor.example is confirmed already"
        in client.post(page, {"domain": "anchor.example"}).content.decode()
    )
    client.post(f"{page}{domain.pk}/withdraw/")
    assert not MailDomain.objects.exists()


@pytest.mark.parametrize("domain", ["nhs.net", "gmail.com", "cove.sch.uk", "gov.uk", "nora@anchor.example"])
def test_a_shared_domain_is_refused(cast: Cast, sign_in: SignIn, domain: str) -> None:
    response = sign_in(cast.administrator).post(
        "/p/harbour/desk/organisations/anchor/mail-domains/", {"domain": domain}
    )
    assert "govuk-error-summary" in response.content.decode()
    assert not MailDomain.objects.exists()


def test_a_domain_of_another_organisation_names_nobody(cast: Cast, sign_in: SignIn) -> None:
    moor = factories.make_organisation("Moor House", slug="moor", partnership=cast.elsewhere)
    moor.mail_domains.create(domain="shared.example", confirmed_in=cast.elsewhere, confirmed_by=cast.outsider)
    response = sign_in(cast.administrator).post(
        "/p/harbour/desk/organisations/anchor/mail-domains/", {"domain": "shared.example"}
    )
    page = response.content.decode()
    assert "is another organisation’s, so it is shared" in page
    assert "Moor" not in page.replace("Moorland", "")


def test_a_domain_confirmed_elsewhere_is_seen_and_not_withdrawn(cast: Cast, sign_in: SignIn) -> None:
    cast.organisation.participations.create(partnership=cast.elsewhere)
    domain = cast.organisation.mail_domains.create(
        domain="anchor.example", confirmed_in=cast.elsewhere, confirmed_by=cast.outsider
    )
    page = "/p/harbour/desk/organisations/anchor/mail-domains/"
    client = sign_in(cast.administrator)
    shown = client.get(page).content.decode()
    assert "anchor.example" in shown
    assert "Withdraw" not in shown
    assert client.post(f"{page}{domain.pk}/withdraw/").status_code == 403
    desk = get_desk_or_404(cast.administrator, "harbour")
    participation = cast.organisation.participations.get(partnership=cast.partnership)
    assert reason_why_not(permissions.check_can_withdraw_domain, desk, participation, domain)
