"""What is listed before an audit is signed off or submitted: what is missing, and what only has to be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from s11.web.languages import say, show_bank
from surveys.action_plans import get_unplanned
from surveys.models import AnswerEvidence, Audit
from surveys.progress import AskedQuestion, Progress
from surveys.queries import AskedIndicator, AskedStandard


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, and the very field: the code of its standard (none: the profile) and the field's id there."""

    code: str
    text: str
    standard: str
    field: str
    # None for the profile, and for what is about a standard as a whole.
    indicator: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one kind; `key` is their place on the page."""

    key: str
    title: str
    hint: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CheckList:
    """`missing` stands in the way of a submission; `to_see` does not."""

    missing: tuple[Group, ...]
    to_see: tuple[Group, ...]


def get_check_list(audit: Audit, progress: Progress) -> CheckList:
    """Two queries more than the progress took."""
    answers = [item.answer.pk for item in progress.open_items if item.answer is not None]
    backed = AnswerEvidence.objects.current().known_to(None).filter(answer__in=answers)
    with_evidence = set(backed.values_list("answer", flat=True))
    unplanned = {item.indicator.pk for item in get_unplanned(audit, progress.standards)}
    return CheckList(_keep(list_missing(progress)), _keep(list_to_see(progress, with_evidence, unplanned)))


def _keep(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(group for group in groups if group.lines)


def list_missing(progress: Progress) -> list[Group]:
    """In the order in which they are best done."""
    unanswered = [item for item in progress.missing if not is_to_confirm(item)]
    to_confirm = [item for item in progress.missing if is_to_confirm(item)]
    return [
        Group("missing-answers", say("Answers missing"), "", _make_lines(unanswered, "score")),
        Group(
            "missing-facts",
            say("Facts about your organisation missing"),
            "",
            tuple(_make_fact_line(asked) for asked in progress.missing_profile),
        ),
        Group(
            "to-confirm",
            say("Carried over, to confirm"),
            say("These are last year’s answers. Confirm each one, or change it."),
            _make_lines(to_confirm),
        ),
        Group(
            "missing-notes",
            say("Notes missing"),
            say("The reason that you chose asks you to say in the commentary why it does not apply."),
            _make_lines(progress.missing_notes, "commentary"),
        ),
    ]


def list_to_see(progress: Progress, with_evidence: set[int], without_action: set[int]) -> list[Group]:
    bare_twos, unplanned = [], []
    for item in progress.open_items:
        answer = item.answer
        if answer is None or not answer.is_answered:
            continue
        if answer.score == 2 and answer.pk not in with_evidence:
            bare_twos.append(item)
        if item.indicator.pk in without_action:
            unplanned.append(item)
    return [
        Group(
            "without-evidence",
            say("Scored 2 without evidence"),
            say("A panel will ask what shows it."),
            _make_lines(bare_twos),
        ),
        Group(
            "without-action",
            say("Scored 0 or 1 without an action"),
            say("Say what you will do, or why nothing is needed."),
            _make_lines(unplanned),
        ),
        Group(
            "set-aside",
            say("More than a quarter not applicable"),
            say("Make sure that each one really does not apply to you."),
            tuple(_make_standard_line(one) for one in progress.standards if is_mostly_set_aside(one)),
        ),
    ]


def is_to_confirm(item: AskedIndicator) -> bool:
    """Brought forward from an earlier audit, and not looked at yet."""
    answer = item.answer
    return (
        answer is not None and not answer.confirmed and (answer.score is not None or answer.is_not_applicable)
    )


def count_set_aside(asked: AskedStandard) -> int:
    return sum(item.answer is not None and item.answer.is_not_applicable for item in asked.items)


def is_mostly_set_aside(asked: AskedStandard) -> bool:
    """Over a quarter of the standard is not applicable."""
    return 4 * count_set_aside(asked) > len(asked.items)


def _make_lines(items: Iterable[AskedIndicator], field: str = "") -> tuple[Line, ...]:
    return tuple(
        Line(
            code=item.indicator.code,
            text=show_bank(item.indicator.text),
            standard=item.indicator.standard.code,
            field=f"{item.indicator.code}-{field}" if field else item.indicator.code,
            indicator=item.indicator.pk,
        )
        for item in items
    )


def _make_fact_line(asked: AskedQuestion) -> Line:
    question = asked.question
    # A date's first field is its day.
    field = f"{question.code}_day" if question.kind == "date" else question.code
    return Line(question.code, show_bank(question.text), "", field)


def _make_standard_line(asked: AskedStandard) -> Line:
    count, of = count_set_aside(asked), len(asked.items)
    return Line(
        asked.standard.code,
        say(
            "{standard}: {n} of {of} not applicable", standard=show_bank(asked.standard.title), n=count, of=of
        ),
        asked.standard.code,
        "",
    )
