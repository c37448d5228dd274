"""Running an agency's practitioner survey: what its own page and the desk's page have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages

from s11.organisations.emails import make_link
from s11.organisations.requests import UserRequest, get_data, tell_outcome
from s11.web.dates import date as in_words
from s11.web.errors import reason_why_not
from surveys.forms.practitioners import LastDayForm
from surveys.models import Invitee, PractitionerSurvey, SurveyStatement
from surveys.practitioner_permissions import check_can_move_last_day
from surveys.practitioners import Line, compare_with_leaders, get_asked, get_survey
from surveys.surveying import close_survey, move_last_day, open_survey, replace_link


@dataclass(frozen=True, slots=True)
class Running:
    """One agency's survey for somebody's page: `reason` is why they do not run it, `unread` why they see no results."""

    invitee: Invitee
    survey: PractitionerSurvey | None
    asked: list[SurveyStatement]
    form: LastDayForm
    reason: str
    unread: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def link(self) -> str:
        """The whole address, to pass on; empty where it would open nothing."""
        if self.survey is None or self.survey.is_over:
            return ""
        return make_link("surveys:practitioner_survey", self.survey.get_link_token())

    @property
    def has_results(self) -> bool:
        return any(line.result for line in self.lines)

    @property
    def below(self) -> int:
        return sum(line.is_below for line in self.lines)

    @property
    def may_move(self) -> bool:
        return self.survey is not None and not reason_why_not(check_can_move_last_day, self.survey)


def find_running(
    request: UserRequest, invitee: Invitee, *, reason: str, unread: str = "", is_submitted: bool = False
) -> Running:
    """404 where the cycle has no survey for this agency. `is_submitted` compares with what was submitted."""
    asked = get_asked(invitee)
    survey = get_survey(invitee)
    is_told = survey is not None and survey.is_over and not unread
    return Running(
        invitee,
        survey,
        asked,
        LastDayForm(
            get_data(request) if request.POST.get("act") in ("open", "move") else None,
            initial={"closes_on": survey.closes_on if survey else invitee.due_on},
        ),
        reason,
        unread,
        tuple(compare_with_leaders(invitee, asked, is_submitted=is_submitted)) if is_told else (),
    )


def act(request: UserRequest, running: Running) -> bool:
    """Do what the button says; whether the page is to be opened anew, else its form is wrong."""
    wanted = request.POST.get("act")
    if wanted in ("open", "move") and not running.form.is_valid():
        return False
    survey = running.survey
    if wanted == "open":
        day = running.form.cleaned_data["closes_on"]
        done = f"The survey is open until {in_words(day)}. Pass its link on to all of the staff."
        tell_outcome(request, done, open_survey, invitee=running.invitee, closes_on=day, by=request.user)
    elif survey is None:
        messages.warning(request, "The survey is not open yet.")
    elif wanted == "move":
        day = running.form.cleaned_data["closes_on"]
        done = f"Staff can answer until the end of {in_words(day)}."
        tell_outcome(request, done, move_last_day, survey=survey, closes_on=day, by=request.user)
    elif wanted in DONE:
        verb, done = DONE[wanted]
        tell_outcome(request, done, verb, survey=survey, by=request.user)
    return True


DONE: dict[str, tuple[Callable[..., None], str]] = {
    "close": (close_survey, "The survey is closed."),
    "link": (
        replace_link,
        "The survey has a new link. The one before opens nothing any more: pass on the new one.",
    ),
}
