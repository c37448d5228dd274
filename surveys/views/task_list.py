"""The rows of an audit's task list: what is to be done, how far it is, and where it is done or read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from s11.organisations.enums import MembershipRole
from s11.organisations.models import User
from s11.web import spoken
from s11.web.errors import reason_why_not
from s11.web.languages import say, say_count, show_named
from s11.web.spoken import list_words
from surveys.action_plans import get_agreed_before
from surveys.enums import AuditStatus
from surveys.holders import list_given, name_holders
from surveys.last_year import LastGrades, get_last_grades
from surveys.models import Action, Answer, Audit
from surveys.permissions import (
    check_can_answer,
    check_can_change_profile,
    check_can_share,
    check_can_sign_off,
    check_can_submit,
)
from surveys.practitioners import get_asked_survey
from surveys.profile_effects import Conditional, get_conditionals, list_lines, list_undecided
from surveys.progress import Progress, get_standard_status, is_to_do
from surveys.queries import AskedStandard
from surveys.reach import Given, Reach, get_assignments, make_given, make_reach
from surveys.standing import Standing
from surveys.views.cards import get_last_saved

Task = dict[str, str]


@dataclass(frozen=True, slots=True)
class OwnPart:
    """What is assigned to the person: how far it is, and whether the list shows nothing else."""

    answered: int
    asked: int
    is_alone: bool


@dataclass(frozen=True, slots=True)
class TaskList:
    """`words` say how far it is, `removed` what the last audit asked and this one does not.

    `not_asked` says what waits for a fact about the organisation, and what such a fact rules out.

    `next_step` is the one thing to do now: its words and its address; empty where there is nothing to do.
    """

    profile: Task
    standards: tuple[Task, ...]
    finish: Task
    words: str
    removed: str
    not_asked: tuple[str, ...]
    next_step: tuple[str, str] | None
    can_answer: bool
    can_share: bool
    own: OwnPart | None
    # Its practitioner survey, where the cycle has one.
    staff: Task | None
    # What a panel agreed with the agency before this audit, and whether it worked.
    agreed: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the list, what they are, and whether they want to see their own part alone."""

    user: User
    roles: frozenset[MembershipRole]
    is_own_alone: bool = False


def make_task_list(audit: Audit, progress: Progress, standing: Standing, viewer: Viewer) -> TaskList:
    """Who may answer is led to the forms, everybody else to where it is read."""
    roles = viewer.roles
    can_answer = not reason_why_not(check_can_answer, roles, audit)
    can_give_facts = not reason_why_not(check_can_change_profile, roles, audit)
    assignments = get_assignments(audit) if audit.is_writable else []
    last = get_last_grades(audit)
    conditionals = get_conditionals(audit)
    undecided = list_undecided(conditionals, progress.profile)
    reach = make_reach(progress.opened, assignments, viewer.user, roles)
    own = make_given(assignments, viewer.user)
    shown = [one for one in progress.standards if not (viewer.is_own_alone and own) or list_given(own, one)]
    return TaskList(
        profile=_make_profile_task(audit, progress, conditionals, can_give_facts),
        standards=tuple(
            _make_standard_task(
                audit,
                asked,
                can_answer and any(reach.holds(item.indicator) for item in asked.items),
                (name_holders(asked, assignments, viewer.user), *_say_brought_forward(asked, last)),
            )
            for asked in shown
        ),
        finish=_make_finish(audit, progress, standing),
        words=progress.words,
        removed=last.removed_line if last else "",
        # Once the facts are locked they decide nothing any more.
        not_asked=tuple(
            list_lines(conditionals, progress.profile) if audit.status == AuditStatus.DRAFT else ()
        ),
        next_step=_find_next_step(audit, progress, standing, roles, reach, decides=bool(undecided)),
        can_answer=can_answer,
        can_share=not reason_why_not(check_can_share, roles, audit),
        own=_make_own_part(progress, own, viewer.is_own_alone) if own else None,
        staff=_make_staff_task(audit),
        agreed=tuple(get_agreed_before(audit)),
    )


def _make_profile_task(
    audit: Audit, progress: Progress, conditionals: Sequence[Conditional], can_give_facts: bool
) -> Task:
    form, reading = _address(audit, "audit_profile"), f"{_address(audit, 'audit_read')}#profile"
    return {
        "title": say("About your organisation"),
        "href": form if can_give_facts else reading,
        "status": progress.profile_status,
        "hint": _say_profile(conditionals, progress),
    }


def _say_profile(conditionals: Sequence[Conditional], progress: Progress) -> str:
    if not conditionals:
        return say("Facts that are never scored")
    if undecided := list_undecided(conditionals, progress.profile):
        codes = list_words([asked.question.code for asked in undecided])
        return say_count(
            "Answer these first: {codes} decides what you are asked",
            "Answer these first: {codes} decide what you are asked",
            len(undecided),
            codes=codes,
        )
    return say("Facts that are never scored. They decide what you are asked")


def _make_staff_task(audit: Audit) -> Task | None:
    may_ask, survey = get_asked_survey(audit.invitee)
    if not may_ask:
        return None
    return {
        "title": say("Practitioner survey"),
        "href": _address(audit, "audit_survey"),
        "status": survey.state if survey else "Optional",
        "hint": survey.responses_words if survey else say("What your staff say, beside your own scores"),
    }


def _make_own_part(progress: Progress, own: Given, is_alone: bool) -> OwnPart:
    items = [item for asked in progress.standards for item in list_given(own, asked)]
    return OwnPart(sum(item.is_answered for item in items), len(items), is_alone)


def _address(audit: Audit, name: str, code: str = "") -> str:
    return reverse(f"surveys:{name}", kwargs=audit.slugs | ({"code": code} if code else {}))


def _make_standard_task(audit: Audit, asked: AskedStandard, is_open: bool, lines: Iterable[str]) -> Task:
    code = asked.standard.code
    last = get_last_saved(asked)
    return {
        "title": show_named(code, asked.standard.title),
        "href": _address(audit, "audit_standard", code)
        if is_open
        else f"{_address(audit, 'audit_read')}#{code}",
        "status": get_standard_status(asked),
        "hint": ". ".join(part for part in (*lines, _say_saved(last)) if part),
    }


def _say_saved(last: Answer | None) -> str:
    if last is None:
        return ""
    day = spoken.date(last.updated_at)
    if last.updated_by is None:
        return say("Last saved, {day}", day=day)
    return say("Last saved by {person}, {day}", person=last.updated_by, day=day)


def _say_brought_forward(asked: AskedStandard, last: LastGrades | None) -> tuple[str, str]:
    """What is left to confirm, and the standard's grade in the last audit."""
    count = say(
        "{answered} of {asked} answered, {waiting} to confirm",
        answered=asked.answered,
        asked=len(asked.items),
        waiting=asked.to_confirm,
    )
    return count if asked.to_confirm else "", last.get_line(asked.standard.code) if last else ""


def _make_finish(audit: Audit, progress: Progress, standing: Standing) -> Task:
    if audit.status == AuditStatus.SUBMITTED or not audit.cycle.is_open:
        return {
            "title": say("Receipt and grades") if audit.is_counted else say("Check and submit"),
            "href": _address(audit, "audit_submitted") if audit.is_counted else "",
            "status": audit.get_status_display() if audit.is_counted else "Closed",
            "hint": "",
        }
    href = _address(audit, "audit_check")
    if standing.is_signed:
        return {
            "title": say("Submit"),
            "href": href,
            "status": "Signed off",
            "hint": say("A lead submits it"),
        }
    if standing.sign_off:
        names = say(" or ").join(map(str, standing.signatories)) or say("A signatory")
        return {
            "title": say("Check and sign off"),
            "href": href,
            "status": audit.get_status_display(),
            "hint": say("{people} reads and signs it", people=names),
        }
    return {
        "title": say("Check and sign off") if audit.needs_signature else say("Check and submit"),
        "href": href,
        "status": "Ready" if progress.is_complete else "Not ready",
        "hint": progress.missing_words or say("Nothing is missing"),
    }


def _find_next_step(
    audit: Audit,
    progress: Progress,
    standing: Standing,
    roles: frozenset[MembershipRole],
    reach: Reach,
    *,
    decides: bool,
) -> tuple[str, str] | None:
    """The profile first, above all where it still `decides` what is asked; then the first open standard.

    Then the check.
    """
    if standing.sign_off:
        return _find_step_of_sign_off(audit, roles)
    if reason_why_not(check_can_answer, roles, audit):
        return None
    if progress.missing_profile and (decides or not progress.answered):
        return say("Begin with your organisation"), _address(audit, "audit_profile")
    for asked in progress.standards:
        if any(is_to_do(item) and reach.holds(item.indicator) for item in asked.items):
            code = asked.standard.code
            words = (
                say("Go on with {code}", code=code)
                if progress.answered
                else say("Begin with {code}", code=code)
            )
            return words, _address(audit, "audit_standard", code)
    if progress.missing_profile:
        return say("Complete your organisation’s facts"), _address(audit, "audit_profile")
    if progress.missing:
        # The rest is with colleagues.
        return None
    can_submit = not reason_why_not(check_can_submit, roles, audit)
    return (say("Check and submit") if can_submit else say("Check the answers")), _address(
        audit, "audit_check"
    )


def _find_step_of_sign_off(audit: Audit, roles: frozenset[MembershipRole]) -> tuple[str, str] | None:
    if not reason_why_not(check_can_sign_off, roles, audit):
        return say("Read and sign off"), _address(audit, "audit_sign_off")
    if not reason_why_not(check_can_submit, roles, audit):
        return say("Submit the audit"), _address(audit, "audit_check")
    return None
