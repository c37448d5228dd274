"""The overview's figures: equal to the slow twin's on random cycles full of what must not count."""

from __future__ import annotations

import dataclasses
import datetime
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation, Participation, Partnership
from surveys.enums import AuditStatus, CycleKind, Scope, Series
from surveys.models import Audit, Cycle, CycleQuestionnaire, Indicator, Questionnaire, Scorecard
from surveys.overview import as_json, get_overview
from surveys.progress import get_progress
from surveys.workflow import freeze_answers, mark_submitted, recall_audit
from tests import factories
from tests.surveys.slow_twin import AnswerRow, AuditRow, IndicatorRow, slow_overview

pytestmark = pytest.mark.django_db
QUERIES = 8
Scores = dict[str, int | str | None]
VARIANTS = (Variant.SCHOOL, Variant.STANDARD, Variant.HEALTH)
CODES = ("A2.1", "A2.2", "A2.3", "A1.1", "A1.2", "A3.1")
REASON = "It does not do this"


def make_bank(variant: Variant) -> Questionnaire:
    """Two standards of one theme, one with its last indicator under another, and a third that few can score."""
    bank = factories.make_questionnaire(variant, standards={"A2": 3, "A1": 2, "A3": 1})
    bank.standards.filter(code="A1").update(theme=factories.make_theme("T1"))
    bank.indicators.filter(code__in=("A1.1", "A1.2")).update(theme=factories.make_theme("T1"))
    bank.indicators.filter(code="A2.3").update(theme=factories.make_theme("T10"))
    bank.indicators.filter(code="A1.2").update(is_critical=variant != Variant.SCHOOL)
    bank.indicators.filter(code="A3.1").update(applies_if={"P1": "12"})
    return bank


@dataclasses.dataclass
class Plain:
    """What went in, as the twin's plain rows."""

    audits: list[AuditRow] = dataclasses.field(default_factory=list)
    answers: list[AnswerRow] = dataclasses.field(default_factory=list)

    def add(self, audit: Audit, scores: Scores) -> None:
        name = f"{audit.pk}"
        self.audits.append(AuditRow(name, audit.organisation.name, audit.variant.value))
        for code, score in scores.items():
            self.answers.append(AnswerRow(name, code, "NA" if isinstance(score, str) else str(score)))


def plain_bank(banks: list[Questionnaire]) -> list[IndicatorRow]:
    return [
        IndicatorRow(
            bank.variant,
            one.standard.code,
            one.standard.title,
            one.standard.theme.code,
            one.code,
            one.key,
            one.theme.code,
            one.is_critical,
        )
        for bank in banks
        for one in bank.indicators.select_related("standard__theme", "theme")
    ]


def pick_scores(chance: random.Random) -> Scores:
    """Where A3.1 is not asked (its profile question is unanswered) there is no row of it."""
    scores: Scores = {code: chance.choice((0, 1, 2, 2, REASON)) for code in ("A2.1", "A2.2", "A2.3", "A1.1")}
    scores["A1.2"] = chance.choice((0, 2))
    if chance.random() < 0.5:
        scores["A3.1"] = chance.choice((1, REASON))
    return scores


def rewrite(audit: Audit, scores: Scores) -> None:
    """What an agency enters after a return or a recall."""
    audit.answers.all().delete()
    for indicator in audit.questionnaire.indicators.all():
        if indicator.code in scores:
            score = scores[indicator.code]
            audit.answers.create(
                indicator=indicator,
                score=score if isinstance(score, int) else None,
                not_applicable_reason=score if isinstance(score, str) else "",
            )


def submit(audit: Audit) -> None:
    mark_submitted(audit, at=timezone.now(), by=None)
    freeze_answers(audit, [item for one in get_progress(audit).standards for item in one.items])


def make_random_cycle(chance: random.Random, partnership: Partnership, cycle: Cycle) -> Plain:
    plain = Plain()
    officer = factories.make_officer("officer@harbour.example", partnership=partnership)
    kinds = ["submitted", "returned", "again", "draft", "recalled", "exempt", "unopened"]
    for number, kind in enumerate(kinds * 3 + ["submitted"] * 4):
        organisation = factories.make_organisation(
            f"Organisation {number % 9}", variant=chance.choice(VARIANTS), partnership=partnership
        )
        factories.make_invitee(cycle, organisation)
        if kind == "unopened":
            continue
        scores = pick_scores(chance)
        status = AuditStatus.DRAFT if kind == "draft" else AuditStatus.SUBMITTED
        audit = factories.make_audit(cycle, organisation, scores=scores, status=status)
        match kind:
            case "returned":
                audit.status = AuditStatus.RETURNED
                audit.save()
                audit.answers.update(score=0, not_applicable_reason="")  # still to be submitted again
            case "again":
                recall_audit(audit=audit, by=officer)
                scores = pick_scores(chance)
                rewrite(audit, scores)
                submit(audit)
            case "recalled":
                recall_audit(audit=audit, by=officer)
            case "exempt":
                audit.invitee.exempt_reason = "It has closed."
                audit.invitee.save()
        if kind in ("submitted", "returned", "again"):
            plain.add(audit, scores)
    return plain


def make_leaks(
    partnership: Partnership, banks: tuple[Questionnaire, ...], organisation: Organisation
) -> None:
    """All at 0, in another cycle and, under the same slug, in another partnership."""
    elsewhere = factories.make_partnership("Moorland", slug="moorland")
    Participation.objects.create(partnership=elsewhere, organisation=organisation, local_name="Not yours")
    for place, slug in ((partnership, "2025"), (elsewhere, "2026")):
        other = factories.make_cycle(place, slug=slug, questionnaires=banks)
        factories.make_audit(other, organisation, scores=0, status=AuditStatus.SUBMITTED)


@pytest.mark.parametrize("seed", range(4))
def test_equals_the_slow_twin_on_random_cycles(seed: int) -> None:
    chance = random.Random(seed)
    partnership = factories.make_partnership("Harbour", slug="harbour")
    banks = tuple(make_bank(variant) for variant in (*VARIANTS, Variant.CARE_HOME))
    cycle = factories.make_cycle(partnership, questionnaires=banks)
    plain = make_random_cycle(chance, partnership, cycle)
    submitted = Audit.objects.counted().filter(invitee__cycle=cycle).first()
    assert submitted is not None
    make_leaks(partnership, banks, submitted.organisation)

    got = as_json(get_overview(cycle))

    expected = slow_overview(plain_bank(list(banks)), plain.audits, plain.answers)
    assert json.dumps({key: got[key] for key in expected}, indent=1) == json.dumps(expected, indent=1)
    assert got["participation"]["submitted"] == len(plain.audits) == 13
    assert got["participation"]["invited"] == 22


def test_a_cycle_without_audits_is_empty_and_valid() -> None:
    partnership = factories.make_partnership("Harbour", slug="harbour")
    cycle = factories.make_cycle(partnership, questionnaires=(make_bank(Variant.STANDARD),))
    none = {"count": 0, "of": 0, "percent": None}
    got = as_json(get_overview(cycle))
    assert got.pop("participation")["submitted_of_invited"] == none
    assert got == {
        "partnership": "harbour",
        "cycle": "2026",
        "series": "self",
        "took_part": {"submitted_with_answers": 0, "own_tool": 0, "not_submitted": 0},
        "all": {"submitted": 0, "grades": {"0": 0, "1": 0, "2": 0}, "at_grade_2": none},
        "variants": [],
        "themes": [],
        "critical_zeros": [],
    }


@pytest.fixture
def cycle() -> Cycle:
    partnership = factories.make_partnership("Harbour", slug="harbour")
    banks = (make_bank(Variant.STANDARD), make_bank(Variant.HEALTH))
    return factories.make_cycle(partnership, questionnaires=banks)


def make_submitted(cycle: Cycle, name: str, scores: Any = 2, variant: Variant = Variant.STANDARD) -> Audit:
    organisation = factories.make_organisation(name, variant=variant, partnership=cycle.partnership)
    return factories.make_audit(cycle, organisation, scores=scores, status=AuditStatus.SUBMITTED)


@pytest.mark.parametrize("audits", [1, 3, 30])
def test_queries_do_not_grow(
    cycle: Cycle, audits: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    for number in range(audits):
        variant = (Variant.STANDARD, Variant.HEALTH)[number % 2]
        audit = make_submitted(cycle, f"Organisation {number}", scores=0, variant=variant)
        factories.make_member(f"lead@{audit.pk}.example", organisation=audit.organisation)
    cycle = Cycle.objects.select_related("partnership").get(pk=cycle.pk)
    with django_assert_num_queries(QUERIES):
        got = as_json(get_overview(cycle))
    assert len(got["critical_zeros"]) == audits * 2


def test_a_critical_zero_is_listed_whatever_the_average(cycle: Cycle) -> None:
    scores = {"A2.1": 0, "A2.2": 2, "A2.3": 2, "A1.1": 2, "A1.2": 2, "A3.1": 2}
    make_submitted(cycle, "Anchor Trust", scores=scores)
    overview = get_overview(cycle)
    assert [(zero.organisation, zero.indicator) for zero in overview.critical_zeros] == [
        ("Anchor Trust", "A2.1")
    ]
    assert overview.variants[0].mean == "1.67"
    assert overview.below_grade_2 == ()


def test_organisations_below_grade_2_by_concern_under_the_name_used_here(cycle: Cycle) -> None:
    ones = make_submitted(cycle, "Zeal", scores=1)
    make_submitted(cycle, "Mill", scores=0, variant=Variant.HEALTH)
    make_submitted(cycle, "Anchor Trust", scores=2)
    Participation.objects.filter(organisation=ones.organisation).update(local_name="Abbey (was Zeal)")
    make_submitted(cycle, "Beacon", scores=1)
    listed = [
        (one.organisation, one.variant, one.grade, one.mean) for one in get_overview(cycle).below_grade_2
    ]
    assert listed == [
        ("Mill", Variant.HEALTH, 0, "0.00"),
        ("Abbey (was Zeal)", Variant.STANDARD, 1, "1.00"),
        ("Beacon", Variant.STANDARD, 1, "1.00"),
    ]


def test_without_names_keeps_every_figure_and_no_name(cycle: Cycle) -> None:
    make_submitted(cycle, "Anchor Trust", scores=0)
    overview = get_overview(cycle)
    nameless = overview.without_names()
    assert "Anchor" in repr(overview)
    assert "anchor" not in repr(nameless).lower()
    assert [zero.indicator for zero in nameless.critical_zeros] == ["A1.2", "A2.1"]
    assert nameless.variants == overview.variants


def list_indicators(cycle: Cycle) -> list[str]:
    (variant,) = get_overview(cycle).variants
    return [indicator.code for indicator in variant.indicators]


def test_lists_what_the_cycle_asks_whether_or_not_anybody_was_asked(cycle: Cycle) -> None:
    make_submitted(cycle, "Anchor Trust", scores={"A2.1": 2, "A2.2": 2, "A2.3": 2, "A1.1": 2, "A1.2": 2})
    assert list_indicators(cycle) == ["A2.1", "A2.2", "A2.3", "A1.1", "A1.2", "A3.1"]
    tomorrow = cycle.opens_on + datetime.timedelta(days=1)
    Indicator.objects.filter(code="A3.1").update(in_force=tomorrow)
    assert list_indicators(cycle) == ["A2.1", "A2.2", "A2.3", "A1.1", "A1.2"]
    Indicator.objects.filter(code="A3.1").update(is_prepare=True)
    assert list_indicators(cycle)[-1] == "A3.1"


def test_what_was_asked_stays_listed_when_it_is_no_longer_in_force(cycle: Cycle) -> None:
    make_submitted(cycle, "Anchor Trust", scores=2)
    Indicator.objects.filter(code="A2.1").update(in_force=cycle.opens_on + datetime.timedelta(days=1))
    assert list_indicators(cycle)[0] == "A2.1"


def test_a_core_cycle_lists_core_indicators_alone(cycle: Cycle) -> None:
    cycle.kind = CycleKind.CORE
    cycle.save()
    make_submitted(cycle, "Anchor Trust")
    assert list_indicators(cycle) == ["A2.1"]


def test_a_topic_cycle_lists_its_standards_alone(cycle: Cycle) -> None:
    cycle.kind = CycleKind.TOPIC
    cycle.save()
    pinned = CycleQuestionnaire.objects.get(cycle=cycle, variant=Variant.STANDARD)
    pinned.standards.set(pinned.questionnaire.standards.filter(code="A1"))
    make_submitted(cycle, "Anchor Trust")
    assert list_indicators(cycle) == ["A1.1", "A1.2"]


def test_the_variant_is_the_one_an_organisation_was_invited_under(cycle: Cycle) -> None:
    audit = make_submitted(cycle, "Anchor Trust")
    Organisation.objects.filter(pk=audit.organisation.pk).update(variant=Variant.HEALTH)
    assert [variant.variant for variant in get_overview(cycle).variants] == [Variant.STANDARD]


def test_a_series_shows_the_audits_that_have_it(cycle: Cycle) -> None:
    moderated = make_submitted(cycle, "Anchor Trust", scores=0)
    make_submitted(cycle, "Beacon", scores=2)
    assert get_overview(cycle, Series.MODERATED).in_series.as_json() == {"count": 0, "of": 2, "percent": 0}
    for card in Scorecard.objects.filter(audit=moderated):
        card.pk = None
        card.series = Series.MODERATED
        card.grade, card.sum = 2, 2 * card.n
        card.save()
    overview = get_overview(cycle, Series.MODERATED)
    assert (overview.submitted, overview.grades.grade_2, overview.variants[0].mean) == (1, 1, "2.00")
    assert overview.in_series.as_json() == {"count": 1, "of": 2, "percent": 50}
    assert len(overview.critical_zeros) == 2  # nobody has moderated a single answer yet
    assert get_overview(cycle).grades.as_json() == {"0": 1, "1": 0, "2": 1}
    # After a second submission the moderated cards of the first say nothing any more.
    submit(moderated)
    overview = get_overview(cycle, Series.MODERATED)
    assert (overview.variants, overview.critical_zeros, overview.below_grade_2) == ((), (), ())


def test_all_not_applicable_is_submitted_and_has_no_grade(cycle: Cycle) -> None:
    make_submitted(cycle, "Anchor Trust", scores=dict.fromkeys(CODES, REASON))
    (variant,) = as_json(get_overview(cycle))["variants"]
    nothing = {"grades": {"0": 0, "1": 0, "2": 0}, "at_grade_2": {"count": 0, "of": 0, "percent": None}}
    assert {key: variant[key] for key in ("submitted", "mean", *nothing)} == {
        "submitted": 1,
        "mean": None,
    } | nothing
    assert {key: variant["standards"][0][key] for key in ("mean", *nothing)} == {"mean": None} | nothing
    assert variant["standards"][0]["indicators"][0] == {
        "code": "A2.1",
        "key": "key-a2-1",
        "scores": {"0": 0, "1": 0, "2": 0},
        "not_applicable": 1,
        "mean": None,
    }
    assert get_overview(cycle).themes == ()


def test_a_subject_without_any_grade_makes_no_count_a_float(cycle: Cycle) -> None:
    make_submitted(cycle, "Anchor Trust", scores=dict.fromkeys(CODES, 2) | {"A3.1": REASON})
    text = json.dumps(as_json(get_overview(cycle)))
    assert '"of": 1, "percent": 100' in text
    assert ".0" not in text.replace(".00", "")


def test_standard_and_variant_means_equal_those_of_the_indicators(cycle: Cycle) -> None:
    for number, scores in enumerate((0, 1, 2, {"A2.1": 0, "A2.2": REASON, "A2.3": 1, "A1.1": 2, "A1.2": 2})):
        make_submitted(cycle, f"Organisation {number}", scores=scores)
    (variant,) = get_overview(cycle).variants
    for standard in variant.standards:
        assert standard.n == sum(indicator.n for indicator in standard.indicators)
        assert standard.total == sum(indicator.total for indicator in standard.indicators)
    assert (variant.n, variant.total) == (
        sum(one.n for one in variant.standards),
        sum(one.total for one in variant.standards),
    )
    whole = Scorecard.objects.filter(scope=Scope.WHOLE, submission=1)
    assert variant.n == sum(whole.values_list("n", flat=True))
