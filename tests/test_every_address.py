"""Walks every address as every role, as a visitor and as a stranger, and fails on an address it does not know."""

from __future__ import annotations

import datetime
import itertools
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from s11.organisations.enums import LoadState, MembershipRole, OfficerRole, Register, Variant
from s11.organisations.models import (
    GroupAccess,
    Invitation,
    Membership,
    Officer,
    Organisation,
    RegisterLoad,
    Removal,
    User,
)
from s11.organisations.workflow.access_checks import Said, check_officers, check_organisation
from surveys.calibrating import draw_calibration
from surveys.enums import AuditStatus, CycleStatus, DocumentFormat, DocumentKind
from surveys.models import Audit, Clarification, Cycle, Document, Questionnaire, SavedView
from surveys.moderating import close_series
from surveys.resources.uploads import keep_table
from tests import factories
from tests.accountability.agency_returns import make_return_rows
from tests.accountability.feedback_world import make_feedback_rows
from tests.accountability.multi_agency import make_multi_agency_rows
from tests.accountability.outcomes import make_outcome_world
from tests.accountability.pack_rows import make_pack_rows
from tests.accountability.reports import make_report_world
from tests.accountability.risks import make_risk_rows
from tests.accountability.voices import make_voice_rows
from tests.accountability.world import make_meeting_world
from tests.addresses import ADDRESSES, EVERYBODY, OFFICERS, PARTNERSHIP, Address
from tests.cells import taken_back
from tests.conftest import Cast, make_cast
from tests.organisations.feed_tokens import give_token
from tests.organisations.taking_part import make_application
from tests.privacy.rows import make_privacy_rows
from tests.retention.walk_rows import make_retention_rows
from tests.surveys.mails import make_mail_world
from tests.surveys.offers import make_offer
from tests.surveys.practitioners import make_cycle_survey, make_survey
from tests.web.test_headers import check_headers

# allauth's own pages, which have tests of their own; what stands here is what a visitor and a signed-in person get.
SIGN_IN_PAGES = {
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (302, 200),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_reset_password_done": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    # The second step: who has not just signed in is asked who they are first, and what they do not have is not there.
    "mfa_index": (302, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (302, 404),
    "mfa_add_webauthn": (302, 302),
    "mfa_login_webauthn": (302, 302),
    "mfa_view_recovery_codes": (302, 404),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_download_recovery_codes": (302, 404),
    "socialaccount_login_cancelled": (200, 200),
}
# The same of pages that name something: nobody's passkey, and a provider that no setting names.
OF_SOMETHING: dict[str, tuple[dict[str, Any], int, int]] = {
    "mfa_edit_webauthn": ({"pk": 0}, 302, 302),
    "mfa_remove_webauthn": ({"pk": 0}, 302, 302),
    "openid_connect_login": ({"provider_id": "work"}, 404, 404),
    "openid_connect_callback": ({"provider_id": "work"}, 404, 404),
}
WITH_A_KEY = {"account_reset_password_from_key": {"uidb36": "1", "key": "wrong"}}

World = dict[str, int]


def list_names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from list_names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def make_invitation(email: str, by: User, **fields: Any) -> int:
    invitation = Invitation(email=email, invited_by=by, **fields)
    invitation.set_new_token()
    invitation.save()
    return int(invitation.pk)


def make_document(kind: DocumentKind, **subject: Any) -> Document:
    document = Document(kind=kind, format=DocumentFormat.PDF, built_at=timezone.now(), **subject)
    document.file.save("document.pdf", ContentFile(b"%PDF-1.7"))
    return document


def make_register_load(cast: Cast, state: LoadState) -> int:
    """One whose columns are to be chosen is the NHS’s."""
    load = RegisterLoad(
        partnership=cast.partnership,
        register=Register.ODS,
        name="trusts.csv",
        variant=Variant.HEALTH,
        state=state,
        requested_by=cast.quality_officer,
    )
    load.file.save("trusts.csv", ContentFile(b"Code,Name\nRJ1,Harbour Trust\n"))
    return int(load.pk)


def make_passport(audit: Audit, by: User) -> int:
    with (
        patch("surveys.passport_files.render_audit_copy", return_value=b"%PDF-1.7"),
        patch("surveys.passport_files.make_audit_workbook", return_value=b"PK"),
    ):
        return int(factories.make_passport_upload(audit, by=by).pk)


def make_audit_elsewhere(cast: Cast, bank: Questionnaire) -> Audit:
    """In the other partnership. It begins too late for another audit to start from it."""
    opens_on, closes_on = (timezone.localdate() + datetime.timedelta(days=days) for days in (40, 70))
    cycle = factories.make_cycle(
        cast.elsewhere, slug="draft", questionnaires=(bank,), opens_on=opens_on, closes_on=closes_on
    )
    return factories.make_audit(cycle, cast.organisation, scores=1)


def make_leaderless(cast: Cast) -> Organisation:
    """A child of the cast's organisation in the register, with no lead; what it may not see from that alone."""
    leaderless = factories.make_organisation("Leaderless", slug="leaderless", partnership=cast.partnership)
    leaderless.parent = cast.organisation
    leaderless.save()
    return leaderless


@dataclass(frozen=True, slots=True)
class Built:
    """What stands beneath every test here, each person with the cookies they signed in with, and the files' folder."""

    cast: Cast
    world: World
    folder: Path
    people: dict[str, User]
    cookies: dict[str, str]


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    """Built once for all tests here: there are hundreds, and a request's writes are taken back."""
    folder = tmp_path_factory.mktemp("world")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=folder), taken_back():
        cast = make_cast()
        world = make_world(cast)
        people = get_people(cast)
        yield Built(cast, world, folder, people, {name: sign_in(one) for name, one in people.items()})


def sign_in(person: User) -> str:
    """Their session's key."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def cast(built: Built, db: None) -> Cast:
    return built.cast


@pytest.fixture
def world(built: Built, db: None, settings: LazySettings) -> World:
    """What a test changes is rolled back, and its files are names of its own: a file is removed, never rewritten."""
    shutil.copytree(built.folder, settings.MEDIA_ROOT, copy_function=os.link)
    return built.world


def make_world(cast: Cast) -> World:  # noqa: PLR0915  a list of rows, which parts would only hide
    """Rows that addresses name: one of each kind, beside the cast."""
    bank = factories.make_questionnaire()
    cycles = {
        slug: factories.make_cycle(cast.partnership, slug=slug, questionnaires=(bank,))
        for slug in ("fresh", "draft", "sent")
    }
    placed_here = factories.make_invitee(cycles["fresh"], cast.organisation)
    planned = factories.make_cycle(
        cast.partnership, slug="planned", questionnaires=(bank,), status=CycleStatus.PLANNED
    )
    factories.make_invitee(planned, cast.organisation)
    draft = factories.make_audit(
        cycles["draft"], cast.organisation, scores={"A1.1": 2, "A1.2": 1, "A2.1": 2, "A2.2": 2}
    )
    draft.profile_answers.create(question=bank.profile_questions.get(), value="12")
    make_cycle_survey(cycles["draft"], by=cast.administrator)
    make_survey(draft.invitee, by=cast.lead)
    for slug in ("to-sign", "waiting"):
        signing = factories.make_cycle(
            cast.partnership, slug=slug, questionnaires=(bank,), asks_sign_off=True
        )
        audit = factories.make_audit(signing, cast.organisation, scores=2)
        audit.profile_answers.create(question=bank.profile_questions.get(), value="12")
    factories.make_sign_off(audit)
    own = factories.make_cycle(cast.partnership, slug="own-tool", questionnaires=(bank,))
    factories.make_own_tool_return(factories.make_invitee(own, cast.organisation))
    sent = factories.make_audit(cycles["sent"], cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    # Too early for an audit to start from it
    before = [timezone.localdate() - datetime.timedelta(days=days) for days in (900, 800)]
    final = factories.make_audit(
        factories.make_cycle(
            cast.partnership,
            slug="final",
            questionnaires=(bank,),
            opens_on=before[0],
            closes_on=before[1],
        ),
        cast.organisation,
        scores=2,
        status=AuditStatus.SUBMITTED,
    )
    close_series(audit=final, by=cast.quality_officer)
    asked = Clarification.objects.create(
        answer=final.answers.all()[0], submission=1, question="Who saw it?", asked_by=cast.quality_officer
    )
    there = make_audit_elsewhere(cast, bank)
    # Law that has come into force since the last audit opened
    newer = factories.make_questionnaire(edition="2027-28", standards={"A9": 1})
    newer.indicators.update(in_force=timezone.localdate())
    evidence = factories.make_evidence(cast.organisation)
    version = evidence.versions.get()
    for backed, pinned in ((draft, None), (sent, version)):
        backed.answers.get(indicator__code="A1.1").evidence_links.create(
            evidence=evidence, submitted_version=pinned
        )
    leaderless = make_leaderless(cast)
    site = factories.make_organisation("Cove House", slug="cove", partnership=cast.partnership)
    factories.make_access(site, cast.organisation, by=cast.administrator)
    placed = factories.make_invitee(cycles["fresh"], site)
    newcomer = factories.make_user("newcomer@anchor.example", password=factories.PASSWORD)
    make_feedback_rows(cast)
    copy = make_document(DocumentKind.AUDIT_COPY, audit=sent, submission=1)
    report = make_document(DocumentKind.OVERVIEW, partnership=cast.partnership, cycle=cycles["sent"])
    return {
        **make_mail_world(placed_here, cast.administrator),
        **make_meeting_world(cycles["fresh"], cast),
        **make_pack_rows(cast),
        **make_outcome_world(bank, cast),
        **make_report_world(Cycle.objects.get(slug="given"), cast),
        **make_risk_rows(cast, cycles["sent"]),
        **make_return_rows(cast),
        **make_multi_agency_rows(cast),
        **make_voice_rows(cast),
        **make_retention_rows(cast),
        "passport": make_passport(draft, cast.lead),
        "viewer": cast.viewer.pk,
        "contributor": cast.contributor.pk,
        "request": Membership.objects.create(
            user=newcomer, organisation=cast.organisation, role=MembershipRole.VIEWER
        ).pk,
        "leaderless_request": Membership.objects.create(
            user=newcomer, organisation=leaderless, role=MembershipRole.LEAD
        ).pk,
        "pin": placed.cycle_questionnaire_id,
        "access_asked": GroupAccess.objects.create(
            site=cast.organisation, group=cast.other_organisation, asked_by=cast.stranger
        ).pk,
        "access_offered": GroupAccess.objects.create(
            site=cast.other_organisation, group=cast.organisation, is_offer=True, asked_by=cast.stranger
        ).pk,
        "lead_membership": cast.lead.memberships.get().pk,
        "register": make_register_load(cast, LoadState.FAILED),
        "register_columns": make_register_load(cast, LoadState.CHOOSING),
        "publisher_office": Officer.objects.get(user=cast.publisher).pk,
        "member_invitation": make_invitation(
            "a@anchor.example", cast.lead, organisation=cast.organisation, role=MembershipRole.VIEWER
        ),
        "organisation_invitation": make_invitation(
            "b@anchor.example",
            cast.administrator,
            organisation=cast.organisation,
            partnership=cast.partnership,
            role=MembershipRole.LEAD,
        ),
        "officer_invitation": make_invitation(
            "c@harbour.example", cast.administrator, partnership=cast.partnership, role=OfficerRole.PUBLISHER
        ),
        "access_check": check_organisation(organisation=cast.organisation, said=Said({}), by=cast.lead).pk,
        "officer_check": check_officers(
            partnership=cast.partnership, said=Said({}), by=cast.administrator
        ).pk,
        "feed_token": give_token(cast.quality_officer, cast.partnership)[0].pk,
        "question": asked.pk,
        "calibration": draw_calibration(
            cycle=cycles["sent"],
            rule="random",
            size=2,
            seed=7,
            scorers=[cast.administrator, cast.quality_officer],
            by=cast.administrator,
        ).pk,
        **make_privacy_rows(cast),
        "offer": make_offer(sent, cast.quality_officer).pk,
        "audit_elsewhere": there.pk,
        "application": make_application(cast.partnership).pk,
        "mail_domain": cast.organisation.mail_domains.create(
            domain="anchor.example", confirmed_in=cast.partnership, confirmed_by=cast.administrator
        ).pk,
        "removed_domain": Removal.objects.create(
            kind="mail_domain", title="The mail domain", partnership=cast.partnership
        ).pk,
        "removed_person": Removal.objects.create(
            kind="person", title="Sam", organisation=cast.organisation
        ).pk,
        "evidence": evidence.pk,
        "evidence_version": version.pk,
        "copy": copy.pk,
        "report": report.pk,
        "bank": bank.pk,
        "saved_view": SavedView.objects.create(
            user=cast.quality_officer, partnership=cast.partnership, name="Stalled", query="state=stalled"
        ).pk,
        "action": factories.make_action(cast.organisation, cast.partnership).pk,
        "table": make_document(
            DocumentKind.TABLE,
            partnership=cast.partnership,
            table="organisations",
            requested_by=cast.administrator,
        ).pk,
        "table_upload": keep_table(
            table="organisations",
            partnership=cast.partnership,
            cycle=None,
            file=SimpleUploadedFile("table.csv", b"Key,Statutory\nanchor,no\n"),
            by=cast.administrator,
        ).pk,
        "plan": make_document(
            DocumentKind.ACTION_PLAN, participation=cast.organisation.participations.get()
        ).pk,
    }


def make_url(address: Address, world: World) -> str:
    return reverse(
        address.name, kwargs={name: world.get(value, value) for name, value in address.arguments.items()}
    )


def list_desks(world: World) -> list[Address]:
    return [address for address in ADDRESSES if "/desk/" in make_url(address, world)]


def ask(client: Client, address: Address, url: str) -> int:
    """The status; whatever the request wrote is taken back, so that the next person finds the same world."""
    with taken_back():
        response = getattr(client, address.method)(url, data=dict(address.data))
        status = int(response.status_code)
        check_headers(response)
        if response.streaming:
            # Read to its end, the test client closes the file.
            assert b"".join(response.streaming_content)
        if status == 302 and response.url.startswith(reverse("account_login")):
            status = 401
        if status != 401 and not address.is_public:
            assert "no-store" in response.headers.get("Cache-Control", ""), url
    return status


def get_people(cast: Cast) -> dict[str, User]:
    return {**cast.people, "nobody": make_leaver(cast)}


def make_leaver(cast: Cast) -> User:
    """Nobody any more: they have had every role here, and each has ended. No page, link or file is left to them."""
    person, ended = factories.make_user("nobody@nowhere.example"), timezone.now()
    Membership.objects.bulk_create(
        Membership(user=person, organisation=cast.organisation, role=role, started_at=ended, ended_at=ended)
        for role in MembershipRole
    )
    Officer.objects.bulk_create(
        Officer(user=person, partnership=cast.partnership, role=role, ended_at=ended) for role in OfficerRole
    )
    return person


@pytest.mark.once  # the longest of all; journeys meet these pages on SQLite
@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_each_role_gets_what_the_table_says(
    address: Address, built: Built, world: World, client: Client
) -> None:
    """The visitor, who is not signed in, sees what is public, and else is asked to sign in."""
    url = make_url(address, world)
    assert set(built.people) == EVERYBODY
    found = {"visitor": ask(Client(), address, url)}
    for name in built.people:
        client.cookies[django_settings.SESSION_COOKIE_NAME] = built.cookies[name]
        found[name] = ask(client, address, url)
    public = address.status if address.who else 404
    expected = {name: address.expect(name) for name in built.people}
    assert found == expected | {"visitor": public if address.is_public else 401}


def test_no_address_is_missing_from_the_table() -> None:
    allauths = SIGN_IN_PAGES.keys() | WITH_A_KEY.keys() | OF_SOMETHING.keys()
    known = {address.name for address in ADDRESSES} | allauths
    served = {name for name in list_names(get_resolver().url_patterns) if not name.startswith("admin:")}
    assert served - known == set(), "add a line to tests/addresses.py"
    assert known - served == set(), "tests/addresses.py names what is not there"


@pytest.mark.parametrize("name", sorted(SIGN_IN_PAGES))
def test_sign_in_pages(name: str, cast: Cast, client: Client) -> None:
    anonymous, signed_in = SIGN_IN_PAGES[name]
    assert client.get(reverse(name)).status_code == anonymous
    client.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse(name)).status_code == signed_in


def test_sign_in_pages_of_something(cast: Cast, client: Client) -> None:
    signed_in = Client()
    signed_in.force_login(cast.lead, backend="django.contrib.auth.backends.ModelBackend")
    found = {
        name: (
            arguments,
            *(one.get(reverse(name, kwargs=arguments)).status_code for one in (client, signed_in)),
        )
        for name, (arguments, *_) in OF_SOMETHING.items()
    }
    assert found == OF_SOMETHING


def test_a_wrong_reset_link_says_so(db: None, client: Client) -> None:
    for name, arguments in WITH_A_KEY.items():
        assert client.get(reverse(name, kwargs=arguments)).status_code == 200


def test_the_admin_site_is_for_staff_alone(built: Built, db: None, client: Client) -> None:
    """Each view turns each person away itself, whoever let them come so far; and whoever comes by the front door."""
    names = [name for name in list_names(get_resolver().url_patterns) if name.startswith("admin:")]
    urls = [reverse(name) for name in names if name.endswith(("_changelist", "_add", "index"))]
    assert reverse("admin:index") in urls
    views, login = {url: resolve(url) for url in urls}, reverse("admin:login")
    for name, person in built.people.items():
        for url, view in views.items():
            request = RequestFactory().get(url)
            request.user = person
            response = view.func(request, *view.args, **view.kwargs)
            assert (response.status_code, response.headers["Location"]) == (302, f"{login}?next={url}"), name
        client.cookies[django_settings.SESSION_COOKIE_NAME] = built.cookies[name]
        assert client.get(reverse("admin:index")).status_code == 302
    client.cookies[django_settings.SESSION_COOKIE_NAME] = built.cookies["administrator"]
    assert {client.get(url).status_code for url in urls} == {302}


def test_addresses_of_partnerships_that_do_not_exist(cast: Cast, world: World, client: Client) -> None:
    client.force_login(cast.administrator, backend="django.contrib.auth.backends.ModelBackend")
    for address in ADDRESSES:
        if PARTNERSHIP.items() <= dict(address.arguments).items():
            elsewhere = Address(
                address.name, {**address.arguments, "partnership": "nowhere"}, method=address.method
            )
            # What a token alone opens says first that there is none.
            expected = 401 if address.status == 401 else 404
            assert ask(client, elsewhere, make_url(elsewhere, world)) == expected, address


def test_a_number_too_large_for_a_row_is_of_none(built: Built, world: World) -> None:
    """One more than a column holds, and one far beyond; by turns, each view once."""
    named = [one for one in ADDRESSES if one.who and world.keys() & set(one.arguments.values())]
    asked = {(one.name, one.method): one for one in named}
    client, answers = Client(raise_request_exception=False), Counter[int]()
    for address, number in zip(asked.values(), itertools.cycle((2**63, 10**30)), strict=False):
        client.cookies[django_settings.SESSION_COOKIE_NAME] = built.cookies[min(address.who)]
        status = ask(client, address, make_url(address, dict.fromkeys(world, number)))
        assert status < 500, address
        answers[status] += 1
    assert answers[404] > 100


# What an address says beside the rows that it names.
NO_ROWS = {"partnership", "step", "variant", "file_format", "kind", "what", "table", "year"}
# An upload that is not there, or no more, leads to the page where one uploads: whosever it was.
LEADING_BACK = {"surveys:table_upload", "surveys:table_upload_discard"}


def test_no_desk_is_open_to_strangers(world: World) -> None:
    """As the table says, and so as the walk above finds: nobody else finds a list or a row of a desk."""
    desks = list_desks(world)
    assert len({address.name for address in desks}) > 60
    for address in desks:
        assert {address.expect(person) for person in EVERYBODY - OFFICERS} == {404}, address


def test_no_desk_opens_the_rows_of_another(cast: Cast, world: World, client: Client) -> None:
    """An officer asks, under their own partnership's address, for what is Harbour's."""
    client.force_login(cast.outsider, backend="django.contrib.auth.backends.ModelBackend")
    # The only slug that both have.
    Cycle.objects.filter(partnership=cast.elsewhere, slug="draft").update(slug="moorland-draft")
    asked = [address for address in list_desks(world) if address.arguments.keys() - NO_ROWS]
    for address in asked:
        there = Address(
            address.name,
            {**address.arguments, "partnership": "moorland"},
            method=address.method,
            data=address.data,
        )
        expected = 302 if address.name in LEADING_BACK else 404
        assert ask(client, there, make_url(there, world)) == expected, address
    assert len({address.name for address in asked}) > 45
