"""The facts behind the moderators' queue, each counted in a small world, by as many queries for three as for one."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from s11.organisations.models import Organisation
from surveys.enums import ActionOrigin, ActionStatus, AuditStatus, CycleKind
from surveys.evidence_pins import pin_evidence
from surveys.models import Action, Answer, AnswerEvidence, Audit, Cycle, Questionnaire
from surveys.risk import Facts
from surveys.risk_facts import get_facts
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded

TODAY = datetime.date(2026, 6, 1)


@grounded
def bank(db: None) -> Questionnaire:
    return factories.make_questionnaire()


def make_year(
    cast: Cast, bank: Questionnaire, year: int, kind: CycleKind = CycleKind.FULL, slug: str = ""
) -> Cycle:
    return factories.make_cycle(
        cast.partnership,
        slug=slug or str(year),
        questionnaires=(bank,),
        kind=kind,
        opens_on=datetime.date(year, 1, 1),
        closes_on=datetime.date(year, 4, 1),
    )


def submit(cycle: Cycle, organisation: Organisation, scores: object = 2, words: str = "") -> Audit:
    audit = factories.make_audit(cycle, organisation, scores=scores, status=AuditStatus.SUBMITTED)  # type: ignore[arg-type]
    audit.answers.update(commentary=words)
    return audit


def back(audit: Audit, organisation: Organisation, code: str, expires_on: datetime.date | None) -> None:
    item = factories.make_evidence(organisation)
    item.expires_on = expires_on
    item.save()
    AnswerEvidence.objects.create(answer=Answer.objects.get(audit=audit, indicator__code=code), evidence=item)
    pin_evidence([audit])


def test_what_one_submission_says(cast: Cast, bank: Questionnaire) -> None:
    cycle = make_year(cast, bank, 2026)
    scores = {"A1.1": 0, "A1.2": 2, "A2.1": 2, "A2.2": "It does not do this"}
    audit = submit(cycle, cast.organisation, scores)
    back(audit, cast.organisation, "A1.2", TODAY)
    back(audit, cast.organisation, "A2.2", TODAY - datetime.timedelta(days=1))
    assert get_facts(cycle, TODAY) == {
        audit.pk: Facts(scored=3, twos=2, twos_without_evidence=1, with_expired_evidence=1, critical_zeros=1)
    }


def test_evidence_that_no_submission_pins_is_none(cast: Cast, bank: Questionnaire) -> None:
    cycle = make_year(cast, bank, 2026)
    audit = submit(cycle, cast.organisation)
    back(audit, cast.organisation, "A1.1", None)
    AnswerEvidence.objects.update(submitted_version=None)
    assert get_facts(cycle, TODAY)[audit.pk].twos_without_evidence == 4


def test_beside_the_audits_before(cast: Cast, bank: Questionnaire) -> None:
    years = [make_year(cast, bank, year) for year in (2024, 2025, 2026)]
    for cycle, scores in zip(years, (1, {"A1.1": 0, "A1.2": 1, "A2.1": 1, "A2.2": 1}, 2), strict=True):
        audit = submit(cycle, cast.organisation, scores, "We train all staff.")
    audit.answers.filter(indicator__code="A2.2").update(commentary="We train All staff.")
    audit.answers.filter(indicator__code="A2.1").update(commentary="")
    found = get_facts(years[2], TODAY)[audit.pk]
    # 3 of 8 before; the other texts differ by one letter, or are none.
    assert (found.percent_before, found.percent, found.leaps) == (38, 100, 1)
    assert found.unchanged_for_three_years == 2
    assert get_facts(years[1], TODAY)[Audit.objects.get(invitee__cycle=years[1]).pk].percent_before == 50


def test_two_years_of_one_text_are_not_three(cast: Cast, bank: Questionnaire) -> None:
    for year in (2025, 2026):
        cycle = make_year(cast, bank, year)
        audit = submit(cycle, cast.organisation, 2, "The same.")
    assert get_facts(cycle, TODAY)[audit.pk].unchanged_for_three_years == 0


def test_a_topic_between_two_audits_and_another_partnership_are_no_step(
    cast: Cast, bank: Questionnaire
) -> None:
    submit(make_year(cast, bank, 2025), cast.organisation, 1)
    topic = make_year(cast, bank, 2025, CycleKind.TOPIC, slug="topic")
    Cycle.objects.filter(pk=topic.pk).update(closes_on=datetime.date(2025, 9, 1), kind=CycleKind.FULL)
    submit(topic, cast.organisation, 2)
    Cycle.objects.filter(pk=topic.pk).update(kind=CycleKind.TOPIC)
    elsewhere = factories.make_cycle(
        cast.elsewhere,
        questionnaires=(bank,),
        opens_on=datetime.date(2025, 10, 1),
        closes_on=datetime.date(2025, 12, 1),
    )
    submit(elsewhere, cast.organisation, 0)
    audit = submit(make_year(cast, bank, 2026), cast.organisation, 2)
    assert get_facts(audit.cycle, TODAY)[audit.pk].percent_before == 50


def test_what_the_panel_agreed_and_nobody_did(cast: Cast, bank: Questionnaire) -> None:
    audit = submit(make_year(cast, bank, 2026), cast.organisation)
    for origin in (ActionOrigin.PANEL, ActionOrigin.PANEL, ActionOrigin.FREE):
        done = factories.make_action(cast.organisation, cast.partnership, origin=origin)
        if origin == ActionOrigin.PANEL and not Action.objects.filter(status=ActionStatus.DONE).exists():
            done.status, done.percent = ActionStatus.DONE, 100
            done.save()
    assert get_facts(audit.cycle, TODAY)[audit.pk].open_panel_actions == 1


def test_only_what_counts_and_is_not_exempt(cast: Cast, bank: Questionnaire) -> None:
    cycle = make_year(cast, bank, 2026)
    factories.make_audit(cycle, cast.organisation, scores=2)
    exempt = submit(cycle, cast.other_organisation)
    exempt.invitee.exempt_reason = "Closed in May"
    exempt.invitee.save()
    assert get_facts(cycle, TODAY) == {}


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_for_three_as_for_one(
    cast: Cast, bank: Questionnaire, number: int, django_assert_num_queries: object
) -> None:
    years = [make_year(cast, bank, year) for year in (2024, 2025, 2026)]
    for index in range(number):
        organisation = factories.make_organisation(f"Place {index}", partnership=cast.partnership)
        for cycle in years:
            submit(cycle, organisation, 2, "The same.")
    with django_assert_num_queries(6):  # type: ignore[operator]
        found = get_facts(years[2], timezone.localdate())
    assert [one.unchanged_for_three_years for one in found.values()] == [4] * number
