"""Question banks for everybody: a page to read, and a blank to print. No account needed."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from s11.organisations.models import Partnership
from surveys.document_requests import find_blank, request_blank
from surveys.documents import make_file_name
from surveys.extent import Extent, get_all_standards, get_whole_extent
from surveys.models import Cycle, Document, Questionnaire

FIVE_MINUTES = 300
RELOAD_SECONDS = 5


def enter_question_bank(
    request: HttpRequest, partnership: str, questionnaire: int
) -> tuple[Partnership, Questionnaire]:
    """The shared banks and the partnership's own, in every revision: its cycles of earlier years asked those."""
    found = get_object_or_404(Partnership, slug=partnership)
    request.place = found  # type: ignore[attr-defined]  # for the header; see s11.navigation
    return found, get_object_or_404(Questionnaire.objects.available_to(found), pk=questionnaire)


def get_asked(
    request: HttpRequest, partnership: Partnership, bank: Questionnaire, *, is_for_reading: bool = False
) -> tuple[Cycle | None, Extent | None]:
    """With `?cycle=` only what that cycle asks of this bank; of a planned one to read, and no files: it may change."""
    slug = request.GET.get("cycle", "")
    if not slug:
        return None, None
    cycles = Cycle.objects.of(partnership)
    pins = bank.cycle_questionnaires.filter(
        cycle__in=cycles if is_for_reading else cycles.opened(), cycle__slug=slug
    )
    pin = get_object_or_404(pins.select_related("cycle", "questionnaire"))
    return pin.cycle, get_whole_extent(pin.cycle, pin)


def keep_in_caches(request: HttpRequest, response: HttpResponseBase) -> None:
    """For everybody alike, unless its header says who is signed in."""
    if not request.user.is_authenticated:
        patch_cache_control(response, public=True, max_age=FIVE_MINUTES)


@login_not_required
@require_safe
def question_bank(request: HttpRequest, partnership: str, questionnaire: int) -> HttpResponse:
    found, bank = enter_question_bank(request, partnership, questionnaire)
    cycle, extent = get_asked(request, found, bank, is_for_reading=True)
    context = {
        "partnership": found,
        "questionnaire": bank,
        "cycle": cycle,
        "extent": extent,
        "questions": bank.profile_questions.all(),
        "standards": extent.standards if extent else get_all_standards(bank),
    }
    response = render(request, "surveys/question_bank.html", context)
    keep_in_caches(request, response)
    return response


STATUSES = {
    "to make": HTTPStatus.OK,
    "being made": HTTPStatus.ACCEPTED,
    "ready": HTTPStatus.OK,
    "failed": HTTPStatus.SERVICE_UNAVAILABLE,
}


def get_state(blank: Document | None) -> str:
    if blank is None:
        return "to make"
    return "ready" if blank.is_built else "failed" if blank.has_failed else "being made"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def question_bank_blank(request: HttpRequest, partnership: str, questionnaire: int) -> HttpResponse:
    """Where the blank stands. The first who asks has it made; the page looks again until it is ready."""
    found, bank = enter_question_bank(request, partnership, questionnaire)
    cycle, _ = get_asked(request, found, bank)
    if request.method == "POST":
        # Asked for by a button, so that no crawler that follows links keeps the worker busy.
        request_blank(bank=bank, cycle=cycle)
        return redirect(request.get_full_path())
    state = get_state(find_blank(bank, cycle))
    context = {"partnership": found, "questionnaire": bank, "cycle": cycle, "state": state}
    page = render(request, "surveys/question_bank_blank.html", context, status=STATUSES[state])
    if state == "being made":
        page["Refresh"] = str(RELOAD_SECONDS)
    return page


@login_not_required
@require_safe
def question_bank_blank_file(request: HttpRequest, partnership: str, questionnaire: int) -> HttpResponseBase:
    """The blank as PDF; whoever comes too early finds the page that asks for it."""
    found, bank = enter_question_bank(request, partnership, questionnaire)
    cycle, _ = get_asked(request, found, bank)
    built = find_blank(bank, cycle)
    if built is None or not built.is_built:
        page = reverse("surveys:question_bank_blank", args=[partnership, questionnaire])
        return redirect(f"{page}?cycle={cycle.slug}" if cycle else page)
    response = FileResponse(
        built.file.open(),
        as_attachment=True,
        filename=make_file_name(built),
        content_type="application/pdf",
    )
    keep_in_caches(request, response)
    return response
