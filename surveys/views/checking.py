"""The check before an audit is signed off or submitted, as its pages show it."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render

from s11.organisations.enums import MembershipRole
from s11.organisations.requests import UserRequest
from s11.web.errors import reason_why_not
from surveys.check_list import get_check_list
from surveys.models import Audit
from surveys.permissions import (
    check_can_answer,
    check_can_ask_sign_off,
    check_can_change_profile,
    check_can_submit,
    check_can_withdraw_sign_off,
)
from surveys.progress import Progress
from surveys.reach import get_reach
from surveys.standing import Standing, get_standing
from surveys.views.entering import make_crumbs


def show_check(
    request: UserRequest,
    audit: Audit,
    roles: frozenset[MembershipRole],
    progress: Progress,
    *,
    is_refused: bool = False,
) -> HttpResponse:
    """What is missing or to be seen, all answers, and what finishes the audit."""
    standing = get_standing(audit)
    context = {
        "audit": audit,
        "progress": progress,
        "checks": get_check_list(audit, progress),
        "may_change": find_changeable(request, audit, roles, progress),
        "finish": find_finish(audit, roles, standing),
        "is_refused": is_refused,
        "crumbs": make_crumbs(request, audit),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "surveys/check.html", context, status=status)


def find_changeable(
    request: UserRequest, audit: Audit, roles: frozenset[MembershipRole], progress: Progress
) -> frozenset[int | None]:
    """The indicators whose answers this person may change, by row id; None among them stands for the profile."""
    if reason_why_not(check_can_answer, roles, audit):
        return frozenset()
    reach = get_reach(audit, request.user, roles)
    found: set[int | None] = {
        item.indicator.pk
        for standard in progress.standards
        for item in standard.items
        if reach.holds(item.indicator)
    }
    if not reason_why_not(check_can_change_profile, roles, audit):
        found.add(None)
    return frozenset(found)


def find_finish(audit: Audit, roles: frozenset[MembershipRole], standing: Standing) -> dict[str, object]:
    """What can be done with the whole audit now: each with why this person may not, or empty."""
    return {
        "standing": standing,
        # A draft whose cycle asks for sign-off is not submitted but shown to the signatory.
        "asks": audit.needs_signature and not standing.is_signed,
        "ask_reason": reason_why_not(check_can_ask_sign_off, roles, audit),
        "submit_reason": reason_why_not(check_can_submit, roles, audit),
        "may_withdraw": not reason_why_not(check_can_withdraw_sign_off, roles, audit),
    }
