"""A row of everything that a partnership owns, each text with a mark, so that it can be found in any file."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.utils import timezone

from s11.organisations.enums import ContactKind, Variant
from s11.organisations.models import Application, Contact, Invitation, Partnership
from surveys.enums import (
    ActionStatus,
    DocumentFormat,
    DocumentKind,
    EscalationStep,
    MessageKind,
    Series,
)
from surveys.evidence_pins import pin_evidence
from surveys.models import (
    ActionUpdate,
    AnswerChange,
    AnswerEvidence,
    Audit,
    Calibration,
    Clarification,
    CycleText,
    Document,
    Escalation,
    Message,
    Moderation,
    ProfileAnswer,
    SupportOffer,
)
from surveys.progress import get_progress
from surveys.workflow import freeze_answers, mark_submitted
from tests import factories
from tests.conftest import Cast


def fill(cast: Cast, partnership: Partnership, mark: str, *, slug: str, variant: Variant) -> Audit:
    """A row of everything, each text with the mark; the organisation takes part already."""
    by, now, organisation = cast.administrator, timezone.now(), cast.organisation
    bank = factories.make_questionnaire(variant, edition=slug, partnership=partnership)
    bank.title = f"Bank {mark}"
    bank.save()
    cycle = factories.make_cycle(partnership, slug=f"{slug}-{mark.lower()}", questionnaires=(bank,))
    CycleText.objects.create(cycle=cycle, kind=MessageKind.OPENING, subject=f"Subject {mark}", body=mark)
    audit = factories.make_audit(cycle, organisation, scores=1)
    answers = list(audit.answers.order_by("pk"))
    audit.answers.update(commentary=f"Commentary {mark}", updated_by=cast.lead)
    ProfileAnswer.objects.create(
        audit=audit, question=bank.profile_questions.get(), value=f"Fact {mark}", updated_by=cast.lead
    )
    AnswerChange.objects.create(
        answer=answers[0], version=2, score_after=1, commentary_after=f"Change {mark}", by=cast.lead
    )
    item = factories.make_evidence(organisation, f"Policy {mark}")
    AnswerEvidence.objects.create(answer=answers[0], evidence=item)
    submit(audit)
    Moderation.objects.create(
        answer=answers[0],
        submission=1,
        series=Series.MODERATED,
        version=1,
        score=0,
        reason=f"Reason {mark}",
        by=by,
    )
    Clarification.objects.create(answer=answers[0], submission=1, question=f"Question {mark}", asked_by=by)
    action = factories.make_action(organisation, partnership, answer=answers[0], what=f"Action {mark}")
    ActionUpdate.objects.create(
        action=action,
        text=f"Update {mark}",
        status_before=ActionStatus.NOT_STARTED,
        status_after=ActionStatus.IN_PROGRESS,
        percent_before=0,
        percent_after=10,
        due_before=action.due_on,
        due_after=action.due_on,
        by=cast.lead,
    )
    contact = Contact.objects.create(
        participation=organisation.participations.get(partnership=partnership),
        kind=ContactKind.OTHER,
        name=f"Contact {mark}",
        email=f"contact@{mark.lower()}.example",
    )
    message = Message.objects.create(
        partnership=partnership,
        cycle=cycle,
        organisation=organisation,
        kind=MessageKind.REMINDER,
        email=contact.email,
        subject=f"Message {mark}",
        body=mark,
    )
    step = Escalation.objects.create(
        invitee=audit.invitee, step=EscalationStep.CALL, note=f"Call {mark}", message=message, by=by
    )
    store(Document(kind=DocumentKind.LETTER, format=DocumentFormat.PDF, escalation=step), f"Letter {mark}")
    store(
        Document(kind=DocumentKind.OVERVIEW, format=DocumentFormat.CSV, cycle=cycle, partnership=partnership),
        f"Overview {mark}",
    )
    store(
        Document(kind=DocumentKind.AUDIT_COPY, format=DocumentFormat.PDF, audit=audit, submission=1),
        f"Copy {mark}",
    )
    Application.objects.create(
        partnership=partnership,
        organisation_name=f"Applicant {mark}",
        variant=Variant.STANDARD,
        name="Somebody",
        email="somebody@somewhere.example",
        token_hash=f"secret-{mark}",
        verified_at=now,
    )
    Invitation.objects.create(
        email=f"invited@{mark.lower()}.example",
        partnership=partnership,
        role="publisher",
        token_hash=f"secret-invitation-{mark}",
    )
    support_and_calibrate(audit, cast, mark)
    return audit


def support_and_calibrate(audit: Audit, cast: Cast, mark: str) -> None:
    """An offer with its history; a calibration that both have finished, and one that one of them has not."""
    by = cast.administrator
    offer = SupportOffer.objects.create(
        invitee=audit.invitee,
        series=Series.SELF,
        submission=1,
        message=f"Support {mark}",
        owner=by,
        made_by=by,
    )
    offer.concerns.create(kind="overall", words=f"Concern {mark}")
    offer.notes.create(text=f"Step {mark}", by=by)
    for words, finished_at in ((f"Calibrated {mark}", timezone.now()), ("secret-calibration", None)):
        calibration = Calibration.objects.create(cycle=audit.cycle, rule="random", size=1, seed=1, by=by)
        item = calibration.items.create(position=1, answer=audit.answers.all()[0], submission=1)
        for user, finished in ((by, timezone.now()), (cast.quality_officer, finished_at)):
            scorer = calibration.scorers.create(user=user, finished_at=finished)
            item.scores.create(scorer=scorer, score=1, reason=words)


def submit(audit: Audit) -> None:
    """As a submission would: answers frozen, evidence pinned."""
    mark_submitted(audit, at=timezone.now(), by=None)
    asked = get_progress(audit).standards
    freeze_answers(audit, [item for standard in asked for item in standard.items])
    pin_evidence([audit])


def store(document: Document, content: str) -> None:
    document.file.save("x", ContentFile(content.encode()), save=False)
    document.save()
