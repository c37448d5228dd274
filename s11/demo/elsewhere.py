"""The demonstration's organisation in two partnerships: it has sent most of what differed to its other audit."""

from __future__ import annotations

from s11.demo import content
from s11.organisations.models import User
from surveys.comparison import get_comparison, get_version
from surveys.enums import CycleStatus
from surveys.models import Audit
from surveys.reach import EVERYTHING
from surveys.sending import Chosen, send_answers

# Of every so many answers that differ, one is left for whoever signs in.
LEFT = 4


def send_to_fellside() -> None:
    """As its lead did it, on the page that compares the two."""
    email, _, name = content.SHARED_LEAD
    open_now = Audit.objects.filter(
        invitee__organisation__name=name, invitee__cycle__status=CycleStatus.OPEN
    ).with_place()
    audits = {audit.partnership.slug: audit for audit in open_now}
    here, there = audits[content.HARBOURSIDE], audits[content.FELLSIDE]
    rows = [row for place, row in enumerate(get_comparison(here, there).sendable) if place % LEFT]
    send_answers(
        here=here,
        there=there,
        chosen=[Chosen(row.code, get_version(row.here), get_version(row.there)) for row in rows],
        by=User.objects.get(email=email),
        reach=EVERYTHING,
    )
