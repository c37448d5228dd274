"""What the pages of one agency's return show: its words by heading, its pictures, how far it is, who moves it on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from accountability.agency_return_words import GUIDES, count_words, flatten
from accountability.enums import AgencyReturnEventKind, AgencyReturnStatus, ReturnHeading
from accountability.models import (
    AgencyReturn,
    AgencyReturnEvent,
    AgencyReturnPart,
    AgencyReturnPicture,
    ReturnRequest,
)
from s11.organisations.enums import MembershipRole
from s11.organisations.models import Participation, User
from s11.web.text import list_words

NOT_STARTED: Final = "Not started"
MOST_PICTURES: Final = 4
TOLD: Final = (
    AgencyReturnEventKind.APPROVED,
    AgencyReturnEventKind.ACCEPTED,
    AgencyReturnEventKind.RETURNED,
)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands under one heading; without a part nobody has saved a word there yet."""

    heading: ReturnHeading
    part: AgencyReturnPart | None = None

    @property
    def text(self) -> str:
        return self.part.text if self.part is not None else ""

    @property
    def version(self) -> int:
        """0 is what a page has seen that was shown nothing."""
        return self.part.version if self.part is not None else 0

    @property
    def flat(self) -> str:
        """As the annual report is given it."""
        return flatten(self.text)

    @property
    def words(self) -> int:
        return count_words(self.text)

    @property
    def guide(self) -> int:
        return GUIDES[self.heading]


@dataclass(frozen=True, slots=True)
class Standing:
    """One agency's return for one year; `found` is none until somebody has begun it."""

    request: ReturnRequest
    participation: Participation
    found: AgencyReturn | None
    written: tuple[Written, ...]
    pictures: tuple[AgencyReturnPicture, ...]
    events: tuple[AgencyReturnEvent, ...]
    signatories: tuple[User, ...]

    @property
    def word(self) -> str:
        """For the status tag."""
        return self.found.get_status_display() if self.found is not None else NOT_STARTED

    @property
    def status(self) -> AgencyReturnStatus:
        """What nobody has begun is theirs to write, as a draft is."""
        return AgencyReturnStatus(self.found.status) if self.found else AgencyReturnStatus.DRAFT

    @property
    def is_open(self) -> bool:
        return self.found is None or self.found.is_open

    @property
    def slugs(self) -> dict[str, str]:
        """Of the agency's own pages."""
        return {
            "partnership": self.participation.partnership.slug,
            "organisation": self.participation.organisation.slug,
            "year": self.request.year.slug,
        }

    @property
    def empty(self) -> tuple[ReturnHeading, ...]:
        return tuple(one.heading for one in self.written if not one.text.strip())

    @property
    def unready(self) -> tuple[AgencyReturnPicture, ...]:
        """Pictures that nobody could print: being scanned, or gone."""
        return tuple(one for one in self.pictures if not one.is_there)

    @property
    def missing(self) -> str:
        """What is to be done before it can be handed in, as one sentence; nothing where it can."""
        if self.empty:
            return f"Nothing stands yet under {list_words([f'‘{one.label}’' for one in self.empty])}."
        if self.unready:
            named = list_words([f"‘{one}’" for one in self.unready])
            return f"Not ready: the picture {named}. Wait until it is scanned, or take it out."
        return ""

    @property
    def reason(self) -> AgencyReturnEvent | None:
        """Why it came back, while it has not gone on since."""
        last = self.events[-1] if self.events else None
        came_back = (AgencyReturnEventKind.RETURNED, AgencyReturnEventKind.SENT_BACK)
        return last if last is not None and last.kind in came_back else None

    @property
    def events_told(self) -> tuple[AgencyReturnEvent, ...]:
        """What the partnership reads of its history: what the agency's people ask of each other is theirs."""
        return tuple(one for one in self.events if one.kind in TOLD)

    @property
    def seen(self) -> str:
        """Of all that a page showed: nobody approves or accepts what they have not read."""
        words = [(one.heading.value, one.version) for one in self.written]
        pictures = [(one.pk, one.alt) for one in self.pictures]
        return hashlib.sha256(repr((words, pictures)).encode()).hexdigest()[:16]


def get_standing(request: ReturnRequest, participation: Participation) -> Standing:
    """Five queries."""
    found = (
        AgencyReturn.objects.of(participation).filter(request=request).select_related("approved_by").first()
    )
    parts: Iterable[AgencyReturnPart] = ()
    pictures: Iterable[AgencyReturnPicture] = ()
    events: Iterable[AgencyReturnEvent] = ()
    if found is not None:
        found.request, found.participation = request, participation
        parts = found.parts.select_related("changed_by")
        pictures = found.pictures.select_related("version__evidence", "added_by")
        events = found.events.select_related("by")
    return Standing(
        request,
        participation,
        found,
        make_written(parts),
        tuple(pictures),
        tuple(events),
        get_signatories(participation),
    )


def make_written(parts: Iterable[AgencyReturnPart]) -> tuple[Written, ...]:
    """Every heading, in its order."""
    by_heading: Mapping[str, AgencyReturnPart] = {part.heading: part for part in parts}
    return tuple(Written(heading, by_heading.get(heading)) for heading in ReturnHeading)


def get_signatories(participation: Participation) -> tuple[User, ...]:
    """Who approves for the public; where there is nobody, a lead does. One query."""
    members = participation.organisation.memberships.active().filter(role=MembershipRole.SIGNATORY)
    return tuple(one.user for one in members.select_related("user").order_by("pk"))


def get_priorities_before(standing: Standing) -> Written | None:
    """What the agency said a year earlier that it would do. One query."""
    part = (
        AgencyReturnPart.objects.filter(
            agency_return__participation=standing.participation,
            agency_return__request__begins=standing.request.year.before.begins,
            heading=ReturnHeading.PRIORITIES,
        )
        .exclude(text="")
        .first()
    )
    return Written(ReturnHeading.PRIORITIES, part) if part is not None else None
