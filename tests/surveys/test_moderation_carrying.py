"""A moderator's work and a correction: what did not change stays moderated, what changed is looked at anew."""

from __future__ import annotations

import pytest

from s11.web.errors import reason_why_not
from surveys.enums import AuditStatus, Series
from surveys.evidence_pins import pin_evidence
from surveys.models import Answer, AnswerEvidence, Audit, EvidenceVersion, Moderation
from surveys.moderating import ask_agency, close_question, close_series, moderate_answer
from surveys.permissions import check_can_recall, get_roles
from surveys.series import get_newest
from surveys.sign_offs import return_audit
from surveys.workflow import AnswerInput, NotInThisState, recall_audit, save_answers, submit_audit
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.trails import lifted

RETURN = "The partnership has begun to moderate this audit"


@grounded
def audit(cast: Cast) -> Audit:
    """Moderated but for A2.2: A1.1 and A1.2 at 1, A2.1 as the agency says."""
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    audit.profile_answers.create(question=bank.profile_questions.get(), value="12")
    for code, score in (("A1.1", 1), ("A1.2", 1), ("A2.1", None)):
        moderate_answer(
            answer=get_answer(audit, code), seen=0, score=score, reason="Seen.", by=cast.quality_officer
        )
    return audit


def get_answer(audit: Audit, code: str) -> Answer:
    return Answer.objects.select_related("audit__invitee__cycle").get(audit=audit, indicator__code=code)


def give_back(audit: Audit, cast: Cast) -> None:
    indicators = list(audit.questionnaire.indicators.all())
    return_audit(audit=audit, indicators=indicators, reason="Say more.", by=cast.quality_officer)


def save(audit: Audit, cast: Cast, code: str, score: int, words: str = "") -> None:
    answer = get_answer(audit, code)
    entered = AnswerInput(answer.indicator, score, "", words, answer.version)
    assert not save_answers(audit=audit, entered=[entered], by=cast.lead)


def get_moderated(audit: Audit) -> dict[str, int | None]:
    audit.refresh_from_db()
    rows = get_newest(audit, Series.MODERATED).values()
    return {row.answer.indicator.code: row.score for row in rows}


def test_what_did_not_change_stays_moderated(audit: Audit, cast: Cast) -> None:
    close_series(audit=audit, by=cast.quality_officer)
    give_back(audit, cast)
    save(audit, cast, "A1.2", 2, "More words.")
    save(audit, cast, "A2.1", 1)
    save(audit, cast, "A2.1", 2)
    submit_audit(audit=audit, by=cast.lead)
    # There and back again is no change.
    assert get_moderated(audit) == {"A1.1": 1, "A2.1": None}
    carried = Moderation.objects.get(submission=2, answer__indicator__code="A1.1")
    first = Moderation.objects.get(submission=1, answer__indicator__code="A1.1")
    assert (carried.by, carried.at, carried.reason, carried.version) == (first.by, first.at, "Seen.", 1)
    # Its close was of what was submitted before: it is closed again by a person.
    moderate_answer(
        answer=get_answer(audit, "A1.1"), seen=1, score=0, reason="Looked again.", by=cast.administrator
    )
    assert get_moderated(audit)["A1.1"] == 0


def test_an_answer_that_rests_on_other_evidence_is_looked_at_anew(audit: Audit, cast: Cast) -> None:
    links = {}
    for code in ("A1.1", "A1.2"):
        item = factories.make_evidence(cast.organisation, f"Policy for {code}")
        links[code] = AnswerEvidence.objects.create(answer=get_answer(audit, code), evidence=item)
    pin_evidence([audit])
    AnswerEvidence.objects.update(added_at=audit.created_at)
    EvidenceVersion.objects.update(added_at=audit.created_at)
    give_back(audit, cast)
    EvidenceVersion.objects.create(evidence=links["A1.1"].evidence, number=2, reference="Shelf 4")
    submit_audit(audit=audit, by=cast.lead)
    assert get_moderated(audit) == {"A1.2": 1, "A2.1": None}


def test_only_the_newest_row_is_carried_and_only_once(audit: Audit, cast: Cast) -> None:
    moderate_answer(answer=get_answer(audit, "A1.1"), seen=1, score=None, reason="", by=cast.administrator)
    for _ in range(2):
        give_back(audit, cast)
        submit_audit(audit=audit, by=cast.lead)
    assert get_moderated(audit) == {"A1.1": None, "A1.2": 1, "A2.1": None}
    assert Moderation.objects.filter(submission=3).count() == 3


def test_a_moderated_audit_is_not_recalled(audit: Audit, cast: Cast) -> None:
    reason = reason_why_not(check_can_recall, get_roles(cast.lead, audit), audit)
    assert reason.startswith(RETURN)
    assert "Ask the partnership to return it" in reason
    with pytest.raises(NotInThisState, match=RETURN):
        recall_audit(audit=audit, by=cast.lead)
    audit.refresh_from_db()
    assert audit.status == AuditStatus.SUBMITTED


def test_nor_is_one_that_was_asked_about(cast: Cast, audit: Audit) -> None:
    with lifted(Moderation):
        Moderation.objects.all().delete()
    assert not reason_why_not(check_can_recall, get_roles(cast.lead, audit), audit)
    question = ask_agency(answer=get_answer(audit, "A1.1"), question="Who?", by=cast.quality_officer)
    close_question(clarification=question, accepted=None, by=cast.quality_officer)
    assert reason_why_not(check_can_recall, get_roles(cast.lead, audit), audit).startswith(RETURN)
