"""Drawing the sample of audits that a cycle moderates, kept with rule and seed, so that anybody can draw it again."""

from __future__ import annotations

from django.db import transaction

from s11.organisations.models import User
from s11.web import errors
from surveys.models import Audit, Cycle, ModerationSample
from surveys.risk import get_risk
from surveys.risk_facts import get_facts
from surveys.sampling import Candidate, Rule, draw_sample


class NothingToDraw(errors.NotInThisState):
    """No audit of the cycle is submitted."""


@transaction.atomic
def draw_moderation_sample(*, cycle: Cycle, rule: Rule, size: int, seed: int, by: User) -> ModerationSample:
    """From the audits that are submitted now. Earlier samples stay as they are; the newest is the one that is used."""
    facts = get_facts(cycle)
    rows = Audit.objects.filter(pk__in=facts).values_list(
        "pk", "invitee__organisation__slug", "invitee__cycle_questionnaire__variant"
    )
    audits = {slug: (pk, variant) for pk, slug, variant in rows}
    if not audits:
        raise NothingToDraw(f"No audit of {cycle} is submitted yet, so nothing was drawn.")
    candidates = [Candidate(slug, variant, get_risk(facts[pk])) for slug, (pk, variant) in audits.items()]
    drawn = draw_sample(candidates, rule=rule, size=size, seed=seed)
    sample = ModerationSample.objects.create(cycle=cycle, rule=rule, size=size, seed=seed, by=by)
    sample.audits.set([audits[slug][0] for slug in drawn])
    return sample
