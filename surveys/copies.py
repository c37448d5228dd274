"""Copies on paper: an audit as it stands or was submitted, and a blank one to print. A worker builds them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.utils import timezone

from s11.web import dates
from s11.web.pdf import Cover, render_pdf
from s11.web.text import list_words
from surveys.enums import ProfileKind
from surveys.extent import get_all_standards, get_whole_extent, say_audit_extent
from surveys.models import Audit, Cycle, Questionnaire
from surveys.queries import make_reference
from surveys.reading import Reading, get_reading

Facts = list[tuple[str, object]]

# Every rule and denominator behind the figures of a copy, as they are made.
RULES = (
    ("Score", "0 no progress, 1 working towards, 2 achieved. Not applicable, with a reason, is not a score."),
    ("Answered", "Scored, or not applicable with a reason. What is not answered is missing, and never 0."),
    ("Mean", "The sum of the scores over the number of scored indicators, to two decimals, rounded half up."),
    (
        "Grade",
        "The exact mean rounded half up: 0.5 is 1 and 1.5 is 2. Where nothing is scored there is none.",
    ),
    ("All standards", "Over all scored indicators of the audit, not over the grades of its standards."),
    ("Scores of 0", "Listed whatever the average: nine 2s and one 0 are a mean of 1.80, which is grade 2."),
    ("On time", "First submitted by the end of the closing day in England, extension included."),
)


def render_audit_copy(audit: Audit, submission: int | None) -> bytes:
    """A tagged PDF of the whole audit: what this submission said, or as the audit stands now (None)."""
    reading = get_reading(audit, submission)
    standards = [(f"standard-{one.asked.standard.pk}", one.name) for one in reading.standards]
    sections = [
        ("participation", "This audit"),
        ("scores", "Scores and grades"),
        ("profile", "The organisation"),
        *standards,
        ("rules", "How the figures are made"),
    ]
    context = {
        "cover": make_cover(audit, submission),
        "sections": sections,
        "audit": audit,
        "reading": reading,
        "facts": make_facts(
            audit, submission, say_audit_extent(audit, [one.asked for one in reading.standards])
        ),
        "finding": find_weakest(reading),
        "rules": RULES,
    }
    return render_pdf("documents/audit_copy.html", context)


def make_cover(audit: Audit, submission: int | None) -> Cover:
    now = timezone.now()
    is_last = audit.is_counted and submission == audit.submission
    moment = audit.submitted_at if is_last and audit.submitted_at else now
    return Cover(
        title=audit.organisation.name,
        partnership=audit.partnership.name,
        subtitle=f"{audit.cycle.title}: {audit.questionnaire.title}",
        version=f"Submission {submission}, {make_reference(audit, submission)}"
        if submission
        else f"As it stood on {dates.datetime(now)}",
        date=timezone.localdate(moment),
        status="Submitted" if submission else "Draft, not submitted",
    )


def make_facts(audit: Audit, submission: int | None, extent: str = "") -> Facts:
    """How the organisation takes part, and when it was submitted; `extent` says that it is a short form or a topic."""
    invitee = audit.invitee
    extended = f", extended for {audit.organisation}" if invitee.extended_to else ""
    facts: Facts = [
        ("Partnership", audit.partnership.name),
        ("Organisation", audit.organisation.name),
        ("Audit", audit.cycle.title),
        ("Question bank", str(audit.questionnaire)),
        *([("Asks", extent)] if extent else []),
        ("Taking part", invitee.get_obligation_display()),
        ("Opened", dates.date(audit.cycle.opens_on)),
        ("Closes", f"{dates.date(invitee.due_on)}{extended}"),
    ]
    if submission is None:
        return [*facts, ("Submitted", "Not yet: this is a draft")]
    facts.append(("Reference", make_reference(audit, submission)))
    if audit.is_counted and submission == audit.submission:
        on_time = "on time" if audit.was_on_time else "after the closing date"
        facts += [
            ("Submitted", f"{dates.datetime(audit.submitted_at)}, {on_time}"),
            ("Submitted by", audit.submitted_by),
        ]
    return facts


def find_weakest(reading: Reading) -> str:
    """What the table of grades shows, in a sentence."""
    scored = [one for one in reading.standards if one.figures.tally.mean is not None]
    if not scored:
        return "Nothing is scored yet."
    ranked = sorted(scored, key=lambda one: one.figures.tally.mean or 0)
    lowest = next(list(group) for _, group in groupby(ranked, key=lambda one: one.figures.tally.mean))
    mean = lowest[0].figures.mean
    if len(lowest) == len(scored):
        return f"Every standard that is scored has the same mean, {mean}."
    if len(lowest) == 1:
        return f"{lowest[0].name} has the lowest mean, {mean}."
    codes = list_words([one.asked.standard.code for one in lowest])
    return f"{codes} have the lowest mean, {mean}."


def render_blank(questionnaire: Questionnaire, cycle: Cycle | None = None) -> bytes:
    """A tagged PDF of the questionnaire, or of what a cycle asks of it, with boxes to tick and room to write."""
    extent = None
    if cycle is not None:
        extent = get_whole_extent(cycle, cycle.cycle_questionnaires.get(questionnaire=questionnaire))
    standards = extent.standards if extent else get_all_standards(questionnaire)
    questions = list(questionnaire.profile_questions.all())
    sections = [("before", "Before you start"), ("profile", "The organisation")]
    sections += [(f"standard-{one.standard.pk}", str(one.standard)) for one in standards]
    context = {
        "cover": Cover(
            title=questionnaire.title,
            partnership=questionnaire.partnership.name if questionnaire.partnership else "",
            subtitle=f"{cycle}: blank, to collect answers on paper"
            if cycle
            else "Blank, to collect answers on paper",
            version=f"{questionnaire.edition}, revision {questionnaire.revision}",
        ),
        "sections": sections,
        "bank": questionnaire,
        "extent": extent.words if extent else "",
        "questions": [(question, make_choices(question.kind, question.choices)) for question in questions],
        "standards": standards,
    }
    return render_pdf("documents/blank.html", context)


def make_choices(kind: str, choices: Sequence[str]) -> list[str]:
    """The boxes to tick under a profile question; none where it is written."""
    match ProfileKind(kind):
        case ProfileKind.YES_NO:
            return ["Yes", "No"]
        case ProfileKind.CHOICE:
            return list(choices)
        case _:
            return []
