"""Shared by the tests of the audit elsewhere: Anchor Trust, that answers to Moorland's partnership as well."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone

from surveys.enums import AuditStatus
from surveys.models import Answer, Audit, Invitee, Questionnaire
from tests import factories
from tests.conftest import Cast

# Words that no officer of Harbour may ever read: the other partnership's, its cycle's, its people's.
SECRETS = ("Moorland", "moorland", "Upland check", "upland")


def get_bank() -> Questionnaire:
    """This year's shared one, which both partnerships pin."""
    found = Questionnaire.objects.filter(edition="2026-27", variant="standard").first()
    return found or factories.make_questionnaire(edition="2026-27")


def make_place_here(cast: Cast, bank: Questionnaire | None = None) -> Invitee:
    cycle = factories.make_cycle(cast.partnership, questionnaires=(bank or get_bank(),))
    return factories.make_invitee(cycle, cast.organisation)


def make_audit_there(
    cast: Cast,
    bank: Questionnaire | None = None,
    *,
    scores: Mapping[str, int | str | None] | int = 2,
    status: AuditStatus = AuditStatus.DRAFT,
) -> Audit:
    """Anchor Trust's in Moorland, with words of its own on each answer."""
    cast.organisation.participations.get_or_create(partnership=cast.elsewhere)
    cycle = factories.make_cycle(cast.elsewhere, slug="upland", questionnaires=(bank or get_bank(),))
    cycle.title = "Upland check"
    cycle.save()
    audit = factories.make_audit(cycle, cast.organisation, scores=scores, status=status)
    for answer in audit.answers.select_related("indicator"):
        words = f"Words there on {answer.indicator.code}"
        Answer.objects.filter(pk=answer.pk).update(
            commentary=words, updated_by=cast.contributor, updated_at=timezone.now()
        )
    return Audit.objects.get(pk=audit.pk)


def make_both(
    cast: Cast,
    here: Mapping[str, int | str | None] | int = 1,
    there: Mapping[str, int | str | None] | int = 2,
) -> tuple[Audit, Audit]:
    place = make_place_here(cast)
    return factories.make_audit(place.cycle, cast.organisation, scores=here), make_audit_there(
        cast, scores=there
    )


def at(audit: Audit, name: str, **more: str | int) -> str:
    return reverse(f"surveys:{name}", kwargs=audit.slugs | more)


def values(audit: Audit) -> dict[str, tuple[int | None, str, bool]]:
    rows = audit.answers.values_list("indicator__code", "score", "commentary", "confirmed")
    return {code: (score, words, confirmed) for code, score, words, confirmed in rows}
