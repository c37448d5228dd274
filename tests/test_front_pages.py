"""The pages on top: what this is, home, health, and the first page of each partnership, desk and agency."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accountability.enums import ReportStatus
from s11.organisations import workflow
from s11.organisations.enums import MembershipRole, OfficerRole, Variant
from s11.organisations.models import Membership, Organisation, Participation, Partnership, User
from s11.web.text import plural
from surveys.enums import AuditStatus, CycleStatus
from surveys.landing import get_agency_audits, get_open_cycles, get_public_question_banks
from surveys.models import Calibration, Cycle, Questionnaire, SupportOffer
from surveys.participation import get_participation
from tests import factories
from tests.accountability.reports import make_report
from tests.conftest import Cast
from tests.organisations.invitations import make_invitation

SignIn = Callable[[User], Client]


# Everybody ------------------------------------------------------------------------------------------------------------


def test_the_front_page_says_what_this_is_and_who_uses_it(cast: Cast, client: Client) -> None:
    page = client.get("/").text
    assert "Children Act 2004" in page
    assert 'href="/p/harbour/"' in page
    assert 'href="/p/moorland/"' in page
    assert 'href="/accounts/login/"' in page


def test_somebody_signed_in_is_led_home(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.lead).get("/").text
    assert "Go to your home page" in page
    # The one left stands in what is said once the session has ended.
    assert 'href="/accounts/login/"' not in page.partition("<main")[2]
    assert page.count('href="/accounts/login/"') == 1


def test_before_there_is_a_partnership(db: None, client: Client) -> None:
    assert "once there is one" in client.get("/").text


def test_the_front_page_costs_the_same_for_one_and_for_three(
    db: None, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (1, 3):
        for number in range(Partnership.objects.count(), count):
            factories.make_partnership(f"Area {number}", slug=f"area-{number}")
        with django_assert_num_queries(3):
            client.get("/")


def test_more_than_fifty_partnerships_have_a_second_page(db: None, client: Client) -> None:
    for number in range(51):
        factories.make_partnership(f"Area {number:02}", slug=f"area-{number:02}")
    assert "Area 50" not in client.get("/").text
    assert "Area 50" in client.get("/?page=2").text


@pytest.mark.parametrize("path", ["/", "/health/", "/contact/", "/home/"])
def test_pages_are_read_not_posted_to(cast: Cast, sign_in: SignIn, path: str) -> None:
    assert sign_in(cast.lead).post(path).status_code == 405


# A partnership's page -------------------------------------------------------------------------------------------------


def test_a_partnerships_page(cast: Cast, client: Client) -> None:
    cast.partnership.contact_email = "ask@harbour.example"
    cast.partnership.save()
    bank = factories.make_questionnaire()
    page = client.get("/p/harbour/").text
    assert "Nothing has been published yet." in page
    assert "mailto:ask@harbour.example" in page
    assert reverse("surveys:question_bank", args=["harbour", bank.pk]) in page
    assert client.get("/p/nowhere/").status_code == 404


def test_before_a_question_bank_is_loaded(cast: Cast, client: Client) -> None:
    assert "once the first is loaded" in client.get("/p/harbour/").text


def test_which_question_banks_everybody_may_read(cast: Cast) -> None:
    older = factories.make_questionnaire(edition="2025-26")
    newest = factories.make_questionnaire(edition="2026-27")
    school = factories.make_questionnaire(Variant.SCHOOL)
    elsewhere = factories.make_questionnaire(Variant.HEALTH, partnership=cast.elsewhere)

    def get_banks() -> list[Questionnaire]:
        return get_public_question_banks(cast.partnership)

    assert get_banks() == [newest, school]  # nothing was asked yet: what a new cycle would ask
    planned = factories.make_cycle(
        cast.partnership, slug="next", questionnaires=(newest,), status=CycleStatus.PLANNED
    )
    factories.make_cycle(cast.partnership, slug="last", questionnaires=(older,), status=CycleStatus.CLOSED)
    factories.make_cycle(cast.elsewhere, slug="theirs", questionnaires=(elsewhere,))
    assert get_banks() == [older]
    planned.status = CycleStatus.OPEN
    planned.save()
    assert get_banks() == [newest, older]


def test_a_partnerships_page_costs_the_same_for_one_and_for_three(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for variants in ((Variant.STANDARD,), (Variant.HEALTH, Variant.SCHOOL)):
        for variant in variants:
            factories.make_questionnaire(variant)
            bank = Questionnaire.objects.latest("pk")
            factories.make_cycle(cast.partnership, slug=f"c-{variant}", questionnaires=(bank,))
        with django_assert_num_queries(7):
            client.get("/p/harbour/")


# Home -----------------------------------------------------------------------------------------------------------------


def test_home_shows_ones_own_places_and_nobody_elses(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.lead).get("/home/").text
    assert 'href="/p/harbour/o/anchor/"' in page
    assert "Beacon Homes" not in page
    assert "/desk/" not in page
    page = sign_in(cast.quality_officer).get("/home/").text
    assert 'href="/p/harbour/desk/"' in page
    assert "Quality officer" in page
    assert "/p/moorland/" not in page
    assert "Anchor Trust" not in page


def test_home_bears_the_name_of_the_only_partnership(cast: Cast, sign_in: SignIn) -> None:
    def get_service(person: User) -> str:
        page = sign_in(person).get("/home/").text
        return page.partition("app-header__name")[2].partition("</a>")[0].rpartition(">")[2].strip()

    assert get_service(cast.lead) == "Harbour"
    assert get_service(cast.outsider) == "Moorland"
    assert get_service(factories.make_user("nobody@nowhere.example")) == "s11"
    factories.make_officer(cast.lead.email, partnership=cast.elsewhere)
    assert get_service(cast.lead) == "s11"


def test_an_organisation_stands_once_a_partnership_with_its_open_audits(cast: Cast, sign_in: SignIn) -> None:
    Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    bank = factories.make_questionnaire()
    for partnership, slug in ((cast.partnership, "ours"), (cast.elsewhere, "theirs")):
        cycle = factories.make_cycle(partnership, slug=slug, questionnaires=(bank,))
        factories.make_invitee(cycle, cast.organisation)
    page = sign_in(cast.viewer).get("/home/").text
    for link in (
        "/p/harbour/o/anchor/",
        "/p/moorland/o/anchor/",
        "/p/harbour/o/anchor/audits/ours/",
        "/p/moorland/o/anchor/audits/theirs/",
    ):
        assert page.count(f'href="{link}"') == 1


def test_what_waits_for_a_lead_and_for_an_officer(cast: Cast, sign_in: SignIn) -> None:
    quiet = factories.make_organisation("Quiet", slug="quiet", partnership=cast.partnership)
    asks = factories.make_user("asks@anchor.example", name="Ann Asks", password=factories.PASSWORD)
    for organisation in (cast.organisation, quiet):
        workflow.add_member(user=asks, organisation=organisation, role=MembershipRole.VIEWER, at_once=False)
    anchor = "Ann Asks asks to act for Anchor Trust as viewer"
    quiet_one = "Ann Asks asks to act for Quiet as viewer"
    expected = {
        "lead": {anchor},
        "viewer": set(),
        "stranger": set(),
        "administrator": {quiet_one},
        "quality_officer": {quiet_one},
        "scrutineer": set(),
        "outsider": set(),
    }
    for name, sentences in expected.items():
        page = sign_in(cast.people[name]).get("/home/").text
        assert {one for one in (anchor, quiet_one) if one in page} == sentences, name
    page = sign_in(asks).get("/home/").text
    assert "Not accepted yet" in page
    assert "/o/anchor/" not in page


def test_where_a_request_leads(cast: Cast, sign_in: SignIn) -> None:
    """To the rooms in a partnership in which the organisation takes part today."""
    Participation.objects.create(
        partnership=factories.make_partnership("Abbey", slug="abbey"),
        organisation=cast.organisation,
        is_active=False,
    )
    asks = factories.make_user("asks@anchor.example")
    workflow.add_member(user=asks, organisation=cast.organisation, role=MembershipRole.VIEWER, at_once=False)
    assert 'href="/p/harbour/o/anchor/people/"' in sign_in(cast.lead).get("/home/").text


def test_somebody_without_any_role_is_told_what_to_do(db: None, sign_in: SignIn) -> None:
    page = sign_in(factories.make_user("nobody@nowhere.example")).get("/home/").text
    assert "You act for no organisation at the moment." in page


def test_home_costs_the_same_for_one_and_for_three(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person = factories.make_user("busy@anchor.example")
    bank = factories.make_questionnaire()
    client = sign_in(person)
    for count in (1, 3):
        for number in range(person.offices.count(), count):
            add_everything(person, bank, number)
        with django_assert_num_queries(34):
            page = client.get("/home/").text
        assert page.count("Read and approve the report") == count
        assert page.count("support: accept or decline it") == count
        assert page.count("for calibration") == count
        assert page.count("asks to act for") == 2 * count
        assert page.count("You are invited to") == 2 * count


def add_everything(person: User, bank: Questionnaire, number: int) -> None:
    """One more partnership, organisation, open audit, request of each kind and invitation of each kind."""
    area = factories.make_partnership(f"Area {number}", slug=f"area-{number}")
    factories.make_officer(person.email, partnership=area)
    led = factories.make_organisation(f"Led {number}", partnership=area)
    factories.make_member(person.email, organisation=led)
    cycle = factories.make_cycle(area, questionnaires=(bank,))
    invitee = factories.make_invitee(cycle, led)
    SupportOffer.objects.create(invitee=invitee, series="self", submission=1, owner=person, made_by=person)
    Calibration.objects.create(cycle=cycle, rule="random", size=1, seed=1, by=person).scorers.create(
        user=person
    )
    leaderless = factories.make_organisation(f"Leaderless {number}", partnership=area)
    for organisation in (led, leaderless):
        asks = factories.make_user(f"asks@{organisation.slug}.example")
        Membership.objects.create(user=asks, organisation=organisation, role=MembershipRole.VIEWER)
    elsewhere = factories.make_partnership(f"Elsewhere {number}", slug=f"elsewhere-{number}")
    far = factories.make_organisation(f"Far {number}", partnership=elsewhere)
    Membership.objects.create(user=person, organisation=far, role=MembershipRole.VIEWER)
    administrator = factories.make_officer(f"admin@area{number}.example", partnership=area)
    make_report(cycle, by=administrator, status=ReportStatus.IN_REVIEW)
    make_invitation(
        email=person.email,
        role=MembershipRole.VIEWER,
        organisation=leaderless,
        partnership=area,
        by=administrator,
    )
    make_invitation(email=person.email, role=OfficerRole.PUBLISHER, partnership=area, by=administrator)


# The desk's first page ------------------------------------------------------------------------------------------------


def test_a_new_desk_says_where_to_begin(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.administrator)
    page = client.get("/p/harbour/desk/").text
    assert "Where to begin" in page
    assert page.count(">Done<") == 1  # the cast's organisations are there
    bank = factories.make_questionnaire()
    factories.make_cycle(cast.partnership, questionnaires=(bank,), status=CycleStatus.PLANNED)
    assert client.get("/p/harbour/desk/").text.count(">Done<") == 2
    factories.make_cycle(cast.partnership, slug="last", questionnaires=(bank,), status=CycleStatus.CLOSED)
    page = client.get("/p/harbour/desk/").text
    assert "Where to begin" not in page
    assert "No cycle is open." in page


def test_open_cycles_with_their_figures(cast: Cast, sign_in: SignIn) -> None:
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    factories.make_cycle(cast.elsewhere, slug="theirs", questionnaires=(bank,))
    statuses = (None, AuditStatus.DRAFT, AuditStatus.SUBMITTED, AuditStatus.RETURNED)
    for number, status in enumerate(statuses):
        organisation = factories.make_organisation(f"House {number}", partnership=cast.partnership)
        factories.make_invitee(cycle, organisation)
        if status:
            factories.make_audit(cycle, organisation, scores=2, status=status)
    # Opened but not answered is not started; exempt is in none of it.
    factories.make_audit(cycle, cast.organisation)
    exempt = factories.make_invitee(cycle, cast.other_organisation)
    exempt.exempt_reason = "Closing down"
    exempt.save()

    (shown,) = get_open_cycles(cast.partnership)
    assert (str(shown.started), str(shown.submitted)) == ("3 of 5 (60%)", "2 of 5 (40%)")
    figures = get_participation(cycle)
    assert (shown.started.count, shown.submitted) == (figures.started, figures.submitted_of_invited)
    client = sign_in(cast.publisher)
    page = client.get("/p/harbour/desk/").text
    assert "2 of 5 (40%)" in page
    # Each number is as long as the list that it leads to.
    address = reverse("surveys:cycle", args=["harbour", cycle.slug])
    for state, count in (
        ("not_started", shown.not_started),
        ("started", shown.in_progress),
        ("submitted", 2),
    ):
        assert f"{address}?state={state}#invited" in page
        assert plural(count, "organisation") in client.get(address, {"state": state}).text, state
    assert reverse("surveys:cycle", args=["harbour", cycle.slug]) in page
    assert "theirs" not in page


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (9, "9 days left"),
        (1, "1 day left"),
        (0, "today is the closing day"),
        (-2, "closing day was 2 days ago"),
    ],
)
def test_how_long_is_left(cast: Cast, sign_in: SignIn, days: int, words: str) -> None:
    closes_on = timezone.localdate() + datetime.timedelta(days=days)
    factories.make_cycle(cast.partnership, closes_on=closes_on)
    assert words in sign_in(cast.publisher).get("/p/harbour/desk/").text


def test_planned_and_open_cycles_stand_on_the_desk_and_on_the_public_page(
    cast: Cast, sign_in: SignIn
) -> None:
    bank = factories.make_questionnaire()
    planned = factories.make_cycle(
        cast.partnership, slug="next", questionnaires=(bank,), status=CycleStatus.PLANNED
    )
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    Cycle.objects.filter(pk=planned.pk).update(title="Next year", opens_on=tomorrow)
    factories.make_cycle(cast.partnership, slug="now", questionnaires=(bank,))
    client = sign_in(cast.publisher)
    assert "Next year</a>, opens on" in client.get("/p/harbour/desk/").text
    page = client.get("/p/harbour/").text
    assert "Audit now, until the end of" in page
    assert "Next year, opens on" in page
    assert f"/question-banks/{bank.pk}/?cycle=next" in page
    # One that should have opened by now: nobody knows when it will.
    Cycle.objects.filter(pk=planned.pk).update(opens_on=tomorrow - datetime.timedelta(days=2))
    assert "Next year" not in client.get("/p/harbour/").text


def test_a_cycle_without_anybody_invited(cast: Cast, sign_in: SignIn) -> None:
    factories.make_cycle(cast.partnership)
    page = sign_in(cast.administrator).get("/p/harbour/desk/").text
    assert "0 of 0" in page


def test_the_desk_costs_the_same_for_one_and_for_three(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.administrator)
    bank = factories.make_questionnaire()
    for count in (1, 3):
        for number in range(Membership.objects.requested().count(), count):
            organisation = factories.make_organisation(f"Quiet {number}", partnership=cast.partnership)
            asks = factories.make_user(f"asks{number}@quiet.example")
            Membership.objects.create(user=asks, organisation=organisation, role=MembershipRole.LEAD)
            cycle = factories.make_cycle(cast.partnership, slug=f"c{number}", questionnaires=(bank,))
            factories.make_audit(cycle, organisation, scores=1)
            factories.make_cycle(
                cast.partnership, slug=f"p{number}", questionnaires=(bank,), status=CycleStatus.PLANNED
            )
        with django_assert_num_queries(12):
            page = client.get("/p/harbour/desk/").text
        assert page.count("asks to act for") == count


def test_requests_wait_for_those_who_may_answer_them(cast: Cast, sign_in: SignIn) -> None:
    quiet = factories.make_organisation("Quiet", slug="quiet", partnership=cast.partnership)
    Membership.objects.create(
        user=factories.make_user("asks@quiet.example"), organisation=quiet, role=MembershipRole.LEAD
    )
    for name, count in (("quality_officer", 1), ("panel_member", 0), ("publisher", 0)):
        page = sign_in(cast.people[name]).get("/p/harbour/desk/").text
        assert page.count("asks@quiet.example asks to act for Quiet") == count, name


# An agency's first page -----------------------------------------------------------------------------------------------


def test_an_agencys_audits_now_and_earlier(cast: Cast, sign_in: SignIn) -> None:
    bank = factories.make_questionnaire()
    now = factories.make_cycle(cast.partnership, slug="now", questionnaires=(bank,))
    last = factories.make_cycle(
        cast.partnership, slug="last", questionnaires=(bank,), status=CycleStatus.CLOSED
    )
    planned = factories.make_cycle(
        cast.partnership, slug="planned", questionnaires=(bank,), status=CycleStatus.PLANNED
    )
    for cycle in (now, last, planned):
        factories.make_invitee(cycle, cast.organisation)
    factories.make_audit(last, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    factories.make_invitee(
        factories.make_cycle(cast.partnership, slug="others", questionnaires=(bank,)),
        cast.other_organisation,
    )
    page = sign_in(cast.contributor).get("/p/harbour/o/anchor/").text
    assert page.index("/audits/now/") < page.index("Earlier audits") < page.index("/audits/last/")
    for hidden in ("/audits/planned/", "/audits/others/"):
        assert hidden not in page


def test_an_agency_without_audits(cast: Cast, sign_in: SignIn) -> None:
    assert "No audit is open." in sign_in(cast.viewer).get("/p/harbour/o/anchor/").text


def test_how_an_audit_stands_in_a_word_and_a_line(cast: Cast) -> None:
    bank = factories.make_questionnaire()
    today = timezone.localdate()
    tomorrow, yesterday = (today + datetime.timedelta(days=days) for days in (1, -1))

    def tell(
        status: AuditStatus | None,
        *,
        closes_on: datetime.date = tomorrow,
        cycle_status: CycleStatus = CycleStatus.OPEN,
        scores: int | None = 2,
        exempt_reason: str = "",
    ) -> tuple[str, str]:
        organisation = factories.make_organisation("House", partnership=cast.partnership)
        cycle = factories.make_cycle(
            cast.partnership,
            slug=organisation.slug,
            questionnaires=(bank,),
            closes_on=closes_on,
            status=cycle_status,
        )
        invitee = factories.make_invitee(cycle, organisation)
        invitee.exempt_reason = exempt_reason
        invitee.save()
        if status:
            factories.make_audit(cycle, organisation, scores=scores, status=status)
        (audit,) = get_agency_audits([organisation.pk])
        return audit.word, audit.line

    def say(day: datetime.date) -> str:
        return f"{day.day} {day:%B %Y}"

    draft, closed = AuditStatus.DRAFT, CycleStatus.CLOSED
    due, overdue = f"Due by {say(tomorrow)}", f"Due by {say(yesterday)}, you can still submit"
    assert tell(None) == ("Not started", due)
    assert tell(draft, scores=None) == ("Not started", due)
    assert tell(draft) == ("Started", due)
    assert tell(draft, closes_on=today) == ("Started", f"Due by {say(today)}")
    assert tell(draft, closes_on=yesterday) == ("Overdue", overdue)
    assert tell(AuditStatus.SUBMITTED, closes_on=yesterday) == ("Submitted", f"Submitted on {say(today)}")
    assert tell(AuditStatus.RETURNED) == (
        "Returned",
        f"Submitted on {say(today)}, returned for correction",
    )
    assert tell(draft, cycle_status=closed) == ("Closed", f"Closed on {say(today)} without a submission")
    assert tell(AuditStatus.SUBMITTED, cycle_status=closed) == ("Submitted", f"Submitted on {say(today)}")
    assert tell(draft, exempt_reason="Closing") == ("Exempt", "You need not take part")


def test_an_agencys_page_costs_the_same_for_one_and_for_three(
    cast: Cast, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = sign_in(cast.lead)
    bank = factories.make_questionnaire()
    for count in (1, 3):
        for number in range(cast.organisation.invitees.count() // 2, count):
            for status in (CycleStatus.OPEN, CycleStatus.CLOSED):
                cycle = factories.make_cycle(
                    cast.partnership, slug=f"{status}{number}", questionnaires=(bank,), status=status
                )
                factories.make_audit(cycle, cast.organisation, scores=1)
        with django_assert_num_queries(8):
            page = client.get("/p/harbour/o/anchor/").text
        assert page.count("/o/anchor/audits/") == 2 * count


def test_an_organisation_that_has_left_reads_on(cast: Cast, sign_in: SignIn) -> None:
    Participation.objects.filter(organisation=cast.organisation).update(is_active=False)
    page = sign_in(cast.lead).get("/p/harbour/o/anchor/").text
    assert "Anchor Trust no longer takes part in Harbour." in page


@pytest.mark.parametrize("name", ["stranger", "administrator", "outsider"])
def test_an_agencys_rooms_are_its_members_alone(cast: Cast, sign_in: SignIn, name: str) -> None:
    assert sign_in(cast.people[name]).get("/p/harbour/o/anchor/").status_code == 404
    assert Organisation.objects.filter(slug="anchor").exists()
