"""What the partnership has of audits: submissions as they were made, and its own work on them.

What is being written or corrected is the agency's until it is submitted, here as on every page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from s11.organisations.models import Partnership
from surveys.enums import COUNTED, Scope, Series, SignOffDecision
from surveys.exports.tables import Row, Table, make_table
from surveys.models import (
    Action,
    ActionUpdate,
    Answer,
    Audit,
    Clarification,
    Correction,
    Moderation,
    ModerationSample,
    Scorecard,
    SeriesClose,
    SignOff,
)
from surveys.passport_tables import iterate_trail
from surveys.progress import get_profile_questions
from surveys.submitted_answers import AUDITS_AT_ONCE, iterate_submitted
from surveys.trail import get_limits

AUDIT = ("organisation", "cycle")
ANSWERS = ("standard", "code", "key", "statement", "score")
# Who answered when is in the trail: of what is being corrected since, it is not known here.
ANSWER_WORDS = ("not_applicable_reason", "commentary", "no_action_reason")
TRAIL = ("at", "by", "kind", "indicator", "what", "before", "after")


def list_audit_tables(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "audits",
        "how far each audit has come, and when it was submitted",
        Audit.objects.filter(invitee__cycle__partnership=partnership),
        _name_audit("")
        | {"variant": "invitee__cycle_questionnaire__variant"}
        | _same("status", "submission", "first_submitted_at", "submitted_at")
        | {"submitted_by": "submitted_by__email"},
    )
    yield from _list_submissions(partnership)
    yield from _list_signatures(partnership)
    yield from _list_figures(partnership)
    yield from _list_moderation(partnership)
    yield from _list_actions(partnership)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _name_audit(path: str) -> dict[str, str]:
    return {"organisation": f"{path}invitee__organisation__slug", "cycle": f"{path}invitee__cycle__slug"}


# Submissions, an audit at a time --------------------------------------------------------------------------------------


def _list_submissions(partnership: Partnership) -> Iterator[Table]:
    here = Audit.objects.counted().filter(invitee__cycle__partnership=partnership).with_place()

    def each(make_rows: Callable[[Audit], Iterable[Row]]) -> Callable[[], Iterator[Row]]:
        def list_rows() -> Iterator[Row]:
            for audit in here.order_by("pk").iterator(AUDITS_AT_ONCE):
                for row in make_rows(audit):
                    yield _name(audit) | row

        return list_rows

    def list_answers() -> Iterator[Row]:
        for audit, answers in iterate_submitted(here):
            for answer in answers:
                yield _name(audit) | _make_answer(answer)

    yield Table(
        "answers",
        "the answers of each audit’s last submission",
        AUDIT + ANSWERS + ANSWER_WORDS,
        list_answers,
    )
    yield Table(
        "profile",
        "the facts about the organisation that went with it",
        (*AUDIT, "code", "text", "kind", "value"),
        each(_list_facts),
    )
    yield Table(
        "trail",
        "who changed what, and when, until the last submission; indicator is a key in answers",
        AUDIT + TRAIL,
        each(lambda audit: iterate_trail(audit, get_limits(audit))),
    )


def _name(audit: Audit) -> Row:
    return {"organisation": audit.organisation.slug, "cycle": audit.cycle.slug}


def _make_answer(answer: Answer) -> Row:
    indicator, standard = answer.indicator, answer.indicator.standard
    about = (f"{standard.code} {standard.title}", indicator.code, indicator.key, indicator.text, answer.score)
    words = {name: getattr(answer, name) for name in ANSWER_WORDS}
    return dict(zip(ANSWERS, about, strict=True)) | words


def _list_facts(audit: Audit) -> Iterator[Row]:
    cards = audit.scorecards.of_last_submission().filter(scope=Scope.WHOLE, series=Series.SELF)
    for asked in get_profile_questions(audit, cards.values_list("frozen_at", flat=True).first()):
        question = asked.question
        yield {"code": question.code, "text": question.text, "kind": question.kind, "value": asked.value}


# What stands in rows --------------------------------------------------------------------------------------------------


def _list_signatures(partnership: Partnership) -> Iterator[Table]:
    signed = SignOff.objects.filter(
        audit__invitee__cycle__partnership=partnership,
        audit__status__in=COUNTED,
        decision=SignOffDecision.SIGNED,
        submission__isnull=False,
    )
    yield make_table(
        "sign-offs",
        "who signed a submission off",
        signed,
        _name_audit("audit__")
        | _same("submission", "statement", "decided_at")
        | {"decided_by": "decided_by__email"},
    )
    yield make_table(
        "corrections",
        "submissions that were returned, and why; a row an indicator",
        Correction.objects.filter(audit__invitee__cycle__partnership=partnership),
        _name_audit("audit__")
        | _same("submission", "reason", "at")
        | {"by": "by__email", "indicator": "indicators__key"},
    )


def _list_figures(partnership: Partnership) -> Iterator[Table]:
    yield make_table(
        "scorecards",
        "frozen figures: of the whole, each standard and each theme, in each series",
        Scorecard.objects.filter(audit__invitee__cycle__partnership=partnership, audit__status__in=COUNTED),
        _name_audit("audit__")
        | _same("series", "submission", "scope")
        | {"standard": "standard__code", "theme": "theme__code"}
        | _same("n", "sum", "zeros", "not_applicable", "grade", "frozen_at"),
    )


def _list_moderation(partnership: Partnership) -> Iterator[Table]:
    audit, here = "answer__audit__", {"answer__audit__invitee__cycle__partnership": partnership}
    yield make_table(
        "moderations",
        "moderators’ and panels’ scores; the highest version of an answer, submission and series holds",
        Moderation.objects.filter(**here),
        _name_audit(audit)
        | {"indicator": "answer__indicator__key"}
        | _same("submission", "series", "version", "score", "is_not_applicable", "reason")
        | {"by": "by__email", "at": "at"},
    )
    yield make_table(
        "clarifications",
        "questions on answers, and the agencies’ replies",
        Clarification.objects.filter(**here),
        _name_audit(audit)
        | {"indicator": "answer__indicator__key", "submission": "submission", "question": "question"}
        | {"asked_by": "asked_by__email", "asked_at": "asked_at", "reply": "reply"}
        | {"replied_by": "replied_by__email", "replied_at": "replied_at", "accepted": "accepted"}
        | {"closed_by": "closed_by__email", "closed_at": "closed_at"},
    )
    yield make_table(
        "closed-series",
        "when moderation of a submission was made final",
        SeriesClose.objects.filter(audit__invitee__cycle__partnership=partnership),
        _name_audit("audit__") | _same("submission", "series") | {"by": "by__email", "at": "at"},
    )
    yield make_table(
        "samples",
        "audits drawn to be moderated, by rule and seed; a row an audit",
        ModerationSample.objects.filter(cycle__partnership=partnership),
        {"id": "pk", "cycle": "cycle__slug"}
        | _same("rule", "size", "seed")
        | {"by": "by__email", "at": "at", "organisation": "audits__invitee__organisation__slug"},
    )


def _list_actions(partnership: Partnership) -> Iterator[Table]:
    seen = Action.objects.on_desk_of(partnership)
    yield make_table(
        "actions",
        "actions from submitted answers, and those agreed with a panel",
        seen,
        {"id": "pk", "organisation": "participation__organisation__slug"}
        | {"cycle": "answer__audit__invitee__cycle__slug", "indicator": "answer__indicator__key"}
        | _same("origin", "what", "measure", "owner", "starts_on", "due_on", "first_due_on")
        | _same("priority", "status", "percent", "impact", "created_at"),
    )
    yield make_table(
        "action-updates",
        "what was reported on them; action is an id in actions",
        ActionUpdate.objects.filter(action__in=seen.values("pk")),
        {"action": "action_id", "text": "text"}
        | _same("status_before", "status_after", "percent_before", "percent_after", "due_before", "due_after")
        | {"by": "by__email", "at": "at"},
    )
