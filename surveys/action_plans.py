"""What pages show of action plans: an agency's list, and what is planned for each answer of an audit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Case, DateTimeField, IntegerField, Q, Value, When
from django.http import Http404

from s11.organisations.models import Participation, User
from s11.web.prepared import Later, Prepared
from surveys.enums import ASKING, COUNTED, ActionOrigin, ActionStatus
from surveys.models import Action, Answer, Audit
from surveys.models.actions import ActionQuerySet
from surveys.queries import AskedIndicator, AskedStandard, get_asked_standards

MINE = "mine"
OPEN, OVERDUE, ALL = "open", "overdue", "all"
UNFINISHED = (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS)


def get_action_or_404(user: User, participation: Participation, action: int) -> Action:
    """An action of the agency whose rooms the person is in."""
    found = get_all_actions(user, participation).filter(pk=action).first()
    if found is None:
        raise Http404
    return found


def get_all_actions(user: User, participation: Participation) -> ActionQuerySet:
    """The whole plan with what a row shows, what is unfinished first, and of that what is due first."""
    is_finished = Case(
        When(status__in=UNFINISHED, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    found = Action.objects.visible_to(user).filter(participation=participation)
    return found.select_related(
        "owner_user", "participation__organisation", "participation__partnership", *_ANSWER
    ).order_by(is_finished, "due_on", "pk")


# What it takes to say which answer of which audit an action was born from.
_ANSWER = (
    "answer__indicator__standard",
    "answer__audit__invitee__cycle__partnership",
    "answer__audit__invitee__organisation",
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a person wants to see of the plan. `owner` is empty, `mine` or a name as the plan has it."""

    words: str = ""
    show: str = OPEN
    owner: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.owner or self.show != OPEN)


def filter_actions(
    actions: ActionQuerySet, chosen: Filter, user: User, today: datetime.date
) -> ActionQuerySet:
    match chosen.show:
        case "overdue":
            actions = actions.overdue(today)
        case "open":
            actions = actions.unfinished()
        case "all":
            pass
        case status:
            actions = actions.filter(status=status)
    if chosen.owner == MINE:
        actions = actions.filter(owner_user=user)
    elif chosen.owner:
        actions = actions.filter(owner=chosen.owner)
    for word in chosen.words.split():
        actions = actions.filter(
            Q(what__icontains=word)
            | Q(measure__icontains=word)
            | Q(owner__icontains=word)
            | Q(impact__icontains=word)
            | Q(answer__indicator__code__iexact=word)
        )
    return actions


def get_owners(user: User, participation: Participation) -> list[str]:
    """Each name once, as the plan has them. One query."""
    found = Action.objects.visible_to(user).filter(participation=participation)
    return list(found.order_by("owner").values_list("owner", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class PlanCounts:
    """How the whole plan stands, whatever the filter."""

    open: int
    overdue: int
    done: int
    total: int


def count_actions(actions: Iterable[tuple[str, datetime.date]], today: datetime.date) -> PlanCounts:
    """Of (status, due day)."""
    rows = list(actions)
    unfinished = [due_on for status, due_on in rows if status in UNFINISHED]
    return PlanCounts(
        open=len(unfinished),
        overdue=sum(due_on < today for due_on in unfinished),
        done=sum(status == ActionStatus.DONE for status, _ in rows),
        total=len(rows),
    )


# Answers --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned for one answer. `earlier` are unfinished actions for the same indicator from audits before."""

    answer: Answer | None = None
    actions: tuple[Action, ...] = ()
    earlier: tuple[Action, ...] = ()
    # What the audit's addresses are made of.
    slugs: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_asked(self) -> bool:
        """Whether the answer asks for an action: an unconfirmed one from last year does not yet."""
        return asks_for_action(self.answer)

    @property
    def reason(self) -> str:
        """Why there is none; it says nothing once the score asks for no action."""
        return self.answer.no_action_reason if self.answer is not None and self.is_asked else ""

    @property
    def is_missing(self) -> bool:
        return self.is_asked and not self.reason and not self.earlier and all(map(is_dropped, self.actions))

    @property
    def outlives_score(self) -> bool:
        """Whether it holds actions although the answer asks for none any more."""
        return bool(self.actions) and not self.is_asked


NO_PLAN = Plan()


def asks_for_action(answer: Answer | None) -> bool:
    return answer is not None and answer.is_answered and answer.score in ASKING


def is_dropped(action: Action) -> bool:
    return action.status == ActionStatus.DROPPED


def get_plans(audit: Audit, standards: Iterable[AskedStandard]) -> dict[int, Plan]:
    """By indicator, for each that has an answer: what was born from it; and what was not finished of what had been
    planned for the same indicator before, for the plan goes on. One query."""
    own: dict[int | None, tuple[Action, ...]] = {}
    earlier: dict[str, tuple[Action, ...]] = {}
    for action in _OF_AUDIT.fetch(audit=audit.pk, **_name_place(audit)):
        assert action.answer is not None  # it is what they were found by
        if action.answer.audit_id == audit.pk:
            own[action.answer_id] = (*own.get(action.answer_id, ()), action)
        else:
            key = action.answer.indicator.key
            earlier[key] = (*earlier.get(key, ()), action)
    items = [item for standard in standards for item in standard.items]
    return {
        item.indicator.pk: Plan(
            item.answer, own.get(item.answer.pk, ()), earlier.get(item.indicator.key, ()), audit.slugs
        )
        for item in items
        if item.answer is not None
    }


def get_plan(audit: Audit, answer: Answer) -> Plan:
    """Likewise of one answer. One query, put into words beforehand: saving a score asks it."""
    found = _PLANNED.fetch(answer=answer.pk, key=answer.indicator.key, **_name_place(audit))
    own = tuple(action for action in found if action.answer_id == answer.pk)
    earlier = tuple(action for action in found if action.answer_id != answer.pk)
    return Plan(answer, own, earlier, audit.slugs)


def _name_place(audit: Audit) -> dict[str, Any]:
    return {
        "created_at": audit.created_at,
        "organisation": audit.invitee.organisation_id,
        "partnership": audit.invitee.cycle.partnership_id,
    }


def _is_before() -> Q:
    return Q(
        answer__audit__status__in=COUNTED,
        answer__audit__created_at__lt=Later("created_at", DateTimeField()),
        answer__audit__invitee__organisation=Later("organisation"),
        answer__audit__invitee__cycle__partnership=Later("partnership"),
        status__in=UNFINISHED,
    )


def _select(which: Q) -> ActionQuerySet:
    return Action.objects.filter(which).select_related("answer__indicator", "answer__audit__invitee__cycle")


_OF_AUDIT: Final = Prepared(lambda: _select(Q(answer__audit=Later("audit")) | _is_before()))
_PLANNED: Final = Prepared(
    lambda: _select(Q(answer=Later("answer")) | (_is_before() & Q(answer__indicator__key=Later("key"))))
)


def get_agreed_before(audit: Audit) -> ActionQuerySet:
    """What the agency agreed with a panel before this audit began, whatever has become of it. Two queries at most."""
    return (
        Action.objects.filter(
            participation__organisation=audit.invitee.organisation_id,
            participation__partnership=audit.invitee.cycle.partnership_id,
            origin=ActionOrigin.PANEL,
            created_at__lt=audit.created_at,
        )
        .exclude(status=ActionStatus.DROPPED)
        .prefetch_related("verifications__by")
        .order_by("due_on", "pk")
    )


def get_unplanned(audit: Audit, standards: Iterable[AskedStandard] | None = None) -> list[AskedIndicator]:
    """Answers of 0 or 1 with neither an action nor a reason why there is none, in the questionnaire's order.

    One query where the standards are at hand, else five. An action that was dropped is none.
    """
    asked = list(get_asked_standards(audit) if standards is None else standards)
    plans = get_plans(audit, asked)
    items = (item for standard in asked for item in standard.items)
    return [item for item in items if plans.get(item.indicator.pk, NO_PLAN).is_missing]
