"""What a page that saves by itself is told of each of its cards, an answer or a fact: the outcome, and what to show."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from s11.organisations.requests import UserRequest
from s11.web.outcomes import HEADER, Outcome, make_outcome

# Whose page it is that saves: in the meantime somebody else may have signed in in the same browser.
PERSON = "X-Person"
STATUSES = {
    Outcome.SAVED: HTTPStatus.OK,
    Outcome.CONFLICT: HTTPStatus.CONFLICT,
    Outcome.CHOOSING: HTTPStatus.UNPROCESSABLE_ENTITY,
    Outcome.WRONG: HTTPStatus.UNPROCESSABLE_ENTITY,
    Outcome.REFUSED: HTTPStatus.FORBIDDEN,
}


def is_somebody_else(request: UserRequest) -> bool:
    return request.headers.get(PERSON, str(request.user.pk)) != str(request.user.pk)


def say_somebody_else() -> HttpResponse:
    return make_outcome(Outcome.SOMEBODY_ELSE, HTTPStatus.UNAUTHORIZED)


def give_token(request: UserRequest) -> HttpResponse:
    """To a page whose own token signing in again has replaced."""
    return make_outcome(Outcome.READY, HTTPStatus.OK, get_token(request))


def tell_card(template: str, outcome: Outcome, context: Mapping[str, object]) -> HttpResponse:
    """Without the request: what is around a page (its place, its messages) is none of a card's."""
    text = render_to_string(template, dict(context))
    return HttpResponse(text, status=STATUSES[outcome], headers={HEADER: outcome.value})
