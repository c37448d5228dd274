"""How far an audit is: what counts as answered, what is missing, and the words for it."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from surveys.models import Answer, Indicator, ProfileAnswer, ProfileQuestion
from surveys.progress import get_progress, get_standard_status
from tests import factories
from tests.conftest import Cast
from tests.surveys.audit_pages import PLAIN_REASON, WITH_NOTES, make_complete, make_draft, make_place


def test_an_empty_draft(cast: Cast) -> None:
    progress = get_progress(make_draft(cast))
    assert (progress.answered, progress.asked, progress.is_complete) == (0, 4, False)
    assert progress.missing_words == "4 answers and 1 fact missing"
    assert progress.profile_status == "Not started"
    assert [get_standard_status(standard) for standard in progress.standards] == [
        "Not started",
        "Not started",
    ]


def test_a_zero_and_not_applicable_are_answers(cast: Cast) -> None:
    progress = get_progress(make_draft(cast, {"A1.1": 0, "A1.2": PLAIN_REASON, "A2.1": None}))
    assert [standard.answered for standard in progress.standards] == [2, 0]
    assert [get_standard_status(standard) for standard in progress.standards] == ["Complete", "Not started"]
    assert [item.indicator.code for item in progress.missing] == ["A2.1", "A2.2"]


def test_a_commentary_alone_is_no_answer(cast: Cast) -> None:
    audit = make_draft(cast)
    Answer.objects.create(
        audit=audit, indicator=audit.questionnaire.indicators.get(code="A1.1"), commentary="Words"
    )
    assert get_progress(audit).answered == 0


def test_what_was_carried_over_is_no_answer_before_it_is_confirmed(cast: Cast) -> None:
    audit = make_draft(cast, 2)
    audit.answers.filter(indicator__code="A1.1").update(confirmed=False)
    assert get_progress(audit).answered == 3


@pytest.mark.parametrize(
    ("commentary", "status", "missing"),
    [
        ("", "Notes missing", "1 note missing"),
        (" \n ", "Notes missing", "1 note missing"),
        ("Why", "Complete", ""),
    ],
)
def test_a_reason_that_asks_for_notes_needs_a_commentary(
    cast: Cast, commentary: str, status: str, missing: str
) -> None:
    audit = make_complete(cast, {"A1.1": WITH_NOTES, "A1.2": 2, "A2.1": 2, "A2.2": 2})
    audit.answers.filter(indicator__code="A1.1").update(commentary=commentary)
    progress = get_progress(audit)
    assert get_standard_status(progress.standards[0]) == status
    assert (progress.missing_words, progress.is_complete) == (missing, not missing)
    assert progress.answered == 4


def test_a_complete_audit(cast: Cast) -> None:
    progress = get_progress(make_complete(cast))
    assert (progress.is_complete, progress.missing_words, progress.profile_status) == (True, "", "Complete")


def test_optional_facts_may_be_left_out(cast: Cast) -> None:
    audit = make_complete(cast)
    ProfileQuestion.objects.create(
        questionnaire=audit.questionnaire, code="P2", kind="text", text="More?", is_required=False, position=2
    )
    ProfileQuestion.objects.create(
        questionnaire=audit.questionnaire, code="P3", kind="text", text="Who?", position=3
    )
    progress = get_progress(audit)
    assert progress.profile_status == "1 of 3 answered"
    assert [asked.question.code for asked in progress.missing_profile] == ["P3"]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("date", "2026-03-04", "4 March 2026"),
        ("yes_no", "no", "No"),
        ("choice", "both", "both"),
        ("date", "", ""),
    ],
)
def test_facts_in_words(cast: Cast, kind: str, value: str, words: str) -> None:
    audit = make_draft(cast)
    question = audit.questionnaire.profile_questions.get()
    ProfileQuestion.objects.update(kind=kind)
    ProfileAnswer.objects.create(audit=audit, question=question, value=value)
    assert get_progress(audit).profile[0].words == words


def test_the_profile_decides_what_is_asked(cast: Cast) -> None:
    audit = make_draft(cast)
    Indicator.objects.filter(code="A2.2").update(applies_if={"P1": "12"})
    assert get_progress(audit).asked == 3
    fact = ProfileAnswer.objects.create(
        audit=audit, question=audit.questionnaire.profile_questions.get(), value="12"
    )
    assert get_progress(audit).asked == 4
    fact.value = ""
    fact.save()
    assert get_progress(audit).asked == 3


@pytest.mark.parametrize("size", [1, 3])
def test_the_number_of_queries_is_fixed(
    cast: Cast, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bank = factories.make_questionnaire(standards={f"A{number}": size for number in range(1, size + 1)})
    audit = factories.make_audit(make_place(cast, bank).cycle, cast.organisation, scores=1)
    ProfileAnswer.objects.create(audit=audit, question=bank.profile_questions.get(), value="1")
    with django_assert_num_queries(6):
        get_progress(audit)
