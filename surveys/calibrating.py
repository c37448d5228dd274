"""Writes of a calibration: the draw, each scorer's scores, and that they have finished.

These are no moderation: they never enter a series, and nobody reads them before everybody has finished.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

from django.db import transaction
from django.utils import timezone

from s11.organisations.models import User
from s11.web import errors
from surveys.calibration_permissions import FEWEST
from surveys.calibrations import get_readable
from surveys.enums import COUNTED, Score
from surveys.models import (
    Answer,
    Calibration,
    CalibrationItem,
    CalibrationScore,
    CalibrationScorer,
    Cycle,
)
from surveys.sampling import Candidate, draw_sample
from surveys.sampling import Rule as SamplingRule

Rule = Literal["random", "by_variant", "by_score"]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)
# Drawing evenly by what the agency scored is the sampling's drawing by variant with other groups.
GROUPED: Final[dict[Rule, SamplingRule]] = {
    "random": "random",
    "by_variant": "by_variant",
    "by_score": "by_variant",
}


class NotInThisState(errors.NotInThisState):
    """The scorer has finished by now, or not everything is scored yet."""


class NothingToDraw(errors.NotInThisState):
    """No audit of the cycle is submitted."""


@transaction.atomic
def draw_calibration(
    *, cycle: Cycle, rule: Rule, size: int, seed: int, scorers: Sequence[User], by: User
) -> Calibration:
    """From the answers that are submitted now; an answer's name in the draw is ‘organisation:code’."""
    if len({scorer.pk for scorer in scorers}) < FEWEST:
        raise ValueError("One person agrees with themselves: choose two or more.")
    answers = _list_answers(cycle, rule)
    if not answers:
        raise NothingToDraw(f"No audit of {cycle} is submitted yet, so nothing was drawn.")
    candidates = [Candidate(name, group) for name, (_, _, group) in answers.items()]
    drawn = draw_sample(candidates, rule=GROUPED[rule], size=size, seed=seed)
    calibration = Calibration.objects.create(cycle=cycle, rule=rule, size=size, seed=seed, by=by)
    CalibrationItem.objects.bulk_create(
        CalibrationItem(
            calibration=calibration,
            position=position,
            answer_id=answers[name][0],
            submission=answers[name][1],
        )
        for position, name in enumerate(drawn, start=1)
    )
    CalibrationScorer.objects.bulk_create(
        CalibrationScorer(calibration=calibration, user=scorer) for scorer in scorers
    )
    return calibration


def _list_answers(cycle: Cycle, rule: Rule) -> dict[str, tuple[int, int, str]]:
    """By its name in the draw: the answer's id, its submission, and the group that it is drawn from."""
    rows = (
        Answer.objects.submitted()
        .filter(audit__status__in=COUNTED, audit__invitee__cycle=cycle, audit__invitee__exempt_reason="")
        .order_by()
        .values_list(
            "audit__invitee__organisation__slug",
            "indicator__code",
            "pk",
            "audit__submission",
            "audit__invitee__cycle_questionnaire__variant",
            "submitted_score",
        )
    )
    return {
        f"{slug}:{code}": (pk, submission, str(score) if rule == "by_score" else variant)
        for slug, code, pk, submission, variant, score in rows
    }


@transaction.atomic
def score_item(
    *, item: CalibrationItem, scorer: CalibrationScorer, score: int | None, reason: str
) -> CalibrationScore:
    """No score is not applicable. Theirs to change until they have finished."""
    if score is not None and score not in Score.values:
        raise ValueError(f"{score!r} is not a score: give 0, 1, 2, or None for not applicable.")
    _lock(scorer)
    values = {
        "score": score,
        "is_not_applicable": score is None,
        "reason": reason.strip(),
        "at": timezone.now(),
    }
    saved, _ = CalibrationScore.objects.update_or_create(item=item, scorer=scorer, defaults=values)
    return saved


@transaction.atomic
def finish_scoring(*, scorer: CalibrationScorer) -> None:
    """From then on the scores stay; with the last one's everybody reads all."""
    _lock(scorer)
    scored = scorer.scores.values("item")
    left = get_readable(scorer.calibration).exclude(pk__in=scored).count()
    if left:
        raise NotInThisState(
            f"{left} of the answers {'has' if left == 1 else 'have'} no score of yours yet. Score each, then finish."
        )
    CalibrationScorer.objects.filter(pk=scorer.pk).update(finished_at=timezone.now())


def _lock(scorer: CalibrationScorer) -> None:
    """A score that is saved while the same person finishes elsewhere comes before or is refused."""
    current = CalibrationScorer.objects.select_for_update().get(pk=scorer.pk)
    if current.finished_at is not None:
        raise NotInThisState("You have finished this sample by now, so your scores stay as they were.")
