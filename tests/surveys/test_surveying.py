"""Practitioner surveys from being switched on to their results: what is kept, what is told, and what never is."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from auditlog.models import LogEntry
from django.apps import apps
from django.db import models
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from surveys.cycle_plans import remove_invitee
from surveys.enums import AuditStatus, CycleKind, CycleStatus, StaffAnswer
from surveys.exports.support_tables import list_support_tables
from surveys.models import (
    Cycle,
    CycleSurvey,
    Invitee,
    PractitionerSurvey,
    Questionnaire,
    SurveyStatement,
    SurveyTally,
)
from surveys.practitioner_questions import read_statements
from surveys.practitioners import compare_with_leaders, count_without, get_asked, get_offered
from surveys.scoring import NOT_APPLICABLE
from surveys.staff_says import count_below, get_own_scores, get_staff_says
from surveys.surveying import (
    NotInThisState,
    answer_survey,
    close_survey,
    move_last_day,
    open_survey,
    open_surveys,
    replace_link,
    switch_off_survey,
    switch_on_survey,
)
from surveys.workflow import close_cycle
from tests import factories
from tests.conftest import Cast
from tests.surveys.practitioners import (
    KEYS,
    NO,
    NOT_MINE,
    PARTLY,
    UNKNOWN,
    YES,
    add_answers,
    give,
    make_cycle_survey,
    make_survey,
)


@pytest.fixture
def bank(db: None) -> Questionnaire:
    return factories.make_questionnaire()


@pytest.fixture
def cycle(cast: Cast, bank: Questionnaire) -> Cycle:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    make_cycle_survey(cycle, by=cast.administrator)
    return cycle


@pytest.fixture
def invitee(cycle: Cycle, cast: Cast) -> Invitee:
    return factories.make_invitee(cycle, cast.organisation)


def fresh(survey: PractitionerSurvey) -> PractitionerSurvey:
    return PractitionerSurvey.objects.with_place().get(pk=survey.pk)


def tomorrow() -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=1)


# What is asked --------------------------------------------------------------------------------------------------------


def make_shipped_bank(*codes: str, variant: Variant = Variant.STANDARD) -> Questionnaire:
    """The small bank with the keys of these shipped statements."""
    bank = factories.make_questionnaire(variant)
    by_code = {one.code: one for one in read_statements()}
    for indicator, code in zip(bank.indicators.order_by("position"), codes, strict=False):
        bank.indicators.filter(pk=indicator.pk).update(key=by_code[code].indicators[variant])
    return bank


def test_only_what_the_cycle_asks_about_is_offered(cast: Cast) -> None:
    standard = make_shipped_bank("S2", "S9", "S4")
    school = make_shipped_bank("S9", variant=Variant.SCHOOL)
    full = factories.make_cycle(cast.partnership, questionnaires=(standard, school))
    offered = get_offered(full)
    assert [(one.code, one.beside) for one in offered] == [
        ("S2", "A1.1 (Standard)"),
        ("S4", "A2.1 (Standard)"),
        ("S9", "A1.2 (Standard), A1.1 (School)"),
    ]
    short = factories.make_cycle(
        cast.partnership, slug="short", kind=CycleKind.CORE, questionnaires=(standard, school)
    )
    assert [(one.code, one.beside) for one in get_offered(short)] == [
        ("S2", "A1.1 (Standard)"),
        ("S9", "A1.1 (School)"),
    ]


def test_switched_on_with_the_words_of_that_day(cast: Cast) -> None:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(make_shipped_bank("S2", "S4"),))
    offered = get_offered(cycle)
    switch_on_survey(cycle=cycle, statements=offered, by=cast.administrator)
    assert list(SurveyStatement.objects.values_list("code", "key", "variant")) == [
        ("S2", "escalation-log", "standard"),
        ("S4", "training-plan-compliance", "standard"),
    ]
    switch_on_survey(cycle=cycle, statements=offered[:1], by=cast.administrator)
    assert SurveyStatement.objects.get().code == "S2"
    switch_off_survey(cycle=cycle, by=cast.administrator)
    assert not CycleSurvey.objects.exists()


def test_what_is_asked_stays_once_an_agency_asks(invitee: Invitee, cast: Cast) -> None:
    make_survey(invitee, by=cast.lead)
    for verb in (
        lambda: switch_off_survey(cycle=invitee.cycle, by=cast.administrator),
        lambda: switch_on_survey(cycle=invitee.cycle, statements=[], by=cast.administrator),
    ):
        with pytest.raises(NotInThisState, match="what is asked stays"):
            verb()


# Opened ---------------------------------------------------------------------------------------------------------------


def test_opened_for_all_who_can_ask_and_have_not(cycle: Cycle, invitee: Invitee, cast: Cast) -> None:
    factories.make_invitee(cycle, cast.other_organisation)
    exempt = factories.make_invitee(
        cycle, factories.make_organisation("Cove", slug="cove", partnership=cast.partnership)
    )
    Invitee.objects.filter(pk=exempt.pk).update(exempt_reason="Closed")
    make_survey(invitee, by=cast.lead)
    assert count_without(cycle) == 1
    everybody = list(Invitee.objects.values_list("pk", flat=True))
    for opened in (1, 0):
        assert opened == open_surveys(
            cycle=cycle, invitees=everybody, closes_on=tomorrow(), by=cast.administrator
        )
    assert SurveyTally.objects.count() == 2 * len(KEYS)
    assert PractitionerSurvey.objects.get(invitee=invitee).opened_by == cast.lead


def test_who_has_asked_its_staff_is_not_removed_from_the_cycle(invitee: Invitee, cast: Cast) -> None:
    make_survey(invitee, by=cast.lead)
    with pytest.raises(Exception, match="has asked its staff"):
        remove_invitee(invitee=invitee, by=cast.administrator)


def test_opened_twice_says_so(invitee: Invitee, cast: Cast) -> None:
    make_survey(invitee, by=cast.lead)
    with pytest.raises(NotInThisState, match="opened already"):
        open_survey(invitee=invitee, closes_on=tomorrow(), by=cast.administrator)


# Answers --------------------------------------------------------------------------------------------------------------


def test_an_answer_is_added_to_counts(invitee: Invitee, cast: Cast) -> None:
    survey = make_survey(
        invitee, by=cast.lead, people=[(YES, PARTLY, NO), (YES, UNKNOWN, NOT_MINE), (YES, None, None)]
    )
    counted = survey.tallies.order_by("statement__position").values_list(
        "yes", "partly", "no", "unknown", "not_mine"
    )
    assert list(counted) == [(3, 0, 0, 0, 0), (0, 1, 0, 1, 0), (0, 0, 1, 0, 1)]
    assert fresh(survey).responses == 3


def test_nothing_is_kept_that_tells_one_answer_from_another(invitee: Invitee, cast: Cast) -> None:
    """No table has a row an answer, none a moment, and the trail of changes hears of none."""
    survey = make_survey(invitee, by=cast.lead)
    rows = {model: model._default_manager.count() for model in apps.get_models()}
    before = LogEntry.objects.count()
    give(survey, (YES, YES, NO))
    give(survey, (NO, NO, YES))
    assert {model: model._default_manager.count() for model in apps.get_models()} == rows
    assert LogEntry.objects.count() == before
    moments = [field.name for field in SurveyTally._meta.get_fields() if isinstance(field, models.DateField)]
    assert moments == []
    # Who opened and who closed it, and when: of nobody else.
    dated = [
        field.name for field in PractitionerSurvey._meta.get_fields() if isinstance(field, models.DateField)
    ]
    assert dated == ["closes_on", "opened_at", "closed_at"]


def test_the_trail_holds_neither_counts_nor_the_link(invitee: Invitee, cast: Cast) -> None:
    survey = make_survey(invitee, by=cast.lead, people=[(YES, YES, YES)])
    replace_link(survey=survey, by=cast.lead)
    survey = fresh(survey)
    survey.responses = 9
    survey.save()
    close_survey(survey=survey, by=cast.lead)
    entries = LogEntry.objects.get_for_object(survey)
    assert entries
    assert not any({"responses", "link_nonce"} & set(entry.changes_dict) for entry in entries)


def test_answers_are_to_this_survey(invitee: Invitee, cast: Cast) -> None:
    survey = make_survey(invitee, by=cast.lead)
    for given in ({}, {0: YES}):
        with pytest.raises(ValueError, match="statements of this survey"):
            answer_survey(survey=survey, given=given)
    assert fresh(survey).responses == 0


# It ends --------------------------------------------------------------------------------------------------------------


def test_over_by_hand_by_its_day_or_with_its_cycle(invitee: Invitee, cast: Cast) -> None:
    survey = make_survey(invitee, by=cast.lead, closes_on=tomorrow())
    assert not fresh(survey).is_over
    with time_machine.travel(timezone.now() + datetime.timedelta(days=2)):
        assert fresh(survey).is_over
        with pytest.raises(NotInThisState, match="were not counted"):
            give(survey, (YES,))
    close_survey(survey=survey, by=cast.lead)
    assert fresh(survey).is_over
    with pytest.raises(NotInThisState, match="over already"):
        close_survey(survey=survey, by=cast.lead)
    move_last_day(survey=survey, closes_on=tomorrow(), by=cast.lead)
    assert not fresh(survey).is_over
    close_cycle(cycle=invitee.cycle, by=cast.administrator)
    assert fresh(survey).is_over


def test_the_last_day_counts_whole(invitee: Invitee, cast: Cast) -> None:
    survey = make_survey(invitee, by=cast.lead, closes_on=timezone.localdate())
    give(survey, (YES,))
    assert fresh(survey).responses == 1


def test_once_told_it_does_not_go_on(invitee: Invitee, cast: Cast) -> None:
    survey = make_survey(invitee, by=cast.lead)
    add_answers(survey, 5, (YES, YES, YES))
    # While it runs the day can move as often as one likes
    move_last_day(survey=survey, closes_on=tomorrow(), by=cast.lead)
    close_survey(survey=survey, by=cast.lead)
    with pytest.raises(NotInThisState, match="results have been shown"):
        move_last_day(survey=survey, closes_on=tomorrow(), by=cast.lead)


def test_a_new_link_closes_the_one_before(invitee: Invitee, cast: Cast) -> None:
    survey = make_survey(invitee, by=cast.lead, people=[(YES,)])
    before = survey.get_link_token()
    replace_link(survey=survey, by=cast.lead)
    assert not PractitionerSurvey.objects.with_link_token(before).exists()
    found = PractitionerSurvey.objects.with_link_token(fresh(survey).get_link_token())
    assert found.get().responses == 1


# Leaders say, staff say -----------------------------------------------------------------------------------------------


def test_nothing_is_told_while_it_runs_and_then_once(invitee: Invitee, cast: Cast) -> None:
    """The sixth answer changes nothing that can be seen; and after the end there is no seventh."""
    survey = make_survey(invitee, by=cast.lead)
    add_answers(survey, 5, (YES, YES, YES))
    assert get_staff_says(invitee).lines == ()
    give(survey, (NO, NO, NO))
    assert get_staff_says(invitee).lines == ()
    close_survey(survey=survey, by=cast.lead)
    lines = get_staff_says(invitee).lines
    assert [line.result.words for line in lines] == ["5 yes, 0 partly, 1 no, 0 do not know"] * 3
    with pytest.raises(NotInThisState):
        give(survey, (NO, NO, NO))


def test_four_people_are_never_told_of(invitee: Invitee, cast: Cast) -> None:
    survey = make_survey(invitee, by=cast.lead)
    add_answers(survey, 4, (YES, YES, YES))
    close_survey(survey=survey, by=cast.lead)
    assert get_staff_says(invitee).lines == ()
    asked = get_asked(invitee)
    assert [line.result for line in compare_with_leaders(invitee, asked, is_submitted=False)] == [None] * 3


def test_a_statement_that_four_answered_is_left_out(invitee: Invitee, cast: Cast) -> None:
    survey = make_survey(invitee, by=cast.lead, people=[(NO, None, NOT_MINE)])
    add_answers(survey, 4, (YES, YES, YES))
    close_survey(survey=survey, by=cast.lead)
    assert [line.code for line in get_staff_says(invitee).lines] == ["S1"]


def test_what_leaders_say_as_it_stands_and_as_submitted(cycle: Cycle, cast: Cast) -> None:
    scores: dict[str, int | str | None] = {"A1.1": 2, "A1.2": 1, "A2.1": "It does not do this", "A2.2": 0}
    audit = factories.make_audit(cycle, cast.organisation, scores=scores, status=AuditStatus.SUBMITTED)
    audit.answers.filter(indicator__code="A1.1").update(score=0)
    keys = [*KEYS, "key-a2-2", "unknown"]
    assert get_own_scores(audit.invitee, keys, is_submitted=True) == {
        "key-a1-1": 2,
        "key-a1-2": 1,
        "key-a2-1": NOT_APPLICABLE,
        "key-a2-2": 0,
    }
    assert get_own_scores(audit.invitee, keys, is_submitted=False)["key-a1-1"] == 0


def test_how_often_staff_say_less(cycle: Cycle, cast: Cast, bank: Questionnaire) -> None:
    scores = {"A1.1": 2, "A1.2": 1, "A2.1": 2, "A2.2": 0}
    audit = factories.make_audit(cycle, cast.organisation, scores=scores, status=AuditStatus.SUBMITTED)
    other = factories.make_audit(cycle, cast.other_organisation, scores=2, status=AuditStatus.SUBMITTED)
    survey = make_survey(audit.invitee, by=cast.lead)
    add_answers(survey, 6, (PARTLY, PARTLY, YES))
    both = [audit.pk, other.pk]
    assert count_below(cycle, both) == {}
    close_survey(survey=survey, by=cast.lead)
    theirs = make_survey(other.invitee, by=cast.stranger)
    add_answers(theirs, 4, (NO, NO, NO))
    close_survey(survey=theirs, by=cast.stranger)
    assert count_below(cycle, both) == {audit.pk: 1}
    assert count_below(cycle, [other.pk]) == {}


@pytest.mark.parametrize("agencies", [1, 3])
def test_how_often_costs_the_same_for_many(
    cycle: Cycle, cast: Cast, agencies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    audits = []
    for number in range(agencies):
        organisation = factories.make_organisation(
            f"Home {number}", slug=f"home-{number}", partnership=cast.partnership
        )
        audit = factories.make_audit(cycle, organisation, scores=2, status=AuditStatus.SUBMITTED)
        survey = make_survey(audit.invitee, by=cast.administrator)
        add_answers(survey, 5, (NO, NO, NO))
        close_survey(survey=survey, by=cast.administrator)
        audits.append(audit.pk)
    with django_assert_num_queries(3):
        assert count_below(cycle, audits) == dict.fromkeys(audits, 3)


def test_what_leaves_with_the_export(cycle: Cycle, cast: Cast) -> None:
    """As on the desk: once it is over, of five at least, and of an agency that has submitted."""

    def get_rows() -> list[dict[str, object]]:
        tables = {table.name: table for table in list_support_tables(cast.partnership)}
        return [dict(row) for row in tables["practitioner-surveys"].rows()]

    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    survey = make_survey(audit.invitee, by=cast.lead)
    add_answers(survey, 5, (YES, NO, UNKNOWN))
    other = factories.make_audit(cycle, cast.other_organisation, scores=2)
    theirs = make_survey(other.invitee, by=cast.stranger)
    add_answers(theirs, 5, (YES, YES, YES))
    close_survey(survey=theirs, by=cast.stranger)
    assert get_rows() == []
    close_survey(survey=survey, by=cast.lead)
    rows = get_rows()
    assert [(row["organisation"], row["code"]) for row in rows] == [("anchor", f"S{n}") for n in (1, 2, 3)]
    assert [row[name] for row, name in zip(rows, ("yes", "no", "do_not_know"), strict=True)] == [5, 5, 5]


def test_a_planned_cycle_can_be_switched_on_and_not_opened(cast: Cast, bank: Questionnaire) -> None:
    cycle = factories.make_cycle(
        cast.partnership, slug="planned", questionnaires=(bank,), status=CycleStatus.PLANNED
    )
    make_cycle_survey(cycle, by=cast.administrator)
    invitee = factories.make_invitee(cycle, cast.organisation)
    with pytest.raises(Exception, match="is planned by now"):
        open_survey(invitee=invitee, closes_on=tomorrow(), by=cast.administrator)


def test_each_answer_names_a_column() -> None:
    columns = {field.name for field in SurveyTally._meta.get_fields()}
    assert set(StaffAnswer.values) <= columns
