"""Exports of what is held about a person: those that administrators make, and each person's own."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from s11.organisations.asking_again import ask_who_it_is
from s11.organisations.models import Anonymisation, DataExport
from s11.organisations.permissions import check_can_administer
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.privacy.export_files import list_texts
from s11.privacy.exporting import discard_export, hand_over, keep_back, read_material, request_export
from s11.privacy.forms import ExportForm, ReviewForm
from s11.privacy.subjects import get_people
from s11.web.downloads import hand_out
from s11.web.errors import NotInThisState

PAGE: Final = 50
TEXTS: Final = 30
ZIP: Final = "application/zip"


@never_cache
@require_safe
def desk_privacy(request: UserRequest, partnership: str) -> HttpResponse:
    """What was asked for and what became of it."""
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    exports = DataExport.objects.of(desk.partnership).select_related("user", "requested_by")
    waiting = Anonymisation.objects.open().filter(user__in=get_people(desk.partnership))
    context = {
        "desk": desk,
        "page": Paginator(exports, PAGE).get_page(request.GET.get("page")),
        "waiting": waiting.select_related("user")[:PAGE],
    }
    return render(request, "privacy/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def export_new(request: UserRequest, partnership: str) -> HttpResponse:
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    ask_who_it_is(request)
    initial = {"email": request.GET.get("email", "")}
    form = ExportForm(get_data(request), partnership=desk.partnership, initial=initial)
    if request.method == "POST" and form.is_valid():
        export = request_export(
            partnership=desk.partnership,
            user=form.user,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            by=request.user,
        )
        return redirect("privacy:export", partnership, export.pk)
    return render(request, "privacy/export_new.html", {"desk": desk, "form": form})


def get_export_or_404(request: UserRequest, partnership: str, export: int) -> tuple[Desk, DataExport]:
    desk = enter_desk(request, partnership)
    check_can_administer(desk)
    exports = DataExport.objects.of(desk.partnership)
    found = exports.select_related("partnership", "user", "requested_by", "reviewed_by")
    return desk, get_object_or_404(found, pk=export)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: UserRequest, partnership: str, export: int) -> HttpResponse:
    """How far it is; once it is gathered, what was found, and the texts to look through."""
    desk, found = get_export_or_404(request, partnership, export)
    if not found.material:
        return render(request, "privacy/export.html", {"desk": desk, "export": found})
    ask_who_it_is(request)
    material = read_material(found)
    texts = list(list_texts(material))
    # First what somebody has to look at: what others wrote, then where a name was taken out.
    texts.sort(key=lambda text: ("table" not in text, not text["is_changed"]))
    page = Paginator(texts, TEXTS).get_page(request.GET.get("page"))
    if request.method == "POST":
        form = ReviewForm(request.POST, numbers=[text["number"] for text in texts])
        if form.is_valid():
            choice = {"shown": form.cleaned_data["shown"], "chosen": form.cleaned_data["back"]}
            if "make" in request.POST:
                # What stands ticked on the page is never handed over because nobody saved it first.
                make_file(request, found, **choice)
            else:
                tell_outcome(request, "What you ticked is kept back.", keep_back, export=found, **choice)
        return redirect(f"{reverse('privacy:export', args=[partnership, export])}?page={page.number}")
    context = {
        "desk": desk,
        "export": found,
        "material": material,
        "page": page,
        "kept": set(found.kept_back),
    }
    return render(request, "privacy/export.html", context)


@require_POST
def export_hand_over(request: UserRequest, partnership: str, export: int) -> HttpResponse:
    _, found = get_export_or_404(request, partnership, export)
    make_file(request, found)
    return redirect("privacy:export", partnership, export)


def make_file(request: UserRequest, found: DataExport, **choice: list[int]) -> None:
    """Not by tell_outcome: here a fault of the disk is no mail that did not go."""
    try:
        if choice:
            keep_back(export=found, **choice)
        hand_over(export=found, by=request.user)
    except NotInThisState as gone:
        messages.warning(request, str(gone))
    else:
        messages.success(request, "The file is made. Download it, and give it to the person in a safe way.")


@require_POST
def export_discard(request: UserRequest, partnership: str, export: int) -> HttpResponse:
    _, found = get_export_or_404(request, partnership, export)
    tell_outcome(request, "The files of the export are deleted.", discard_export, found)
    return redirect("privacy:desk", partnership)


@require_safe
def export_file(request: UserRequest, partnership: str, export: int) -> HttpResponseBase:
    _, found = get_export_or_404(request, partnership, export)
    ask_who_it_is(request)
    return give(found)


def give(export: DataExport) -> HttpResponseBase:
    if not export.file:
        raise Http404
    name = f"personal-data-{timezone.localdate(export.requested_at)}-{export.pk}.zip"
    return hand_out(export.file, name=name, content_type=ZIP)


# One's own ------------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_export(request: UserRequest) -> HttpResponse:
    """Everything, wherever it stands."""
    if request.method == "POST":
        try:
            request_export(partnership=None, user=request.user, by=request.user)
        except NotInThisState as new:
            messages.warning(request, str(new))
        return redirect("privacy:own_export")
    context: dict[str, Any] = {"export": DataExport.objects.own(request.user).first()}
    return render(request, "privacy/own_export.html", context)


@require_safe
def own_export_file(request: UserRequest, export: int) -> HttpResponseBase:
    found = get_object_or_404(DataExport.objects.own(request.user), pk=export)
    ask_who_it_is(request)
    return give(found)
