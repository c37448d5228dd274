"""What staff said in a practitioner survey, by the key of the indicator that it stands beside: leaders say, staff say.

Nothing here tells more than `practitioner_results` lets it: until a survey is over, and where fewer than five answered,
there is nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from surveys.models import Answer, Cycle, Invitee, PractitionerSurvey, SurveyTally
from surveys.practitioner_results import Result, get_result
from surveys.scoring import NOT_APPLICABLE, Item


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One statement with what staff say to it."""

    code: str
    text: str
    key: str
    result: Result


@dataclass(frozen=True, slots=True)
class StaffSays:
    """The results of one survey; empty where there are none to be told."""

    lines: tuple[StaffLine, ...] = ()
    by_key: Mapping[str, tuple[StaffLine, ...]] = field(default_factory=dict)

    def about(self, key: str) -> tuple[StaffLine, ...]:
        return self.by_key.get(key, ())


NOTHING = StaffSays()


def get_staff_says(invitee: Invitee) -> StaffSays:
    """Of an invitee whose cycle is known. One query."""
    tallies = SurveyTally.objects.filter(survey__invitee=invitee).select_related("survey", "statement")
    lines = []
    for tally in tallies.order_by("statement__position"):
        tally.survey.invitee = invitee
        result = tally.result
        if result is not None:
            said = tally.statement
            lines.append(StaffLine(said.code, said.text, said.key, result))
    return make_staff_says(lines)


def make_staff_says(lines: Collection[StaffLine]) -> StaffSays:
    keys = dict.fromkeys(line.key for line in lines)
    return StaffSays(tuple(lines), {key: tuple(line for line in lines if line.key == key) for key in keys})


def get_own_scores(invitee: Invitee, keys: Collection[str], *, is_submitted: bool) -> dict[str, Item]:
    """What the leaders say, by key: as submitted, or as it stands. One query."""
    answers = Answer.objects.filter(audit__invitee=invitee, indicator__key__in=keys)
    score, set_aside = "score", "not_applicable_reason"
    if is_submitted:
        answers, score, set_aside = answers.submitted(), "submitted_score", "submitted_not_applicable"
    rows = answers.order_by().values_list("indicator__key", score, set_aside)
    return {key: NOT_APPLICABLE if given is None and aside else given for key, given, aside in rows}


def count_below(cycle: Cycle, audits: Collection[int]) -> Counter[int]:
    """By audit, on how many indicators staff say less than leaders did when they submitted. Three queries at most."""
    over = {
        survey.pk: survey
        for survey in PractitionerSurvey.objects.filter(invitee__cycle=cycle, invitee__audit__in=audits)
        .select_related("invitee__audit")
        .order_by()
        if _is_over(survey, cycle)
    }
    said = _get_results(over)
    if not said:
        return Counter()
    keys = {key for _, key in said}
    answers = Answer.objects.submitted().filter(
        audit__in=[audit for audit, _ in said], indicator__key__in=keys, submitted_score__isnull=False
    )
    rows = answers.order_by().values_list("audit", "indicator__key", "submitted_score")
    return Counter(
        audit
        for audit, key, score in rows
        if any(result.is_below(score) for result in said.get((audit, key), ()))
    )


def _is_over(survey: PractitionerSurvey, cycle: Cycle) -> bool:
    survey.invitee.cycle = cycle
    return survey.is_over


def _get_results(over: Mapping[int, PractitionerSurvey]) -> dict[tuple[int, str], list[Result]]:
    """By audit and key; what may not be told is left out."""
    found: dict[tuple[int, str], list[Result]] = {}
    for tally in SurveyTally.objects.filter(survey__in=over).select_related("statement").order_by():
        survey = over[tally.survey_id]
        result = get_result(tally.counts, responses=survey.responses, is_over=True)
        if result is not None:
            found.setdefault((survey.invitee.audit.pk, tally.statement.key), []).append(result)
    return found
