"""What an audit says and what it adds up to, as a submission said it or as it stands: for its page and its copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from s11.web.languages import say
from s11.web.spoken import plural
from surveys.action_plans import NO_PLAN, Plan, get_plans
from surveys.enums import Scope, Series
from surveys.evidence import Backing, Backings, get_backings
from surveys.evidence_past import get_past_backings
from surveys.figures import format_mean
from surveys.models import Answer, Audit, Scorecard
from surveys.progress import AskedQuestion, get_profile_questions, read_profile
from surveys.queries import AskedIndicator, AskedStandard, get_answers, get_submitted_standards, list_asked
from surveys.scorecards import make_item
from surveys.scoring import Tally, make_tally
from surveys.staff_says import NOTHING, StaffSays


@dataclass(frozen=True, slots=True)
class Figures:
    """A tally with its words and its cells in a table of grades."""

    tally: Tally

    @property
    def grade(self) -> str:
        return "No grade" if self.tally.grade is None else f"Grade {self.tally.grade}"

    @property
    def mean(self) -> str | None:
        return format_mean(self.tally.total, self.tally.n)

    @property
    def explanation(self) -> str:
        """Why the grade is what it is: ‘Mean 1.75: 14 points over 8 scored indicators; 1 not applicable’."""
        set_aside = (
            say("; {n} not applicable", n=self.tally.not_applicable) if self.tally.not_applicable else ""
        )
        if self.mean is None:
            return say("Nothing is scored{rest}", rest=set_aside)
        points, scored = plural(self.tally.total, "point"), plural(self.tally.n, "scored indicator")
        return say(
            "Mean {mean}: {points} over {scored}{rest}",
            mean=self.mean,
            points=points,
            scored=scored,
            rest=set_aside,
        )

    @property
    def twos(self) -> int:
        # Above zero there are only 1s and 2s, so what the total has more than their number is the 2s.
        return self.tally.total - (self.tally.n - self.tally.zeros)

    @property
    def ones(self) -> int:
        return self.tally.n - self.tally.zeros - self.twos

    @property
    def cells(self) -> list[int | str | None]:
        """Under ‘Grade, Mean, 2s, 1s, 0s, Not applicable’."""
        counts = (self.twos, self.ones, self.tally.zeros, self.tally.not_applicable)
        return [self.tally.grade, self.mean, *counts]


@dataclass(frozen=True, slots=True)
class StandardReading:
    """One standard's answers and what they add up to."""

    asked: AskedStandard
    figures: Figures

    @property
    def name(self) -> str:
        return f"{self.asked.standard.code} {self.asked.standard.title}"

    @property
    def zeros(self) -> list[AskedIndicator]:
        return [
            item for item in self.asked.items if item.answer and item.is_answered and item.answer.score == 0
        ]


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole audit to be read: what a submission said, or as it stands (then `submission` is None)."""

    submission: int | None
    standards: tuple[StandardReading, ...]
    profile: tuple[AskedQuestion, ...]
    whole: Figures
    # By indicator: what is planned for its answer, as the plan stands now.
    plans: Mapping[int, Plan] = field(default_factory=lambda: defaultdict(lambda: NO_PLAN))
    # By answer.
    evidence: Backings = field(default_factory=dict)
    # Where the page sets it beside the answers.
    staff: StaffSays = NOTHING

    @property
    def asked(self) -> int:
        return sum(len(standard.asked.items) for standard in self.standards)

    @property
    def answered(self) -> int:
        return sum(standard.asked.answered for standard in self.standards)

    def evidence_of(self, answer: Answer | None) -> tuple[Backing, ...]:
        return self.evidence.get(answer.pk, ()) if answer is not None else ()

    @property
    def zeros(self) -> list[AskedIndicator]:
        """Listed whatever the average: nine 2s and one 0 are grade 2 too. Critical ones first."""
        zeros = [item for standard in self.standards for item in standard.zeros]
        return sorted(zeros, key=lambda item: not item.indicator.is_critical)


def get_reading(audit: Audit, submission: int | None) -> Reading:
    """A fixed number of queries. A submission's figures are its frozen ones; a draft's are of what is scored so far."""
    cards = [] if submission is None else _get_frozen_cards(audit, submission)
    questions = get_profile_questions(audit, cards[0].frozen_at if cards else None)
    profile = read_profile(questions)
    if submission is None:
        standards = list_asked(audit, get_answers(audit), profile)
    else:
        frozen_at = cards[0].frozen_at if cards else None
        standards = get_submitted_standards(audit, submission, profile or None, frozen_at)
    reading = make_reading(submission, standards, questions, _make_tallies(cards))
    return replace(
        reading,
        plans=get_plans(audit, standards),
        evidence=_get_evidence(audit, submission, cards),
    )


def get_last_reading(audit: Audit) -> Reading:
    """The last submission of an audit that counts, without its profile and plans: for moderators. Six queries."""
    cards = _get_frozen_cards(audit, audit.submission)
    # What the last submission asked is known from its answers: the profile does not decide it again.
    standards = get_submitted_standards(audit, audit.submission, None, cards[0].frozen_at)
    reading = make_reading(audit.submission, standards, (), _make_tallies(cards))
    return replace(reading, evidence=_get_evidence(audit, audit.submission, cards))


def _get_evidence(audit: Audit, submission: int | None, cards: Sequence[Scorecard]) -> Backings:
    """Pins are of the last submission and go with a recall: what an earlier one was sent with is found in the trail."""
    if submission is None or (audit.is_counted and submission == audit.submission) or not cards:
        return get_backings(audit, submission=submission)
    return get_past_backings(audit, cards[0].frozen_at, is_linked=False)


def make_reading(
    submission: int | None,
    standards: Sequence[AskedStandard],
    questions: tuple[AskedQuestion, ...],
    frozen: Mapping[int | None, Tally],
) -> Reading:
    """With frozen figures where there are, else with those of the answers."""
    tallies = [frozen.get(asked.standard.pk) or _make_tally(asked) for asked in standards]
    return Reading(
        submission,
        tuple(
            StandardReading(asked, Figures(tally)) for asked, tally in zip(standards, tallies, strict=True)
        ),
        questions,
        Figures(frozen.get(None) or sum(tallies, Tally())),
    )


def _make_tally(asked: AskedStandard) -> Tally:
    return make_tally(make_item(item.answer) for item in asked.items)


def _get_frozen_cards(audit: Audit, submission: int) -> list[Scorecard]:
    """Of the whole (it names no standard) and of each standard."""
    rows = audit.scorecards.filter(submission=submission, series=Series.SELF)
    return list(rows.exclude(scope=Scope.THEME))


def _make_tallies(cards: Sequence[Scorecard]) -> dict[int | None, Tally]:
    """By standard; of the whole under None."""
    return {card.standard_id: Tally(card.n, card.sum, card.zeros, card.not_applicable) for card in cards}
