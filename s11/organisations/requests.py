"""Requests of people who are signed in, and entering a place: every private view begins with one of these."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from s11.organisations.groups import Group, Site, get_group_or_404, get_site_or_404
from s11.organisations.models import Partnership, Removal, User
from s11.organisations.queries import Agency, Desk, get_agency_or_404, get_desk_or_404
from s11.web.errors import NotInThisState
from s11.web.outages import are_files_down

P = ParamSpec("P")
logger = logging.getLogger(__name__)


class UserRequest(HttpRequest):
    """A request behind LoginRequiredMiddleware: there is always a person."""

    user: User
    htmx: HtmxDetails
    place: Desk | Agency | Group | Site | Partnership | None


def enter_desk(request: UserRequest, partnership: str) -> Desk:
    """The desk of this partnership, for its officers; a stranger gets 404."""
    request.place = get_desk_or_404(request.user, partnership)
    return request.place


def enter_agency(request: UserRequest, partnership: str, organisation: str) -> Agency:
    """The rooms of this organisation in that partnership, for its members; a stranger gets 404."""
    request.place = get_agency_or_404(request.user, partnership, organisation)
    return request.place


def enter_group(request: UserRequest, group: str) -> Group:
    """The rooms of this group, for members of its organisation; a stranger gets 404."""
    request.place = get_group_or_404(request.user, group)
    return request.place


def enter_site(request: UserRequest, partnership: str, organisation: str) -> Site:
    """A site to be read, for leads of a group that it has accepted; everybody else gets 404."""
    request.place = get_site_or_404(request.user, partnership, organisation)
    return request.place


def get_data(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the post, also an empty one; nothing when the page is opened."""
    return request.POST if request.method == "POST" else None


def tell_outcome(
    request: HttpRequest, done: str, verb: Callable[P, object], *args: P.args, **kwargs: P.kwargs
) -> bool:
    """Call the verb and say on the next page that it is done, or that somebody else was quicker and what is so now.

    Where something was removed, the same page offers to undo it.
    """
    undo = ""
    try:
        outcome = verb(*args, **kwargs)
        if isinstance(outcome, Removal):
            undo = get_undo_address(request, outcome)
    except NotInThisState as late:
        messages.warning(request, str(late))
        return False
    except OSError as error:
        if are_files_down(error):
            # Files are written and deleted before the commit: nothing was saved, which a page of its own says.
            raise
        # Mail goes out after the commit, and smtplib's errors are OSErrors: what was asked for is saved.
        say_mail_failed(request, error)
        return True
    messages.success(request, done, extra_tags=undo)
    return True


def get_undo_address(request: HttpRequest, removal: Removal) -> str:
    """Of the button that puts it back, in the place where the person is; the banner of a message shows it."""
    match getattr(request, "place", None):
        case Desk() as desk:
            return reverse("organisations:put_back", args=[desk.partnership.slug, removal.pk])
        case Agency() as agency:
            slugs = (agency.partnership.slug, agency.organisation.slug)
            return reverse("organisations:agency_put_back", args=[*slugs, removal.pk])
        case _:
            return ""


def say_mail_failed(request: HttpRequest, error: OSError) -> None:
    """To the person who waits; the cause is for whoever runs the site."""
    logger.error("A mail could not be sent", exc_info=error)
    messages.warning(
        request, "It is saved, but the e-mail could not be sent. Send it again in a few minutes."
    )
