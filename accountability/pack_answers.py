"""What a pack says of an audit's answers: beside the moderated scores, last year's and those of its sector.

Everything is as last submitted. A fixed number of queries, whatever the number of answers and of agencies.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from surveys.earlier import get_last_moments, get_submitted_audits, wind_back
from surveys.enums import COUNTED, Scope, Series
from surveys.models import (
    Action,
    Answer,
    AnswerEvidence,
    Audit,
    Indicator,
    Moderation,
    Scorecard,
    SeriesClose,
)
from surveys.reading import Figures
from surveys.scoring import NOT_APPLICABLE, Item, Tally, make_tally
from surveys.series import SET_ASIDE, get_newest, make_series_item, with_outcome

HIGHEST: Final = 2
# Fewer organisations than this are no sector: one would read the others' scores out of the mean.
FEWEST: Final = 5
# All standards together, where figures are kept by the id of a standard.
NO_SUBJECT: Final = 0


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One indicator: what the agency says, what a moderator made of it, and what counted last year."""

    answer: Answer
    own: Item
    # None where it was not asked last year.
    before: Item = None
    # What a moderator said, where the reader may know it.
    moderation: Moderation | None = None
    has_evidence: bool = False
    is_evidence_expired: bool = False
    actions: tuple[Action, ...] = ()
    # As submitted; read for the zeros alone.
    commentary: str = ""

    @property
    def indicator(self) -> Indicator:
        return self.answer.indicator

    @property
    def moderated(self) -> Item:
        rows = [{self.answer.pk: self.moderation}] if self.moderation is not None else []
        return make_series_item(self.answer, rows)

    @property
    def own_words(self) -> str | None:
        return say_item(self.own)

    @property
    def moderated_words(self) -> str | None:
        """None where no moderator has looked."""
        return say_item(self.moderated) if self.moderation is not None else None

    @property
    def before_words(self) -> str | None:
        return say_item(self.before)

    @property
    def is_moderated_otherwise(self) -> bool:
        return self.moderated != self.own

    @property
    def has_plan(self) -> bool:
        return bool(self.actions or self.answer.no_action_reason)

    @property
    def has_improved(self) -> bool:
        """To 2 from less, with evidence, and no moderator thought less of it."""
        before = self.before
        return (
            self.moderated == HIGHEST and self.has_evidence and isinstance(before, int) and before < HIGHEST
        )


@dataclass(frozen=True, slots=True)
class Sector:
    """One standard over the agencies of a variant in this cycle, as they assessed themselves."""

    organisations: int
    n: int
    total: int

    @property
    def figures(self) -> Figures:
        # Only the mean is read: how many of the scores were 0 is nobody's question here.
        return Figures(Tally(n=self.n, total=self.total))

    @property
    def is_one(self) -> bool:
        return self.organisations >= FEWEST


NO_SECTOR: Final = Sector(0, 0, 0)


@dataclass(frozen=True, slots=True)
class StandardRow:
    """A standard, or all of them, beside last year and the sector. What is not known, or not to be shown, is None."""

    code: str
    title: str
    own: Figures
    moderated: Figures | None = None
    before: Figures | None = None
    sector: Sector | None = None

    @property
    def name(self) -> str:
        return f"{self.code} {self.title}".strip()

    @property
    def sector_mean(self) -> str | None:
        return self.sector.figures.mean if self.sector is not None else None


def say_item(item: Item) -> str | None:
    """As tables have it: ‘1’, ‘n/a’, nothing."""
    if item is NOT_APPLICABLE:
        return "n/a"
    return None if item is None else str(item)


def get_last_audit(audit: Audit) -> Audit | None:
    """The nearest one before it in this partnership. One query."""
    found = get_submitted_audits(audit.invitee)
    return next((one for one in found if one.cycle.closes_on < audit.cycle.closes_on), None)


def is_final(audit: Audit) -> bool:
    """Whether moderation of what was last submitted is closed: only then the agency knows of it. One query."""
    return SeriesClose.objects.filter(
        audit=audit, submission=audit.submission, series=Series.MODERATED
    ).exists()


def get_outcomes(audit: Audit | None) -> dict[str, Item]:
    """By key, what counted in it in the end: the panel's score over the moderated one over its own. One query."""
    if audit is None:
        return {}
    answers = with_outcome(Answer.objects.submitted().filter(audit=audit).order_by(), Series.PANEL)
    rows = answers.values_list("indicator__key", "outcome")
    return {key: NOT_APPLICABLE if outcome == SET_ASIDE else outcome for key, outcome in rows}


def get_answer_rows(
    audit: Audit,
    before: Mapping[str, Item],
    actions: Iterable[Action],
    today: datetime.date,
    *,
    with_moderation: bool,
) -> list[AnswerRow]:
    """In the order of the audit. Five queries."""
    pinned = AnswerEvidence.objects.pinned().filter(answer=OuterRef("pk"))
    answers = list(
        Answer.objects.submitted()
        .filter(audit=audit)
        .select_related("indicator__standard", "indicator__theme")
        .annotate(
            has_evidence=Exists(pinned),
            is_expired=Exists(pinned.filter(evidence__expires_on__lt=today)),
        )
        .order_by("indicator__standard__position", "indicator__position")
    )
    newest = get_newest(audit, Series.MODERATED) if with_moderation else {}
    said = _get_said(audit, [one for one in answers if one.submitted_score == 0])
    by_answer, by_key = _sort_actions(audit, actions)
    return [
        AnswerRow(
            answer=one,
            own=make_series_item(one, []),
            before=before.get(one.indicator.key),
            moderation=newest.get(one.pk),
            has_evidence=vars(one)["has_evidence"],
            is_evidence_expired=vars(one)["is_expired"],
            actions=(*by_answer[one.pk], *by_key[one.indicator.key]),
            commentary=said.get(one.pk, ""),
        )
        for one in answers
    ]


def _get_said(audit: Audit, answers: Sequence[Answer]) -> dict[int, str]:
    """The commentaries as submitted: while a return is corrected they may read otherwise by now."""
    moments = get_last_moments([audit.pk])
    if audit.pk not in moments:  # imported without figures: it stands as it came
        return {one.pk: one.commentary for one in answers}
    return {one.pk: one.commentary for one in wind_back(answers, moments)}


def _sort_actions(
    audit: Audit, actions: Iterable[Action]
) -> tuple[Mapping[int, tuple[Action, ...]], Mapping[str, tuple[Action, ...]]]:
    """Those born from its answers, and unfinished ones of earlier audits by their indicator's key."""
    own: dict[int, tuple[Action, ...]] = defaultdict(tuple)
    earlier: dict[str, tuple[Action, ...]] = defaultdict(tuple)
    for action in actions:
        if action.answer is None or action.status == "dropped":
            continue
        if action.answer.audit_id == audit.pk:
            own[action.answer.pk] = (*own[action.answer.pk], action)
        elif action.is_unfinished:
            key = action.answer.indicator.key
            earlier[key] = (*earlier[key], action)
    return own, earlier


def get_sectors(audit: Audit) -> dict[int, Sector]:
    """By standard, NO_SUBJECT for all of them: every agency of its variant that has scores there. One query."""
    pin = audit.invitee.cycle_questionnaire
    rows = (
        Scorecard.objects.of_last_submission()
        .filter(
            Q(n__gt=0),
            audit__invitee__cycle=audit.cycle,
            audit__invitee__exempt_reason="",
            audit__invitee__cycle_questionnaire__variant=pin.variant,
            audit__status__in=COUNTED,
            series=Series.SELF,
            scope__in=(Scope.WHOLE, Scope.STANDARD),
        )
        .order_by()
        .values_list("standard")
        .annotate(organisations=Count("audit__invitee__organisation", distinct=True), scored=Sum("n"))
        .annotate(total=Sum(F("sum")))
    )
    return {standard or NO_SUBJECT: Sector(*counts) for standard, *counts in rows}


def make_standard_rows(
    rows: Sequence[AnswerRow],
    before: Mapping[str, Item],
    sectors: Mapping[int, Sector],
    *,
    is_moderated: bool,
    shows_small: bool,
) -> list[StandardRow]:
    """Each standard, then all of them. Last year's is of those indicators alone that were asked then too."""
    by_standard: dict[int, list[AnswerRow]] = defaultdict(list)
    for row in rows:
        by_standard[row.indicator.standard_id].append(row)

    def make(code: str, title: str, subject: int, ones: Sequence[AnswerRow]) -> StandardRow:
        sector = sectors.get(subject, NO_SECTOR)
        past = [before[one.indicator.key] for one in ones if one.indicator.key in before]
        return StandardRow(
            code,
            title,
            Figures(make_tally(one.own for one in ones)),
            Figures(make_tally(one.moderated for one in ones)) if is_moderated else None,
            Figures(make_tally(past)) if past else None,
            sector if sector.is_one or (shows_small and sector.organisations > 1) else None,
        )

    found = [
        make(ones[0].indicator.standard.code, ones[0].indicator.standard.title, subject, ones)
        for subject, ones in by_standard.items()
    ]
    return [*found, make("", "All standards", NO_SUBJECT, rows)] if rows else []
