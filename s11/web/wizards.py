"""Questions in short steps, kept in the session until the last one: what every wizard of the product has in common."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from formtools.wizard.views import NamedUrlSessionWizardView, WizardView


class StepsWizard(NamedUrlSessionWizardView):
    """A step is opened only when all before it are answered; after it comes the first one that is not.

    A subclass says in `get_step_url` where a step is.
    """

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_reachable(kwargs["step"]):
            return redirect(self.get_step_url(self.first_open()))
        self.storage.current_step = kwargs["step"]
        response: HttpResponse = self.render(self.get_form(data=self.storage.current_step_data))
        return response

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        # The step in the address counts. An old page, or a made-up name, leads to the first that is open.
        step = kwargs.get("step", "")
        if not self.is_reachable(step) or self.request.POST.get(f"{self.prefix}-current_step") != step:
            return redirect(self.get_step_url(self.first_open()))
        self.storage.current_step = step
        response: HttpResponse = super().post(*args, **kwargs)
        return response

    def answers(self, step: str) -> dict[str, Any]:
        """What a step says, if it is asked at all, has been answered and is valid still."""
        if step not in self.get_form_list():
            return {}
        return self.get_cleaned_data_for_step(step) or {}

    def is_reachable(self, step: str) -> bool:
        names = list(self.get_form_list())
        return step in names and names.index(step) <= names.index(self.first_open())

    def first_open(self) -> str:
        """The first step that is not answered, or no longer fits what was answered before it."""
        names = list(self.get_form_list())
        unanswered = (name for name in names if self.get_cleaned_data_for_step(name) is None)
        return next(unanswered, str(names[-1]))

    def get_step_url(self, step: str) -> str:
        raise NotImplementedError

    def get_next_step(self, step: str | None = None) -> str:
        return self.first_open()

    def render_done(self, form: forms.BaseForm, **kwargs: Any) -> HttpResponse:
        # Made by the post itself: formtools would make it at a second address, by a GET.
        response: HttpResponse = WizardView.render_done(self, form, **kwargs)
        return response
