"""Planning a cycle in short steps. Nothing is made before the last one; until then it is in the session alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from s11.organisations.models import Participation
from s11.organisations.queries import Desk
from s11.organisations.requests import UserRequest, enter_desk
from s11.web.errors import NotInThisState
from s11.web.wizards import StepsWizard
from surveys.cycle_plans import Pin, plan_cycle
from surveys.date_warnings import get_date_warnings
from surveys.enums import CycleKind
from surveys.forms.cycles import (
    CycleBanksForm,
    CycleCheckForm,
    CycleDatesForm,
    CycleInviteesForm,
    CycleStandardsForm,
    CycleTitleForm,
    say_who,
)
from surveys.models import Questionnaire
from surveys.permissions import check_can_plan_cycles
from surveys.planning import VariantOptions, get_takers, get_titles, get_variant_options, make_invited

# What each step is for: the page's heading. The question may also be a field's own label.
HEADINGS = {
    "title": "Plan a cycle",
    "dates": "When does it open and close?",
    "banks": "Which variants take part?",
    "standards": "Which standards does the topic hold?",
    "invitees": "Who is invited?",
    "check": "Check before you plan the cycle",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Who of one variant is invited: `all`, `statutory` or `none`."""

    option: VariantOptions
    who: str

    def holds(self, taker: Participation) -> bool:
        is_wanted = self.who == "all" or (self.who == "statutory" and taker.is_statutory)
        return is_wanted and taker.organisation.variant == self.option.variant

    def __str__(self) -> str:
        if self.who == "none":
            return "Nobody yet"
        return say_who(self.option.statutory, self.option.others if self.who == "all" else 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """All answers together."""

    title: str
    kind: str
    asks_sign_off: bool
    opens_on: datetime.date
    closes_on: datetime.date
    pins: tuple[Pin, ...]
    choices: tuple[Choice, ...]

    @property
    def kind_label(self) -> str:
        return CycleKind(self.kind).label

    @property
    def warnings(self) -> list[str]:
        """What is unwise about its dates."""
        return get_date_warnings(self.opens_on, self.closes_on)


def is_topic(wizard: CycleWizard) -> bool:
    return wizard.answers("title").get("kind") == CycleKind.TOPIC


class CycleWizard(StepsWizard):
    """Each step knows what those before it say."""

    request: UserRequest
    desk: Desk

    def get_prefix(self, request: UserRequest, *args: Any, **kwargs: Any) -> str:
        # Whoever plans for two partnerships at once must not mix them.
        return f"cycle_{kwargs['partnership']}"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.desk = enter_desk(cast("UserRequest", request), kwargs["partnership"])
        check_can_plan_cycles(self.desk)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if "step" not in kwargs:
            # From the list's button: a plan that was left half made must not come back unasked.
            self.storage.reset()
            return redirect(self.get_step_url(self.steps.first))
        return super().get(*args, **kwargs)

    def get_step_url(self, step: str) -> str:
        return reverse(self.url_name, args=[self.desk.partnership.slug, step])

    @cached_property
    def variant_options(self) -> list[VariantOptions]:
        return get_variant_options(self.desk.partnership)

    @cached_property
    def taken_titles(self) -> frozenset[str]:
        return get_titles(self.desk.partnership)

    @property
    def banks(self) -> Sequence[Questionnaire]:
        banks: list[Questionnaire] = self.answers("banks").get("banks", [])
        prefetch_related_objects(banks, "standards")
        return banks

    def get_form_kwargs(self, step: str | None = None) -> dict[str, Any]:
        match step:
            case "title":
                return {"taken": self.taken_titles}
            case "banks":
                return {"options": self.variant_options}
            case "standards":
                return {"banks": self.banks}
            case "invitees":
                chosen = self.answers("banks").get("variants", ())
                return {"options": [option for option in self.variant_options if option.variant in chosen]}
        return {}

    def get_template_names(self) -> list[str]:
        is_check = self.steps.current == "check"
        return ["surveys/cycle_new_check.html" if is_check else "surveys/cycle_new.html"]

    def get_context_data(self, form: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]  # as formtools has it
        step = self.steps.current
        previous = self.get_prev_step(step)
        cycles = reverse("surveys:cycles", args=[self.desk.partnership.slug])
        return {
            "form": form,
            "management_form": super().get_context_data(form=form)["wizard"]["management_form"],
            "heading": HEADINGS[step],
            "back": self.get_step_url(previous) if previous else cycles,
            "has_banks": bool(self.variant_options),
            "plan": self.get_plan() if step == "check" else None,
            "partnership": self.desk.partnership,
        }

    def get_plan(self) -> Plan:
        """From steps that are all answered."""
        answers = {step: self.answers(step) for step in self.get_form_list()}
        choices = {
            option.variant: Choice(option, answers["invitees"][f"invite_{option.variant}"])
            for option in self.variant_options
            if option.variant in answers["banks"]["variants"]
        }
        pins = answers["standards"]["pins"] if "standards" in answers else map(Pin, self.banks)
        return Plan(**answers["title"], **answers["dates"], pins=tuple(pins), choices=tuple(choices.values()))

    def render_done(self, form: forms.BaseForm, **kwargs: Any) -> HttpResponse:
        try:
            return super().render_done(form, **kwargs)
        except NotInThisState as late:
            # What was answered stays in the session, for another title.
            messages.warning(self.request, str(late))
            return redirect("surveys:cycles", self.desk.partnership.slug)

    def done(self, form_list: list[forms.BaseForm], **kwargs: Any) -> HttpResponse:
        partnership, plan = self.desk.partnership, self.get_plan()
        takers = get_takers(partnership).select_related("organisation")
        invited = [taker for taker in takers for choice in plan.choices if choice.holds(taker)]
        cycle = plan_cycle(
            partnership=partnership,
            title=plan.title,
            kind=CycleKind(plan.kind),
            asks_sign_off=plan.asks_sign_off,
            opens_on=plan.opens_on,
            closes_on=plan.closes_on,
            pins=plan.pins,
            invited=make_invited(invited),
            by=self.request.user,
        )
        messages.success(self.request, f"{cycle} is planned. Agencies can answer once you open it.")
        return redirect(cycle)


cycle_new = CycleWizard.as_view(
    form_list=[
        ("title", CycleTitleForm),
        ("dates", CycleDatesForm),
        ("banks", CycleBanksForm),
        ("standards", CycleStandardsForm),
        ("invitees", CycleInviteesForm),
        ("check", CycleCheckForm),
    ],
    condition_dict={"standards": is_topic},
    url_name="surveys:cycle_new_step",
)
