"""The admin of surveys: every list opens, and history and figures can be neither changed nor deleted there."""

from __future__ import annotations

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys import models
from surveys.enums import (
    ActionOutcome,
    AuditEventKind,
    AuditStatus,
    ConcernKind,
    DocumentFormat,
    DocumentKind,
    EscalationStep,
    MessageKind,
    Series,
)
from surveys.models import Audit, Cycle, Document
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.practitioners import NO, PARTLY, YES, make_cycle_survey, make_survey

# What was answered in a practitioner survey is looked at nowhere while it runs, and on its pages afterwards.
NOWHERE = {"SurveyTally"}
MODELS = [getattr(models, name) for name in models.__all__ if name not in NOWHERE]


@grounded
def audit(cast: Cast) -> Audit:
    """Submitted, with a row in every table."""
    questionnaire = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(questionnaire,))
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    models.AnswerChange.objects.create(answer=audit.answers.latest("pk"), version=1)
    fact = models.ProfileAnswer.objects.create(audit=audit, question=questionnaire.profile_questions.get())
    models.ProfileChange.objects.create(answer=fact, version=1)
    models.AuditEvent.objects.create(audit=audit, kind=AuditEventKind.SUBMITTED)
    Document.objects.create(kind=DocumentKind.AUDIT_COPY, format=DocumentFormat.PDF, audit=audit)
    make_what_surrounds(audit, cast)
    return audit


def make_what_surrounds(audit: Audit, cast: Cast) -> None:
    """Evidence, an action, an assignment, a signature, a return and an own-tool return."""
    evidence = factories.make_evidence(cast.organisation)
    answer = audit.answers.latest("pk")
    models.AnswerEvidence.objects.create(answer=answer, evidence=evidence)
    action = factories.make_action(cast.organisation, cast.partnership)
    models.ActionReminder.objects.create(action=action, due_on=action.due_on)
    models.ActionUpdate.objects.create(
        action=action,
        status_before=action.status,
        status_after=action.status,
        percent_before=0,
        percent_after=0,
        due_before=action.due_on,
        due_after=action.due_on,
    )
    place = cast.organisation.participations.get()
    models.Recheck.objects.create(
        participation=place, key="k", code="A1.1", text="x", note="Seen.", answer=answer
    )
    models.FreshnessReminder.objects.create(user=cast.lead, month=audit.cycle.opens_on.replace(day=1))
    models.Assignment.objects.create(audit=audit, user=cast.contributor, indicator=answer.indicator)
    models.SignOff.objects.create(audit=audit)
    models.PassportUpload.objects.create(audit=audit, name="passport.zip", uploaded_by=cast.lead)
    models.Correction.objects.create(audit=audit, submission=1, reason="Say more here.")
    version = evidence.versions.get()
    models.OwnToolReturn.objects.create(invitee=audit.invitee, title="National audit", version=version)
    models.EvidenceChange.objects.create(answer=answer, evidence=evidence, is_put_on=True)
    models.AnswerSheet.objects.create(audit=audit, name="sheet.xlsx", uploaded_by=cast.lead)
    make_what_the_partnership_writes(audit, cast)


def make_what_the_partnership_writes(audit: Audit, cast: Cast) -> None:
    answer, by = audit.answers.latest("pk"), cast.quality_officer
    models.Moderation.objects.create(answer=answer, submission=1, series=Series.MODERATED, version=1, by=by)
    models.ModerationSample.objects.create(cycle=audit.cycle, rule="random", size=1, seed=1, by=by)
    models.Clarification.objects.create(answer=answer, submission=1, question="Who saw it?", asked_by=by)
    models.SeriesClose.objects.create(audit=audit, submission=1, series=Series.MODERATED, by=by)
    message = models.Message.objects.create(
        partnership=cast.partnership,
        kind=MessageKind.REMINDER,
        email="a@b.example",
        subject="x",
        body="x",
        personal_link="https://example.org/t/secret/",
    )
    models.MessageAttachment.objects.create(
        message=message, name="a.ics", content_type="text/calendar", content=b"x"
    )
    models.ActionVerification.objects.create(
        action=models.Action.objects.latest("pk"), outcome=ActionOutcome.WORKED, text="Seen.", by=by
    )
    models.CycleText.objects.create(cycle=audit.cycle, kind=MessageKind.OVERDUE, subject="x", body="x")
    models.Escalation.objects.create(invitee=audit.invitee, step=EscalationStep.CALL, by=by)
    models.TableUpload.objects.create(
        partnership=cast.partnership, table="organisations", name="x.csv", uploaded_by=by
    )
    models.SavedView.objects.create(user=by, partnership=cast.partnership, name="Mine", query="state=started")
    offer = models.SupportOffer.objects.create(
        invitee=audit.invitee, series=Series.SELF, submission=1, message="Call us.", owner=by, made_by=by
    )
    offer.concerns.create(kind=ConcernKind.OVERALL, words="The whole audit is at grade 1")
    offer.notes.create(text="They will call.", by=by)
    calibration = models.Calibration.objects.create(cycle=audit.cycle, rule="random", size=1, seed=1, by=by)
    item = calibration.items.create(position=1, answer=answer, submission=1)
    item.scores.create(scorer=calibration.scorers.create(user=by), score=2)
    make_cycle_survey(audit.cycle, by=by)
    make_survey(audit.invitee, by=by, people=[(YES, NO, PARTLY)] * 7)


@pytest.fixture
def operator(db: None, client: Client) -> Client:
    user = User.objects.create_superuser(email="operator@example.org", password=factories.PASSWORD)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def _pages_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the list beside each page, which asks each model's permissions anew; other tests open it."""
    monkeypatch.setattr(admin.site, "get_app_list", lambda request, app_label=None: [])


@pytest.mark.usefixtures("_pages_alone")
def test_every_list_and_row_opens(audit: Audit, operator: Client) -> None:
    for model in MODELS:
        address = f"/admin/surveys/{model._meta.model_name}/"
        assert operator.get(address).status_code == 200, model
        row = model._default_manager.latest("pk")
        assert operator.get(f"{address}{row.pk}/change/").status_code == 200, model


def test_nothing_is_made_and_only_files_are_deleted(audit: Audit, operator: Client) -> None:
    for model in MODELS:
        address = f"/admin/surveys/{model._meta.model_name}/"
        assert operator.get(f"{address}add/").status_code == 403, model
        row = model._default_manager.latest("pk")
        expected = 302 if issubclass(model, Document) else 403
        deleted = operator.post(f"{address}{row.pk}/delete/", {"post": "yes"})
        assert deleted.status_code == expected, model


def test_a_personal_link_is_nobody_elses_to_read(audit: Audit, operator: Client) -> None:
    message = models.Message.objects.get()
    page = operator.get(f"/admin/surveys/message/{message.pk}/change/").content.decode()
    assert message.subject in page
    assert "secret" not in page


def test_nobody_counts_along_while_staff_answer(audit: Audit, operator: Client) -> None:
    survey = models.PractitionerSurvey.objects.get()
    for page in ("", f"{survey.pk}/change/"):
        said = operator.get(f"/admin/surveys/practitionersurvey/{page}").content.decode().lower()
        assert "responses" not in said
        assert survey.link_nonce.lower() not in said
    assert models.SurveyTally not in admin.site._registry


def test_only_these_can_be_changed(audit: Audit, operator: Client) -> None:
    request = operator.get("/admin/").wsgi_request
    changeable = {model for model in MODELS if admin.site._registry[model].has_change_permission(request)}

    assert changeable == {Cycle, models.Invitee}


def test_a_repair_is_in_the_trail(audit: Audit, operator: Client) -> None:
    cycle = audit.cycle
    data = {"title": "Put right", "opens_on": "2026-01-01", "closes_on": "2026-02-01", "status": "planned"}
    operator.post(f"/admin/surveys/cycle/{cycle.pk}/change/", data)

    status = cycle.status
    cycle.refresh_from_db()
    assert (cycle.title, cycle.status) == ("Put right", status)
    entry = LogEntry.objects.get_for_object(cycle).latest("timestamp")
    assert set(entry.changes_dict) == {"title", "opens_on", "closes_on"}


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("model", ["invitee", "audit", "answer", "cycle"])
def test_list_queries(
    cast: Cast,
    operator: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    *,
    number: int,
    model: str,
) -> None:
    questionnaire = factories.make_questionnaire()
    for index in range(number):
        cycle = factories.make_cycle(cast.partnership, slug=f"{index}", questionnaires=(questionnaire,))
        factories.make_audit(cycle, cast.organisation, scores=2)
    with django_assert_num_queries(4):
        operator.get(f"/admin/surveys/{model}/")
