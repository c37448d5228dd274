"""What moderators said of one audit, for its pages: beside each answer, and what both series add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from surveys.earlier import wind_back
from surveys.enums import Scope, Series
from surveys.models import (
    Answer,
    Audit,
    Clarification,
    Cycle,
    Indicator,
    Moderation,
    Questionnaire,
    Scorecard,
)
from surveys.queries import AskedIndicator
from surveys.reading import Figures
from surveys.scoring import Tally, make_tally
from surveys.series import get_newest, make_series_item


@dataclass(frozen=True, slots=True)
class Earlier:
    """The same indicator in the organisation's last audit here, as it was submitted."""

    answer: Answer
    cycle: Cycle
    bank: Questionnaire


@dataclass(frozen=True, slots=True)
class Look:
    """One indicator on the moderator's page: who said what of its answer, the newest last."""

    item: AskedIndicator
    # Of this submission.
    rows: tuple[Moderation, ...] = ()
    # Of submissions before it, where the answer was moderated then too.
    before: tuple[Moderation, ...] = ()
    questions: tuple[Clarification, ...] = ()
    earlier: Earlier | None = None

    @property
    def newest(self) -> Moderation | None:
        return self.rows[-1] if self.rows else None

    @property
    def open_question(self) -> Clarification | None:
        return next((one for one in self.questions if one.closed_at is None), None)

    def get_version(self, version: int) -> Moderation | None:
        return next((row for row in self.rows if row.version == version), None)


def get_looks(audit: Audit, items: Iterable[AskedIndicator]) -> list[Look]:
    """Of these indicators. A fixed number of queries."""
    items = [item for item in items if item.answer is not None]
    answers = [item.answer.pk for item in items if item.answer is not None]
    moderations = Moderation.objects.filter(answer__in=answers, series=Series.MODERATED)
    rows = list(moderations.select_related("by").order_by("submission", "version"))
    questions = list(
        Clarification.objects.filter(answer__in=answers).select_related("asked_by", "replied_by", "closed_by")
    )
    earlier = _get_earlier(audit, [item.indicator for item in items])
    return [
        Look(
            item,
            tuple(row for row in rows if _is_of(row, item) and row.submission == audit.submission),
            tuple(row for row in rows if _is_of(row, item) and row.submission != audit.submission),
            tuple(one for one in questions if _is_of(one, item)),
            earlier.get(item.indicator.key),
        )
        for item in items
    ]


def _is_of(row: Moderation | Clarification, item: AskedIndicator) -> bool:
    return item.answer is not None and row.answer_id == item.answer.pk


def _get_earlier(audit: Audit, indicators: Iterable[Indicator]) -> dict[str, Earlier]:
    """By key, from the nearest submitted audit before this one in this partnership. Two queries."""
    moments = Scorecard.objects.of_last_submission().filter(
        audit=OuterRef("audit"), scope=Scope.WHOLE, series=Series.SELF
    )
    rows = (
        Answer.objects.submitted()
        .filter(
            audit__in=Audit.objects.counted(),
            audit__invitee__organisation=audit.invitee.organisation_id,
            audit__invitee__cycle__partnership=audit.cycle.partnership_id,
            audit__invitee__cycle__closes_on__lt=audit.cycle.closes_on,
            indicator__key__in=[indicator.key for indicator in indicators],
        )
        .select_related(
            "indicator",
            "updated_by",
            "group",
            "audit__invitee__cycle",
            "audit__invitee__cycle_questionnaire__questionnaire",
        )
        .annotate(sent_at=Subquery(moments.values("frozen_at")[:1]))
        .order_by("-audit__invitee__cycle__closes_on", "-audit__invitee__cycle__pk", "pk")
    )
    answers = list(rows)
    found: dict[str, Earlier] = {}
    for answer in wind_back(answers, {one.audit_id: vars(one)["sent_at"] for one in answers}):
        of = answer.audit
        found.setdefault(answer.indicator.key, Earlier(answer, of.cycle, of.questionnaire))
    return found


@dataclass(frozen=True, slots=True)
class BothSeries:
    """What a standard, or the whole audit, adds up to as the agency says and as moderated."""

    code: str
    title: str
    own: Figures
    moderated: Figures

    @property
    def name(self) -> str:
        return f"{self.code} {self.title}".strip()

    @property
    def cells(self) -> list[int | str | None]:
        """Under ‘Self-assessed grade, mean, Moderated grade, mean’."""
        return [self.own.tally.grade, self.own.mean, self.moderated.tally.grade, self.moderated.mean]


def compare_series(audit: Audit) -> tuple[BothSeries, ...]:
    """Each standard, then all of them; as the moderation stands, final or not. Three queries."""
    answers = list(
        audit.answers.submitted().select_related("indicator__standard").order_by("indicator__position")
    )
    newest = [get_newest(audit, Series.MODERATED)]
    by_standard: dict[str, list[Answer]] = {}
    for answer in answers:
        by_standard.setdefault(answer.indicator.standard.code, []).append(answer)
    lines = [
        BothSeries(
            code,
            ones[0].indicator.standard.title,
            Figures(make_tally(make_series_item(one, []) for one in ones)),
            Figures(make_tally(make_series_item(one, newest) for one in ones)),
        )
        for code, ones in by_standard.items()
    ]
    own = sum((line.own.tally for line in lines), Tally())
    moderated = sum((line.moderated.tally for line in lines), Tally())
    return (*lines, BothSeries("", "All standards", Figures(own), Figures(moderated)))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a moderator made of one answer, for the agency."""

    answer: Answer
    row: Moderation

    @property
    def is_changed(self) -> bool:
        return make_series_item(self.answer, [{self.answer.pk: self.row}]) != make_series_item(
            self.answer, []
        )


def get_findings(audit: Audit) -> list[Finding]:
    """In the order of the audit: every answer that a moderator looked at. Two queries."""
    newest = get_newest(audit, Series.MODERATED)
    answers = audit.answers.submitted().filter(pk__in=newest).select_related("indicator__standard")
    return [Finding(answer, newest[answer.pk]) for answer in answers.order_by("indicator__position")]
