"""The copy of an audit as a workbook: what the PDF copy says, to sort, filter and keep.

`make_audit_workbook(audit, submission)` is the whole of it; any file that holds an audit may call it. Who may have it
is asked before: an agency's members for the audit as it stands (None), officers for the last submission alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from s11.web import dates
from surveys.copies import RULES, make_cover, make_facts
from surveys.enums import Score
from surveys.evidence import Backing
from surveys.models import Action, Answer, Audit, SignOff
from surveys.reading import Figures, Reading, get_reading
from surveys.sheets import Book, Column, Row

CODE = Column("Code", 9, "text", names=True)
NOT_ANSWERED = "Not answered"


def make_audit_workbook(audit: Audit, submission: int | None) -> bytes:
    """An XLSX of the whole audit: what this submission said, or as it stands now (None). A fixed number of queries."""
    reading = get_reading(audit, submission)
    cover = make_cover(audit, submission)
    book = Book(
        title=f"{audit.organisation}, {audit.cycle}",
        partnership=str(audit.partnership),
        version=cover.version,
        place=f"{audit.organisation}: {audit.cycle}",
        made_at=timezone.now(),
    )
    add_audit(book, audit, reading)
    book.add_list(
        "Answers", ANSWER_COLUMNS, make_answer_rows(reading, find_labels(audit)), none="It asks nothing."
    )
    book.add_list("Profile", PROFILE_COLUMNS, make_profile_rows(reading), none="It asks for no facts.")
    book.add_list("Evidence", EVIDENCE_COLUMNS, make_evidence_rows(reading), none="No evidence is added.")
    book.add_list("Action plan", ACTION_COLUMNS, make_action_rows(reading), none="No actions are planned.")
    book.add_list("Sign-off", SIGN_OFF_COLUMNS, make_sign_off_rows(audit, submission), none="No sign-off.")
    book.add_sheet("Rules", (Column("About", 24, "text"), Column("Rule", 110, "text")), RULES)
    return book.read()


# The audit ------------------------------------------------------------------------------------------------------------

SCORECARD_COLUMNS = (
    Column("Standard", 60, "text"),
    Column("Grade", 12),
    Column("Mean", 8, "mean"),
    Column("2s", 8),
    Column("1s", 8),
    Column("0s", 8),
    Column("Not applicable", 11),
    Column("Answered", 10),
    Column("Asked", 10),
)


def add_audit(book: Book, audit: Audit, reading: Reading) -> None:
    """What it is, how far it is, and the scorecard."""
    sheet = book.add_page("Audit")
    sheet.write_string(0, 0, f"{audit.organisation}: {audit.cycle}", book.formats["title"])
    facts = make_facts(audit, reading.submission)
    facts += [
        ("Status", audit.get_status_display()),
        ("Grade", reading.whole.grade + ("" if reading.submission else " so far")),
        ("How it is made", reading.whole.explanation),
        ("Copy made", dates.datetime(timezone.now())),
    ]
    for y, (label, value) in enumerate(facts, start=2):
        sheet.write_string(y, 0, label, book.formats["label"])
        sheet.write_string(y, 1, "" if value is None else str(value), book.formats["fact"])
    top = len(facts) + 3
    rows = list(make_scorecard_rows(reading))
    book.write_table(sheet, top, SCORECARD_COLUMNS, rows)


def make_scorecard_rows(reading: Reading) -> Iterable[Row]:
    for one in reading.standards:
        yield (one.name, *make_figure_cells(one.figures), one.asked.answered, len(one.asked.items))
    yield ("All standards", *make_figure_cells(reading.whole), reading.answered, reading.asked)


def make_figure_cells(figures: Figures) -> Row:
    return tuple(figures.cells)


# Answers --------------------------------------------------------------------------------------------------------------

ANSWER_COLUMNS = (
    CODE,
    Column("Indicator", 55, "text"),
    Column("Standard", 30, "text"),
    Column("Critical", 9, "text"),
    Column("Answer", 20, "text"),
    Column("Score", 8),
    Column("Why it does not apply", 30, "text"),
    Column("Commentary", 80, "text"),
    Column("Evidence", 45, "text"),
    Column("Action", 50, "text"),
    Column("Why there is no action", 40, "text"),
    Column("Answered by", 24, "text"),
    Column("Answered", 26, "text"),
)


def find_labels(audit: Audit) -> dict[int | None, str]:
    """Each score in its bank's words."""
    return {step["score"]: step["label"] for step in audit.questionnaire.scale}


def make_answer_rows(reading: Reading, labels: dict[int | None, str]) -> Iterable[Row]:
    for standard in reading.standards:
        for item in standard.asked.items:
            one, answer = item.indicator, item.answer
            start = (one.code, one.text, standard.name, "Critical" if one.is_critical else None)
            if answer is None:
                yield (*start, NOT_ANSWERED, *[None] * 8)
                continue
            plan = reading.plans[one.pk]
            planned = plan.actions + (plan.earlier if plan.is_asked else ())
            yield (
                *start,
                say_answer(answer, labels),
                answer.score,
                answer.not_applicable_reason or None,
                answer.commentary or None,
                "\n".join(backing.words for backing in reading.evidence_of(answer)) or None,
                "\n".join(say_action(action) for action in planned) or None,
                plan.reason or None,
                str(answer.updated_by) if answer.updated_by else None,
                dates.datetime(answer.updated_at) if is_known(reading, answer) else None,
            )


def is_known(reading: Reading, answer: Answer) -> bool:
    """When it was said: an answer wound back to what was submitted names nobody, and its moment is a later one's."""
    return reading.submission is None or answer.updated_by is not None


def say_answer(answer: Answer, labels: dict[int | None, str]) -> str:
    if answer.is_not_applicable:
        words = "Not applicable"
    elif answer.score is None:
        return NOT_ANSWERED
    else:
        words = labels.get(answer.score, Score(answer.score).label)
    return f"{words}, brought forward and not confirmed" if answer.is_to_confirm else words


def say_action(action: Action) -> str:
    return f"{action.what} ({action.owner}, due {dates.date(action.due_on)})"


# Profile, evidence, actions, sign-off ---------------------------------------------------------------------------------

PROFILE_COLUMNS = (CODE, Column("Question", 70, "text"), Column("Answer", 70, "text"))


def make_profile_rows(reading: Reading) -> Iterable[Row]:
    for asked in reading.profile:
        yield (asked.question.code, asked.question.text, asked.words or None)


EVIDENCE_COLUMNS = (
    Column("Title", 50, "text", names=True),
    Column("Type", 18, "text"),
    Column("Version", 9),
    Column("File", 40, "text"),
    Column("Where", 50, "text"),
    Column("Holds from", 13, "date"),
    Column("Expires", 13, "date"),
    Column("Backs", 30, "text"),
    Column("Removed because", 40, "text"),
)


def make_evidence_rows(reading: Reading) -> Iterable[Row]:
    """Each version once, with the codes of the answers that it backs."""
    backed: dict[int, tuple[Backing, list[str]]] = {}
    for standard in reading.standards:
        for item in standard.asked.items:
            for backing in reading.evidence_of(item.answer):
                backed.setdefault(backing.version.pk, (backing, []))[1].append(item.indicator.code)
    for backing, codes in backed.values():
        evidence, version = backing.evidence, backing.version
        yield (
            evidence.title,
            backing.type_label,
            version.number,
            version.name or None,
            version.url or version.reference or None,
            evidence.effective_on,
            evidence.expires_on,
            ", ".join(codes),
            evidence.removal_reason or None,
        )


ACTION_COLUMNS = (
    CODE,
    Column("What will be different", 60, "text"),
    Column("How you will know", 45, "text"),
    Column("Owner", 24, "text"),
    Column("Start", 13, "date"),
    Column("Due", 13, "date"),
    Column("First due", 13, "date"),
    Column("Priority", 10, "text"),
    Column("Status", 13, "text"),
    Column("% done", 8),
    Column("What has changed for children", 45, "text"),
    Column("From", 26, "text"),
    Column("Number", 9),
)


def make_action_rows(reading: Reading) -> Iterable[Row]:
    """As the plan stands now, also beside an earlier submission: an action goes on after it."""
    for code, action in list_actions(reading):
        assert action.answer is not None  # it is what they were found by
        yield (
            code,
            action.what,
            action.measure,
            action.owner,
            action.starts_on,
            action.due_on,
            action.first_due_on,
            action.get_priority_display(),
            action.get_status_display(),
            action.percent,
            action.impact or None,
            action.answer.audit.cycle.title,
            action.pk,
        )


def list_actions(reading: Reading) -> Iterable[tuple[str, Action]]:
    """Those that the answers show, by the code of their indicator."""
    for standard in reading.standards:
        for item in standard.asked.items:
            if item.answer is not None:
                plan = reading.plans[item.indicator.pk]
                for action in plan.actions + (plan.earlier if plan.is_asked else ()):
                    yield item.indicator.code, action


SIGN_OFF_COLUMNS = (
    Column("Decision", 16, "text", names=True),
    Column("Statement or note", 80, "text"),
    Column("Decided by", 24, "text"),
    Column("Decided", 26, "text"),
    Column("Asked by", 24, "text"),
    Column("Asked", 26, "text"),
    Column("Submission", 12),
)


def make_sign_off_rows(audit: Audit, submission: int | None) -> Iterable[Row]:
    """For the agency all that was asked and said; with a submission the signature that led to it, and no more."""
    found = audit.sign_offs.select_related("asked_by", "decided_by")
    for one in found if submission is None else found.filter(submission=submission):
        yield make_sign_off_row(one)


def make_sign_off_row(one: SignOff) -> Row:
    return (
        one.get_decision_display() or "Waiting",
        one.statement or None,
        str(one.decided_by) if one.decided_by else None,
        dates.datetime(one.decided_at) or None,
        str(one.asked_by) if one.asked_by else None,
        dates.datetime(one.asked_at),
        one.submission,
    )
