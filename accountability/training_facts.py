"""Which agencies need which of the partnership's courses: its register and a cycle's scores, for `training_needs`.

A fixed number of queries, whatever the number of agencies, courses and questions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from accountability.agency_risk_facts import OTHER_SERVICES_ARE, SECTOR_WORDS
from accountability.models import Course, CourseSubject
from accountability.training_needs import Agency, Asked, Question, TrainingNeeds, make_needs
from accountability.training_needs import Course as CourseAnswers
from s11.organisations.enums import Variant
from s11.organisations.models import Partnership
from surveys.enums import Series
from surveys.models import Cycle
from surveys.overview_banks import Bank, Held, get_banks
from surveys.overview_groups import find_sector
from surveys.overview_places import get_invited_places
from surveys.overview_rows import get_audits, get_series_answers

Banks = Mapping[Variant, Bank]


@dataclass(frozen=True, slots=True)
class Training:
    """A cycle's needs in one series, with the courses by id."""

    cycle: Cycle
    series: Series
    needs: TrainingNeeds
    courses: Mapping[int, Course]

    @property
    def other_services(self) -> str:
        """Who stands under this sector, where somebody does."""
        return OTHER_SERVICES_ARE if self.needs.has_other_services else ""


def get_training(cycle: Cycle, series: Series) -> Training:
    courses = list(get_active_courses(cycle.partnership))
    banks = {variant: bank for (_, variant), bank in get_banks([cycle]).items()}
    answers = [
        CourseAnswers(one.pk, one.name, list_answers(one.subjects.all(), banks.items())) for one in courses
    ]
    keys = {key for course in answers for _, key in course.answers}
    agencies = _get_agencies(cycle, series, banks, keys)
    needs = make_needs(answers, agencies, list_asked(banks))
    return Training(cycle, series, needs, {one.pk: one for one in courses})


def get_active_courses(partnership: Partnership) -> Iterable[Course]:
    """Each with what it answers. Two queries."""
    return Course.objects.of(partnership).active().prefetch_related("subjects")


def list_answers(
    subjects: Iterable[CourseSubject], banks: Iterable[tuple[Variant, Bank]]
) -> frozenset[Question]:
    """What these subjects mean in the banks: an indicator's key in every variant that asks it."""
    subjects = list(subjects)
    standards = {(one.variant, one.code) for one in subjects if not one.key}
    keys = {one.key for one in subjects if one.key}
    return frozenset(
        (variant.value, held.key)
        for variant, bank in banks
        for held in bank
        if held.key in keys or (variant.value, held.standard) in standards
    )


def list_asked(banks: Banks) -> list[Asked]:
    """Each key once, in the order of the first variant that asks it."""
    found: dict[str, list[Held]] = defaultdict(list)
    for variant in Variant:
        for held in banks.get(variant, ()):
            found[held.key].append(held)
    return [
        Asked(
            key,
            ones[0].text,
            f"{ones[0].standard} {ones[0].standard_title}",
            tuple((one.variant.value, one.code) for one in ones),
            place,
        )
        for place, (key, ones) in enumerate(found.items())
    ]


def _get_agencies(cycle: Cycle, series: Series, banks: Banks, keys: Collection[str]) -> Sequence[Agency]:
    """Those with scores of this series: what is at 0 or 1, and all of what courses answer."""
    names = {held.pk: held.key for bank in banks.values() for held in bank}
    wanted = Q(outcome__in=(0, 1)) | Q(
        outcome=2, indicator__in=[pk for pk, key in names.items() if key in keys]
    )
    scores: dict[int, dict[str, int]] = defaultdict(dict)
    for organisation, indicator, outcome in (
        get_series_answers(cycle, series)
        .filter(wanted)
        .values_list("audit__invitee__organisation", "indicator", "outcome")
    ):
        if indicator in names:
            scores[organisation][names[indicator]] = outcome
    scored = set(get_audits(cycle, series).values_list("invitee__organisation", flat=True))
    return [
        Agency(
            one.organisation,
            one.name,
            one.slug,
            one.variant.value,
            SECTOR_WORDS[find_sector(one)],
            scores[one.organisation],
        )
        for one in get_invited_places([cycle])[cycle.pk]
        if one.organisation in scored
    ]
