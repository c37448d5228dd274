"""The room of support: the concerns of a cycle with what was offered, and all offers of a partnership."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
)
from django.db.models.functions import Coalesce, NullIf

from s11.organisations.enums import ORGANISERS
from s11.organisations.models import Officer, Organisation, Participation, Partnership, User
from surveys.concern_facts import get_judged
from surveys.concerns import Concern, get_concerns, get_urgency
from surveys.enums import Series, SupportStatus
from surveys.models import Audit, Cycle, SupportOffer
from surveys.models.support import SupportOfferQuerySet


class OfferState(TextChoices):
    """What was offered about the concerns of one cycle; derived."""

    NONE = "none", "No offer yet"
    OPEN = "open", "Offered"
    CLOSED = "closed", "Closed"


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """One organisation that gives cause for concern, and the newest offer about it."""

    audit: Audit
    name: str
    concerns: tuple[Concern, ...]
    series: Series
    offer: SupportOffer | None

    @property
    def state(self) -> OfferState:
        if self.offer is None:
            return OfferState.NONE
        return OfferState.OPEN if self.offer.is_open else OfferState.CLOSED

    @property
    def word(self) -> str:
        """For a status tag."""
        if self.offer is None:
            return "Not offered"
        return self.offer.get_status_display()

    @property
    def whose(self) -> str:
        return WHOSE[self.series]


WHOSE: Final = {
    Series.SELF: "As the agency says",
    Series.MODERATED: "As moderated",
    Series.PANEL: "As the panel judged",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which concerns to list; what is empty narrows nothing."""

    search: str = ""
    variant: str = ""
    kind: str = ""
    offer: str = ""

    def fits(self, row: ConcernRow) -> bool:
        words = self.search.strip().casefold()
        names = (row.name.casefold(), row.audit.organisation.name.casefold())
        return (
            any(words in name for name in names)
            and self.variant in ("", row.audit.variant)
            and (not self.kind or any(one.kind == self.kind for one in row.concerns))
            and self.offer in ("", row.state)
        )


ALL: Final = Wanted()


def get_concern_rows(
    cycle: Cycle, wanted: Wanted = ALL, *, only: Collection[int] | None = None
) -> list[ConcernRow]:
    """The most urgent first, by name where two are alike. A fixed number of queries. `only` are audits."""
    judged = get_judged(cycle, only)
    concerns = {pk: tuple(get_concerns(one.facts)) for pk, one in judged.items()}
    offers = _get_newest_offers(cycle)
    rows = [
        ConcernRow(audit, name, concerns[audit.pk], judged[audit.pk].series, offers.get(audit.invitee_id))
        for audit, name in _get_audits(cycle, [pk for pk, found in concerns.items() if found])
    ]
    return sorted((row for row in rows if wanted.fits(row)), key=_get_place)


def _get_place(row: ConcernRow) -> tuple[tuple[int, ...], str, int]:
    return tuple(-count for count in get_urgency(row.concerns)), row.name.casefold(), row.audit.pk


def _get_audits(cycle: Cycle, audits: Iterable[int]) -> list[tuple[Audit, str]]:
    """Each with the name that this partnership calls the organisation."""
    rows = (
        Audit.objects.filter(pk__in=list(audits))
        .select_related("invitee__organisation", "invitee__cycle_questionnaire")
        .annotate(name=make_name(cycle.partnership_id, "invitee__organisation"))
    )
    found = []
    for audit in rows:
        audit.invitee.cycle = cycle
        found.append((audit, str(vars(audit)["name"])))
    return found


def make_name(partnership: int, path: str) -> Coalesce:
    """What this partnership calls the organisation at the end of the path."""
    here = Participation.objects.filter(partnership=partnership, organisation=OuterRef(path))
    local = Subquery(here.values("local_name")[:1])
    return Coalesce(NullIf(local, Value("")), F(f"{path}__name"))


def _get_newest_offers(cycle: Cycle) -> dict[int, SupportOffer]:
    """By invitee."""
    offers = SupportOffer.objects.filter(invitee__cycle=cycle).order_by("made_at", "pk")
    return {offer.invitee_id: offer for offer in offers}


# Offers ---------------------------------------------------------------------------------------------------------------

OPEN: Final = "open"


def get_offers(
    partnership: Partnership,
    *,
    search: str = "",
    status: str = OPEN,
    answer: str = "",
    owner: str = "",
) -> QuerySet[SupportOffer]:
    """Of the partnership, each with `name`; the newest first."""
    offers = get_offers_of(partnership)
    if status == OPEN:
        offers = offers.open()
    elif status:
        offers = offers.filter(status=status)
    if answer:
        offers = offers.filter(answer="" if answer == UNANSWERED else answer)
    if owner:
        offers = offers.filter(owner_id=int(owner))
    words = search.strip()
    if words:
        offers = offers.filter(Q(name__icontains=words) | Q(invitee__organisation__name__icontains=words))
    return offers.prefetch_related("concerns")


UNANSWERED: Final = "unanswered"


def get_offers_of(partnership: Partnership) -> SupportOfferQuerySet:
    offers = SupportOffer.objects.of(partnership).select_related(
        "owner", "made_by", "answered_by", "invitee__organisation", "invitee__cycle__partnership"
    )
    return offers.annotate(name=make_name(partnership.pk, "invitee__organisation"))


def get_offers_to(organisation: Organisation, partnership: Partnership) -> QuerySet[SupportOffer]:
    """What an agency was offered here, open ones first."""
    offers = get_offers_of(partnership).filter(invitee__organisation=organisation)
    is_closed = ExpressionWrapper(Q(status=SupportStatus.CLOSED), BooleanField())
    return offers.annotate(is_closed=is_closed).order_by("is_closed", "-made_at", "-pk")


def get_officers(partnership: Partnership) -> list[User]:
    """Who may see to an offer: administrators and quality officers, by name."""
    offices = Officer.objects.active().filter(partnership=partnership, role__in=ORGANISERS)
    people = {office.user for office in offices.select_related("user")}
    return sorted(people, key=lambda one: (str(one).casefold(), one.pk))
