"""What a group's page shows of the sites that have accepted it: a row for each audit, with how far it is."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone

from s11.organisations.models import GroupAccess, Organisation
from surveys.asking import Scope
from surveys.enums import COUNTED, CycleKind, CycleStatus, Series
from surveys.enums import Scope as ScorecardScope
from surveys.figures import Share
from surveys.invitees import count_answers, get_profiles
from surveys.landing import AgencyAudit, get_signatures, make_agency_audit
from surveys.models import Action, Answer, Audit, Cycle, CycleQuestionnaire, Invitee, Scorecard
from surveys.models.actions import ActionQuerySet
from surveys.models.cycles import InviteeQuerySet
from surveys.queries import SCOPES, pick_asked

OPEN, ALL = "", "all"


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One audit of one site. `asked` is None where nobody has started; `grade` only once it is submitted."""

    standing: AgencyAudit
    answered: int
    asked: int | None
    grade: int | None
    overdue: int

    @property
    def invitee(self) -> Invitee:
        return self.standing.invitee

    @property
    def audit(self) -> Audit | None:
        return self.standing.audit

    @property
    def progress(self) -> str | None:
        return None if self.asked is None else f"{self.answered} of {self.asked}"


def get_places(group: Organisation) -> InviteeQuerySet:
    """The sites' places in opened cycles, of whatever partnership."""
    sites = GroupAccess.objects.active().filter(group=group).values("site")
    return Invitee.objects.filter(organisation__in=sites, cycle__in=Cycle.objects.opened())


def get_cycles(group: Organisation) -> list[Cycle]:
    """Those in which a site takes part, newest first. One query."""
    found = Cycle.objects.filter(pk__in=get_places(group).values("cycle")).select_related("partnership")
    return list(found.order_by("-closes_on", "partnership__name", "pk"))


def filter_places(
    places: InviteeQuerySet, *, search: str = "", cycle: str = OPEN, status: str = ""
) -> InviteeQuerySet:
    """By a site's name, by cycle (those that are open, unless one or all is said), and by what has become of it."""
    if search:
        places = places.filter(organisation__name__icontains=search)
    if cycle == OPEN:
        places = places.filter(cycle__status=CycleStatus.OPEN)
    elif cycle != ALL:
        places = places.filter(cycle=int(cycle))
    returned = Q(audit__status__in=COUNTED) | Q(own_tool_return__isnull=False)
    match status:
        case "submitted":
            places = places.filter(returned)
        case "not_submitted":
            places = places.exclude(returned).filter(exempt_reason="")
        case "overdue":
            today = timezone.localdate()
            late = Q(extended_to=None) | Q(extended_to__lt=today)
            places = places.exclude(returned).filter(
                late, exempt_reason="", cycle__status=CycleStatus.OPEN, cycle__closes_on__lt=today
            )
    answered = Answer.objects.answered().filter(audit__invitee=OuterRef("pk"))
    return (
        places.select_related("cycle__partnership", "organisation", "audit", "own_tool_return")
        .annotate(is_started=Exists(answered), is_signed=Exists(get_signatures()))
        .order_by("-cycle__closes_on", "cycle", Lower("organisation__name"), "pk")
    )


def count_returned(group: Organisation) -> Share:
    """Submitted of those asked, in cycles that are open; exempt sites are in neither."""
    returned = Q(audit__status__in=COUNTED) | Q(own_tool_return__isnull=False)
    found = (
        get_places(group)
        .not_exempt()
        .filter(cycle__status=CycleStatus.OPEN)
        .aggregate(of=Count("pk"), count=Count("pk", filter=returned))
    )
    return Share(found["count"], found["of"])


def make_site_rows(invitees: Iterable[Invitee]) -> list[SiteRow]:
    """A page of the list. The same number of queries for any number of invitees and cycles."""
    invitees = list(invitees)
    audits = {invitee.audit.pk: invitee for invitee in invitees if hasattr(invitee, "audit")}
    counts = count_answers(audits)
    asked = get_asked_ids(audits, {audit: frozenset(count.rows) for audit, count in counts.items()})
    today = timezone.localdate()
    grades, overdue = _get_grades(audits), _count_overdue(invitees, today)
    rows = []
    for invitee in invitees:
        standing = make_agency_audit(invitee, today)
        late = overdue.get((invitee.organisation_id, invitee.cycle.partnership_id), 0)
        if not hasattr(invitee, "audit"):
            rows.append(SiteRow(standing, 0, None, None, late))
            continue
        pk = invitee.audit.pk
        rows.append(
            SiteRow(standing, len(counts[pk].answered & asked[pk]), len(asked[pk]), grades.get(pk), late)
        )
    return rows


def get_asked_ids(
    audits: Mapping[int, Invitee], rows: Mapping[int, frozenset[int]]
) -> dict[int, frozenset[int]]:
    """Which indicators each audit asks, by its own rules; `rows` are those that have an answer's row."""
    profiles = get_profiles(audits)
    wanted = {invitee.cycle_questionnaire_id for invitee in audits.values()}
    pins = {
        pin.pk: pin
        for pin in CycleQuestionnaire.objects.filter(pk__in=wanted)
        .select_related("cycle", "questionnaire")
        .prefetch_related("questionnaire__indicators", "standards")
    }
    asked = {}
    for audit, invitee in audits.items():
        pin = pins[invitee.cycle_questionnaire_id]
        found = pick_asked(
            pin.questionnaire.indicators.all(),
            cycle=pin.cycle,
            scope=make_scope(pin),
            profile=profiles.get(audit),
            with_rows=rows[audit],
        )
        asked[audit] = frozenset(one.pk for one in found)
    return asked


def make_scope(pin: CycleQuestionnaire) -> Scope:
    """As queries.get_scope, from standards that were fetched with the pin."""
    return Scope(SCOPES[CycleKind(pin.cycle.kind)], frozenset(one.pk for one in pin.standards.all()))


def get_site_actions(
    group: Organisation, today: datetime.date, *, search: str = "", show: str = ""
) -> ActionQuerySet:
    """Of all sites that have accepted the group, what is due first on top: unfinished ones, overdue ones or all."""
    sites = GroupAccess.objects.active().filter(group=group).values("site")
    found = Action.objects.filter(participation__organisation__in=sites)
    match show:
        case "overdue":
            found = found.overdue(today)
        case "all":
            pass
        case _:
            found = found.unfinished()
    if search:
        found = found.filter(participation__organisation__name__icontains=search)
    return found.select_related(
        "participation__organisation", "participation__partnership", "answer__indicator"
    ).order_by("due_on", "pk")


def _get_grades(audits: Iterable[int]) -> dict[int, int | None]:
    """Of the last submission, as it was frozen. One query."""
    cards = Scorecard.objects.of_last_submission().filter(
        audit__in=list(audits), audit__status__in=COUNTED, scope=ScorecardScope.WHOLE, series=Series.SELF
    )
    return dict(cards.order_by().values_list("audit", "grade"))


def _count_overdue(invitees: Iterable[Invitee], today: datetime.date) -> dict[tuple[int, int], int]:
    """By site and partnership: a plan lives all year, whatever the cycle. One query."""
    found = (
        Action.objects.overdue(today)
        .filter(participation__organisation__in={one.organisation_id for one in invitees})
        .order_by()
        .values_list("participation__organisation", "participation__partnership")
        .annotate(n=Count("pk"))
    )
    return {(organisation, partnership): n for organisation, partnership, n in found}
