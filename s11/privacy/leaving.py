"""Whether an account may lose its name, and what then stands in its place. Nothing here is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from s11.organisations.enums import MembershipRole, OfficerRole
from s11.organisations.models import Anonymisation, Contact, Membership, Officer, Partnership, User
from s11.privacy.subjects import Subject, find_contacts, get_people, list_about, name_table
from s11.web.personal_data import Leaving, get_map
from surveys.enums import ActionStatus
from surveys.models import Action, SupportOffer

ELSEWHERE = "They still have a role or a duty in another partnership, which must end first."
IS = ("is", "are")
OPEN_ACTIONS = (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why not yet. Officers read it where it is about their own partnership; the person does in any case."""

    # ‘is’ and ‘are’, ‘owns’ and ‘own’: what follows the name, and what follows ‘You’.
    verbs: tuple[str, str]
    rest: str
    partnerships: frozenset[int]


@dataclass(frozen=True, slots=True)
class Touched:
    """How many rows of one table are about the person, and what becomes of them."""

    title: str
    purpose: str
    count: int
    leaving: Leaving


def find_obstacle(user: User, partnership: Partnership | None) -> str:
    """One sentence, or nothing. Without a partnership it is the person who asks, or the clock."""
    hidden = ""
    for obstacle in _list_obstacles(user):
        if partnership is None:
            return f"You {obstacle.verbs[1]} {obstacle.rest}"
        if partnership.pk in obstacle.partnerships:
            return f"{user} {obstacle.verbs[0]} {obstacle.rest}"
        hidden = ELSEWHERE
    return hidden


def acts(user: User) -> bool:
    """Whether they have a role anywhere, or have asked for one."""
    return any(roles.objects.filter(user=user, ended_at=None).exists() for roles in (Membership, Officer))


def name_asker(found: Anonymisation, partnership: Partnership) -> str:
    """Who asked, as this partnership may read it: whose officer it was elsewhere is not its to know."""
    if found.asked_by_id == found.user_id:
        return "the person"
    own = found.approvals.filter(partnership=partnership, by=found.asked_by_id)
    return str(found.asked_by) if own.exists() else "another partnership that knows the account"


def find_last_stopped(user: User, partnership: Partnership) -> Anonymisation | None:
    """By the person, by the clock, or by somebody who has only ever been an officer here: of whoever was one elsewhere
    too, nobody knows for which partnership the reason was given.
    """
    here = Officer.objects.filter(partnership=partnership).values("user")
    elsewhere = Officer.objects.exclude(partnership=partnership).values("user")
    known = Q(stopped_by=None) | Q(stopped_by=user) | Q(stopped_by__in=here) & ~Q(stopped_by__in=elsewhere)
    return Anonymisation.objects.filter(known, user=user, stopped_at__isnull=False).first()


def _list_obstacles(user: User) -> Iterator[Obstacle]:
    yield from _list_offices(user)
    yield from _list_memberships(user)
    if user.is_staff or user.is_superuser:
        # Whoever runs the site is nobody's officer: every partnership may know.
        everywhere = frozenset(Partnership.objects.values_list("pk", flat=True))
        rest = "open the admin site: whoever runs this site ends that first."
        yield Obstacle(("may", "may"), rest, everywhere)
    yield from _list_duties(user)


def _list_offices(user: User) -> Iterator[Obstacle]:
    for office in Officer.objects.filter(user=user, ended_at=None).select_related("partnership", "user"):
        here = office.partnership
        others = Officer.objects.active().filter(partnership=here, role=OfficerRole.ADMINISTRATOR)
        is_only = office.role == OfficerRole.ADMINISTRATOR and not others.exclude(user=user).exists()
        words = "the only administrator" if is_only else f"still {office.get_role_display().lower()}"
        how = "make somebody else one first, then end that role" if is_only else "end that role first"
        yield Obstacle(IS, f"{words} of {here}: {how}.", frozenset({here.pk}))


def _list_memberships(user: User) -> Iterator[Obstacle]:
    for membership in Membership.objects.filter(user=user, ended_at=None).select_related("organisation"):
        of = membership.organisation
        leads = of.memberships.active().filter(role=MembershipRole.LEAD).exclude(user=user)
        is_only = membership.role == MembershipRole.LEAD and membership.is_active and not leads.exists()
        words = "the only lead" if is_only else f"still {membership.get_role_display().lower()}"
        how = "make somebody else a lead first, then end that role" if is_only else "end that role first"
        places = frozenset(of.participations.values_list("partnership", flat=True))
        yield Obstacle(IS, f"{words} of {of}: {how}.", places)


def _list_duties(user: User) -> Iterator[Obstacle]:
    actions = Action.objects.filter(owner_user=user, status__in=OPEN_ACTIONS)
    for action in actions.select_related("participation__organisation"):
        where = action.participation
        yield Obstacle(
            ("still owns", "still own"),
            f"an open action of {where.name}: give it to somebody else first.",
            frozenset({where.partnership_id}),
        )
    for offer in SupportOffer.objects.open().filter(owner=user).select_related("invitee__cycle"):
        yield Obstacle(
            ("still looks after", "still look after"),
            "an offer of support: give it to somebody else first.",
            frozenset({offer.invitee.cycle.partnership_id}),
        )
    contacts = Contact.objects.current().filter(email__iexact=user.email).select_related("participation")
    for contact in contacts.select_related("participation__organisation"):
        yield Obstacle(
            IS,
            f"still entered as a contact of {contact.participation.name}: end that first.",
            frozenset({contact.participation.partnership_id}),
        )


# What stands in its place ---------------------------------------------------------------------------------------------


def get_partnerships(user: User) -> QuerySet[Partnership]:
    """Those that know the account: each of them agrees before its record loses the name."""
    members = Membership.objects.filter(user=user, organisation__participations__partnership=OuterRef("pk"))
    officers = Officer.objects.filter(user=user, partnership=OuterRef("pk"))
    return Partnership.objects.filter(Exists(members) | Exists(officers))


def get_stand_in(user: User) -> str:
    """Such as ‘A former member of Anchor Trust’: only what each partnership that knows the account knows already."""
    known = set(get_partnerships(user).values_list("pk", flat=True))
    memberships = (
        Membership.objects.filter(user=user).select_related("organisation").order_by("-started_at", "-pk")
    )
    for membership in memberships:
        if known <= set(membership.organisation.participations.values_list("partnership", flat=True)):
            return f"A former member of {membership.organisation}"[:150]
    if len(known) == 1:
        return f"A former officer of {Partnership.objects.get(pk=known.pop())}"[:150]
    return "Somebody who has left"


def get_address(user: User) -> str:
    """Nobody's: the domain can never exist (RFC 2606)."""
    return f"left-{user.pk}@removed.invalid"


# Who, and what would change -------------------------------------------------------------------------------------------


def get_leavers(partnership: Partnership) -> QuerySet[User]:
    """Whoever has been here, acts nowhere here any more, and still has a name."""
    acting = Membership.objects.filter(
        user=OuterRef("pk"), ended_at=None, organisation__participations__partnership=partnership
    )
    serving = Officer.objects.filter(user=OuterRef("pk"), ended_at=None, partnership=partnership)
    done = Q(anonymisations__done_at__isnull=False)
    return (
        get_people(partnership)
        .exclude(Exists(acting) | Exists(serving))
        .exclude(done)
        .order_by("name", "email")
    )


def get_account_subject(user: User) -> Subject:
    """The person by their account and its address: two people may have one name."""
    return find_contacts(Subject(user, frozenset({user.email.lower()})), None)


def list_touched(user: User) -> list[Touched]:
    """By table, what would be cleared or deleted; the record of changes is counted with what it is about."""
    subject = get_account_subject(user)
    counts = (
        (kept, list_about(kept, subject, None).count())
        for kept in get_map().values()
        if kept.leaving != Leaving.STAYS
    )
    return [
        Touched(name_table(kept), kept.purpose.title, count, kept.leaving) for kept, count in counts if count
    ]
