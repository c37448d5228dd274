"""What is known of every invited agency that could concern the executive: the facts that `agency_risk` judges.

Each audit speaks in the series that concerns speak in: the panel's where its minutes are final, else the moderated one
where that is final, else the agency's own. A fixed number of queries, whatever the number of agencies.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from accountability.agency_risk import Facts, Late, Standard, Whose
from accountability.call_facts import get_invitees
from accountability.enums import ResponseDecision
from accountability.following import get_agreed
from accountability.models import Meeting
from accountability.training_needs import OTHER_SERVICES
from s11.organisations.enums import Variant
from surveys.concern_facts import Judged, get_judged
from surveys.enums import ASKING, COUNTED, ActionOrigin, ActionStatus, Obligation, Scope, Series
from surveys.models import Action, Answer, Cycle, Invitee, Scorecard, SeriesClose
from surveys.overview_groups import NOT_KNOWN, SECTORS, find_sector
from surveys.overview_places import get_invited_places
from surveys.scoring import Tally
from surveys.series import make_outcome, with_outcome

NONE: Final = Late()
SECTOR_WORDS: Final[Mapping[str, str]] = {**SECTORS, NOT_KNOWN: OTHER_SERVICES}
OTHER_SERVICES_ARE: Final = (
    f"{OTHER_SERVICES} are those with the standard audit that are in no national register: councils, police, "
    "fire and rescue, youth justice, probation, charities and others."
)


@dataclass(frozen=True, slots=True)
class Known:
    """One invited agency, under the name that this partnership gives it. `sector` is a key of SECTOR_WORDS."""

    organisation: int
    name: str
    slug: str
    variant: Variant
    sector: str
    facts: Facts

    @property
    def sector_words(self) -> str:
        return SECTOR_WORDS[self.sector]


@dataclass(frozen=True, slots=True)
class _Scores:
    """By audit, all of them."""

    judged: Mapping[int, Judged]
    cards: Mapping[int, tuple[Tally, tuple[Standard, ...]]]
    zeros: Mapping[int, list[tuple[str, str]]]
    lowered: Mapping[int, int]
    lowered_by_panel: Mapping[int, int]
    follow_up: Mapping[int, tuple[int, int]]


def get_known(cycle: Cycle, today: datetime.date) -> list[Known]:
    """Every invitee that is not exempt. What is overdue is so today, whatever the cycle."""
    invitees = list(get_invitees(cycle))
    sectors = {one.organisation: find_sector(one) for one in get_invited_places([cycle])[cycle.pk]}
    scores = _get_scores(cycle)
    panel_late = _get_panel_late(cycle, today)
    own_late = _get_own_late(cycle, today)
    found = []
    for invitee in invitees:
        invitee.cycle = cycle
        late = panel_late.get(invitee.organisation_id, NONE), own_late.get(invitee.organisation_id, NONE)
        found.append(
            Known(
                organisation=invitee.organisation_id,
                name=str(vars(invitee)["name"]),
                slug=invitee.organisation.slug,
                variant=Variant(invitee.cycle_questionnaire.variant),
                sector=sectors[invitee.organisation_id],
                facts=_make_facts(invitee, scores, today, late),
            )
        )
    return found


def _make_facts(invitee: Invitee, scores: _Scores, today: datetime.date, late: tuple[Late, Late]) -> Facts:
    audit = getattr(invitee, "audit", None)
    pk = audit.pk if audit is not None and audit.status in COUNTED else 0
    judged = scores.judged.get(pk)
    whole, standards = scores.cards.get(pk, (Tally(), ()))
    low, bare = scores.follow_up.get(pk, (0, 0))
    return Facts(
        today=today,
        due_on=invitee.due_on,
        must_submit=invitee.obligation == Obligation.MUST,
        has_returned=bool(pk) or hasattr(invitee, "own_tool_return"),
        whose=cast("Whose", judged.series.value) if judged is not None else "self",
        whole=whole,
        standards=standards,
        critical_zeros=tuple(scores.zeros.get(pk, ())),
        lowered=scores.lowered.get(pk, 0),
        lowered_by_panel=scores.lowered_by_panel.get(pk, 0),
        low=low,
        without_follow_up=bare,
        panel_late=late[0],
        own_late=late[1],
    )


def _get_scores(cycle: Cycle) -> _Scores:
    judged = get_judged(cycle)
    final = _get_final(judged)
    return _Scores(
        judged=judged,
        cards=_get_cards(judged),
        zeros=_get_critical_zeros(judged),
        lowered=_count_lowered(final[Series.MODERATED], Series.MODERATED, Series.SELF),
        lowered_by_panel=_count_lowered(final[Series.PANEL], Series.PANEL, Series.MODERATED),
        follow_up=_count_follow_up(judged),
    )


def _get_final(audits: Iterable[int]) -> dict[str, list[int]]:
    """By series, the audits whose last submission has final scores of it. One query."""
    closes = SeriesClose.objects.filter(audit__in=list(audits), submission=F("audit__submission"))
    found: dict[str, list[int]] = defaultdict(list)
    for audit, series in closes.order_by().values_list("audit", "series"):
        found[series].append(audit)
    return found


def _get_cards(judged: Mapping[int, Judged]) -> dict[int, tuple[Tally, tuple[Standard, ...]]]:
    """The whole and each standard, in the audit's series. One query."""
    before = {
        (pk, standard.name): standard.grade_before
        for pk, one in judged.items()
        for standard in one.facts.standards
    }
    rows = (
        Scorecard.objects.of_last_submission()
        .filter(audit__in=list(judged), scope=Scope.STANDARD)
        .order_by("audit", "standard__position")
        .values_list(
            "audit", "series", "standard__code", "standard__title", "n", "sum", "zeros", "not_applicable"
        )
    )
    found: dict[int, list[Standard]] = defaultdict(list)
    for audit, series, code, title, *counts in rows:
        if series == judged[audit].series:
            grade = before.get((audit, f"{code} {title}"))
            found[audit].append(Standard(code, title, Tally(*counts), grade))
    return {pk: (one.facts.whole, tuple(found[pk])) for pk, one in judged.items()}


def _get_critical_zeros(judged: Mapping[int, Judged]) -> dict[int, list[tuple[str, str]]]:
    """A query a series, whether any audit speaks in it or not."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for series in Series:
        audits = [pk for pk, one in judged.items() if one.series == series]
        asked = Answer.objects.submitted().filter(audit__in=audits, indicator__is_critical=True)
        zeros = with_outcome(asked, series).filter(outcome=0).order_by("audit", "indicator__position")
        for audit, code, standard in zeros.values_list(
            "audit", "indicator__code", "indicator__standard__code"
        ):
            found[audit].append((code, standard))
    return found


def _count_lowered(audits: list[int], series: Series, below: Series) -> dict[int, int]:
    """How many answers score less in the series than in the one that it lies over. One query."""
    rows = (
        Answer.objects.submitted()
        .filter(audit__in=audits)
        .annotate(before=make_outcome(below), after=make_outcome(series))
        # What was set aside is no score, so it is not lowered to, nor from.
        .filter(after__gte=0, after__lt=F("before"))
    )
    return dict(rows.order_by().values_list("audit").annotate(number=Count("pk")))


def _count_follow_up(audits: Iterable[int]) -> dict[int, tuple[int, int]]:
    """(Answers that were submitted as 0 or 1, those of them with neither an action nor a reason). One query."""
    planned = Action.objects.filter(answer=OuterRef("pk")).exclude(status=ActionStatus.DROPPED)
    rows = (
        Answer.objects.filter(audit__in=list(audits), submitted_score__in=ASKING)
        .annotate(is_planned=Exists(planned))
        .order_by()
        .values_list("audit")
        .annotate(low=Count("pk"), bare=Count("pk", filter=Q(is_planned=False, no_action_reason="")))
    )
    return {audit: (low, bare) for audit, low, bare in rows}


def _get_panel_late(cycle: Cycle, today: datetime.date) -> dict[int, Late]:
    """By organisation: actions agreed with a panel, and recommendations without an answer. Two queries."""
    actions = Action.objects.overdue(today).filter(
        participation__partnership=cycle.partnership_id, origin=ActionOrigin.PANEL
    )
    meetings = Meeting.objects.filter(panel__cycle__partnership=cycle.partnership_id)
    unanswered = get_agreed(meetings).filter(
        Q(response="") | Q(decision=ResponseDecision.RETURNED), respond_by__lt=today
    )
    found: dict[int, Late] = {}
    for rows, whose, day in (
        (actions, "participation__organisation", "due_on"),
        (unanswered, "meeting__invitee__organisation", "respond_by"),
    ):
        counted = rows.order_by().values_list(whose).annotate(number=Count("pk"), since=Min(day))
        for organisation, number, since in counted:
            other = found.get(organisation, NONE)
            found[organisation] = Late(number + other.count, min(since, other.since or since))
    return found


def _get_own_late(cycle: Cycle, today: datetime.date) -> dict[int, Late]:
    """By organisation: what officers see of its own plan, and no panel agreed. One query."""
    rows = Action.objects.on_desk_of(cycle.partnership).overdue(today).exclude(origin=ActionOrigin.PANEL)
    counted = (
        rows.order_by()
        .values_list("participation__organisation")
        .annotate(number=Count("pk"), since=Min("due_on"))
    )
    return {organisation: Late(number, since) for organisation, number, since in counted}
