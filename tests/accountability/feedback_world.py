"""A closed cycle in which Anchor Trust and others of its kind have submitted, ready for feedback reports."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.text import slugify

from accountability.models import FeedbackIssue, FeedbackReport, Panel
from s11.organisations.models import Organisation, User
from surveys.enums import AuditStatus, CycleStatus, DocumentFormat, DocumentKind
from surveys.models import Audit, Cycle, Document, Questionnaire
from surveys.moderating import close_series, moderate_answer
from tests import factories
from tests.accountability.factories import make_meeting, make_panel
from tests.accountability.followed import follow
from tests.conftest import Cast
from tests.submissions import make_organisations, submit_audits

WHY = "Two files were missing."


@dataclass(frozen=True, slots=True)
class FeedbackWorld:
    cycle: Cycle
    last: Cycle
    audit: Audit
    others: tuple[Audit, ...]


def make_feedback_world(cast: Cast, scores: Sequence[int] = (0, 0, 1, 1, 1, 2, 2)) -> FeedbackWorld:
    """Anchor Trust at 2 but for one 1, last year all at 1; the others each at one score throughout."""
    bank = factories.make_questionnaire()
    today = timezone.localdate()
    last = factories.make_cycle(
        cast.partnership,
        slug="2025",
        questionnaires=(bank,),
        status=CycleStatus.CLOSED,
        opens_on=today - datetime.timedelta(days=400),
        closes_on=today - datetime.timedelta(days=350),
    )
    factories.make_audit(last, cast.organisation, scores=1, status=AuditStatus.SUBMITTED)
    cycle = factories.make_cycle(
        cast.partnership, slug="2026", questionnaires=(bank,), status=CycleStatus.CLOSED
    )
    own = {"A1.1": 2, "A1.2": 1, "A2.1": 2, "A2.2": 2}
    audit = factories.make_audit(cycle, cast.organisation, scores=own, status=AuditStatus.SUBMITTED)
    return FeedbackWorld(cycle, last, audit, tuple(add_others(cast, cycle, scores)))


def add_others(cast: Cast, cycle: Cycle, scores: Sequence[int]) -> list[Audit]:
    """The same score throughout."""
    begun = Organisation.objects.filter(name__startswith="Other ").count()
    names = [f"Other {begun + number:02}" for number in range(len(scores))]
    organisations = make_organisations(cast.partnership, {name: slugify(name) for name in names})
    codes = list(cycle.cycle_questionnaires.get().questionnaire.indicators.values_list("code", flat=True))
    return submit_audits(cycle, organisations, [dict.fromkeys(codes, score) for score in scores])


def close_moderation(world: FeedbackWorld, by: User) -> None:
    """One answer of Anchor Trust moderated from 2 to 1, then closed."""
    answer = world.audit.answers.select_related("audit__invitee__cycle").get(indicator__code="A2.1")
    moderate_answer(answer=answer, seen=0, score=1, reason=WHY, by=by)
    close_series(audit=world.audit, by=by)


def meet_panel(world: FeedbackWorld, cast: Cast, *, is_sent: bool = True) -> Panel:
    """Anchor Trust has met a panel, which recommended one thing."""
    panel = make_panel(world.cycle)
    follow(make_meeting(panel, cast.organisation), cast.quality_officer, is_sent=is_sent)
    return panel


def make_feedback_rows(cast: Cast) -> None:
    """Of the cycle `given`, for tests/test_every_address.py: Anchor Trust has been told of its report."""
    bank = Questionnaire.objects.earliest("pk")
    cycle = factories.make_cycle(
        cast.partnership, slug="given", questionnaires=(bank,), status=CycleStatus.CLOSED
    )
    audit = factories.make_audit(cycle, cast.organisation, scores=2, status=AuditStatus.SUBMITTED)
    now = timezone.now()
    issue = FeedbackIssue.objects.create(
        cycle=cycle, number=1, asked_by=cast.administrator, told_by=cast.administrator, told_at=now
    )
    document = Document(
        kind=DocumentKind.FEEDBACK,
        format=DocumentFormat.PDF,
        partnership=cast.partnership,
        cycle=cycle,
        audit=audit,
        built_at=now,
    )
    document.file.save("feedback.pdf", ContentFile(b"%PDF-1.7"))
    FeedbackReport.objects.create(issue=issue, audit=audit, document=document)
