"""Pictures of an agency's return: added, described, taken out, and shown to whoever reads the return."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accountability.agency_return_permissions import (
    check_can_add_picture,
    check_can_read_return,
    check_can_write_return,
)
from accountability.agency_return_pictures import (
    FileRefused,
    add_picture,
    describe_picture,
    take_picture_out,
)
from accountability.agency_return_standing import Standing
from accountability.agency_return_writing import NotInThisState
from accountability.forms.agency_returns import DescribeForm, PictureForm
from accountability.models import AgencyReturnPicture
from accountability.views.agency_returns import BOTH, RETURN, enter_return, go_to
from s11.organisations.queries import Agency
from s11.organisations.requests import UserRequest, enter_agency, enter_desk, get_data, tell_outcome
from s11.web.uploads import get_too_large
from surveys.evidence_files import refuse_large
from surveys.views.evidence import make_file_response


@require_http_methods(BOTH)
def agency_return_picture_add(
    request: UserRequest, partnership: str, organisation: str, year: str
) -> HttpResponse:
    agency, standing = enter_return(request, partnership, organisation, year)
    check_can_add_picture(agency, standing)
    too_large = get_too_large(request)
    form = PictureForm(get_data(request), request.FILES or None, too_large=too_large)
    if form.is_valid() and add(request, standing, form, too_large):
        return go_to(RETURN, standing)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"agency": agency, "standing": standing, "form": form}
    return render(request, "accountability/agency_return_picture_add.html", context, status=status)


def add(request: UserRequest, standing: Standing, form: PictureForm, too_large: list[str]) -> bool:
    """Whether it was; else the form says why not."""
    if too_large:
        form.add_error("file", str(refuse_large(too_large[0])))
        return False
    given = form.cleaned_data
    try:
        add_picture(
            request=standing.request,
            participation=standing.participation,
            file=given["file"],
            alt=given["alt"],
            by=request.user,
        )
    except (FileRefused, NotInThisState) as refusal:
        form.add_error("file", str(refusal))
        return False
    messages.success(request, "The picture is added to your return. It is in your evidence library too.")
    return True


def enter_picture(
    request: UserRequest, partnership: str, organisation: str, year: str, picture: int
) -> tuple[Agency, Standing, AgencyReturnPicture]:
    """To change it: while the return is the agency’s to write."""
    agency, standing = enter_return(request, partnership, organisation, year)
    found = next((one for one in standing.pictures if one.pk == picture), None)
    if found is None or standing.found is None:
        raise Http404
    check_can_write_return(agency, standing)
    found.agency_return = standing.found
    return agency, standing, found


@require_http_methods(BOTH)
def agency_return_picture(
    request: UserRequest, partnership: str, organisation: str, year: str, picture: int
) -> HttpResponse:
    agency, standing, found = enter_picture(request, partnership, organisation, year, picture)
    form = DescribeForm(get_data(request), initial={"alt": found.alt})
    if form.is_valid():
        alt = form.cleaned_data["alt"]
        if tell_outcome(
            request, "What the picture shows is saved.", describe_picture, picture=found, alt=alt
        ):
            return go_to(RETURN, standing)
    context = {"agency": agency, "standing": standing, "picture": found, "form": form}
    return render(request, "accountability/agency_return_picture.html", context)


@require_POST
def agency_return_picture_take_out(
    request: UserRequest, partnership: str, organisation: str, year: str, picture: int
) -> HttpResponse:
    _, standing, found = enter_picture(request, partnership, organisation, year, picture)
    done = "The picture is taken out of your return. It stays in your evidence library."
    tell_outcome(request, done, take_picture_out, picture=found, by=request.user)
    return go_to(RETURN, standing)


@require_safe
def agency_return_picture_file(
    request: UserRequest, partnership: str, organisation: str, year: str, picture: int
) -> HttpResponseBase:
    """For the agency's members; for officers once it is approved."""
    pictures = AgencyReturnPicture.objects.select_related(
        "version", "agency_return__request", "agency_return__participation__organisation"
    )
    here = pictures.filter(
        agency_return__participation__partnership__slug=partnership,
        agency_return__participation__organisation__slug=organisation,
    )
    try:
        enter_agency(request, partnership, organisation)
        found = get_object_or_404(here, pk=picture)
    except Http404:
        desk = enter_desk(request, partnership)
        found = get_object_or_404(here, pk=picture)
        check_can_read_return(desk, found.agency_return)
    if found.agency_return.request.year.slug != year:
        raise Http404
    return make_file_response(found.version)
