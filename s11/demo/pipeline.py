"""The demonstration’s pipeline: saved views, what was removed, and a contact whose mail comes back."""

from __future__ import annotations

import datetime

from s11.demo.audits import at
from s11.organisations.enums import ContactKind, OfficerRole
from s11.organisations.models import Contact, Officer, Partnership
from surveys.models import SavedView
from surveys.pipeline import PipelineState, Wanted, get_pipeline

VIEWS = (
    ("Stalled, longest first", "state=stalled&sort=change"),
    ("Schools", "variant=school"),
)


def make_pipeline(partnership: Partnership, today: datetime.date) -> None:
    """In the open full audit, after everything else: one more state, and the quality officer's own views."""
    cycle = partnership.cycles.get(status="open", kind="full")
    officer = Officer.objects.filter(partnership=partnership, role=OfficerRole.QUALITY_OFFICER).earliest("pk")
    unheard = get_pipeline(cycle, Wanted(state=PipelineState.INVITED)).first()
    if unheard is not None:
        Contact.objects.create(
            participation=partnership.participations.get(organisation=unheard.organisation_id),
            kind=ContactKind.CHIEF_EXECUTIVE,
            name="Morgan Teal",
            job_title="Registered manager",
            email="manager@gone.example",
            created_at=at(cycle.opens_on, 9),
            created_by=officer.user,
            refused_at=at(today - datetime.timedelta(days=6), 9, 5),
        )
    for name, query in VIEWS:
        SavedView.objects.create(user=officer.user, partnership=partnership, name=name, query=query)
