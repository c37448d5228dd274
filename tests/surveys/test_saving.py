"""Opening an audit and saving its answers and facts: every change is kept, and nobody's is overwritten."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError

from surveys.enums import AuditEventKind
from surveys.models import Answer, AnswerChange, Audit, AuditEvent, Invitee, ProfileAnswer
from surveys.profile_saving import save_profile
from surveys.workflow import open_audit, save_answers
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import WITH_NOTES, enter, get_indicator


@grounded
def invitee(cast: Cast) -> Invitee:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))
    return factories.make_invitee(cycle, cast.organisation)


@grounded
def audit(invitee: Invitee) -> Audit:
    return Audit.objects.create(invitee=invitee)


# Opening


def test_an_audit_is_made_once(invitee: Invitee, cast: Cast) -> None:
    first = open_audit(invitee=invitee, by=cast.lead)
    second = open_audit(invitee=invitee, by=cast.contributor)
    assert first == second
    assert list(AuditEvent.objects.values_list("kind", "by")) == [(AuditEventKind.OPENED, cast.lead.pk)]


# Saving


def test_an_answer_is_kept_with_every_change(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 0, commentary="Begun")], by=cast.lead)
    save_answers(
        audit=audit, entered=[enter(audit, "A1.1", None, reason=WITH_NOTES, seen=1)], by=cast.contributor
    )
    answer = Answer.objects.get()
    assert (answer.score, answer.not_applicable_reason, answer.commentary) == (None, WITH_NOTES, "")
    assert (answer.version, answer.updated_by) == (2, cast.contributor)
    assert list(
        AnswerChange.objects.values_list(
            "version", "score_before", "score_after", "reason_after", "commentary_before", "by"
        )
    ) == [(1, None, 0, "", "", cast.lead.pk), (2, 0, None, WITH_NOTES, "Begun", cast.contributor.pk)]


def test_what_is_the_same_is_no_change(audit: Audit, cast: Cast) -> None:
    Answer.objects.create(
        audit=audit, indicator=get_indicator(audit, "A1.1"), score=1, commentary="One\r\nTwo"
    )
    again = enter(audit, "A1.1", 1, commentary="One\nTwo", seen=1)
    empty = enter(audit, "A1.2", None)
    assert save_answers(audit=audit, entered=[again, empty], by=cast.lead) == []
    assert Answer.objects.get().version == 1
    assert not AnswerChange.objects.exists()


def test_a_score_can_be_cleared_and_its_commentary_kept(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 0, commentary="Begun")], by=cast.lead)
    save_answers(audit=audit, entered=[enter(audit, "A1.1", None, commentary="Begun", seen=1)], by=cast.lead)
    assert (Answer.objects.get().score, Answer.objects.get().commentary) == (None, "Begun")
    assert not Answer.objects.answered().exists()


def test_a_stale_save_overwrites_nothing_and_says_what_is_there(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 2, commentary="Theirs")], by=cast.contributor)
    mine = enter(audit, "A1.1", 1, commentary="Mine", seen=0)
    other = enter(audit, "A1.2", 1)
    conflicts = save_answers(audit=audit, entered=[mine, other], by=cast.lead)
    assert [(one.entered, one.current.commentary, one.current.updated_by) for one in conflicts] == [
        (mine, "Theirs", cast.contributor)
    ]
    assert dict(Answer.objects.values_list("indicator__code", "score")) == {"A1.1": 2, "A1.2": 1}
    # With their version in hand it is on purpose.
    assert (
        save_answers(audit=audit, entered=[enter(audit, "A1.1", 1, commentary="Mine", seen=1)], by=cast.lead)
        == []
    )
    assert Answer.objects.get(indicator__code="A1.1").commentary == "Mine"


def test_an_old_page_where_nothing_was_touched_leaves_the_other_s_answer(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 0, commentary="First")], by=cast.lead)
    save_answers(
        audit=audit, entered=[enter(audit, "A1.1", 1, commentary="Second", seen=1)], by=cast.contributor
    )
    save_answers(
        audit=audit, entered=[enter(audit, "A1.1", 2, commentary="Third", seen=2)], by=cast.contributor
    )
    as_seen = enter(audit, "A1.1", 0, commentary="First", seen=1)
    assert save_answers(audit=audit, entered=[as_seen, enter(audit, "A1.2", 2)], by=cast.lead) == []
    assert Answer.objects.get(indicator__code="A1.1").commentary == "Third"
    # A page from before there was any answer at all
    assert save_answers(audit=audit, entered=[enter(audit, "A1.1", None)], by=cast.lead) == []
    assert Answer.objects.get(indicator__code="A1.1").score == 2


def test_two_who_enter_the_same_are_no_conflict(audit: Audit, cast: Cast) -> None:
    save_answers(audit=audit, entered=[enter(audit, "A1.1", 2)], by=cast.contributor)
    assert save_answers(audit=audit, entered=[enter(audit, "A1.1", 2)], by=cast.lead) == []
    assert Answer.objects.get().updated_by == cast.contributor


@pytest.mark.parametrize(
    ("score", "confirms", "after"),
    [
        (2, False, (2, False, 1)),  # left as it was shown: it stays to confirm
        (2, True, (2, True, 2)),
        (1, False, (1, True, 2)),  # changed, and so looked at
        (1, True, (1, True, 2)),
        (None, False, (None, True, 2)),  # cleared: nothing is left to confirm
    ],
)
def test_what_was_carried_over_is_confirmed_or_changed(
    audit: Audit, cast: Cast, score: int | None, confirms: bool, after: tuple[int | None, bool, int]
) -> None:
    Answer.objects.create(audit=audit, indicator=get_indicator(audit, "A1.1"), score=2, confirmed=False)
    entered = replace(enter(audit, "A1.1", score, seen=1), confirms=confirms)
    assert save_answers(audit=audit, entered=[entered], by=cast.lead) == []
    answer = Answer.objects.get()
    assert (answer.score, answer.confirmed, answer.version) == after
    assert answer.changes.count() == after[2] - 1


@pytest.mark.parametrize("score", [3, -1])
def test_the_database_refuses_what_is_no_score(audit: Audit, score: int) -> None:
    with pytest.raises(DatabaseError):
        Answer.objects.create(audit=audit, indicator=get_indicator(audit, "A1.1"), score=score)


def test_a_fact_is_saved_once_and_only_when_it_changes(audit: Audit, cast: Cast) -> None:
    question = audit.questionnaire.profile_questions.get()
    save_profile(audit=audit, values={question: ""}, by=cast.lead)
    assert not ProfileAnswer.objects.exists()
    save_profile(audit=audit, values={question: "12"}, by=cast.lead)
    save_profile(audit=audit, values={question: "12"}, by=cast.contributor)
    assert (ProfileAnswer.objects.get().version, ProfileAnswer.objects.get().updated_by) == (1, cast.lead)


def test_a_stale_fact_overwrites_nothing(audit: Audit, cast: Cast) -> None:
    question = audit.questionnaire.profile_questions.get()
    save_profile(audit=audit, values={question: "12"}, by=cast.contributor)
    untouched = save_profile(audit=audit, values={question: ""}, seen={question: ""}, by=cast.lead)
    stale = save_profile(audit=audit, values={question: "13"}, seen={question: ""}, by=cast.lead)
    assert (untouched, [theirs.value for theirs in stale]) == ([], ["12"])
    assert ProfileAnswer.objects.get().value == "12"
    assert save_profile(audit=audit, values={question: "13"}, seen={question: "12"}, by=cast.lead) == []
    assert ProfileAnswer.objects.get().value == "13"
