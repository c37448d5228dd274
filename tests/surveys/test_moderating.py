"""Moderated scores: a second series beside the agency's, equal to the slow twin's, and never in each other's way."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from s11.organisations.enums import Variant
from s11.organisations.models import User
from surveys.enums import AuditEventKind, AuditStatus, Scope, Series
from surveys.models import Answer, Audit, Cycle, Moderation, SeriesClose
from surveys.moderating import (
    NotInThisState,
    Overtaken,
    ask_agency,
    close_question,
    close_series,
    moderate_answer,
    reopen_moderation,
    reply_to_question,
)
from surveys.overview import as_json, get_overview
from surveys.series import get_series_items
from surveys.sign_offs import return_audit
from surveys.workflow import NotInThisState as AuditMoved
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.slow_twin import AnswerRow, AuditRow, slow_overview
from tests.surveys.test_overview import REASON, make_bank, pick_scores, plain_bank, submit


@grounded
def cycle(cast: Cast) -> Cycle:
    return factories.make_cycle(cast.partnership, questionnaires=(factories.make_questionnaire(),))


@grounded
def audit(cycle: Cycle, cast: Cast) -> Audit:
    return factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)


def get_answer(audit: Audit, code: str = "A1.1") -> Answer:
    return Answer.objects.select_related("audit__invitee__cycle").get(audit=audit, indicator__code=code)


def moderate(audit: Audit, by: User, score: int | None, *, code: str = "A1.1", seen: int = 0) -> Moderation:
    reason = "The policy is from 2019." if score is not None else ""
    return moderate_answer(answer=get_answer(audit, code), seen=seen, score=score, reason=reason, by=by)


def test_a_score_beside_the_agency_s_leaves_it_as_it_is(audit: Audit, cast: Cast) -> None:
    moderate(audit, cast.quality_officer, 1)
    answer = get_answer(audit)
    assert (answer.score, answer.submitted_score, answer.version) == (2, 2, 1)
    said = {series: dict(map(named, get_series_items(audit, series))) for series in Series}
    assert [said[series]["A1.1"] for series in Series] == [2, 1, 1]
    assert [said[series]["A1.2"] for series in Series] == [2, 2, 2]


def named(pair: tuple[Answer, Any]) -> tuple[str, Any]:
    return pair[0].indicator.code, pair[1]


def test_the_newest_row_holds_and_all_stay(audit: Audit, cast: Cast) -> None:
    moderate(audit, cast.quality_officer, 1)
    moderate(audit, cast.administrator, 0, seen=1)
    moderate(audit, cast.quality_officer, None, seen=2)
    assert list(Moderation.objects.values_list("version", "score")) == [(1, 1), (2, 0), (3, None)]
    assert dict(map(named, get_series_items(audit, Series.MODERATED)))["A1.1"] == 2


def test_of_two_moderators_the_second_is_shown_the_first(audit: Audit, cast: Cast) -> None:
    first = moderate(audit, cast.quality_officer, 1)
    with pytest.raises(Overtaken, match="has moderated this answer since") as caught:
        moderate(audit, cast.administrator, 0)
    assert caught.value.row == first
    assert Moderation.objects.count() == 1


def test_a_changed_score_needs_a_reason_and_must_be_one(audit: Audit, cast: Cast) -> None:
    for wrong in ({"score": 1, "reason": " "}, {"score": None, "is_not_applicable": True, "reason": ""}):
        with pytest.raises(ValueError, match="needs a reason"):
            moderate_answer(answer=get_answer(audit), seen=0, by=cast.quality_officer, **wrong)
    with pytest.raises(ValueError, match="not a score"):
        moderate_answer(answer=get_answer(audit), seen=0, by=cast.quality_officer, score=3, reason="x")
    assert not Moderation.objects.exists()


@pytest.mark.parametrize("status", [AuditStatus.DRAFT, AuditStatus.RETURNED])
def test_only_what_is_submitted_is_moderated(cycle: Cycle, cast: Cast, status: AuditStatus) -> None:
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=status)
    with pytest.raises(AuditMoved):
        moderate(audit, cast.quality_officer, 1)
    with pytest.raises(AuditMoved):
        close_series(audit=audit, by=cast.quality_officer)


def test_a_close_freezes_and_a_reopening_takes_it_back(audit: Audit, cast: Cast) -> None:
    moderate(audit, cast.quality_officer, 0)
    close_series(audit=audit, by=cast.quality_officer)
    whole = audit.scorecards.get(series=Series.MODERATED, scope=Scope.WHOLE)
    assert (whole.n, whole.sum, whole.zeros) == (4, 6, 1)
    assert audit.scorecards.get(series=Series.SELF, scope=Scope.WHOLE).sum == 8
    for again in (
        lambda: moderate(audit, cast.quality_officer, 1, seen=1),
        lambda: close_series(audit=audit, by=cast.quality_officer),
    ):
        with pytest.raises(NotInThisState, match="final by now"):
            again()
    reopen_moderation(audit=audit, by=cast.administrator, reason="A reply came late.")
    assert not audit.scorecards.filter(series=Series.MODERATED).exists()
    with pytest.raises(NotInThisState, match="open already"):
        reopen_moderation(audit=audit, by=cast.administrator, reason="Again.")
    kinds = [AuditEventKind.SERIES_CLOSED, AuditEventKind.SERIES_REOPENED]
    assert list(audit.events.values_list("kind", flat=True)) == kinds
    moderate(audit, cast.quality_officer, None, seen=1)


def test_a_panel_s_close_stands_on_the_moderated_scores(audit: Audit, cast: Cast) -> None:
    moderate(audit, cast.quality_officer, 0)
    close_series(audit=audit, by=cast.quality_officer)
    moderate_answer(
        answer=get_answer(audit, "A1.2"),
        seen=0,
        score=1,
        reason="Agreed.",
        by=cast.panel_chair,
        series=Series.PANEL,
    )
    close_series(audit=audit, by=cast.panel_chair, series=Series.PANEL)
    assert audit.scorecards.get(series=Series.PANEL, scope=Scope.WHOLE).sum == 5  # 0 + 1 + 2 + 2
    with pytest.raises(NotInThisState, match="panel has judged"):
        reopen_moderation(audit=audit, by=cast.administrator, reason="x")


def test_after_a_correction_the_close_is_of_what_was_submitted_before(audit: Audit, cast: Cast) -> None:
    moderate(audit, cast.quality_officer, 0)
    close_series(audit=audit, by=cast.quality_officer)
    return_audit(audit=audit, indicators=[], reason="Say more.", by=cast.quality_officer)
    assert get_overview(audit.cycle, Series.MODERATED).submitted == 1
    submit(audit)
    assert get_overview(audit.cycle, Series.MODERATED).submitted == 0
    moderate(audit, cast.quality_officer, 1)


def test_a_question_and_its_reply(audit: Audit, cast: Cast) -> None:
    question = ask_agency(answer=get_answer(audit), question="Who saw it?", by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="open question"):
        ask_agency(answer=get_answer(audit), question="And when?", by=cast.administrator)
    with pytest.raises(NotInThisState, match="has not replied"):
        close_question(clarification=question, accepted=True, by=cast.quality_officer)
    with pytest.raises(NotInThisState, match="1 of the questions"):
        close_series(audit=audit, by=cast.quality_officer)
    reply_to_question(clarification=question, reply="The board, in May.", by=cast.lead)
    with pytest.raises(NotInThisState, match="has replied meanwhile"):
        reply_to_question(clarification=question, reply="No, in June.", by=cast.contributor)
    close_question(clarification=question, accepted=True, by=cast.quality_officer)
    question.refresh_from_db()
    assert (question.reply, question.replied_by, question.accepted) == ("The board, in May.", cast.lead, True)
    with pytest.raises(NotInThisState, match="settled by now"):
        close_question(clarification=question, accepted=False, by=cast.quality_officer)
    ask_agency(answer=get_answer(audit), question="One more?", by=cast.quality_officer)


def test_a_withdrawn_question_holds_nothing_up(audit: Audit, cast: Cast) -> None:
    question = ask_agency(answer=get_answer(audit), question="Who saw it?", by=cast.quality_officer)
    close_question(clarification=question, accepted=None, by=cast.quality_officer)
    close_series(audit=audit, by=cast.quality_officer)
    assert SeriesClose.objects.count() == 1


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("series", [Series.MODERATED, Series.PANEL])
def test_figures_of_a_series_equal_the_slow_twin_s(db: None, seed: int, series: Series) -> None:
    chance = random.Random(seed)
    partnership = factories.make_partnership("Harbour", slug="harbour")
    officer = factories.make_officer("officer@harbour.example", partnership=partnership)
    banks = tuple(make_bank(variant) for variant in (Variant.SCHOOL, Variant.HEALTH))
    cycle = factories.make_cycle(partnership, questionnaires=banks)
    audits: list[AuditRow] = []
    answers: list[AnswerRow] = []
    for number in range(12):
        organisation = factories.make_organisation(
            f"Organisation {number}",
            variant=chance.choice((Variant.SCHOOL, Variant.HEALTH)),
            partnership=partnership,
        )
        scores = pick_scores(chance)
        audit = factories.make_audit(cycle, organisation, scores=scores, status=AuditStatus.SUBMITTED)
        said = {code: "NA" if isinstance(score, str) else str(score) for code, score in scores.items()}
        for layer in (Series.MODERATED, Series.PANEL)[: 1 + (series == Series.PANEL)]:
            said |= moderate_at_random(chance, audit, layer, officer)
        if number % 4:  # the others' is still open
            for layer in (Series.MODERATED, Series.PANEL)[: 1 + (series == Series.PANEL)]:
                close_series(audit=audit, by=officer, series=layer)
            audits.append(AuditRow(f"{audit.pk}", organisation.name, audit.variant.value))
            answers += [AnswerRow(f"{audit.pk}", code, score) for code, score in said.items()]
    got = as_json(get_overview(cycle, series))
    expected = slow_overview(plain_bank(list(banks)), audits, answers)
    assert json.dumps({key: got[key] for key in expected}, indent=1) == json.dumps(expected, indent=1)
    assert got["all"]["submitted"] == 9


def moderate_at_random(chance: random.Random, audit: Audit, series: Series, by: User) -> dict[str, str]:
    """Of each answer none to three rows; what the newest says, unless it lets the answer stand."""
    said = {}
    for answer in audit.answers.select_related("audit__invitee__cycle", "indicator"):
        latest = None
        for seen in range(chance.choice((0, 0, 1, 2, 3))):
            latest = chance.choice((0, 1, 2, REASON, None))
            moderate_answer(
                answer=answer,
                seen=seen,
                score=latest if isinstance(latest, int) else None,
                is_not_applicable=latest == REASON,
                reason="Seen.",
                by=by,
                series=series,
            )
        if latest is not None:
            said[answer.indicator.code] = "NA" if latest == REASON else str(latest)
    return said
