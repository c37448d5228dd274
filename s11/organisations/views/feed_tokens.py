"""Tokens of data feeds: one's own, and for an administrator everybody's who works for the partnership."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.feed_permissions import check_can_make_feed_token, get_own_partnerships
from s11.organisations.forms.feed_tokens import FeedTokenForm
from s11.organisations.models import FeedToken
from s11.organisations.permissions import check_can_administer
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.organisations.workflow.feed_tokens import end_feed_token, make_feed_token
from s11.web.errors import reason_why_not

PAGE = 50


@require_safe
def feed_tokens(request: UserRequest) -> HttpResponse:
    """Not named own_…, as other pages of one's own are: those open without a second factor."""
    found = FeedToken.objects.filter(user=request.user).select_related("partnership")
    partnerships = get_own_partnerships(request.user)
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "reason": reason_why_not(check_can_make_feed_token, partnerships),
    }
    return render(request, "organisations/feed_tokens.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def feed_token_add(request: UserRequest) -> HttpResponse:
    """The answer to the form shows the token: kept for another page, it would lie somewhere until that is opened."""
    partnerships = get_own_partnerships(request.user)
    check_can_make_feed_token(partnerships)
    ask_who_it_is(request)
    form = FeedTokenForm(get_data(request), user=request.user, partnerships=partnerships)
    made = make(request, form) if form.is_valid() else None
    if made is None:
        return render(request, "organisations/feed_token_add.html", {"form": form})
    token, secret = made
    context = {"token": token, "secret": secret, "site_url": settings.SITE_URL}
    return render(request, "organisations/feed_token_made.html", context)


def make(request: UserRequest, form: FeedTokenForm) -> tuple[FeedToken, str] | None:
    """None where a second press of the button was quicker, and has shown it."""
    partnership = form.partnership_chosen
    assert partnership is not None  # the form is valid
    name, days = form.cleaned_data["name"], form.cleaned_data["days"]
    try:
        return make_feed_token(name=name, partnership=partnership, days=days, by=request.user)
    except IntegrityError:
        form.add_error("name", "You have a token of this name. End that first, or choose another name")
        return None


@require_POST
def feed_token_end(request: UserRequest, token: int) -> HttpResponse:
    found = get_object_or_404(FeedToken.objects.select_related("partnership"), pk=token, user=request.user)
    done = f"{found.name} reads nothing any more."
    tell_outcome(request, done, end_feed_token, token=found, by=request.user)
    return redirect("organisations:feed_tokens")


# The desk's -----------------------------------------------------------------------------------------------------------


@require_safe
def desk_feed_tokens(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    found = FeedToken.objects.filter(partnership=desk.partnership).select_related("user")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"partnership": desk.partnership, "page": page}
    return render(request, "organisations/desk_feed_tokens.html", context)


@require_POST
def desk_feed_token_end(request: UserRequest, partnership: str, token: int) -> HttpResponse:
    """Whoever worries about it ends it; its person is told, and can make another."""
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    tokens = FeedToken.objects.filter(partnership=desk.partnership).select_related("user", "partnership")
    found = get_object_or_404(tokens, pk=token)
    done = f"{found.name} of {found.user} reads nothing any more. We have told them."
    tell_outcome(request, done, end_feed_token, token=found, by=request.user)
    return redirect("organisations:desk_feed_tokens", partnership)
