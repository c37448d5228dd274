"""Answers flow by key into and out of the full audit: from each earlier audit what it was the last to say."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.models import User
from surveys.enums import AuditEventKind, AuditStatus, CycleKind
from surveys.last_year import get_last_grades, get_last_year
from surveys.models import Audit, CycleQuestionnaire, Invitee, Questionnaire
from surveys.queries import get_asked_standards
from surveys.workflow import AnswerInput, open_audit, save_answers
from tests import factories
from tests.conftest import Cast
from tests.ground import grounded
from tests.surveys.audit_pages import address
from tests.surveys.last_years import make_last_audit, make_new_place, open_new


@grounded
def bank(cast: Cast) -> Questionnaire:
    """This year's, which the topic pins too."""
    return factories.make_questionnaire(edition="2026-27")


def make_partial(cast: Cast, bank: Questionnaire, kind: CycleKind, **scores: int) -> Audit:
    """A core or topic (standard A2) audit, submitted half a year ago: after last year's and before this year's."""
    closed_on = timezone.localdate() - datetime.timedelta(days=180)
    cycle = factories.make_cycle(
        cast.partnership,
        slug=str(kind),
        questionnaires=(bank,),
        kind=kind,
        opens_on=closed_on - datetime.timedelta(days=30),
        closes_on=closed_on,
    )
    CycleQuestionnaire.objects.get(cycle=cycle).standards.set(bank.standards.filter(code="A2"))
    given = {code.replace("_", "."): score for code, score in scores.items()}
    return factories.make_audit(cycle, cast.organisation, scores=given, status=AuditStatus.SUBMITTED)


def scores_of(audit: Audit) -> dict[str, int | None]:
    return dict(audit.answers.values_list("indicator__code", "score"))


def test_a_full_audit_after_a_topic_starts_from_both(cast: Cast, bank: Questionnaire) -> None:
    full = make_last_audit(cast)
    topic = make_partial(cast, bank, CycleKind.TOPIC, A2_1=0, A2_2=2)
    audit = open_new(cast, bank)
    assert scores_of(audit) == {"A1.1": 2, "A1.2": 0, "A2.1": 0, "A2.2": 2}
    sources = dict(audit.answers.values_list("indicator__code", "carried_from__audit"))
    assert sources == {"A1.1": full.pk, "A1.2": full.pk, "A2.1": topic.pk, "A2.2": topic.pk}
    assert audit.carried_from == topic
    assert not audit.answers.answered().exists()
    (event,) = audit.events.filter(kind=AuditEventKind.CARRIED_OVER)
    assert event.detail == "4 of 4 answers from Audit topic and Audit 2025, to confirm"


@pytest.mark.parametrize(("kind", "asked"), [(CycleKind.CORE, {"A1.1"}), (CycleKind.TOPIC, {"A2.1", "A2.2"})])
def test_a_short_audit_starts_from_the_last_full_one(
    cast: Cast, bank: Questionnaire, kind: CycleKind, asked: set[str]
) -> None:
    full = make_last_audit(cast)
    cycle = factories.make_cycle(cast.partnership, slug="short", questionnaires=(bank,), kind=kind)
    CycleQuestionnaire.objects.get(cycle=cycle).standards.set(bank.standards.filter(code="A2"))
    audit = open_audit(invitee=factories.make_invitee(cycle, cast.organisation), by=cast.lead)
    assert set(scores_of(audit)) == asked
    assert set(audit.answers.values_list("carried_from__audit", flat=True)) == {full.pk}


def test_what_a_newer_full_audit_says_outranks_the_topic(cast: Cast, bank: Questionnaire) -> None:
    make_partial(cast, bank, CycleKind.TOPIC, A2_1=0, A2_2=0)
    newest = factories.make_cycle(
        cast.partnership,
        slug="newest",
        questionnaires=(bank,),
        closes_on=timezone.localdate() - datetime.timedelta(days=1),
        opens_on=timezone.localdate() - datetime.timedelta(days=20),
    )
    factories.make_audit(newest, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    assert set(scores_of(open_new(cast, bank)).values()) == {2}


def test_a_recalled_topic_and_its_drafts_are_no_source(cast: Cast, bank: Questionnaire) -> None:
    make_last_audit(cast)
    topic = make_partial(cast, bank, CycleKind.TOPIC, A2_1=0, A2_2=0)
    Audit.objects.filter(pk=topic.pk).update(
        status=AuditStatus.DRAFT, submitted_at=None, first_submitted_at=None
    )
    assert scores_of(open_new(cast, bank)) == {"A1.1": 2, "A1.2": 0, "A2.1": None, "A2.2": 1}


def test_each_answer_names_its_own_audit(
    cast: Cast, bank: Questionnaire, sign_in: Callable[[User], Client]
) -> None:
    make_last_audit(cast)
    make_partial(cast, bank, CycleKind.TOPIC, A2_1=0, A2_2=2)
    bank.indicators.filter(code="A1.2").update(descriptor_2="More than before.")
    open_new(cast, bank)
    client = sign_in(cast.lead)
    first, second = (client.get(address("audit_standard", code=code)).text for code in ("A1", "A2"))
    assert first.count('<p class="app-note__title">Audit 2025</p>') == 2
    assert "1 change since then: What a 2 looks like" in first
    assert second.count('<p class="app-note__title">Audit topic</p>') == 2
    assert "since then" not in second
    together = client.get(address("standard_confirm", code="A2")).text
    assert "brought forward from Audit topic." in together


def test_grades_and_what_is_no_longer_asked_name_their_own_audit(
    cast: Cast, bank: Questionnaire, sign_in: Callable[[User], Client]
) -> None:
    make_last_audit(cast)
    make_last_audit(cast, factories.make_questionnaire(edition="2024-25"), slug="2024", years=2, scores=0)
    make_partial(cast, bank, CycleKind.TOPIC, A2_1=0, A2_2=0)
    newer = factories.make_questionnaire(edition="2027-28")
    newer.indicators.filter(code="A1.2").update(key="another")
    newer.indicators.filter(code="A2.1").update(key="another-too")
    audit = open_new(cast, newer)
    found = get_last_grades(audit)
    assert found is not None
    assert (found.get_line("A1"), found.get_line("A2")) == ("Grade 1 in Audit 2025", "Grade 0 in Audit topic")
    assert found.removed_line == (
        "1 answer of Audit topic is no longer asked for: A2.1 Statement A2.1. "
        "1 answer of Audit 2025 is no longer asked for: A1.2 Statement A1.2"
    )
    page = sign_in(cast.lead).get(address("audit")).text
    assert "Grade 1 in Audit 2025" in page
    assert "Grade 0 in Audit topic" in page


def test_what_an_earlier_bank_asked_is_not_new(cast: Cast, bank: Questionnaire) -> None:
    """Also where only the topic in between did, or only the full audit before it."""
    last_bank = factories.make_questionnaire(edition="2025-26")
    last_bank.indicators.filter(code="A2.2").update(key="asked-only-now")
    make_last_audit(cast, last_bank)
    topic_bank = factories.make_questionnaire(edition="2025-26", revision=2)
    topic_bank.indicators.filter(code="A1.2").update(key="gone-for-a-while")
    make_partial(cast, topic_bank, CycleKind.TOPIC, A2_1=1, A2_2=1)
    bank.indicators.filter(code="A1.1").update(key="quite-new")
    audit = open_new(cast, bank)
    items = [item for one in get_asked_standards(audit) for item in one.items]
    last_year = get_last_year(audit, items)
    assert [item.indicator.code for item in items if last_year.is_new(item.indicator)] == ["A1.1"]


def test_it_shows_what_was_submitted_not_what_was_corrected_since(cast: Cast) -> None:
    last = make_last_audit(cast)
    audit = open_new(cast)
    factories.make_correction(last)
    type(last.cycle).objects.filter(pk=last.cycle.pk).update(status="open", closed_at=None)
    indicator = last.questionnaire.indicators.get(code="A1.1")
    corrected = AnswerInput(indicator, 0, "", "Corrected since", seen_version=1)
    assert save_answers(audit=Audit.objects.get(pk=last.pk), entered=[corrected], by=cast.lead) == []
    items = [item for one in get_asked_standards(audit) for item in one.items]
    shown = get_last_year(audit, items).answers[items[0].indicator.pk].answer
    assert (shown.score, shown.commentary) == (2, "Last year’s words on A1.1")


@pytest.mark.parametrize("audits", [1, 4])
def test_the_number_of_queries_does_not_grow_with_the_years(
    cast: Cast, bank: Questionnaire, audits: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for years in range(1, audits + 1):
        edition = f"20{25 - years}-{26 - years}"
        make_last_audit(
            cast, factories.make_questionnaire(edition=edition), slug=str(2026 - years), years=years
        )
    place = make_new_place(cast, bank)
    place = Invitee.objects.select_related("organisation", "cycle__partnership").get(pk=place.pk)
    with transaction.atomic(), django_assert_num_queries(19):
        open_audit(invitee=place, by=cast.lead)
