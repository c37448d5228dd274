"""Audits that many organisations have submitted, in ten queries: what `factories.make_audit` does for one in twenty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone

from s11.organisations.enums import Variant
from s11.organisations.models import Organisation, Participation, Partnership
from surveys.enums import Obligation
from surveys.models import Answer, Audit, Cycle, Invitee, Scorecard
from surveys.scorecards import make_item, make_scorecard_rows
from surveys.workflow import set_submitted
from tests.factories import make_answer


def make_organisations(partnership: Partnership, slugs: Mapping[str, str]) -> list[Organisation]:
    """Of the standard variant, by name, those that are there already among them."""
    there = {one.name: one for one in Organisation.objects.filter(name__in=slugs)}
    new = Organisation.objects.bulk_create(
        Organisation(name=name, slug=slug, variant=Variant.STANDARD)
        for name, slug in slugs.items()
        if name not in there
    )
    Participation.objects.bulk_create(Participation(partnership=partnership, organisation=one) for one in new)
    there |= {one.name: one for one in new}
    return [there[name] for name in slugs]


def submit_audits(
    cycle: Cycle, organisations: Sequence[Organisation], scores: Sequence[Mapping[str, int]]
) -> list[Audit]:
    """Each invited to the standard variant and submitted just now, with these scores by indicator code."""
    pinned = cycle.cycle_questionnaires.select_related("questionnaire").get(variant=Variant.STANDARD)
    invitees = Invitee.objects.bulk_create(
        Invitee(cycle=cycle, cycle_questionnaire=pinned, organisation=one, obligation=Obligation.MUST)
        for one in organisations
    )
    audits = [Audit(invitee=one) for one in invitees]
    now = timezone.now()
    for audit in audits:
        set_submitted(audit, at=now, by=None)
    Audit.objects.bulk_create(audits)
    indicators = list(pinned.questionnaire.indicators.all())
    answers, cards = list[Answer](), list[Scorecard]()
    for audit, given in zip(audits, scores, strict=True):
        own = [make_answer(audit, one, given[one.code]) for one in indicators]
        for answer in own:
            answer.submitted_score = answer.score
        answers += own
        cards += make_scorecard_rows(audit, ((one.indicator, make_item(one)) for one in own))
    Answer.objects.bulk_create(answers)
    Scorecard.objects.bulk_create(cards)
    return audits
