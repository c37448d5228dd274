"""What the pages of a calibration show: whose turn it is, one answer to be scored, and how far moderators agree.

Nothing of it enters a series: no figure reads these scores.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from s11.organisations.models import User
from s11.web.text import plural
from surveys.agreement import Agreement, Said, count_pairs, format_kappa, get_distance
from surveys.enums import COUNTED, AuditEventKind, Scope, Series
from surveys.evidence import Backing, get_backings
from surveys.evidence_past import get_past_backings
from surveys.models import (
    Answer,
    AnswerChange,
    AuditEvent,
    Calibration,
    CalibrationItem,
    CalibrationScore,
    CalibrationScorer,
    Cycle,
    Indicator,
    Questionnaire,
)
from surveys.queries import wind_back_answers
from surveys.scoring import NOT_APPLICABLE


def get_calibrations(cycle: Cycle) -> QuerySet[Calibration]:
    """The newest first, each with its scorers, who of them has begun, and how many answers were drawn."""
    begun = Exists(CalibrationScore.objects.filter(scorer=OuterRef("pk")))
    scorers = CalibrationScorer.objects.select_related("user").annotate(has_begun=begun)
    return (
        Calibration.objects.filter(cycle=cycle)
        .select_related("by")
        .prefetch_related(Prefetch("scorers", scorers))
        .annotate(drawn=Count("items"))
    )


def get_readable(calibration: Calibration) -> QuerySet[CalibrationItem]:
    """Answers of audits that count, as they were drawn: what an agency has recalled since is its own again.

    No officer reads it, also once another submission has followed.
    """
    recalled = AuditEvent.objects.filter(
        kind=AuditEventKind.RECALLED, audit=OuterRef("answer__audit"), at__gte=calibration.at
    )
    return calibration.items.filter(~Exists(recalled), answer__audit__status__in=COUNTED)


@dataclass(frozen=True, slots=True)
class ScorerProgress:
    """How far one of them has come; never what they said."""

    scorer: CalibrationScorer
    scored: int
    of: int

    @property
    def word(self) -> str:
        """For a status tag."""
        if self.scorer.finished_at is not None:
            return "Done"
        return "In progress" if self.scored else "Not started"

    @property
    def is_complete(self) -> bool:
        return self.scored == self.of


def get_scorers(calibration: Calibration) -> list[ScorerProgress]:
    """Two queries."""
    readable = get_readable(calibration)
    of = readable.count()
    counted = Count("scores", filter=Q(scores__item__in=readable))
    rows = calibration.scorers.select_related("user").annotate(scored=counted)
    return [ScorerProgress(row, int(vars(row)["scored"]), of) for row in rows]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in a scorer's list, and whether they have scored it."""

    item: CalibrationItem
    is_scored: bool

    @property
    def word(self) -> str:
        return "Done" if self.is_scored else "Not started"


def leave_out_gone(scorers: Iterable[CalibrationScorer], officers: Iterable[User]) -> list[CalibrationScorer]:
    """Those whose scores count: of who works here no more, only what was finished. Nobody waits for the others."""
    here = {officer.pk for officer in officers}
    return [one for one in scorers if one.finished_at is not None or one.user_id in here]


def get_lines(calibration: Calibration, scorer: CalibrationScorer) -> list[Line]:
    """In the order of the draw. Two queries."""
    done = set(scorer.scores.values_list("item", flat=True))
    items = get_readable(calibration).select_related(
        "answer__indicator__standard", "answer__audit__invitee__organisation"
    )
    return [Line(item, item.pk in done) for item in items]


# One answer -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sight:
    """What a scorer sees of one answer: the agency's words and evidence as drawn, and the score they gave before."""

    item: CalibrationItem
    answer: Answer
    indicator: Indicator
    bank: Questionnaire
    evidence: tuple[Backing, ...]
    own: CalibrationScore | None
    of: int


def get_sight(item: CalibrationItem, scorer: CalibrationScorer) -> Sight:
    """As the submission said it from which it was drawn, whatever was corrected since. A fixed number of queries."""
    audit, indicator = item.answer.audit, item.answer.indicator
    whole = audit.scorecards.filter(scope=Scope.WHOLE, series=Series.SELF)
    frozen_at = whole.get(submission=item.submission).frozen_at
    changes = AnswerChange.objects.filter(answer=item.answer_id, at__gt=frozen_at)
    [answer] = wind_back_answers([item.answer], changes)
    if item.submission == audit.submission:
        backings = get_backings(audit, submission=item.submission, standard=indicator.standard)
    else:
        backings = get_past_backings(audit, frozen_at, is_linked=False)
    return Sight(
        item=item,
        answer=answer,
        indicator=indicator,
        bank=audit.questionnaire,
        evidence=backings.get(item.answer_id, ()),
        own=scorer.scores.filter(item=item).first(),
        of=item.calibration.items.count(),
    )


# Results --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of those who scored, and how far they agree."""

    first: CalibrationScorer
    second: CalibrationScorer
    agreement: Agreement

    @property
    def names(self) -> str:
        return f"{self.first} and {self.second}"

    @property
    def title(self) -> str:
        return f"{self.names} agree on {self.agreement.agreed}"

    @property
    def linear(self) -> str:
        return self._format(self.agreement.kappa("linear"))

    @property
    def quadratic(self) -> str:
        return self._format(self.agreement.kappa("quadratic"))

    @property
    def words(self) -> str:
        """Kappa in a sentence, or why there is none; and what it leaves out."""
        said = self.agreement.why_undefined or (
            f"Cohen’s weighted kappa is {self.linear} with linear weights and {self.quadratic} with quadratic ones."
        )
        out = self.agreement.set_aside
        if not out:
            return said
        verb = "is" if out == 1 else "are"
        return f"{said} {plural(out, 'answer')} that one or both found not applicable {verb} left out of it."

    @staticmethod
    def _format(kappa: Fraction | None) -> str:
        return "Not defined" if kappa is None else format_kappa(kappa)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One answer that was not scored alike, with what each said, in the order of the scorers."""

    item: CalibrationItem
    scores: tuple[CalibrationScore, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Results:
    """Of a calibration that everybody has finished."""

    scorers: tuple[CalibrationScorer, ...]
    pairs: tuple[Pair, ...]
    disagreements: tuple[Disagreement, ...]
    compared: int
    # Drawn, and recalled by the agency or never scored by all.
    left_out: int


def get_said(score: CalibrationScore) -> Said:
    return NOT_APPLICABLE if score.score is None else score.score


def get_results(calibration: Calibration, scorers: Sequence[CalibrationScorer]) -> Results:
    """Over the answers that can be read and that everybody scored. Three queries."""
    items = get_readable(calibration).select_related(
        "answer__indicator__standard", "answer__audit__invitee__organisation"
    )
    by_item: dict[int, dict[int, CalibrationScore]] = defaultdict(dict)
    for score in CalibrationScore.objects.filter(item__calibration=calibration):
        by_item[score.item_id][score.scorer_id] = score
    compared = [
        (item, tuple(by_item[item.pk][one.pk] for one in scorers))
        for item in items
        if all(one.pk in by_item[item.pk] for one in scorers)
    ]
    return Results(
        tuple(scorers),
        tuple(_compare(first, second, by_item, compared) for first, second in combinations(scorers, 2)),
        tuple(_list_disagreements(compared)),
        len(compared),
        calibration.items.count() - len(compared),
    )


Compared = Sequence[tuple[CalibrationItem, tuple[CalibrationScore, ...]]]


def _compare(
    first: CalibrationScorer,
    second: CalibrationScorer,
    scores: Mapping[int, Mapping[int, CalibrationScore]],
    compared: Compared,
) -> Pair:
    pairs = (
        (get_said(scores[item.pk][first.pk]), get_said(scores[item.pk][second.pk])) for item, _ in compared
    )
    return Pair(first, second, count_pairs(pairs))


def _list_disagreements(compared: Compared) -> Iterable[Disagreement]:
    """The farthest apart first."""
    found = []
    for item, scores in compared:
        said = [get_said(score) for score in scores]
        distance = max(get_distance(one, other) for one, other in combinations(said, 2))
        if distance:
            found.append(Disagreement(item, scores, distance))
    return sorted(found, key=lambda one: (-one.distance, one.item.position))
