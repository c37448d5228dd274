"""What pages about voices read: an agency's own, a partnership's of a year, and which words are nobody's name."""

from __future__ import annotations

import re

from django.db.models import Prefetch, QuerySet

from accountability.models import Voice, VoiceConsent
from accountability.models.voices import VoiceQuerySet
from accountability.reporting_years import ReportingYear
from s11.organisations.models import Participation, Partnership
from surveys.models import Indicator, Standard, Theme
from surveys.queries import get_newest_questionnaires

LETTERS = re.compile(r"[^\W\d_]+")


def list_own(participation: Participation) -> QuerySet[Voice]:
    """The newest first, each with the trail of its consent. Two queries."""
    return _with_trail(Voice.objects.filter(participation=participation).standing())


def list_of_year(
    partnership: Partnership, year: ReportingYear, *, theme: str = "", group: str = "", chosen: str = ""
) -> QuerySet[Voice]:
    """All that its agencies heard in a reporting year, removed ones left out. Two queries."""
    found = Voice.objects.of(partnership).standing().heard_in(year)
    if theme:
        found = found.filter(theme__code=theme)
    if group:
        found = found.filter(group=group)
    if chosen:
        found = found.filter(choice__isnull=False)
    return _with_trail(found.select_related("participation__organisation", "choice__by"))


def _with_trail(found: VoiceQuerySet) -> QuerySet[Voice]:
    trail = VoiceConsent.objects.select_related("by").order_by("-at", "-pk")
    return found.select_related("theme", "consent_recorded_by", "changed_by", "cleared_by").prefetch_related(
        Prefetch("consents", queryset=trail)
    )


def get_known_words(participation: Participation) -> frozenset[str]:
    """Words that are nobody's name here: those of the question banks, of the partnership and of the agency itself.

    Four queries, and thousands of words: asked only where somebody saves a text.
    """
    newest = [bank.pk for bank in get_newest_questionnaires(participation.partnership).values()]
    texts = [participation.name, participation.organisation.name, participation.partnership.name]
    for pair in Indicator.objects.filter(questionnaire__in=newest).values_list("text", "guidance"):
        texts.extend(pair)
    for pair in Standard.objects.filter(questionnaire__in=newest).values_list("title", "guidance"):
        texts.extend(pair)
    texts += Theme.objects.values_list("title", flat=True)
    return frozenset(LETTERS.findall("\n".join(texts).casefold()))
