"""Loading a national register at the desk: choose the file, see what it would change, apply it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from s11.organisations.enums import LoadState, Register
from s11.organisations.forms.registers import (
    LARGEST_REGISTER,
    ApplyForm,
    ColumnsForm,
    LinesFilterForm,
    RegisterForm,
)
from s11.organisations.loading import loads
from s11.organisations.loading.jobs import get_columns
from s11.organisations.loading.reading import get_remembered_areas
from s11.organisations.loading.summary import say_passed_over
from s11.organisations.models import RegisterLoad
from s11.organisations.permissions import check_can_organise
from s11.organisations.queries import Desk
from s11.organisations.registers.maps import read_map
from s11.organisations.registers.refusals import Refused
from s11.organisations.requests import UserRequest, enter_desk, get_data, tell_outcome
from s11.web.errors import NotInThisState
from s11.web.uploads import get_too_large, takes_up_to

PAGE: Final = 50
SHOWN_LOADS: Final = 20
RELOAD_SECONDS: Final = 3
BOTH: Final = ["GET", "HEAD", "POST"]


def _enter(request: UserRequest, partnership: str) -> Desk:
    desk = enter_desk(request, partnership)
    check_can_organise(desk)
    return desk


def _get_load(desk: Desk, load: int) -> RegisterLoad:
    found = get_object_or_404(desk.partnership.register_loads.select_related("requested_by"), pk=load)
    found.partnership = desk.partnership
    return found


def go_to_load(load: RegisterLoad) -> HttpResponse:
    return redirect("organisations:register_load", load.partnership.slug, load.pk)


@takes_up_to(LARGEST_REGISTER)
@require_http_methods(BOTH)
def registers(request: UserRequest, partnership: str) -> HttpResponse:
    desk = _enter(request, partnership)
    initial = {"areas": get_remembered_areas(desk.partnership, Register.GIAS)}
    # What was too large is known once the files were received.
    files = request.FILES or None
    form = RegisterForm(get_data(request), files, initial=initial, too_large=get_too_large(request))
    if form.is_valid():
        entered = form.cleaned_data
        upload = loads.Upload(
            Register(entered["register"]), entered["file"], entered["links"], entered["areas"].strip()
        )
        try:
            load = loads.receive_load(partnership=desk.partnership, upload=upload, by=request.user)
        except NotInThisState as late:
            form.add_error(None, str(late))
        else:
            return go_to_load(load)
    context = {
        "desk": desk,
        "form": form,
        "loads": desk.partnership.register_loads.select_related("requested_by")[:SHOWN_LOADS],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "organisations/registers.html", context, status=status)


@require_http_methods(BOTH)
def register_load(request: UserRequest, partnership: str, load: int) -> HttpResponse:
    """How far it is, what it would change, or what it changed; a post applies it."""
    desk = _enter(request, partnership)
    found = _get_load(desk, load)
    if found.state == LoadState.CHOOSING:
        return redirect("organisations:register_columns", partnership, load)
    what = get_columns(found).identifier_name
    alike = found.lines.exclude(choice=None) if found.state == LoadState.READY else ()
    form = ApplyForm(get_data(request), lines=alike, seen=found.digest, what=what)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        said = "The file is being applied."
        tell_outcome(
            request, said, loads.apply_seen, load=found, seen=seen, chosen=form.chosen, by=request.user
        )
        return go_to_load(found)
    kind = LinesFilterForm(request.GET).choose(found.counts)
    context = {
        "load": found,
        "form": form,
        "what": what,
        "kind": kind,
        "page": Paginator(found.lines.filter(kind=kind), PAGE).get_page(request.GET.get("page")),
        "passed_over": say_passed_over(found.counts) if found.counts else "",
    }
    response = render(request, "organisations/register_load.html", context)
    if found.is_waiting:
        response["Refresh"] = str(RELOAD_SECONDS)
    return response


@require_http_methods(BOTH)
def register_columns(request: UserRequest, partnership: str, load: int) -> HttpResponse:
    """Which column is which, of a register whose files differ."""
    desk = _enter(request, partnership)
    found = _get_load(desk, load)
    if found.register == Register.GIAS or not found.file or found.is_waiting:
        return redirect("organisations:registers", partnership)
    try:
        form = _make_columns_form(request, found)
    except Refused as refused:
        loads.discard_load(load=found)
        messages.error(request, str(refused))
        return redirect("organisations:registers", partnership)
    if request.method == "POST" and form.is_valid():
        entered = form.cleaned_data
        facts = {name: entered[name] for name in ("has_header", "variant", "is_statutory", "areas")}
        said = "The file is being read."
        tell_outcome(request, said, loads.choose_columns, load=found, columns=form.chosen, **facts)
        return go_to_load(found)
    return render(request, "organisations/register_columns.html", {"load": found, "form": form})


def _make_columns_form(request: UserRequest, load: RegisterLoad) -> ColumnsForm:
    data = get_data(request)
    has_header = bool(data.get("has_header")) if data is not None else load.has_header
    if data is not None and data.get("shown") != str(has_header):
        # Other columns are offered now: nothing is chosen of them yet.
        data = None
    header, examples = loads.get_header(load, has_header=has_header)
    initial = {
        **load.columns,
        "has_header": has_header,
        "shown": str(has_header),
        "variant": load.variant,
        "is_statutory": "yes" if load.is_statutory else "no",
        "areas": load.areas,
    }
    return ColumnsForm(
        data, initial=initial, columns=read_map(load.register), header=header, examples=examples
    )


@require_POST
def discard_load(request: UserRequest, partnership: str, load: int) -> HttpResponse:
    found = _get_load(_enter(request, partnership), load)
    said = "The file is discarded. Nothing was changed."
    if tell_outcome(request, said, loads.discard_load, load=found):
        return redirect("organisations:registers", partnership)
    return go_to_load(found)


@require_POST
def retry_load(request: UserRequest, partnership: str, load: int) -> HttpResponse:
    found = _get_load(_enter(request, partnership), load)
    tell_outcome(request, "The file is being read again.", loads.try_again, load=found)
    return go_to_load(found)
