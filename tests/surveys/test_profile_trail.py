"""The profile's trail: a submission keeps the facts that it was sent with, whatever is written later."""

from __future__ import annotations

from surveys.models import Audit, ProfileAnswer, ProfileChange
from surveys.profile_saving import save_profile
from surveys.reading import get_reading
from surveys.workflow import recall_audit, submit_audit
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import make_complete


@grounded
def audit(cast: Cast) -> Audit:
    audit = make_complete(cast)
    submit_audit(audit=audit, by=cast.lead)
    return audit


def write(audit: Audit, value: str, cast: Cast) -> None:
    question = audit.questionnaire.profile_questions.first()
    assert question is not None
    save_profile(audit=audit, values={question: value}, by=cast.contributor)


def read(audit: Audit, submission: int | None) -> str:
    return get_reading(audit, submission).profile[0].value


def test_each_change_of_a_fact_is_kept(audit: Audit, cast: Cast) -> None:
    before = ProfileAnswer.objects.get().value
    recall_audit(audit=audit, by=cast.lead)
    write(audit, "998", cast)
    write(audit, "999", cast)
    changes = ProfileChange.objects.order_by("version").values_list("value_before", "value_after", "by")
    assert list(changes)[-2:] == [(before, "998", cast.contributor.pk), ("998", "999", cast.contributor.pk)]


def test_a_submission_is_read_with_the_facts_that_it_was_sent_with(audit: Audit, cast: Cast) -> None:
    before = read(audit, 1)
    recall_audit(audit=audit, by=cast.lead)
    write(audit, "999", cast)
    assert before not in ("", "999")
    assert read(audit, 1) == before
    assert read(audit, None) == "999"
    submit_audit(audit=audit, by=cast.lead)
    assert (read(audit, 1), read(audit, 2)) == (before, "999")
