"""How what was agreed goes: counts by where each recommendation stands, for a round, its themes, agencies and cycles.

Every figure is a count of one list, so that each leads to the rows that it counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, OuterRef, Q, Subquery

from accountability.conflicts import get_own_conflicts
from accountability.enums import LetterStatus, Standing
from accountability.following import UNANSWERED, Followed, get_agreed, get_followed
from accountability.models import Meeting, Recommendation
from accountability.queries import Round
from s11.organisations.models import Partnership, User
from surveys.enums import ActionOutcome
from surveys.figures import Share
from surveys.models import ActionVerification

DONE: Final = frozenset({Standing.TO_VERIFY, Standing.VERIFIED, Standing.PARTLY})
ANSWERED: Final = frozenset(Standing) - UNANSWERED
# What a list can be narrowed to, by the word in its address: the page's heading and what it holds.
STATES: Final[Mapping[str, tuple[str, Callable[[Followed], bool]]]] = {
    "all": ("What was agreed", lambda _: True),
    "answered": ("Answered", lambda one: one.standing in ANSWERED),
    "unanswered": ("Not answered", lambda one: one.standing in UNANSWERED),
    "decide": ("Answers to decide", lambda one: one.standing == Standing.TO_DECIDE),
    "refused": ("Refusals accepted", lambda one: one.standing == Standing.REFUSED),
    "progress": ("Actions in progress", lambda one: one.standing == Standing.IN_PROGRESS),
    "done": ("Actions done", lambda one: one.standing in DONE),
    "verify": ("Actions to verify", lambda one: one.standing == Standing.TO_VERIFY),
    "verified": ("Verified to work", lambda one: one.standing == Standing.VERIFIED),
    "partly": ("Worked in part", lambda one: one.standing == Standing.PARTLY),
    "failed": ("Did not work", lambda one: one.standing == Standing.FAILED),
    "dropped": ("Actions dropped", lambda one: one.standing == Standing.DROPPED),
    "overdue": ("Overdue", lambda one: one.is_overdue),
    "officers": (
        "Overdue after both reminders",
        lambda one: one.is_overdue and one.is_for_officers,
    ),
}
# The parts of a bar, from what is finished to what has not begun: address, word, and which standings.
PARTS: Final[Sequence[tuple[str, str, Collection[Standing]]]] = (
    ("verified", "Verified to work", (Standing.VERIFIED,)),
    ("partly", "Worked in part", (Standing.PARTLY,)),
    ("progress", "In progress or to verify", (Standing.IN_PROGRESS, Standing.TO_VERIFY)),
    ("decide", "To decide", (Standing.TO_DECIDE,)),
    ("unanswered", "Not answered, or did not work", UNANSWERED),
    ("closed", "Refused or dropped", (Standing.REFUSED, Standing.DROPPED)),
)
NO_THEME: Final = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: of everything, a theme or an agency. `key` is what its address says."""

    key: str
    label: str
    counts: Mapping[str, int]
    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        return self.counts["all"]

    def share(self, state: str) -> Share:
        return Share(self.counts[state], self.total)


@dataclass(frozen=True, slots=True)
class Dashboard:
    whole: Line
    themes: tuple[Line, ...]
    agencies: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CycleLine:
    """One of the partnership's rounds, the latest first."""

    slug: str
    title: str
    agreed: int
    answered: int
    done: int
    # To work: the newest look at its action says so.
    verified: int


def list_agreed(here: Round) -> list[Followed]:
    """All that was agreed in a round, by agency."""
    agreed = get_agreed(here.panel.meetings.values_list("pk", flat=True))
    return get_followed(agreed.order_by("meeting__invitee__organisation__name", "meeting", "number"))


def leave_out_conflicts(user: User, here: Round, followed: Sequence[Followed]) -> list[Followed]:
    """Without those of agencies with which the reader has a conflict of interest."""
    organisations = {one.recommendation.meeting.invitee.organisation_id for one in followed}
    closed = get_own_conflicts(user, here.panel, organisations)
    return [one for one in followed if one.recommendation.meeting.invitee.organisation_id not in closed]


def make_dashboard(followed: Sequence[Followed]) -> Dashboard:
    themes: dict[tuple[int, str, str], list[Followed]] = defaultdict(list)
    agencies: dict[tuple[str, str], list[Followed]] = defaultdict(list)
    for one in followed:
        theme, place = one.recommendation.theme, one.recommendation.meeting.organisation
        where = (theme.position, theme.code, str(theme)) if theme else (10_000, NO_THEME, "No theme")
        themes[where].append(one)
        agencies[place.name, place.slug].append(one)
    return Dashboard(
        whole=make_line("", "All", followed),
        themes=tuple(make_line(code, label, themes[_, code, label]) for _, code, label in sorted(themes)),
        agencies=tuple(make_line(slug, name, agencies[name, slug]) for name, slug in sorted(agencies)),
    )


def make_line(key: str, label: str, followed: Iterable[Followed]) -> Line:
    followed = list(followed)
    counts = {state: sum(map(holds, followed)) for state, (_, holds) in STATES.items()}
    parts = tuple(sum(one.standing in standings for one in followed) for _, _, standings in PARTS)
    return Line(key, label, counts, parts)


def narrow(followed: Iterable[Followed], state: str, theme: str = "", agency: str = "") -> list[Followed]:
    """The rows behind a number."""
    holds = STATES[state][1] if state in STATES else STATES["all"][1]
    return [
        one
        for one in followed
        if holds(one)
        and (not theme or theme == get_theme_code(one))
        and (not agency or agency == one.recommendation.meeting.organisation.slug)
    ]


def get_theme_code(one: Followed) -> str:
    theme = one.recommendation.theme
    return theme.code if theme is not None else NO_THEME


def count_unsent(meetings: Iterable[Meeting | int]) -> int:
    """Recommendations whose letter has not gone: their agencies do not know them yet. One query."""
    found = Recommendation.objects.filter(meeting__in=meetings)
    return found.exclude(meeting__letter__status=LetterStatus.SENT).count()


def get_cycles(partnership: Partnership) -> list[CycleLine]:
    """One query, whatever the number of rounds."""
    accepted = Q(decision="accepted")
    done = accepted & Q(action__status="done")
    looks = ActionVerification.objects.filter(action=OuterRef("action")).order_by("-at", "-pk")
    rows = (
        Recommendation.objects.filter(
            meeting__panel__cycle__partnership=partnership, meeting__letter__status=LetterStatus.SENT
        )
        .order_by("-meeting__panel__cycle__closes_on", "meeting__panel__cycle__slug")
        .annotate(outcome=Subquery(looks.values("outcome")[:1]))
        .values_list("meeting__panel__cycle__slug", "meeting__panel__cycle__title")
        .annotate(
            agreed=Count("pk", distinct=True),
            answered=Count("pk", filter=~Q(response="") & ~Q(decision="returned"), distinct=True),
            done=Count("pk", filter=done, distinct=True),
            verified=Count("pk", filter=done & Q(outcome=ActionOutcome.WORKED), distinct=True),
        )
    )
    return [CycleLine(*row) for row in rows]
