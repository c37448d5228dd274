"""The demonstration's recently removed things: one of the desk, one of the home organisation's library."""

from __future__ import annotations

import datetime

from s11.demo import content
from s11.demo.audits import at
from s11.demo.evidence import Keeper
from s11.organisations.enums import ContactKind, MembershipRole, OfficerRole
from s11.organisations.models import Contact, Officer, Organisation, Partnership, Removal
from s11.organisations.workflow.contacts import end_contact
from surveys.enums import EvidenceKind
from surveys.evidence_library import take_out


def make_removed(partnership: Partnership, today: datetime.date) -> None:
    home = Organisation.objects.get(name=content.HOME_ORGANISATION)
    officer = Officer.objects.filter(partnership=partnership, role=OfficerRole.QUALITY_OFFICER).earliest("pk")
    contact = Contact.objects.create(
        participation=home.participations.get(partnership=partnership),
        kind=ContactKind.CHIEF_EXECUTIVE,
        name="Ellis Marr",
        job_title="Chair of governors",
        email="chair@bayview.example",
        created_by=officer.user,
    )
    ended = end_contact(contact=contact, by=officer.user)
    lead = home.memberships.active().filter(role=MembershipRole.LEAD).earliest("pk").user
    item = Keeper(home, lead, today - datetime.timedelta(days=400)).words(
        "Visitors’ book of last year", EvidenceKind.REFERENCE, reference="At the front desk."
    )
    taken = take_out(evidence=item.evidence, by=lead)
    for days, removal in ((2, ended), (1, taken)):
        moment = at(today - datetime.timedelta(days=days), 14, 20)
        Removal.objects.filter(pk=removal.pk).update(removed_at=moment)
