"""Where a person is in a round of meetings. The lookup is also the permission check: a stranger gets 404 from here."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Min, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from accountability.models import Meeting, Panel, PanelMember, ReleasedMeeting, ReleasedSeat
from s11.organisations.enums import OfficerRole
from s11.organisations.models import Contact, Officer, Organisation, Participation, Partnership, User
from s11.organisations.queries import Desk
from surveys.models import Cycle

# Whoever sees no audits at all sits on no panel.
SITTING = frozenset(OfficerRole) - {OfficerRole.PUBLISHER}


@dataclass(frozen=True, slots=True)
class Round:
    """A cycle's meetings on a desk, and the person's own place on its panel, if they have one."""

    desk: Desk
    panel: Panel
    own: PanelMember | None = None

    @property
    def partnership(self) -> Partnership:
        return self.desk.partnership

    @property
    def cycle(self) -> Cycle:
        return self.panel.cycle

    @property
    def slugs(self) -> dict[str, str]:
        """What the addresses of its pages are made of."""
        return {"partnership": self.partnership.slug, "cycle": self.cycle.slug}


def get_round_or_404(user: User, desk: Desk, cycle: str) -> Round:
    """The meetings of one of the desk's cycles, once its panel is set up. Two queries."""
    panel = (
        Panel.objects.filter(cycle__partnership=desk.partnership, cycle__slug=cycle)
        .select_related("cycle")
        .first()
    )
    if panel is None:
        raise Http404
    panel.cycle.partnership = desk.partnership
    own = PanelMember.objects.of_user(user).filter(panel=panel).with_person().first()
    if own is not None:
        own.panel = panel
    return Round(desk, panel, own)


def get_member_or_404(here: Round, member: int) -> PanelMember:
    """One of this panel's, those who have ended included."""
    found = here.panel.members.with_person().filter(pk=member).first()
    if found is None:
        raise Http404
    found.panel = here.panel
    return found


def list_planned(member: PanelMember) -> list[Meeting]:
    """The meetings that are still to be held in which this member has a seat."""
    return list(Meeting.objects.called().filter(seats__member=member).with_place())


def get_organisations(partnership: Partnership) -> QuerySet[Organisation]:
    """Those for which somebody may work or have an interest in: all that take part here."""
    here = Participation.objects.filter(partnership=partnership, is_active=True)
    return Organisation.objects.filter(participations__in=here).order_by("name", "pk")


def get_officers_to_add(panel: Panel) -> QuerySet[Officer]:
    """Officers who may sit and do not yet; each person once, by their first such office.

    Somebody who sat in an office that has ended, as when their role was changed, may be added in another.
    """
    sitting = panel.members.filter(officer__in=Officer.objects.active()).values("officer__user")
    found = Officer.objects.active().filter(partnership=panel.cycle.partnership, role__in=SITTING)
    firsts = found.order_by().values("user").annotate(first=Min("pk")).values("first")
    return (
        Officer.objects.filter(pk__in=firsts)
        .exclude(user__in=sitting)
        .select_related("user")
        .order_by("user__name", "user__email")
    )


def get_contacts_to_add(panel: Panel) -> QuerySet[Contact]:
    """Contacts of organisations here who are not on the panel."""
    return (
        Contact.objects.current()
        .filter(participation__partnership=panel.cycle.partnership)
        .exclude(pk__in=panel.members.filter(contact__isnull=False).values("contact"))
        .select_related("participation__organisation")
        .order_by("participation__organisation__name", "name", "pk")
    )


def get_last_panel(panel: Panel) -> Panel | None:
    """The partnership's panel of the cycle before this one."""
    cycle = panel.cycle
    return (
        Panel.objects.filter(cycle__partnership=cycle.partnership, cycle__closes_on__lt=cycle.closes_on)
        .select_related("cycle")
        .order_by("-cycle__closes_on", "-pk")
        .first()
    )


def get_touched_dates(panel: Panel) -> set[datetime.date]:
    """The days on which the last timetable that went out has a meeting."""
    last = panel.releases.order_by("-number").values("pk")[:1]
    found = ReleasedMeeting.objects.filter(release=Subquery(last)).order_by()
    return set(found.values_list("date", flat=True))


def has_untouched_days(member: PanelMember) -> bool:
    """Whether days are still to come of which no timetable relies on what they said."""
    coming = member.panel.days.filter(date__gte=timezone.localdate())
    return coming.exclude(date__in=get_touched_dates(member.panel)).exists()


def is_released(member: PanelMember) -> bool:
    """Whether a timetable that went out has them in a meeting: then their answers are in use."""
    return ReleasedSeat.objects.filter(member=member).exists()
