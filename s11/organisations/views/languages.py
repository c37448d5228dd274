"""Choosing the language of one's pages: with a name in one's own settings, before signing in by a cookie."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from s11.organisations.forms.people import LanguageForm
from s11.organisations.models import User
from s11.organisations.requests import get_data
from s11.web.language_middleware import remember
from s11.web.languages import get_language


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """A page of its own, for the public pages hold no form: that would set a cookie on whoever only reads."""
    first = {"language": request.GET.get("language", get_language().code), "next": find_last_page(request)}
    form = LanguageForm(get_data(request), initial=first)
    if request.method != "POST" or not form.is_valid():
        return render(request, "organisations/language.html", {"form": form})
    chosen = form.cleaned_data["language"]
    if isinstance(request.user, User):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    response = redirect(find_way_back(request, form.cleaned_data["next"]))
    remember(response, chosen)
    return response


def find_last_page(request: HttpRequest) -> str:
    """Where the link was pressed. The browser tells it to this site alone; the link is the same on every page."""
    try:
        last = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    is_ours = last.netloc == request.get_host() and last.path != request.path
    return f"{last.path}?{last.query}" if is_ours and last.query else last.path if is_ours else ""


def find_way_back(request: HttpRequest, address: str) -> str:
    """To the page where somebody chose; to no other site, whoever made the link."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if is_ours and address.startswith("/"):
        return address
    return reverse("home" if request.user.is_authenticated else "front")
