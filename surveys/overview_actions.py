"""Actions that agencies plan for what they scored, and how far they are: by theme and by indicator.

For drawing: `PlannedActions.whole` and each of `.themes` and `.indicators` has `counts`: how many agencies plan an
action there, how many actions those are, and of them not started, in progress, done, dropped, overdue, verified, and
what the verification said. `planned` is the share of answers scored 0 or 1 that have an action. Actions of the
agencies' own accord are theirs, and those agreed with a panel stand with the meetings: neither is counted here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from s11.organisations.enums import Variant
from surveys.enums import ActionOutcome, ActionStatus
from surveys.figures import Share
from surveys.models import Action, ActionVerification, Cycle
from surveys.overview_banks import Held
from surveys.overview_breaks import Questions
from surveys.overview_scores import LowAnswers

Json = dict[str, Any]
Name = tuple[str, str, Mapping[Variant, str]]  # code, title, and the codes in each variant


@dataclass(frozen=True, slots=True)
class PlannedAction:
    organisation: int
    answer: int
    indicator: int
    status: str
    due_on: datetime.date
    # Empty until an officer has looked at it; of an action that was taken up again it says nothing any more.
    outcome: str

    def is_overdue(self, today: datetime.date) -> bool:
        unfinished = self.status in (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS)
        return unfinished and self.due_on < today


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """`agencies` and `actions` leave out what was dropped; the other states add up to all actions."""

    agencies: int
    actions: int
    not_started: int
    in_progress: int
    done: int
    dropped: int
    overdue: int
    worked: int
    partly: int
    failed: int

    @property
    def verified(self) -> int:
        """Of those done."""
        return self.worked + self.partly + self.failed

    def as_json(self) -> Json:
        return {
            "agencies": self.agencies,
            "actions": self.actions,
            "not_started": self.not_started,
            "in_progress": self.in_progress,
            "done": self.done,
            "dropped": self.dropped,
            "overdue": self.overdue,
            "verified": self.verified,
            "worked": self.worked,
            "partly": self.partly,
            "failed": self.failed,
        }


@dataclass(frozen=True, slots=True)
class ActionsUnder:
    """One theme, or one key over all variants that ask it. `planned` and `reasoned` are of the answers at 0 or 1."""

    code: str
    title: str
    counts: ActionCounts
    planned: Share
    reasoned: Share
    codes: Mapping[Variant, str]

    def as_json(self) -> Json:
        return {
            "code": self.code,
            **self.counts.as_json(),
            "planned": self.planned.as_json(),
            "reasoned": self.reasoned.as_json(),
        }


@dataclass(frozen=True, slots=True)
class PlannedActions:
    """`indicators` are those for which some agency plans an action, most agencies first; their code is the key."""

    whole: ActionsUnder
    themes: tuple[ActionsUnder, ...]
    indicators: tuple[ActionsUnder, ...]

    @property
    def common(self) -> tuple[ActionsUnder, ...]:
        """Those that more than one agency plans."""
        return tuple(one for one in self.indicators if one.counts.agencies > 1)

    def as_json(self) -> Json:
        whole = {key: value for key, value in self.whole.as_json().items() if key != "code"}
        return {
            **whole,
            "themes": [theme.as_json() for theme in self.themes],
            "indicators": [one.as_json() for one in self.indicators],
        }


def get_actions(cycle: Cycle, audits: Collection[int]) -> list[PlannedAction]:
    """Born from an answer of one of these audits of the cycle. One query."""
    newest = ActionVerification.objects.filter(action=OuterRef("pk")).order_by("-at", "-pk")
    rows = (
        Action.objects.filter(
            participation__partnership=cycle.partnership_id, answer__audit__invitee__cycle=cycle.pk
        )
        .order_by()
        .values_list(
            "participation__organisation",
            "answer",
            "answer__audit",
            "answer__indicator",
            "status",
            "due_on",
            Subquery(newest.values("outcome")[:1]),
        )
    )
    return [
        PlannedAction(
            organisation,
            answer,
            indicator,
            status,
            due_on,
            (outcome or "") if status == ActionStatus.DONE else "",
        )
        for organisation, answer, audit, indicator, status, due_on, outcome in rows
        if audit in audits
    ]


def make_planned_actions(
    actions: Iterable[PlannedAction], low: LowAnswers, questions: Questions, today: datetime.date
) -> PlannedActions:
    """Pure."""
    held = {one.pk: one for one in questions.keys.values()}
    actions = [one for one in actions if one.indicator in held]
    themes = {(one.theme_position, one.theme): one.theme_title for one in held.values()}
    keys: dict[str, dict[Variant, Held]] = {}
    for one in held.values():
        keys.setdefault(one.key, {})[one.variant] = one

    def group(find: Callable[[Held], Hashable]) -> Callable[[Hashable, Name], ActionsUnder]:
        own: dict[Hashable, list[PlannedAction]] = {}
        for action in actions:
            own.setdefault(find(held[action.indicator]), []).append(action)
        asked: dict[Hashable, list[int]] = {}
        for indicator, answers in low.by_indicator.items():
            if indicator in held:
                asked.setdefault(find(held[indicator]), []).extend(answers)

        def make(key: Hashable, name: Name) -> ActionsUnder:
            return make_under(name, own.get(key, []), asked.get(key, []), low.with_reason, today)

        return make

    whole, by_theme, by_key = group(lambda _: ""), group(lambda one: one.theme), group(lambda one: one.key)
    indicators = [
        by_key(
            key,
            (key, next(iter(found.values())).text, {variant: one.code for variant, one in found.items()}),
        )
        for key, found in keys.items()
    ]
    return PlannedActions(
        whole=whole("", ("", "All actions", {})),
        themes=tuple(by_theme(code, (code, themes[place, code], {})) for place, code in sorted(themes)),
        indicators=tuple(
            sorted(
                (one for one in indicators if one.counts.agencies),
                key=lambda one: (-one.counts.agencies, -one.counts.actions),
            )
        ),
    )


def make_under(
    name: Name,
    actions: list[PlannedAction],
    low: Collection[int],
    with_reason: AbstractSet[int],
    today: datetime.date,
) -> ActionsUnder:
    """`low` are the answers that were submitted there as 0 or 1, `with_reason` all anywhere that say why not."""
    kept = [one for one in actions if one.status != ActionStatus.DROPPED]
    with_action = {one.answer for one in kept}
    code, title, codes = name
    return ActionsUnder(
        code=code,
        title=title,
        counts=count(actions, kept, today),
        planned=Share(sum(one in with_action for one in low) if with_action else 0, len(low)),
        reasoned=Share(sum(one in with_reason and one not in with_action for one in low), len(low)),
        codes=codes,
    )


def count(actions: Iterable[PlannedAction], kept: list[PlannedAction], today: datetime.date) -> ActionCounts:
    statuses = [one.status for one in actions]
    outcomes = [one.outcome for one in kept]
    return ActionCounts(
        agencies=len({one.organisation for one in kept}),
        actions=len(kept),
        not_started=statuses.count(ActionStatus.NOT_STARTED),
        in_progress=statuses.count(ActionStatus.IN_PROGRESS),
        done=statuses.count(ActionStatus.DONE),
        dropped=statuses.count(ActionStatus.DROPPED),
        overdue=sum(one.is_overdue(today) for one in kept),
        worked=outcomes.count(ActionOutcome.WORKED),
        partly=outcomes.count(ActionOutcome.PARTLY),
        failed=outcomes.count(ActionOutcome.FAILED),
    )
