"""What a person finds after signing in: their organisations, their desks, what waits for them, and where to begin.

The number of queries is the same for one organisation and for fifty.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from s11.organisations.access_checks import get_due_organisations, get_due_partnerships
from s11.organisations.enums import ORGANISERS, MembershipRole, OfficerRole
from s11.organisations.models import (
    Invitation,
    Membership,
    Officer,
    Organisation,
    Participation,
    Partnership,
    User,
)
from s11.organisations.queries import get_own_invitations, get_waiting_requests
from s11.own_feedback import list_reports_to_read
from s11.own_groups import OwnGroup, describe_access, get_own_accesses, get_own_groups
from s11.own_meetings import list_own_meetings
from s11.own_reports import list_own_reports
from s11.own_returns import list_own_returns
from s11.own_support import list_offers_to_answer, list_samples_to_score
from s11.web.languages import say
from s11.web.spoken import chosen
from surveys.due_again import get_due
from surveys.landing import AgencyAudit, get_agency_audits
from surveys.models import Cycle
from surveys.own_work import OwnWork, get_own_work
from surveys.reach import WRITERS


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """One of the person's organisations in one partnership, with its open audits there."""

    participation: Participation
    roles: str
    audits: tuple[AgencyAudit, ...]


@dataclass(frozen=True, slots=True)
class OwnDesk:
    partnership: Partnership
    roles: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that only this person, or somebody in the same role, can move on."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Home:
    places: tuple[OwnPlace, ...]
    groups: tuple[OwnGroup, ...]
    desks: tuple[OwnDesk, ...]
    waiting: tuple[Waiting, ...]
    # The person's own requests, which somebody else must accept.
    requests: tuple[Membership, ...]

    @property
    def partnership(self) -> Partnership | None:
        """The only one that the person has to do with, whose name then stands above the page."""
        found = {place.participation.partnership for place in self.places}
        found |= {desk.partnership for desk in self.desks}
        return found.pop() if len(found) == 1 and not self.groups else None

    @property
    def is_empty(self) -> bool:
        return not (self.places or self.groups or self.desks or self.waiting or self.requests)


def get_home(user: User) -> Home:
    memberships = list(
        Membership.objects.active().filter(user=user).select_related("organisation").order_by("pk")
    )
    roles: dict[int, list[MembershipRole]] = {}
    for membership in memberships:
        roles.setdefault(membership.organisation_id, []).append(MembershipRole(membership.role))
    places = get_places(roles)
    led = [organisation for organisation, held in roles.items() if MembershipRole.LEAD in held]
    offices = list(Officer.objects.active().filter(user=user).select_related("partnership"))
    return Home(
        places=tuple(places),
        groups=tuple(get_own_groups(led)),
        desks=tuple(get_desks(offices)),
        waiting=(
            *(make_invitation(invitation) for invitation in get_own_invitations(user.email)),
            *(make_work(work) for work in get_own_work(user, roles)),
            *(Waiting(*line) for line in list_reports_to_read(user, roles)),
            *(Waiting(*line) for line in list_offers_to_answer(led)),
            *(Waiting(*line) for line in list_samples_to_score(user, offices)),
            *(Waiting(*line) for line in list_own_meetings(user, roles, offices, timezone.localdate())),
            *(Waiting(*line) for line in list_own_reports(user, offices)),
            *(Waiting(*line) for line in list_own_returns(roles, timezone.localdate())),
            *get_due_again(roles, places),
            *get_access_to_check(led, places, offices),
            *get_requests_to_lead(roles, places),
            *get_accesses_to_answer(led, places),
            *get_requests_to_desks(offices),
        ),
        requests=tuple(
            Membership.objects.requested().filter(user=user).select_related("organisation").order_by("pk")
        ),
    )


def get_places(roles: dict[int, list[MembershipRole]]) -> list[OwnPlace]:
    """By organisation, then partnership; an organisation that has left a partnership still has its audits there."""
    participations = (
        Participation.objects.filter(organisation__in=roles)
        .select_related("organisation", "partnership")
        .order_by("organisation__name", "organisation__pk", "-is_active", "partnership__name")
    )
    audits: dict[tuple[int, int], list[AgencyAudit]] = {}
    for audit in get_agency_audits(roles, is_open=True):
        key = (audit.invitee.organisation_id, audit.cycle.partnership_id)
        audits.setdefault(key, []).append(audit)
    return [
        OwnPlace(
            participation,
            ", ".join(
                chosen(role.label) for role in MembershipRole if role in roles[participation.organisation_id]
            ),
            tuple(audits.get((participation.organisation_id, participation.partnership_id), ())),
        )
        for participation in participations
    ]


def get_desks(offices: list[Officer]) -> list[OwnDesk]:
    by_partnership: dict[Partnership, list[OfficerRole]] = {}
    for office in sorted(offices, key=lambda one: one.partnership.name):
        by_partnership.setdefault(office.partnership, []).append(OfficerRole(office.role))
    return [
        OwnDesk(partnership, ", ".join(chosen(role.label) for role in OfficerRole if role in held))
        for partnership, held in by_partnership.items()
    ]


def make_invitation(invitation: Invitation) -> Waiting:
    place, role = invitation.place, chosen(invitation.role_label.lower())
    return Waiting(
        say("You are invited to act for {place} as {role}", place=place, role=role)
        if invitation.organisation_id
        else say("You are invited to work for {place} as {role}", place=place, role=role),
        reverse("organisations:invitation", args=[invitation.pk]),
    )


def make_work(work: OwnWork) -> Waiting:
    """Something to do in an audit."""
    return Waiting(work.text, reverse(f"surveys:{work.page}", kwargs=work.audit.slugs) + work.query)


def get_due_again(roles: dict[int, list[MembershipRole]], places: list[OwnPlace]) -> list[Waiting]:
    """What is due for another look where the person may answer, a line a place.

    The partnership is named where an organisation has such lines for several.
    """
    own = [
        place.participation
        for place in places
        if place.participation.is_active and WRITERS & set(roles[place.participation.organisation_id])
    ]
    dues = get_due(own, timezone.localdate()) if own else {}
    found = [one for one in own if dues[one.pk].count]
    lines = Counter(one.organisation_id for one in found)
    return [
        Waiting(
            say(
                "Due for another look at {organisation} for {partnership}: {things}",
                organisation=one.organisation,
                partnership=one.partnership,
                things=dues[one.pk].words,
            )
            if lines[one.organisation_id] > 1
            else say(
                "Due for another look at {organisation}: {things}",
                organisation=one.organisation,
                things=dues[one.pk].words,
            ),
            reverse("surveys:due", args=[one.partnership.slug, one.organisation.slug]),
        )
        for one in found
    ]


def get_access_to_check(led: list[int], places: list[OwnPlace], offices: list[Officer]) -> list[Waiting]:
    """The yearly look through who has access: a lead's, and an administrator's. Two queries at most; none blocks."""
    now, slugs = timezone.now(), get_slugs(places)
    run = [one.partnership_id for one in offices if one.role == OfficerRole.ADMINISTRATOR]
    organisations = get_due_organisations(now).filter(pk__in=led) if led else []
    partnerships = get_due_partnerships(now).filter(pk__in=run) if run else []
    return [
        *(
            Waiting(
                say("Check who can see the work of {organisation}", organisation=one),
                reverse("organisations:access_check", args=slugs[one.pk]),
            )
            for one in organisations
        ),
        *(
            Waiting(
                say("Check who works for {partnership}", partnership=one),
                reverse("organisations:officer_check", args=[one.slug]),
            )
            for one in partnerships
        ),
    ]


def get_requests_to_lead(roles: dict[int, list[MembershipRole]], places: list[OwnPlace]) -> list[Waiting]:
    """Requests at organisations that the person leads, each answered on the page of its people."""
    led = {organisation for organisation, held in roles.items() if MembershipRole.LEAD in held}
    urls = get_people_addresses(places)
    requests = Membership.objects.requested().filter(organisation__in=led & urls.keys())
    return [
        Waiting(describe(request, request.organisation), urls[request.organisation_id])
        for request in requests.select_related("user", "organisation").order_by("requested_at", "pk")
    ]


def get_slugs(places: list[OwnPlace]) -> dict[int, list[str]]:
    """Of each organisation, in the first of its partnerships: an active one, where there is any."""
    # Of several partnerships the last one wins here, so the first is put last.
    own = [place.participation for place in reversed(places)]
    return {one.organisation_id: [one.partnership.slug, one.organisation.slug] for one in own}


def get_people_addresses(places: list[OwnPlace]) -> dict[int, str]:
    return {key: reverse("organisations:members", args=slugs) for key, slugs in get_slugs(places).items()}


def get_accesses_to_answer(led: list[int], places: list[OwnPlace]) -> list[Waiting]:
    """Groups that ask a site which the person leads, and sites that offer themselves to such a group."""
    urls = get_people_addresses(places)
    return [
        Waiting(
            describe_access(access),
            reverse("organisations:group_access", args=[access.group.slug])
            if access.is_offer
            else f"{urls[access.site_id]}#groups",
        )
        for access in get_own_accesses(led)
        if access.is_offer or access.site_id in urls
    ]


def get_requests_to_desks(offices: list[Officer]) -> list[Waiting]:
    """Requests at organisations without a lead, where this person's partnership has not said yes yet."""
    partnerships = {office.partnership for office in offices if office.role in ORGANISERS}
    return [
        Waiting(
            describe(request.membership, request.membership.organisation),
            reverse(
                "organisations:organisation",
                args=[request.partnership.slug, request.membership.organisation.slug],
            ),
        )
        for request in get_waiting_requests(partnerships)
    ]


def describe(request: Membership, organisation: Organisation) -> str:
    return say(
        "{person} asks to act for {organisation} as {role}",
        person=request.user,
        organisation=organisation,
        role=chosen(request.get_role_display().lower()),
    )


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One of the few things with which a new partnership begins."""

    text: str
    hint: str
    url: str
    is_done: bool


def get_first_steps(partnership: Partnership) -> list[FirstStep]:
    """Until a first cycle is open; afterwards the desk shows the cycles."""
    if Cycle.objects.of(partnership).opened().exists():
        return []
    slug = [partnership.slug]
    return [
        FirstStep(
            "Say whom to ask",
            "Your address stands on every e-mail and on your contact page.",
            reverse("organisations:settings", args=slug),
            bool(partnership.contact_email),
        ),
        FirstStep(
            "Add your organisations",
            "Each with its safeguarding lead, who invites the others.",
            reverse("organisations:organisations", args=slug),
            partnership.participations.exists(),
        ),
        FirstStep(
            "Plan the first cycle",
            "Which question banks, from when until when, and who is invited.",
            reverse("surveys:cycles", args=slug),
            Cycle.objects.of(partnership).exists(),
        ),
    ]
