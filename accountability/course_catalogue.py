"""What a course can answer: standards and indicators of the newest question banks, in words, for whoever chooses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accountability.models import Course, CourseSubject
from s11.organisations.enums import Variant
from s11.organisations.models import Partnership
from surveys.models import Indicator, Standard
from surveys.queries import get_newest_questionnaires

Choices = list[tuple[str, str]]  # value and label


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`standards` by variant, each ‘A4’ with ‘A4 Safer recruitment’; `indicators` by theme, each key with its words."""

    standards: dict[Variant, Choices]
    indicators: dict[str, Choices]

    def name(self, subject: CourseSubject) -> str:
        """As people know it; by its code or key where no bank asks it any more."""
        if subject.key:
            named = (dict(choices).get(subject.key) for choices in self.indicators.values())
            return next((words for words in named if words), subject.key)
        variant = Variant(subject.variant)
        title = dict(self.standards.get(variant, [])).get(subject.code, subject.code)
        return f"{variant.label}: {title}"


def get_catalogue(partnership: Partnership) -> Catalogue:
    """Three queries."""
    newest = [bank.pk for bank in get_newest_questionnaires(partnership).values()]
    rows = Standard.objects.filter(questionnaire__in=newest).order_by("position")
    by_variant: dict[str, Choices] = {}
    for variant, code, title in rows.values_list("questionnaire__variant", "code", "title"):
        by_variant.setdefault(variant, []).append((code, f"{code} {title}"))
    standards = {variant: by_variant[variant] for variant in Variant if variant.value in by_variant}
    return Catalogue(standards, _list_indicators(newest))


def _list_indicators(banks: Iterable[int]) -> dict[str, Choices]:
    """A key once, under the theme of the first bank that has it."""
    found: dict[str, tuple[str, list[str], str]] = {}
    rows = Indicator.objects.filter(questionnaire__in=list(banks)).order_by(
        "theme__position", "questionnaire__variant", "position"
    )
    for key, code, text, theme in rows.values_list("key", "code", "text", "theme__title"):
        _, codes, _ = found.setdefault(key, (theme, [], text))
        if code not in codes:
            codes.append(code)
    themes: dict[str, Choices] = {}
    for key, (theme, codes, text) in found.items():
        themes.setdefault(theme, []).append((key, f"{', '.join(codes)} {text}"))
    return themes


def list_subjects(course: Course, catalogue: Catalogue) -> list[str]:
    """What it answers, in words. Asks nothing where `subjects` are prefetched."""
    return [catalogue.name(one) for one in course.subjects.all()]
