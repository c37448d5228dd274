"""The pages that bring a passport in: who gets them in which state, what they say, and what an upload may be."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys.models import Audit, Evidence, PassportUpload
from surveys.passport_files import write_zip
from surveys.passport_plans import Mode
from surveys.passport_uploads import get_plan
from surveys.reach import EVERYTHING
from surveys.views import passports
from surveys.workflow import save_answers
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import address, bring_to, enter, make_draft, summary_of

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _no_renderings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies for people take seconds, and have tests of their own."""
    monkeypatch.setattr("surveys.passport_files.render_audit_copy", lambda audit, submission: b"%PDF-1.7")
    monkeypatch.setattr("surveys.passport_files.make_audit_workbook", lambda audit, submission: b"PK")


def make_zip(audit: Audit) -> SimpleUploadedFile:
    target = io.BytesIO()
    write_zip(audit, None, target)
    return SimpleUploadedFile("passport.zip", target.getvalue())


@pytest.fixture
def theirs(cast: Cast) -> Audit:
    """An audit elsewhere, with evidence and an action, of the same bank as Anchor Trust's."""
    audit = make_draft(cast, {"A1.1": 2, "A1.2": 1})
    place = factories.make_organisation("Elsewhere", slug="elsewhere", partnership=cast.elsewhere)
    cycle = factories.make_cycle(cast.elsewhere, questionnaires=(audit.questionnaire,))
    found = factories.make_audit(
        cycle, place, scores={"A1.1": 0, "A1.2": 1, "A2.1": 2, "A2.2": "It does not do this"}
    )
    answer = found.answers.get(indicator__code="A2.1")
    answer.evidence_links.create(evidence=factories.make_evidence(place, "Their policy"))
    found.answers.filter(indicator__code="A1.1").update(commentary="Nobody <does> it")
    factories.make_action(
        place, cast.elsewhere, answer=found.answers.get(indicator__code="A1.1"), what="Somebody does it"
    )
    return found


def upload_to(client: Client, file: SimpleUploadedFile) -> PassportUpload:
    response = client.post(address("passport_add"), {"file": file})
    upload = PassportUpload.objects.get()
    assert response.headers["Location"] == address("passport", upload=upload.pk)
    return upload


# Who


STATES = ("draft", "awaiting sign-off", "submitted", "returned", "draft, closed", "submitted, closed")
# 200 gets the page, 302 is done, 403 may not, 404 knows of nothing.
LEAD = ((200, 302, 302), (403,) * 3, (403,) * 3, (200, 302, 302), (403,) * 3, (403,) * 3)
MEMBER = ((403,) * 3,) * 6
STRANGER = ((404,) * 3,) * 6


@pytest.mark.parametrize(("number", "state"), list(enumerate(STATES)), ids=STATES)
def test_who_may_bring_in_what(cast: Cast, client: Client, number: int, state: str) -> None:
    bring_to(cast, state)
    audit = Audit.objects.get(invitee__organisation=cast.organisation)
    expected = {"lead": LEAD, "contributor": MEMBER, "signatory": MEMBER, "viewer": MEMBER}
    found = {name: ask(client, person, audit) for name, person in cast.people.items()}
    assert found == {name: expected.get(name, STRANGER)[number] for name in found}


def ask(client: Client, person: User, audit: Audit) -> tuple[int, ...]:
    """For the form, for bringing in and for discarding an upload of one's own; what is written is taken back."""
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    statuses = [client.get(address("passport_add")).status_code]
    for name in ("passport", "passport_discard"):
        with transaction.atomic():
            upload = factories.make_passport_upload(audit, by=person)
            seen = get_plan(upload, audit, EVERYTHING).fingerprint
            posted = {"mode": Mode.EMPTY.value, "seen": seen}
            statuses.append(client.post(address(name, upload=upload.pk), posted).status_code)
            transaction.set_rollback(True)
    return tuple(statuses)


def test_somebody_else_s_upload_is_not_there(cast: Cast, sign_in: SignIn, theirs: Audit) -> None:
    upload = upload_to(sign_in(cast.lead), make_zip(theirs))
    colleague = factories.make_member("second@anchor.example", organisation=cast.organisation)
    client = sign_in(colleague)
    assert client.get(address("passport", upload=upload.pk)).status_code == 404
    assert client.post(address("passport_discard", upload=upload.pk)).status_code == 404
    assert PassportUpload.objects.filter(pk=upload.pk).exists()
    assert client.get(address("passport", upload=upload.pk + 1)).status_code == 302


@pytest.mark.parametrize("person", ["lead", "contributor"])
def test_the_task_list_leads_a_lead_there(cast: Cast, sign_in: SignIn, person: str) -> None:
    make_draft(cast)
    page = sign_in(cast.people[person]).get(address("audit")).text
    assert (address("passport_add") in page) == (person == "lead")


# What it shows and does


def test_the_page_shows_what_it_would_do(cast: Cast, sign_in: SignIn, theirs: Audit) -> None:
    client = sign_in(cast.lead)
    upload = upload_to(client, make_zip(theirs))
    page = client.get(address("passport", upload=upload.pk)).text
    for words in (
        "Elsewhere, Audit 2026",
        "This is the passport of Elsewhere, not of Anchor Trust.",
        "Nobody &lt;does&gt; it",
        "2 answers new here",
        "The same as yours: A1.2",
        "Their policy",
        "Somebody does it",
        "Replace mine where they differ (1 answer)",
        "2 answers, 1 new item of evidence, 0 actions; yours stay as they are",
        "3 answers, 1 new item of evidence, 1 action",
    ):
        assert words in page
    assert "waits for your decision" in client.get(address("passport_add")).text
    # Looking changes nothing.
    assert not Evidence.objects.filter(organisation=cast.organisation).exists()


def test_it_is_brought_in(cast: Cast, sign_in: SignIn, theirs: Audit) -> None:
    client = sign_in(cast.lead)
    upload = upload_to(client, make_zip(theirs))
    here = address("passport", upload=upload.pk)
    seen = get_plan(upload, upload.audit, EVERYTHING).fingerprint
    assert summary_of(client.post(here, {"seen": seen}).text) == [
        ("#id_mode", "Choose what should happen to your own answers")
    ]
    response = client.post(here, {"mode": "replace", "seen": seen}, follow=True)
    assert "Brought in: 3 answers, 1 new item of evidence and 1 action." in response.content.decode()
    standard = client.get(address("audit_standard", code="A1")).text
    assert "Brought in from a passport" in standard
    assert 'value="confirm:A1.1"' in standard
    assert "or in from a passport" in client.get(address("standard_confirm", code="A1")).text
    # A second press finds it done.
    again = client.post(here, {"mode": "replace", "seen": seen}, follow=True)
    assert "was brought in or discarded" in again.content.decode()


def test_who_is_late_sees_it_as_it_is_now(cast: Cast, sign_in: SignIn, theirs: Audit) -> None:
    client = sign_in(cast.lead)
    upload = upload_to(client, make_zip(theirs))
    seen = get_plan(upload, upload.audit, EVERYTHING).fingerprint
    save_answers(audit=upload.audit, entered=[enter(upload.audit, "A1.2", 2, seen=1)], by=cast.contributor)
    here = address("passport", upload=upload.pk)
    page = client.post(here, {"mode": "replace", "seen": seen}, follow=True).content.decode()
    assert "Somebody has changed this audit since" in page
    assert "Replace mine where they differ (2 answers)" in page


def test_it_is_discarded(cast: Cast, sign_in: SignIn, theirs: Audit, settings: LazySettings) -> None:
    client = sign_in(cast.lead)
    upload = upload_to(client, make_zip(theirs))
    page = client.post(address("passport_discard", upload=upload.pk), follow=True).content.decode()
    assert "The passport is discarded. Nothing was changed." in page
    assert not PassportUpload.objects.exists()
    assert not upload.file.storage.exists(str(upload.file.name))


# What may be uploaded


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "That is not a zip"),
        (b"%PDF-1.7", "That is not a zip"),
        (b"PK\3\4nonsense", "The zip is damaged"),
    ],
)
def test_what_is_no_passport_is_refused_and_not_kept(
    cast: Cast, sign_in: SignIn, content: bytes, words: str
) -> None:
    make_draft(cast)
    client = sign_in(cast.lead)
    response = client.post(address("passport_add"), {"file": SimpleUploadedFile("a.zip", content)})
    assert response.status_code == 422
    ((target, said),) = summary_of(response.text)
    assert (target, words in said) == ("#id_file", True)
    assert not PassportUpload.objects.exists()


def test_nothing_chosen_is_said(cast: Cast, sign_in: SignIn) -> None:
    make_draft(cast)
    response = sign_in(cast.lead).post(address("passport_add"))
    assert summary_of(response.text) == [("#id_file", "Choose the zip")]


def test_a_passport_may_be_larger_than_other_uploads(
    cast: Cast, sign_in: SignIn, theirs: Audit, settings: LazySettings
) -> None:
    settings.UPLOAD_MAX_SIZE, settings.UPLOAD_MAX_FILES = 1_000, 1
    client = sign_in(cast.lead)
    assert upload_to(client, make_zip(theirs)).file.size > 1_000
    # And nothing else may.
    response = client.post(
        address("audit_evidence", code="A1.1"), {"uploads": SimpleUploadedFile("a.txt", b"x" * 1_001)}
    )
    assert "is larger than" in response.text


def test_one_that_is_too_large_is_refused(
    cast: Cast, sign_in: SignIn, theirs: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passports.passport_add, "largest_upload", 1_000)
    response = sign_in(cast.lead).post(address("passport_add"), {"file": make_zip(theirs)})
    ((_, said),) = summary_of(response.text)
    assert "is larger than 400 MB" in said
    assert not PassportUpload.objects.exists()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, sign_in: SignIn, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    codes = ("A1.1", "A1.2", "A2.1")[:rows]
    audit = make_draft(cast, dict.fromkeys(codes, 0))
    for answer in audit.answers.all():
        answer.evidence_links.create(evidence=factories.make_evidence(cast.organisation, f"For {answer.pk}"))
        factories.make_action(cast.organisation, cast.partnership, answer=answer)
    client = sign_in(cast.lead)
    upload = upload_to(client, make_zip(audit))
    audit.answers.update(score=2)
    with django_assert_num_queries(12):
        page = client.get(address("passport", upload=upload.pk)).text
    assert f"Replace mine where they differ ({rows} answer" in page
