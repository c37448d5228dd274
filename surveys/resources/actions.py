"""Actions that officers see: from submitted answers, and those agreed with the agency. They only go out."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from surveys.enums import ActionOrigin, ActionPriority, ActionStatus
from surveys.models import Action
from surveys.resources.base import PartnershipResource
from surveys.resources.columns import KEY, Column, show_choice, show_date

ORIGINS: Final = {str(value): str(label) for value, label in ActionOrigin.choices}
PRIORITIES: Final = {str(value): str(label) for value, label in ActionPriority.choices}
STATUSES: Final = {str(value): str(label) for value, label in ActionStatus.choices}


class ActionTable(PartnershipResource):
    """A row is an Action. Every verb that writes one belongs to the agency's people, so no file of a desk does."""

    slug = "actions"
    title = "Actions"
    hint = (
        "Actions from submitted answers and those agreed with the agency. Only its own people write and "
        "report on them, so a file changes none."
    )
    can_import = False
    holds_answers = True

    key = Column(KEY, "pk", readonly=True, width=8)
    organisation = Column("Organisation", "participation__name", readonly=True, width=40)
    origin = Column("Origin", "origin", show=show_choice(ORIGINS), readonly=True, width=24)
    cycle_title = Column("Cycle", "answer__audit__invitee__cycle__title", readonly=True, width=26)
    indicator = Column("Indicator", "answer__indicator__code", readonly=True, width=10)
    what = Column("What will be different", "what", readonly=True, width=60)
    measure = Column("How you will know", "measure", readonly=True, width=50)
    owner = Column("Owner", "owner", readonly=True, width=26)
    priority = Column("Priority", "priority", show=show_choice(PRIORITIES), readonly=True, width=10)
    starts_on = Column("Starts on", "starts_on", show=show_date, readonly=True, width=12)
    due_on = Column("Due on", "due_on", show=show_date, readonly=True, width=12)
    first_due_on = Column(
        "First due on",
        "first_due_on",
        show=show_date,
        readonly=True,
        width=12,
        hint="What it was before anybody moved it.",
    )
    status = Column("Status", "status", show=show_choice(STATUSES), readonly=True, width=14)
    percent = Column("Per cent done", "percent", readonly=True, width=10)
    impact = Column("What changed for children", "impact", readonly=True, width=50)

    class Meta(PartnershipResource.Meta):
        model = Action

    def get_queryset(self) -> QuerySet[Any]:
        return (
            Action.objects.on_desk_of(self.partnership)
            .select_related(
                "participation__organisation", "answer__indicator", "answer__audit__invitee__cycle"
            )
            .order_by("participation__organisation__name", "due_on", "pk")
        )
