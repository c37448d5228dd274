"""The rows of an audit's task list: what is to be done, how far it is, and where it is done or read."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from s11.organisations.enums import MembershipRole
from s11.web import dates
from s11.web.errors import reason_why_not
from surveys.models import Audit
from surveys.permissions import check_can_answer, check_can_submit
from surveys.progress import Progress, get_standard_status
from surveys.queries import AskedStandard
from surveys.views.cards import get_last_saved

Task = dict[str, str]


@dataclass(frozen=True, slots=True)
class TaskList:
    """`next_step` is the one thing to do now: its words and its address; empty where there is nothing to do."""

    profile: Task
    standards: tuple[Task, ...]
    finish: Task
    answered: int
    asked: int
    next_step: tuple[str, str] | None


def make_task_list(audit: Audit, progress: Progress, roles: frozenset[MembershipRole]) -> TaskList:
    """Who may answer is led to the forms, everybody else to where it is read."""
    can_answer = not reason_why_not(check_can_answer, roles, audit)
    return TaskList(
        profile={
            "title": "About your organisation",
            "href": _address(audit, "audit_profile")
            if can_answer
            else f"{_address(audit, 'audit_read')}#profile",
            "status": progress.profile_status,
            "hint": "Facts that are never scored",
        },
        standards=tuple(_make_standard_task(audit, asked, can_answer) for asked in progress.standards),
        finish=_make_finish(audit, progress),
        answered=progress.answered,
        asked=progress.asked,
        next_step=_find_next_step(audit, progress, roles) if can_answer else None,
    )


def _address(audit: Audit, name: str, code: str = "") -> str:
    return reverse(f"surveys:{name}", kwargs=audit.slugs | ({"code": code} if code else {}))


def _make_standard_task(audit: Audit, asked: AskedStandard, can_answer: bool) -> Task:
    code = asked.standard.code
    last = get_last_saved(asked)
    by = f" by {last.updated_by}" if last and last.updated_by else ""
    return {
        "title": f"{code} {asked.standard.title}",
        "href": _address(audit, "audit_standard", code)
        if can_answer
        else f"{_address(audit, 'audit_read')}#{code}",
        "status": get_standard_status(asked),
        "hint": f"Last saved{by}, {dates.date(last.updated_at)}" if last else "",
    }


def _make_finish(audit: Audit, progress: Progress) -> Task:
    if not audit.is_writable:
        return {
            "title": "Receipt and grades" if audit.is_counted else "Check and submit",
            "href": _address(audit, "audit_submitted") if audit.is_counted else "",
            "status": audit.get_status_display() if audit.is_counted else "Closed",
            "hint": "",
        }
    return {
        "title": "Check and submit",
        "href": _address(audit, "audit_check"),
        "status": "Ready" if progress.is_complete else "Not ready",
        "hint": progress.missing_words or "Nothing is missing",
    }


def _find_next_step(
    audit: Audit, progress: Progress, roles: frozenset[MembershipRole]
) -> tuple[str, str] | None:
    """The profile first, for it decides what is asked; then the first standard that is not complete; then the check."""
    if progress.missing_profile and not progress.answered:
        return "Begin with your organisation", _address(audit, "audit_profile")
    for asked in progress.standards:
        if get_standard_status(asked) != "Complete":
            words = "Go on with" if progress.answered else "Begin with"
            return f"{words} {asked.standard.code}", _address(audit, "audit_standard", asked.standard.code)
    if progress.missing_profile:
        return "Complete your organisation’s facts", _address(audit, "audit_profile")
    can_submit = not reason_why_not(check_can_submit, roles, audit)
    return ("Check and submit" if can_submit else "Check the answers"), _address(audit, "audit_check")
