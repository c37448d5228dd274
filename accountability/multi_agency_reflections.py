"""What may be read of practitioners' answers after a multi-agency audit: the one place that says it.

As of a practitioner survey, and for the same reason: nothing while it runs, nothing where fewer than five answered, and
of a question that fewer than five answered nothing either. What five wrote is shown in no order that means anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accountability.models import MultiAgencyAudit, Reflection, ReflectionAnswer, ReflectionSummary
from accountability.multi_agency_enums import ReflectiveQuestion
from s11.organisations.models import Partnership
from surveys.practitioner_results import FEWEST

Counted = tuple[tuple[str, int], ...]  # themes, each with how many answers have it


@dataclass(frozen=True, slots=True)
class Told:
    """One question on the desk. `answers` is None where fewer than five answered: nobody learns how many."""

    question: ReflectiveQuestion
    answers: int | None
    summary: ReflectionSummary | None
    themes: Counted = ()


def get_reflection(audit: MultiAgencyAudit) -> Reflection | None:
    """One query."""
    found = Reflection.objects.filter(audit=audit).select_related("opened_by", "closed_by").first()
    if found is not None:
        found.audit = audit
    return found


def count_answers(reflection: Reflection) -> dict[str, int]:
    """By question, of those that may be told; empty until it is over. One query at most."""
    if not reflection.is_told:
        return {}
    rows = reflection.answers.order_by().values_list("question").annotate(number=Count("pk"))
    return {question: number for question, number in rows if number >= FEWEST}


def is_told(reflection: Reflection, question: ReflectiveQuestion) -> bool:
    return question in count_answers(reflection)


def get_told(reflection: Reflection | None) -> list[Told]:
    """All seven, in their order; nothing before it is over. A summary outlives its answers. Three queries."""
    if reflection is None or not reflection.is_told:
        return []
    numbers = count_answers(reflection)
    summaries = {one.question: one for one in reflection.summaries.select_related("changed_by")}
    themes = count_themes(reflection, numbers)
    return [
        Told(question, numbers.get(question), summaries.get(question), themes.get(question, ()))
        for question in ReflectiveQuestion
    ]


def count_themes(reflection: Reflection, questions: Iterable[str]) -> dict[str, Counted]:
    """Of these questions. One query."""
    return {
        question: themes
        for (_, question), themes in tally_themes([reflection]).items()
        if question in questions
    }


def tally_themes(reflections: Iterable[Reflection]) -> dict[tuple[int, str], Counted]:
    """How many answers have each theme, the most frequent first, by reflection and question. One query."""
    rows = ReflectionAnswer.themes.through.objects.filter(
        reflectionanswer__reflection__in=list(reflections)
    ).values_list("reflectionanswer__reflection", "reflectionanswer__question", "reflectiontheme__name")
    counted: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for reflection, question, name in rows:
        counted[reflection, question][name] += 1
    return {
        place: tuple(sorted(names.items(), key=lambda one: (-one[1], one[0].lower())))
        for place, names in counted.items()
    }


def get_readable(partnership: Partnership) -> QuerySet[ReflectionAnswer]:
    """Every answer of the partnership that its officers may read, by the same rules. One query."""
    alike = ReflectionAnswer.objects.filter(
        reflection=OuterRef("reflection"), question=OuterRef("question")
    ).order_by()
    number = alike.values("question").annotate(number=Count("pk")).values("number")
    over = Q(reflection__closed_at__isnull=False) | Q(reflection__closes_on__lt=timezone.localdate())
    found = ReflectionAnswer.objects.filter(
        over, reflection__audit__partnership=partnership, reflection__responses__gte=FEWEST
    )
    told = found.annotate(number=Subquery(number)).filter(number__gte=FEWEST)
    return told.order_by("reflection", "question", "pk")
