"""One fact of the profile at a time, as its page saves it by itself: where it stands among the others."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import Http404

from surveys.models import Audit, ProfileAnswer, ProfileQuestion


@dataclass(frozen=True, slots=True)
class FactSpot:
    """A question’s spot in the profile: how many it asks, and how many of the others are answered."""

    question: ProfileQuestion
    asked: int
    others_answered: int

    def count_answered(self, answer: ProfileAnswer | None) -> int:
        """Of the profile, once the question has this answer."""
        return self.others_answered + (answer is not None and bool(answer.value))


def get_fact_or_404(audit: Audit, code: str) -> FactSpot:
    """By the question's code. One query."""
    given = audit.profile_answers.filter(question=OuterRef("pk")).exclude(value="")
    questions = list(audit.questionnaire.profile_questions.annotate(is_answered=Exists(given)))
    found = next((one for one in questions if one.code == code), None)
    if found is None:
        raise Http404
    others = sum(one.is_answered for one in questions if one.pk != found.pk)
    return FactSpot(found, len(questions), others)
