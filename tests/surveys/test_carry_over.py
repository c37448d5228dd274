"""A new audit starts from the last submitted one: what comes along, from where, and that nothing counts yet."""

from __future__ import annotations

import random

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation, User
from surveys.earlier import get_submitted_audits
from surveys.enums import AuditEventKind, AuditStatus, CycleKind, EvidenceKind
from surveys.evidence_pins import pin_evidence
from surveys.invitees import InviteeState, get_invitees, make_rows
from surveys.models import (
    AnswerEvidence,
    Audit,
    AuditEvent,
    CycleQuestionnaire,
    Evidence,
    Indicator,
    Invitee,
    Questionnaire,
)
from surveys.progress import get_progress
from surveys.workflow import open_audit
from tests import factories
from tests.conftest import Cast
from tests.surveys.last_years import make_last_audit, make_last_bank, make_new_place, open_new


def carried(audit: Audit) -> dict[str, tuple[int | None, str, str, bool]]:
    rows = audit.answers.values_list(
        "indicator__code", "score", "not_applicable_reason", "commentary", "confirmed"
    )
    return {
        code: (score, reason, commentary, confirmed) for code, score, reason, commentary, confirmed in rows
    }


# What comes along


def test_scores_reasons_and_words_are_brought_forward(cast: Cast) -> None:
    last = make_last_audit(cast)
    audit = open_new(cast)
    words = "Last year’s words on {}".format
    assert carried(audit) == {
        "A1.1": (2, "", words("A1.1"), False),
        "A1.2": (0, "", words("A1.2"), False),
        "A2.1": (None, "It does not do this", words("A2.1"), False),
        "A2.2": (1, "", words("A2.2"), False),
    }
    assert audit.carried_from == last
    for answer in audit.answers.select_related("carried_from__indicator", "indicator"):
        assert answer.carried_from is not None
        assert answer.carried_from.audit_id == last.pk
        assert answer.carried_from.indicator.key == answer.indicator.key
        assert (answer.version, answer.updated_by, answer.is_submitted) == (1, None, False)


def test_nothing_counts_until_it_is_confirmed(cast: Cast) -> None:
    make_last_audit(cast)
    audit = open_new(cast)
    progress = get_progress(audit)
    assert (progress.answered, progress.to_confirm, progress.words) == (0, 4, "0 of 4 answered, 4 to confirm")
    assert not progress.is_complete
    assert not audit.answers.answered().exists()


def test_the_trail_says_what_was_brought_forward_and_by_whom(cast: Cast) -> None:
    make_last_audit(cast)
    audit = open_new(cast)
    opened, carried_over = audit.events.order_by("pk")
    assert (opened.kind, carried_over.kind) == (AuditEventKind.OPENED, AuditEventKind.CARRIED_OVER)
    assert (carried_over.by, carried_over.detail) == (cast.lead, "4 of 4 answers from Audit 2025, to confirm")


def test_without_an_earlier_audit_it_starts_empty(cast: Cast) -> None:
    audit = open_new(cast)
    assert (audit.carried_from, audit.answers.count()) == (None, 0)
    assert list(AuditEvent.objects.values_list("kind", flat=True)) == [AuditEventKind.OPENED]


# From which audit


def test_it_is_the_last_submitted_by_closing_day(cast: Cast) -> None:
    make_last_audit(cast, slug="2024", years=2, scores=0)
    last = make_last_audit(cast, factories.make_questionnaire(edition="2025-26", revision=2), scores=2)
    make_last_audit(cast, factories.make_questionnaire(edition="2023-24"), slug="2023", years=3, scores=1)
    audit = open_new(cast)
    assert audit.carried_from == last
    assert set(audit.answers.values_list("score", flat=True)) == {2}


@pytest.mark.parametrize("status", [AuditStatus.DRAFT, AuditStatus.AWAITING_SIGN_OFF])
def test_one_that_was_never_submitted_is_passed_over(cast: Cast, status: AuditStatus) -> None:
    older = make_last_audit(cast, slug="2024", years=2, scores=0)
    newer = make_last_audit(cast, factories.make_questionnaire(edition="2025-26", revision=2), status=status)
    Audit.objects.filter(pk=newer.pk).update(status=status)
    assert open_new(cast).carried_from == older


def test_one_that_was_returned_counts_as_last_submitted(cast: Cast) -> None:
    last = make_last_audit(cast)
    Audit.objects.filter(pk=last.pk).update(status=AuditStatus.RETURNED)
    being_corrected = last.answers.get(indicator__code="A1.1")
    being_corrected.changes.create(version=2, score_before=2, score_after=0, commentary_before="As submitted")
    last.answers.filter(pk=being_corrected.pk).update(score=0, commentary="Being corrected", version=2)
    answer = open_new(cast).answers.get(indicator__code="A1.1")
    assert (answer.score, answer.commentary) == (2, "As submitted")


def test_another_partnership_and_another_organisation_are_no_source(cast: Cast) -> None:
    bank = make_last_bank()
    cast.organisation.participations.create(partnership=cast.elsewhere)
    there = factories.make_cycle(cast.elsewhere, slug="2025", questionnaires=(bank,))
    factories.make_audit(there, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    here = factories.make_cycle(cast.partnership, slug="2025", questionnaires=(bank,))
    factories.make_audit(here, cast.other_organisation, scores=2, status=AuditStatus.SUBMITTED)
    place = make_new_place(cast)
    assert get_submitted_audits(place) == []
    assert not open_audit(invitee=place, by=cast.lead).answers.exists()


# Matched by key


def test_matched_by_key_whatever_the_codes_say(cast: Cast) -> None:
    make_last_audit(cast, scores={"A1.1": 2, "A1.2": 0, "A2.1": 1, "A2.2": 1})
    bank = factories.make_questionnaire(Variant.HEALTH, edition="2026-27")
    for code, key in (("A1.1", "quite-new"), ("A1.2", "new-too"), ("A2.2", "key-a1-2")):
        Indicator.objects.filter(questionnaire=bank, code=code).update(key=key)
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,))
    invitee = Invitee.objects.create(
        cycle=cycle,
        cycle_questionnaire=CycleQuestionnaire.objects.get(cycle=cycle),
        organisation=cast.organisation,
    )
    audit = open_audit(invitee=invitee, by=cast.lead)
    assert {code: row[0] for code, row in carried(audit).items()} == {"A2.1": 1, "A2.2": 0}
    assert audit.events.get(kind=AuditEventKind.CARRIED_OVER).detail.startswith("2 of 4 answers")


@pytest.mark.parametrize("change", ["reasons", "indicator"])
def test_a_reason_that_is_not_offered_any_more_is_left_behind(cast: Cast, change: str) -> None:
    make_last_audit(cast)
    bank = factories.make_questionnaire(edition="2026-27")
    if change == "reasons":
        Questionnaire.objects.filter(pk=bank.pk).update(not_applicable_reasons=["Another one"])
    else:
        bank.indicators.filter(code="A2.1").update(may_be_not_applicable=False)
    audit = open_new(cast, Questionnaire.objects.get(pk=bank.pk))
    assert carried(audit)["A2.1"] == (None, "", "Last year’s words on A2.1", False)
    assert get_progress(audit).to_confirm == 3


def test_only_what_the_cycle_asks_is_brought_forward(cast: Cast) -> None:
    make_last_audit(cast)
    bank = factories.make_questionnaire(edition="2026-27")
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank,), kind=CycleKind.CORE)
    audit = open_audit(invitee=factories.make_invitee(cycle, cast.organisation), by=cast.lead)
    assert set(carried(audit)) == {"A1.1"}


def test_what_waits_for_the_profile_comes_along_and_is_asked(cast: Cast) -> None:
    make_last_audit(cast)
    bank = factories.make_questionnaire(edition="2026-27")
    bank.indicators.filter(code="A2.2").update(applies_if={"P1": "yes"})
    audit = open_new(cast, bank)
    assert "A2.2" in carried(audit)
    assert get_progress(audit).asked == 4


# Evidence


def make_item(organisation: Organisation, title: str, by: User) -> Evidence:
    item = Evidence.objects.create(
        organisation=organisation, kind=EvidenceKind.REFERENCE, title=title, added_by=by
    )
    item.versions.create(number=1, reference="In the office")
    return item


def test_evidence_is_linked_again_but_for_what_was_removed(cast: Cast) -> None:
    last = make_last_audit(cast)
    answer = last.answers.get(indicator__code="A1.1")
    kept, removed, taken_off, put_on = (
        make_item(cast.organisation, one, cast.lead) for one in ("Minutes", "Gone", "Off", "On")
    )
    first = AnswerEvidence.objects.create(answer=answer, evidence=kept, added_by=cast.contributor)
    AnswerEvidence.objects.create(answer=answer, evidence=removed)
    off = AnswerEvidence.objects.create(answer=answer, evidence=taken_off)
    pin_evidence([last])
    # While a return is corrected: what was submitted still counts.
    AnswerEvidence.objects.filter(pk=off.pk).update(removed_at=timezone.now())
    AnswerEvidence.objects.create(answer=answer, evidence=put_on)
    Evidence.objects.filter(pk=removed.pk).update(removed_at=timezone.now())
    audit = open_new(cast)
    link, other = AnswerEvidence.objects.filter(answer__audit=audit).order_by("pk")
    assert (link.evidence, link.answer.indicator.code) == (kept, "A1.1")
    assert (other.evidence, other.removed_at) == (taken_off, None)
    assert (link.added_by, link.added_at, link.submitted_version) == (cast.contributor, first.added_at, None)


# Once, and fast


def test_opened_twice_it_is_carried_over_once(cast: Cast) -> None:
    make_last_audit(cast)
    place = make_new_place(cast)
    first = open_audit(invitee=place, by=cast.lead)
    again = open_audit(invitee=place, by=cast.contributor)
    assert first == again
    assert again.answers.count() == 4
    assert again.events.filter(kind=AuditEventKind.CARRIED_OVER).count() == 1


def test_a_score_that_was_changed_meanwhile_is_not_carried_over_again(cast: Cast) -> None:
    make_last_audit(cast)
    audit = open_new(cast)
    audit.answers.filter(indicator__code="A1.1").update(score=1, confirmed=True)
    open_audit(invitee=audit.invitee, by=cast.contributor)
    assert carried(audit)["A1.1"][0] == 1


@pytest.mark.parametrize("size", [1, 30])
def test_the_number_of_queries_does_not_grow(
    cast: Cast, size: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    last_bank = factories.make_questionnaire(edition="2025-26", standards={"A1": size})
    last = make_last_audit(cast, last_bank, scores=2)
    item = make_item(cast.organisation, "Minutes", cast.lead)
    AnswerEvidence.objects.bulk_create(
        AnswerEvidence(answer=one, evidence=item) for one in last.answers.all()
    )
    pin_evidence([last])
    place = make_new_place(cast, factories.make_questionnaire(edition="2026-27", standards={"A1": size}))
    place = Invitee.objects.select_related("organisation", "cycle__partnership").get(pk=place.pk)
    with transaction.atomic(), django_assert_num_queries(20):
        audit = open_audit(invitee=place, by=cast.lead)
    assert AnswerEvidence.objects.filter(answer__audit=audit).count() == size


# Properties


def make_bank(chance: random.Random, edition: str) -> Questionnaire:
    """Of a random variant and size, its keys drawn from a few, some of its indicators never not applicable."""
    sizes = {"A1": chance.randrange(1, 6), "A2": chance.randrange(1, 6)}
    bank = factories.make_questionnaire(chance.choice(list(Variant)), edition=edition, standards=sizes)
    keys = chance.sample([f"key-{number}" for number in range(14)], sum(sizes.values()))
    for indicator, key in zip(bank.indicators.all(), keys, strict=True):
        indicator.key = key
        indicator.may_be_not_applicable = chance.random() < 0.7
        indicator.save()
    return bank


def answer_at_random(chance: random.Random, cast: Cast, bank: Questionnaire) -> Audit:
    """Last year's, in that bank's variant, submitted."""
    cast.organisation.variant = bank.variant
    possible = [0, 1, 2, bank.not_applicable_reasons[0]]
    scores = {one.code: chance.choice(possible) for one in bank.indicators.all()}
    cycle = factories.make_cycle(cast.partnership, slug="2025", questionnaires=(bank,))
    return factories.make_audit(cycle, cast.organisation, scores=scores, status=AuditStatus.SUBMITTED)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_banks_nothing_is_invented(cast: Cast, seed: int) -> None:
    """Two random banks that share some keys, any answers: the rule, said once more and slowly."""
    chance = random.Random(seed)
    before, after = make_bank(chance, "2025-26"), make_bank(chance, "2026-27")
    after.not_applicable_reasons = chance.choice([before.not_applicable_reasons, ["Something else"]])
    after.save()
    last = answer_at_random(chance, cast, before)
    untouched = list(last.answers.order_by("pk").values())
    cast.organisation.variant = after.variant
    audit = open_new(cast, after)

    expected = {}
    for indicator in after.indicators.all():
        for old in last.answers.filter(indicator__key=indicator.key):
            keeps = indicator.may_be_not_applicable and len(after.not_applicable_reasons) > 1
            reason = old.not_applicable_reason if keeps else ""
            expected[indicator.key] = (old.score, reason, old.pk, False)
    columns = ("indicator__key", "score", "not_applicable_reason", "carried_from", "confirmed")
    assert {key: tuple(rest) for key, *rest in audit.answers.values_list(*columns)} == expected
    assert get_progress(audit).answered == 0
    open_audit(invitee=audit.invitee, by=cast.contributor)
    assert audit.answers.count() == len(expected), "opened again, it is as it was"
    assert list(last.answers.order_by("pk").values()) == untouched


def test_officers_see_no_activity_before_something_is_confirmed(cast: Cast) -> None:
    """How far an agency is and when it last changed something are about what people did, not what came along."""
    make_last_audit(cast)
    cycle = open_new(cast).cycle
    (row,) = make_rows(cycle, get_invitees(cycle))
    assert (row.state, row.progress, row.changed_at) == (InviteeState.REGISTERED, "0 of 4 answered", None)
