"""The escalation ladder: its order, who climbs it, its letters on paper and by e-mail."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from s11.organisations.enums import ContactKind
from s11.organisations.models import Participation
from s11.organisations.queries import get_desk_or_404
from s11.web.errors import reason_why_not
from surveys.enums import AuditStatus, DocumentKind, EscalationStep
from surveys.escalating import NotInThisState, get_last_step, take_step
from surveys.escalation_steps import get_next_steps
from surveys.models import Cycle, Document, Escalation, Invitee, Message
from surveys.outbox import send_due
from surveys.outbox_permissions import check_can_escalate
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.mails import make_contact, make_step
from tests.surveys.test_outbox_pages import OFFICERS, WORKERS, SignIn

LADDER = "/p/harbour/desk/cycles/2026/escalations/anchor/"
CALL, CHIEF, PARTNERS, RESOLVED = EscalationStep


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


@grounded
def invitee(cycle: Cycle, cast: Cast) -> Invitee:
    return factories.make_invitee(cycle, cast.organisation)


@pytest.fixture
def officer(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.quality_officer)


ALLOWED = {
    None: {CALL},
    CALL: {CALL, CHIEF, RESOLVED},
    CHIEF: {PARTNERS, RESOLVED},
    PARTNERS: {RESOLVED},
    RESOLVED: {CALL},
}


@pytest.mark.parametrize("last", [None, *EscalationStep])
def test_who_may_take_which_step(cast: Cast, invitee: Invitee, last: EscalationStep | None) -> None:
    taken = make_step(invitee, last, by=cast.administrator) if last else None
    assert set(get_next_steps(last)) == ALLOWED[last]
    found = {}
    for person in OFFICERS:
        desk = get_desk_or_404(cast.people[person], "harbour")
        found[person] = {
            step
            for step in EscalationStep
            if not reason_why_not(check_can_escalate, desk, invitee, step, taken)
        }
    assert found == {person: ALLOWED[last] if person in WORKERS else set() for person in OFFICERS}


@pytest.mark.parametrize("what", ["submitted", "exempt", "closed"])
def test_nothing_is_chased_that_is_not_owed_but_it_can_be_resolved(
    cast: Cast, invitee: Invitee, what: str
) -> None:
    desk = get_desk_or_404(cast.quality_officer, "harbour")
    taken = make_step(invitee, CALL, by=cast.administrator)
    if what == "submitted":
        factories.make_audit(invitee.cycle, invitee.organisation, scores=2, status=AuditStatus.SUBMITTED)
    elif what == "exempt":
        invitee.exempt_reason = "No children"
    else:
        invitee.cycle.status = "closed"
    if what == "submitted":
        invitee = Invitee.objects.get(pk=invitee.pk)
    assert reason_why_not(check_can_escalate, desk, invitee, CHIEF, taken)
    assert not reason_why_not(check_can_escalate, desk, invitee, RESOLVED, taken)


def test_up_the_ladder(
    invitee: Invitee,
    cast: Cast,
    officer: Client,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    chief = make_contact(
        invitee, ContactKind.CHIEF_EXECUTIVE, name="Carla Chief", email="chief@anchor.example"
    )
    assert "No step has been taken" in officer.get(LADDER).text
    assert "Enter what was said" in officer.post(f"{LADDER}call/", {"note": ""}).text
    page = officer.post(f"{LADDER}call/", {"note": "Spoke to Lee: next week."}, follow=True).text
    assert "Spoke to Lee: next week." in page
    page = officer.get(f"{LADDER}chief_executive/").text
    assert "Dear Carla Chief," in page
    letter = {"contact": chief.pk, "subject": "See to it", "note": "Dear Carla,\r\n\r\nit is late."}
    with django_capture_on_commit_callbacks(execute=True):
        officer.post(f"{LADDER}chief_executive/", letter)
    step = get_last_step(invitee)
    assert step is not None
    assert (step.step, step.contact, step.by) == (CHIEF, chief, cast.quality_officer)
    document = Document.objects.get(kind=DocumentKind.LETTER)
    with document.file.open("rb") as file:
        assert file.read().startswith(b"%PDF")
    answer = officer.get(f"{LADDER}letters/{document.pk}/")
    assert f"anchor-trust-letter-harbour-2026-l{step.pk}.pdf" in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert send_due(timezone.now()) == (1, 0)
    [gone] = mail.outbox
    assert (gone.to, gone.subject) == (["chief@anchor.example"], "See to it")
    assert f"This letter is HARBOUR-2026-L{step.pk}" in str(gone.body)
    assert [name for name, _, _ in gone.attachments] == ["letter.pdf"]
    assert "To the safeguarding partners" in officer.get(f"{LADDER}partners/").text
    officer.post(f"{LADDER}partners/", {"note": "Decide."})
    officer.post(f"{LADDER}resolved/", {"note": "It came."})
    assert [one.step for one in invitee.escalations.all()] == [CALL, CHIEF, PARTNERS, RESOLVED]
    assert Message.objects.count() == 1
    assert "Record a call to the lead" in officer.get(LADDER).text


def test_without_a_contact_the_letter_is_printed(invitee: Invitee, cast: Cast, officer: Client) -> None:
    make_step(invitee, CALL, by=cast.administrator)
    page = officer.get(f"{LADDER}chief_executive/").text
    assert "You hold no contact of Anchor Trust" in page
    officer.post(f"{LADDER}chief_executive/", {"note": "Dear colleague"})
    assert Document.objects.get().escalation == get_last_step(invitee)
    assert not Message.objects.exists()


def test_mail_to_a_refused_address_is_not_tried(invitee: Invitee, cast: Cast) -> None:
    make_step(invitee, CALL, by=cast.administrator)
    contact = make_contact(invitee, ContactKind.CHIEF_EXECUTIVE, refused_at=timezone.now())
    take_step(invitee=invitee, step=CHIEF, note="x", by=cast.administrator, contact=contact, subject="s")
    assert not Message.objects.exists()


def test_two_officers_do_not_take_the_same_step(invitee: Invitee, cast: Cast) -> None:
    make_step(invitee, CHIEF, by=cast.administrator)
    take_step(invitee=invitee, step=PARTNERS, note="x", by=cast.administrator)
    with pytest.raises(NotInThisState, match="recorded a step meanwhile"):
        take_step(invitee=invitee, step=PARTNERS, note="y", by=cast.quality_officer)
    assert Escalation.objects.count() == 2


def test_a_contact_of_another_partnership_is_never_offered(
    invitee: Invitee, cast: Cast, officer: Client
) -> None:
    make_step(invitee, CALL, by=cast.administrator)
    place = Participation.objects.create(partnership=cast.elsewhere, organisation=cast.organisation)
    there = factories.make_cycle(
        cast.elsewhere, slug="x", questionnaires=(factories.make_questionnaire(edition="x"),)
    )
    theirs = make_contact(factories.make_invitee(there, cast.organisation), name="Somebody Else")
    assert theirs.participation == place
    assert "Somebody Else" not in officer.get(f"{LADDER}chief_executive/").text
    answer = officer.post(f"{LADDER}chief_executive/", {"note": "x", "contact": theirs.pk})
    assert answer.status_code == 200
    assert Escalation.objects.count() == 1
