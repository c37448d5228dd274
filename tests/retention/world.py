"""Two partnerships with a row of everything, one of them long past every period."""

from __future__ import annotations

import datetime
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.db.models import Model
from django.utils import timezone

from accountability.models import Meeting
from s11.organisations.enums import Variant
from s11.organisations.models import Partnership
from s11.retention.destroying import destroy_list
from s11.retention.listing import approve_list, make_list, propose_list
from s11.retention.models import DestructionList
from surveys.enums import ActionStatus, AuditStatus, CycleStatus, MessageStatus
from surveys.models import Action, ActionUpdate, Audit, Cycle, Document, Evidence, EvidenceVersion, Message
from tests import factories
from tests.accountability.everything_rows import fill as fill_meetings
from tests.conftest import Cast
from tests.surveys.partnership_rows import fill
from tests.trails import lifted

TODAY = datetime.date(2026, 11, 20)
LONG_AGO = datetime.datetime(2010, 3, 4, 12, tzinfo=datetime.UTC)
# Written as lists are made and destroyed, whatever is on them.
OF_DESTRUCTION = "retention"


def make_world(cast: Cast) -> dict[str, Audit]:
    """Harbour's is long over, Moorland's of today; the same organisation answered in both."""
    factories_of = {"harbour": cast.partnership, "moorland": cast.elsewhere}
    cast.organisation.participations.create(partnership=cast.elsewhere)
    audits = {
        slug: fill(cast, one, slug.title(), slug=slug, variant=Variant.STANDARD)
        for slug, one in factories_of.items()
    }
    for slug, (partnership, by) in {
        "harbour": (cast.partnership, cast.administrator),
        "moorland": (cast.elsewhere, cast.outsider),
    }.items():
        fill_meetings(partnership, by, f"Met {slug}", slug=f"met-{slug}")
    age(cast.partnership)
    return audits


def age(partnership: Partnership) -> None:
    """Closed, finished and sent long ago."""
    Cycle.objects.filter(partnership=partnership).update(
        status=CycleStatus.CLOSED, closed_at=LONG_AGO, opens_on="2010-01-01", closes_on="2010-02-01"
    )
    Meeting.objects.filter(panel__cycle__partnership=partnership).update(called_at=LONG_AGO)
    for meeting in Meeting.objects.filter(panel__cycle__partnership=partnership, day__isnull=False):
        assert meeting.day is not None
        type(meeting.day).objects.filter(pk=meeting.day.pk).update(date="2010-02-10")
        meeting.recommendations.update(decided_at=None, decision="")
    here = Action.objects.filter(participation__partnership=partnership)
    here.update(status=ActionStatus.DONE, percent=100, created_at=LONG_AGO)
    with lifted(ActionUpdate):
        ActionUpdate.objects.filter(action__in=here).update(at=LONG_AGO)
    Message.objects.filter(partnership=partnership).update(
        status=MessageStatus.SENT, sent_at=LONG_AGO, created_at=LONG_AGO
    )
    Document.objects.filter(partnership=partnership).update(requested_at=LONG_AGO)
    audits = Audit.objects.filter(invitee__cycle__partnership=partnership)
    named = Evidence.objects.filter(answer_links__answer__audit__in=audits)
    EvidenceVersion.objects.filter(evidence__in=named).update(added_at=LONG_AGO - datetime.timedelta(days=9))


def approve(cast: Cast, *, today: datetime.date = TODAY) -> DestructionList:
    """Put forward by the quality officer, approved by the administrator."""
    made = make_list(partnership=cast.partnership, today=today)
    propose_list(found=made, by=cast.quality_officer)
    approve_list(found=made, seen=made.items.count(), by=cast.administrator)
    made.refresh_from_db()
    return made


def destroy(found: DestructionList) -> DestructionList:
    """Without the paper, which takes its time."""
    with patch("s11.retention.certificates.render_pdf", return_value=b"%PDF-1.7"):
        destroy_list.func(found.pk)
    found.refresh_from_db()
    return found


def read_everything() -> dict[type[Model], dict[Any, tuple[Any, ...]]]:
    """Every row of every table but those of destruction itself."""
    return {
        model: {
            row[0]: row for row in model._base_manager.order_by("pk").values_list("pk", *get_columns(model))
        }
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label != OF_DESTRUCTION
    }


def get_columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def make_due_audit(cast: Cast, name: str = "Due House") -> Audit:
    """Submitted in a cycle that was closed long ago: a small world, where everything is more than is asked."""
    bank = factories.make_questionnaire()
    cycle = factories.make_cycle(cast.partnership, slug="past", questionnaires=(bank,))
    organisation = factories.make_organisation(name, partnership=cast.partnership)
    audit = factories.make_audit(
        cycle, organisation, scores=1, status=AuditStatus.SUBMITTED, submitted_at=timezone.now()
    )
    Cycle.objects.filter(pk=cycle.pk).update(
        status=CycleStatus.CLOSED, closed_at=LONG_AGO, opens_on="2010-01-01", closes_on="2010-02-01"
    )
    return audit
