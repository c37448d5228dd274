"""Asking to take part, without an account. Nothing is stored before the last step; until then it is in the session.

Nobody learns from these pages who has an account, who leads what, or what became of a mail: after the last step
everybody sees the same page, and the rest is said by e-mail to whoever has the mailbox.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from allauth.core.internal.ratelimit import respond_429
from allauth.core.ratelimit import consume
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from formtools.wizard.storage.session import SessionStorage

from s11.organisations.enums import Variant
from s11.organisations.forms.taking_part import (
    IN_WORDS,
    NONE_OF_THESE,
    CheckForm,
    ChooseForm,
    EnterForm,
    FindForm,
    LeadForm,
    ProfileForm,
)
from s11.organisations.models import Application, Organisation, Partnership
from s11.organisations.registration import MOST_FOUND, find_to_join
from s11.organisations.workflow import Applicant, OrganisationFacts, apply, verify_application
from s11.web.errors import NotInThisState
from s11.web.wizards import StepsWizard

# What each step is for: the page's heading.
HEADINGS = {
    "find": "Find your organisation",
    "choose": "Choose your organisation",
    "enter": "Your organisation",
    "profile": "What kind of organisation is it?",
    "lead": "About you",
    "check": "Check before you send",
}
# A field that people do not see and programs fill in.
TRAP = "topic"


def enter_public(request: HttpRequest, partnership: str) -> Partnership:
    found = get_object_or_404(Partnership, slug=partnership)
    request.place = found  # type: ignore[attr-defined]  # for the header; see s11.navigation
    return found


def get_prefix(partnership: str) -> str:
    """Whoever asks two partnerships at once must not mix them."""
    return f"take_part_{partnership}"


def get_session_key(partnership: str) -> str:
    """Where formtools keeps it."""
    return f"wizard_{get_prefix(partnership)}"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_part(request: HttpRequest, partnership: str) -> HttpResponse:
    """What is asked, and the button that begins: a visit alone starts no session, for most visitors are crawlers."""
    found = enter_public(request, partnership)
    if request.method != "POST":
        return render(request, "organisations/take_part.html", {"partnership": found})
    SessionStorage(get_prefix(partnership), request).reset()
    return redirect("organisations:take_part_step", partnership, "find")


@login_not_required
@require_safe
def take_part_sent(request: HttpRequest, partnership: str) -> HttpResponse:
    """The same for everybody, whatever was entered."""
    found = enter_public(request, partnership)
    return render(request, "organisations/take_part_sent.html", {"partnership": found})


def has_found(wizard: TakePartWizard) -> bool:
    return bool(wizard.found)


def is_entered(wizard: TakePartWizard) -> bool:
    return not wizard.found or wizard.answers("choose").get("organisation") == NONE_OF_THESE


class TakePartWizard(StepsWizard):
    """Found or entered, then who asks; a step is skipped where what came before it says all."""

    request: HttpRequest
    partnership: Partnership
    is_done = False

    def get_prefix(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return get_prefix(kwargs["partnership"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.partnership = enter_public(request, kwargs["partnership"])
        if get_session_key(self.partnership.slug) not in request.session:
            return redirect("organisations:take_part", self.partnership.slug)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs.get("step") == "find" and not consume(self.request, action="take_part_find"):
            return respond_429(self.request)
        if self.request.POST.get(TRAP):
            self.forget()
            return redirect("organisations:take_part_sent", self.partnership.slug)
        return super().post(*args, **kwargs)

    def get_form_step_data(self, form: forms.BaseForm) -> Any:
        """Only what the form asks: whatever else a stranger sends does not fill the session."""
        asked = {form.add_prefix(name) for name in form.fields}
        return {name: values for name, values in self.request.POST.lists() if name in asked}

    def get_step_url(self, step: str) -> str:
        return reverse("organisations:take_part_step", args=[self.partnership.slug, step])

    @property
    def words(self) -> str:
        return str(self.answers("find").get("words", ""))

    @property
    def found(self) -> list[Organisation]:
        """Asked once for the same words, however often formtools asks."""
        words = self.words
        if words not in self._found_by_words:
            self._found_by_words[words] = find_to_join(self.partnership, words) if words else []
        return self._found_by_words[words]

    @cached_property
    def _found_by_words(self) -> dict[str, list[Organisation]]:
        return {}

    @property
    def chosen(self) -> Organisation | None:
        slug = self.answers("choose").get("organisation")
        return next((one for one in self.found if one.slug == slug), None)

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        return {"found": self.found[:MOST_FOUND]} if step == "choose" else {}

    def get_form_initial(self, step: str) -> dict[str, Any]:
        """What found nothing is a name, most often; what found others was a part of one."""
        is_name = step == "enter" and not self.found and not any(letter.isdigit() for letter in self.words)
        return {"name": self.words} if is_name else {}

    def get_template_names(self) -> list[str]:
        is_check = self.steps.current == "check"
        return ["organisations/take_part_check.html" if is_check else "organisations/take_part_step.html"]

    def get_context_data(self, form: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]  # as formtools has it
        step = self.steps.current
        previous = self.get_prev_step(step)
        start = reverse("organisations:take_part", args=[self.partnership.slug])
        return {
            "form": form,
            "management_form": super().get_context_data(form=form)["wizard"]["management_form"],
            "heading": HEADINGS[step],
            "step": step,
            "back": self.get_step_url(previous) if previous else start,
            "partnership": self.partnership,
            "asked": self.make_asked() if step == "check" else None,
            "has_more": step == "choose" and len(self.found) > MOST_FOUND,
        }

    def make_asked(self) -> dict[str, Any]:
        """From steps that are all answered: what is sent."""
        chosen, profile = self.chosen, self.answers("profile")
        if chosen is not None:
            facts = OrganisationFacts(
                chosen.name, Variant(chosen.variant), chosen.urn, chosen.ods_code, chosen.ofsted_number
            )
        else:
            facts = OrganisationFacts(variant=ProfileForm.pick_variant(profile), **self.answers("enter"))
        return {
            "organisation": chosen,
            "facts": facts,
            "profile": [] if chosen else ProfileForm.make_profile(profile),
            "in_words": IN_WORDS[facts.variant],
            "applicant": Applicant(**self.answers("lead")),
        }

    def render_done(self, form: forms.BaseForm, **kwargs: Any) -> HttpResponse:
        """The limits come first: where one is reached, what was entered stays for another try."""
        if not consume(self.request, action="take_part"):
            return respond_429(self.request)
        if not consume(self.request, action="take_part_partnership", key=self.partnership.slug):
            context = {"partnership": self.partnership}
            return render(self.request, "organisations/take_part_full.html", context, status=429)
        response = super().render_done(form, **kwargs)
        if self.is_done:
            self.forget()
        return response

    def done(self, form_list: list[forms.BaseForm], **kwargs: Any) -> HttpResponse:
        asked = self.make_asked()
        # Whether this address has had enough mails is said to nobody: the page is the same.
        if consume(self.request, action="take_part_address", key=asked["applicant"].email):
            del asked["in_words"]
            apply(partnership=self.partnership, **asked)
        self.is_done = True
        return redirect("organisations:take_part_sent", self.partnership.slug)

    def forget(self) -> None:
        """What was entered does not stay in the browser's session."""
        self.request.session.pop(get_session_key(self.partnership.slug), None)


take_part_step = login_not_required(
    TakePartWizard.as_view(
        form_list=[
            ("find", FindForm),
            ("choose", ChooseForm),
            ("enter", EnterForm),
            ("profile", ProfileForm),
            ("lead", LeadForm),
            ("check", CheckForm),
        ],
        condition_dict={"choose": has_found, "enter": is_entered, "profile": is_entered},
        url_name="organisations:take_part_step",
    )
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing, for mail scanners open links: the button on its page does."""
    if not consume(request, action="take_part_verify"):
        response = respond_429(request)
    else:
        application = (
            Application.objects.with_token(token).select_related("partnership", "organisation").first()
        )
        response = show_verifying(request, application)
    # Not no-referrer: with it browsers send no origin with the form, and the form is refused.
    response["Referrer-Policy"] = "strict-origin"
    return response


def show_verifying(request: HttpRequest, application: Application | None) -> HttpResponse:
    if application is None:
        return render(request, "organisations/verify_refused.html", {"state": ""}, status=404)
    request.place = application.partnership  # type: ignore[attr-defined]  # for the header; see s11.navigation
    context = {"partnership": application.partnership, "application": application}
    if application.verified_at is None and not application.is_expired:
        if request.method != "POST":
            return render(request, "organisations/verify.html", context)
        try:
            verify_application(application=application)
        except NotInThisState:
            # Pressed twice, or in two windows: what the page says next is so now.
            application.refresh_from_db(fields=["verified_at"])
        else:
            return render(request, "organisations/verified.html", context)
    state = "expired" if application.verified_at is None else "used"
    return render(request, "organisations/verify_refused.html", {**context, "state": state}, status=410)
