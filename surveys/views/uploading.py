"""What is said after an upload: on the page, or, file by file, to the script that sent it."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, JsonResponse

from s11.web.fields import form_errors
from surveys.evidence_library import Outcome


def wants_json(request: HttpRequest) -> bool:
    """Whether our own script asks, which sends one file after the other."""
    return request.method == "POST" and request.headers.get("Accept") == "application/json"


def answer_upload(form: forms.Form, outcomes: Sequence[Outcome]) -> JsonResponse:
    """`sentences` about what was sent, and whether it `is_kept`."""
    wrong = [str(error["text"]) for error in form_errors(form)]
    is_kept = not wrong and all(outcome.evidence is not None for outcome in outcomes)
    sentences = wrong or [outcome.sentence for outcome in outcomes]
    status = HTTPStatus.OK if is_kept else HTTPStatus.UNPROCESSABLE_ENTITY
    return JsonResponse({"is_kept": is_kept, "sentences": sentences}, status=status)


def tell_uploaded(request: HttpRequest, form: forms.Form, outcomes: Sequence[Outcome]) -> list[str]:
    """Refusals become the form's errors, and what was kept is returned; where nothing is wrong it is a message."""
    kept = [outcome for outcome in outcomes if outcome.evidence is not None]
    if len(kept) == len(outcomes):
        new = [outcome for outcome in kept if outcome.is_new]
        if len(new) > 1:
            messages.success(request, f"{len(new)} files are added.")
        for outcome in kept:
            if len(new) == 1 or not outcome.is_new:
                messages.success(request, outcome.sentence)
    for outcome in outcomes:
        if outcome.evidence is None:
            form.add_error("uploads", outcome.sentence)
    return [outcome.sentence for outcome in kept]
